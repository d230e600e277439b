-- The codebook as a page: its heading becomes the title, and links to the tables stay links.
-- The rest of the page is the report's own filter.

local report = dofile("_extensions/report/report.lua")

local function titled(doc)
  local first = doc.blocks[1]
  if first and first.t == "Header" and first.level == 1 then
    doc.meta.title = pandoc.MetaInlines(first.content)
    doc.meta.pagetitle = pandoc.utils.stringify(first)
    doc.blocks:remove(1)
  end
  doc.meta.toc = true
  return doc
end

return { { Pandoc = titled }, table.unpack(report) }
