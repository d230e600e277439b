-- The features of Quarto that the report uses, for plain Pandoc: numbers, cross-references, callouts.
-- Whatever else Quarto offers stops here with its place: never silently something different.

local stringify, List = pandoc.utils.stringify, pandoc.List
local PLAIN = List { "covers", "figure-title", "folded", "key-findings", "lead", "made", "timeline" }

local function stop(place, ...) error(place .. ": " .. string.format(...), 0) end

local function callout(div, names)
  local kind = div.classes[1]:match("^callout%-(.+)$")
  local title = div.attributes.title and pandoc.read(div.attributes.title, "markdown").blocks[1].content
  if not title and div.content[1] and div.content[1].t == "Header" then title = div.content:remove(1).content end
  local head = pandoc.Plain(title or names[kind])
  return pandoc.Div(List { head } .. div.content, pandoc.Attr("", { "report-note" }, { kind = kind }))
end

local function float(id, number, content)
  local caption = content:remove()
  if not caption or caption.t ~= "Para" then stop(id, "the last paragraph of the block must be its caption") end
  return pandoc.Div(content .. { pandoc.Plain(caption.content) }, pandoc.Attr(id, { "report-float" }, { number = tostring(number) }))
end

-- Number everything in reading order: id → number.
local function number_all(doc, names)
  local numbers, count, levels = {}, { fig = 0, tbl = 0 }, { 0, 0, 0, 0, 0, 0 }
  local function next_of(id)
    local kind = id:match("^(%a+)%-")
    if not count[kind] then return end
    count[kind] = count[kind] + 1
    numbers[id] = tostring(count[kind])
    return numbers[id]
  end
  doc = doc:walk {
    traverse = "topdown",
    Header = function(header)
      if header.classes:includes("unnumbered") then return nil end
      levels[header.level] = levels[header.level] + 1
      for deeper = header.level + 1, 6 do levels[deeper] = 0 end
      numbers[header.identifier] = table.concat(levels, ".", 2, header.level)
      header.attributes.number = numbers[header.identifier]
      if FORMAT:match("html") then
        header.content = List { pandoc.Span({ pandoc.Str(header.attributes.number) }, { class = "header-section-number" }), pandoc.Space() } .. header.content
      end
      return header, false
    end,
    Div = function(div)
      local kind = div.classes[1] and div.classes[1]:match("^callout%-(.+)$")
      if kind then return names[kind] and callout(div, names) or stop(kind, "unsupported Quarto feature: this callout") end
      local number = next_of(div.identifier)
      if number then return float(div.identifier, number, div.content) end
      for _, class in ipairs(div.classes) do
        if not PLAIN:includes(class) and not class:match("^report%-") then stop("." .. class, "unsupported Quarto feature: block with this class") end
      end
    end,
    Table = function(tbl)
      local number = next_of(tbl.identifier)
      if not number then return nil end
      local caption = tbl.caption.long[1] and pandoc.Plain(tbl.caption.long[1].content) or pandoc.Plain {}
      local id = tbl.identifier
      tbl.caption, tbl.identifier = pandoc.Caption(), ""
      return pandoc.Div({ tbl, caption }, pandoc.Attr(id, { "report-float" }, { number = number })), false
    end,
  }
  return doc, numbers
end

-- One reference: `Figure 1` as a link, or only its number for `-@fig-x`.
local function reference(citation, numbers, names)
  local id, kind = citation.id, citation.id:match("^%a+")
  if not numbers[id] then stop("@" .. id, "nothing here is called %s", id) end
  if #citation.prefix + #citation.suffix > 0 then stop("@" .. id, "unsupported Quarto feature: words inside a cross-reference") end
  local bare = citation.mode == "SuppressAuthor"
  if FORMAT == "typst" then
    return pandoc.RawInline("typst", ("#ref(<%s>, supplement: [%s])"):format(id, bare and "" or names[kind]))
  end
  local text = bare and numbers[id] or names[kind] .. "\u{a0}" .. numbers[id]
  return pandoc.Link(pandoc.Str(text), "#" .. id, "", { class = "quarto-xref" })
end

local function references(doc, numbers, names)
  return doc:walk {
    Cite = function(cite)
      local out, others = List(), 0
      for _, citation in ipairs(cite.citations) do
        if citation.id:match("^fig%-") or citation.id:match("^tbl%-") or citation.id:match("^sec%-") then
          if #out > 0 then out:extend { pandoc.Str(","), pandoc.Space() } end
          out:insert(reference(citation, numbers, names))
        else
          others = others + 1
        end
      end
      if #out > 0 and others > 0 then stop("@" .. cite.citations[1].id, "sources and cross-references cannot share brackets") end
      return #out > 0 and out or nil
    end,
  }
end

local function quarto(doc)
  local names = {}
  for name, word in pairs(doc.meta.words) do names[name] = stringify(word) end
  local numbers
  doc, numbers = number_all(doc, names)
  return references(doc, numbers, names)
end

return { { Pandoc = quarto } }
