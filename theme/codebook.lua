-- The codebook and the log of changes as pages: the first heading becomes the title, and what the page leads to
-- stands before the second. The rest is the report's own filter.

local report = dofile("_extensions/report/report.lua")

local function titled(doc)
  local first = doc.blocks[1]
  if first and first.t == "Header" and first.level == 1 then
    doc.meta.title = pandoc.MetaInlines(first.content)
    doc.meta.pagetitle = pandoc.utils.stringify(first)
    doc.blocks:remove(1)
  end
  local list = io.open("build/frame/" .. pandoc.utils.stringify(doc.meta["site-page"]) .. "-files.html")
  local _, place = doc.blocks:find_if(function(block) return block.t == "Header" end)
  if list and place then doc.blocks:insert(place, pandoc.RawBlock("html", list:read("a"))) end
  doc.meta.toc = true
  doc.meta.subtitle, doc.meta.reading = nil, nil -- those of the report
  return doc
end

-- A version is called by its number, which Pandoc's own names leave out.
local function released(header)
  local number = header.level == 2 and pandoc.utils.stringify(header):match("^%d[%d.]+")
  if number then header.identifier = "v" .. number end
  return header
end

-- A table is told with its size.
local function sized(link)
  local file = link.target:match("^[%w_]+%.csv$") and io.open("data/" .. link.target)
  if file then return { link, (" (%d kB)"):format(math.max(1, file:seek("end") // 1000)) } end
end

-- A table that scrolls is called by the heading above it.
local heading
local named = {
  traverse = "topdown",
  Header = function(header) heading = pandoc.utils.stringify(header) end,
  Div = function(div)
    if div.classes:includes("scroll") then div.attributes["aria-label"] = heading end
    return div
  end,
}

-- The workbook, which the site has and the repository has not.
local function linked(code)
  if code.text:match("%.xlsx$") then return pandoc.Link({ code }, code.text) end
end

return { { Pandoc = titled }, { Header = released, Link = sized, Code = linked }, report[1], report[2], named }
