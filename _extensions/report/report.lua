-- The look of the report, the same under Quarto and under Pandoc: figures, tables, notes, facts,
-- references. Runs when cross-references are resolved and everything else is still Markdown's tree.

local stringify, List = pandoc.utils.stringify, pandoc.List
local HTML = FORMAT:match("html") ~= nil
local WORDS = {
  en = {
    fig = "Figure", tbl = "Table", sec = "Section",
    findings = "Key findings", contents = "Contents", skip = "Skip to the report", version = "Version",
    values = "Table of the values", rows = "Values of",
    marks = "Arrow keys read the marks one by one.", languages = "Languages", home = "Figures and data",
    reuse = "Text, figures and data: %s. Code: %s.",
  },
  es = {
    fig = "Figura", tbl = "Tabla", sec = "Sección",
    findings = "Hallazgos principales", contents = "Contenido", skip = "Ir al informe", version = "Versión",
    values = "Tabla de los valores", rows = "Valores de",
    marks = "Las flechas leen las marcas una por una.", languages = "Idiomas", home = "Figuras y datos",
    reuse = "Texto, figuras y datos: %s. Código: %s.",
  },
}
local words, root

-- Quarto's own `error` only logs; this one ends the render.
local function stop(message) assert(false, message) end

local function raw(text) return pandoc.RawBlock(HTML and "html" or "typst", text) end

local function escape(text)
  return (text:gsub("[&<>\"]", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }))
end

-- A Typst string literal.
local function quote(text) return '"' .. text:gsub('[\\"]', "\\%0"):gsub("%s+", " ") .. '"' end

-- Blocks or inlines as Typst source, for places inside a function call.
local function typst(content)
  local blocks = pandoc.utils.type(content) == "Inlines" and { pandoc.Plain(content) } or content
  return (pandoc.write(pandoc.Pandoc(blocks), "typst-citations"):gsub("%s+$", ""))
end

-- Finished blocks as one raw block: nothing that runs later has to walk through hundreds of rows.
local function frozen(blocks)
  return raw(pandoc.write(pandoc.Pandoc(blocks), HTML and "html" or "typst-citations", pandoc.WriterOptions { wrap_text = "none" }))
end

-- A paragraph of pieces: strings are Typst source, the others inlines. Cheaper than writing each by itself.
local function within(...)
  local out = List()
  for _, piece in ipairs { ... } do
    if type(piece) == "string" then out:insert(pandoc.RawInline("typst", piece)) else out:extend(piece) end
  end
  return pandoc.Plain(out)
end

local function read(path)
  local file = io.open(path, "rb")
  if not file then stop(path .. " is missing; make it with `make figures`") end
  local text = file:read("a")
  file:close()
  return text
end

-- Only what the build made is read, wherever a document points.
local function made(path, folder)
  if path:sub(1, #folder) ~= folder or path:find("..", 1, true) then stop(path .. ": only files below " .. folder .. " may be read") end
end

-- A block may name a file that holds its Markdown. It is read only here, since Quarto takes seconds
-- to carry hundreds of rows through its own filters, which have nothing to do with them.
local function filled(div)
  local path = div.attributes.file
  if not path then return nil end
  made(path, "build/")
  local blocks = pandoc.read(read(path), "markdown").blocks:walk {
    Header = function(header)
      if not HTML then header.level = header.level - 1 end -- as the engines do for Typst
      return header
    end,
  }
  div.attributes.file, div.content = nil, blocks
  return div
end

-- A picture drawn by the build: in HTML both widths inline, of which the stylesheet shows one.
local function picture(image)
  local alt = image.attributes["fig-alt"] or image.attributes.alt or stringify(image.caption)
  if alt == "" then stop(image.src .. ": the picture has no fig-alt") end
  if not HTML then return raw(("#picture(image(%s, alt: %s, width: 100%%))"):format(quote("/" .. image.src), quote(alt))) end
  local function inline(width)
    local svg = read((image.src:gsub("wide%.svg$", "inline-" .. width .. ".svg"))):gsub("^.-<svg", "<svg", 1)
    local head, rest = svg:match("^<svg(.-)(>.*)$")
    head = head:gsub(' role="[^"]*"', ""):gsub(' aria%-label="[^"]*"', "")
    rest = rest:gsub(' aria%-label=', " data-label=") -- inside an image no element may have a name of its own
    return '<svg role="img" aria-label="' .. escape(alt) .. '"' .. head .. rest
  end
  return raw('<div class="plot">' .. inline("wide") .. inline("narrow") .. "</div>")
end

-- Alignment becomes classes of the table (r3: its third column is numbers), since the page's policy allows
-- no style attributes, and a class in every cell would be a fortieth of the page.
local function html_table(tbl)
  local classes = List(#tbl.colspecs > 3 and { "many" } or {})
  for i, spec in ipairs(tbl.colspecs) do
    if spec[1] == "AlignRight" then classes:insert("r" .. i) end
    tbl.colspecs[i] = { "AlignDefault", nil }
  end
  local function tidy(rows)
    for _, row in ipairs(rows) do
      row.attr = pandoc.Attr()
      for _, cell in ipairs(row.cells) do
        cell.alignment, cell.attr = "AlignDefault", pandoc.Attr()
      end
    end
  end
  tidy(tbl.head.rows)
  for _, body in ipairs(tbl.bodies) do tidy(body.body) end
  tbl.attr = pandoc.Attr("", classes)
  -- a list of pairs: Lua walks a table by name in another order each run
  local region = { { "tabindex", "0" }, { "role", "region" }, { "aria-label", words.values } }
  return pandoc.Div({ frozen { tbl } }, pandoc.Attr("", { "scroll" }, region))
end

-- Say in the name of every table's scrolling region what it belongs to.
local function named(blocks, label)
  for _, block in ipairs(blocks) do
    if block.t == "Div" and block.classes:includes("scroll") then block.attributes["aria-label"] = label end
  end
  return blocks
end

local function typst_table(tbl)
  local widths, cells = List(), List()
  for _, spec in ipairs(tbl.colspecs) do widths:insert(spec[2] and spec[2] > 0 and ("%.3ffr"):format(spec[2]) or "auto") end
  local function add(rows)
    local out = List()
    for _, row in ipairs(rows) do
      for i, cell in ipairs(row.cells) do
        local align = tbl.colspecs[i][1] == "AlignRight" and "right" or "left"
        out:insert(("table.cell(align: %s)[%s]"):format(align, typst(cell.contents)))
      end
    end
    return table.concat(out, ",\n")
  end
  cells:insert("table.header(repeat: true, " .. add(tbl.head.rows) .. ")")
  for _, body in ipairs(tbl.bodies) do cells:insert(add(body.body)) end
  return raw(("#report-table(columns: (%s,), %s)"):format(table.concat(widths, ", "), table.concat(cells, ",\n")))
end

-- A numbered figure or table. `content` is what stands in it, `caption` its inlines.
local function float(id, number, content, caption)
  local kind = id:match("^%a+")
  local label = words[kind] .. "\u{a0}" .. number
  local blocks = named(content, label .. ": " .. stringify(caption))
  if HTML then
    local legend = List { raw("<figcaption>"), pandoc.Plain(List { pandoc.Strong { pandoc.Str(label) }, pandoc.Str(": ") } .. caption), raw("</figcaption>") }
    local open = raw(('<figure id="%s" class="%s">'):format(id, kind))
    local inner = kind == "tbl" and legend .. blocks or blocks .. legend
    return List { open } .. inner .. { raw("</figure>") }
  end
  local call = '#figure(kind: "quarto-float-%s", supplement: %s, caption: figure.caption(position: %s)[%s])[\n%s\n]<%s>'
  return { raw(call:format(kind, quote(words[kind]), kind == "tbl" and "top" or "bottom", typst(caption), typst(blocks), id)) }
end

-- The values of a figure and the ways to take it away: web page only.
local function tools(div)
  if not HTML then return {} end
  local values, links = List(), List()
  for _, block in ipairs(div.content) do (block.t == "Para" and links or values):insert(block) end
  named(values, words.rows .. " " .. (div.attributes.figure or ""))
  local open = raw('<div class="figure-tools"><details><summary>' .. words.values .. "</summary>")
  return List { open } .. values .. { raw("</details>") } .. links .. { raw("</div>") }
end

-- The finding that a figure shows and, below it, what is measured.
local function figure_title(div)
  if HTML then
    div.content[1] = pandoc.Plain(List { pandoc.RawInline("html", '<p class="figure-title">') } .. div.content[1].content .. { pandoc.RawInline("html", "</p>") })
    return div.content
  end
  return raw(("#figure-title(%s)"):format(table.concat(div.content:map(function(b) return "[" .. typst(b.content) .. "]" end), ", ")))
end

local function note(kind, title, content)
  if HTML then
    local head = #title > 0 and List { raw('<p class="note-title">'), pandoc.Plain(title), raw("</p>") } or List()
    return List { raw(('<div class="note %s" role="note">'):format(kind)) } .. head .. content .. { raw("</div>") }
  end
  return { raw(("#note(%s, [%s])[\n%s\n]"):format(quote(kind), typst(title), typst(content))) }
end

local function findings(div)
  if HTML then
    local open = ('<section class="key-findings" aria-labelledby="in-brief"><h2 id="in-brief">%s</h2>'):format(words.findings)
    return List { raw(open) } .. div.content .. { raw("</section>") }
  end
  return List { raw(("#key-findings[%s][\n"):format(words.findings)) } .. div.content .. { raw("]\n") }
end

-- The first use of a fact outside headings gets an identifier; its row in the appendix leads back to it.
local function link_back(doc)
  local used = {}
  doc = doc:walk {
    traverse = "topdown",
    Header = function(header) return header, false end,
    DefinitionList = function(list) return list, false end,
    Link = function(link)
      local name = link.classes:includes("fact") and link.target:match("^#fact%-(.+)$")
      if not name or used[name] then return nil end
      used[name] = true
      if HTML then link.identifier = "use-" .. name else return { link, pandoc.RawInline("typst", ("#metadata(none)<use-%s>"):format(name)) } end
      return link
    end,
  }
  local function row(item)
    local value = item[1][1]
    local name = value and value.identifier and value.identifier:match("^fact%-(.+)$")
    if not (name and used[name]) then return item end
    local back = pandoc.Link(value.content, "#use-" .. name, "", pandoc.Attr(HTML and value.identifier or ""))
    item[1] = HTML and { back } or { pandoc.RawInline("typst", "#metadata(none)<fact-" .. name .. ">"), back }
    return item
  end
  return doc:walk { DefinitionList = function(list) return pandoc.DefinitionList(list.content:map(row)) end }
end

-- In the PDF the appendix is one run of two columns, headings included, or each section would end half empty.
local function appendix(doc)
  local first, last
  for i, block in ipairs(doc.blocks) do
    if block.t == "Div" and block.classes:includes("appendix") then first, last = first or i, i end
  end
  if first and not HTML then
    if first > 1 and doc.blocks[first - 1].t == "Header" then first = first - 1 end
    doc.blocks:insert(last + 1, raw("]"))
    doc.blocks:insert(first, raw("#appendix["))
  end
  return doc:walk {
    DefinitionList = function(list)
      if HTML then return nil end
      local items = list.content:map(function(item) return within("terms.item([", item[1], "], [", item[2][1][1].content, "]),") end)
      return List { raw("#terms(") } .. items .. { raw(")") }
    end,
  }
end

-- Citations are resolved here, so that what comes out is small and the same in both formats:
-- `[12, 13]` in the text and a numbered list, without the wrappers that Pandoc puts around each.
local function cite(doc)
  doc = pandoc.utils.citeproc(doc)
  doc.meta.bibliography, doc.meta.csl, doc.meta.references = nil, nil, nil
  local function entry(div)
    local body = div.content[1].content
    if body[#body].classes and body[#body].classes:includes("csl-right-inline") then body = body[#body].content end
    return { id = div.identifier, body = body }
  end
  -- On the page an address is one click away and its host is enough; on paper it has to be read.
  local function short(link)
    if HTML and stringify(link.content) == link.target then
      link.content = { pandoc.Str(link.target:match("^%a+://w*%.?([^/]+)") or link.target) }
      return link
    end
  end
  return doc:walk {
    Cite = function(cited)
      if HTML then
        local plain = function(link) return pandoc.RawInline("html", ('<a href="%s">%s</a>'):format(link.target, stringify(link.content))) end
        return pandoc.Span(cited.content:walk { Link = plain }, { class = "cite" })
      end
      return List { pandoc.RawInline("typst", "#cited[") } .. cited.content .. { pandoc.RawInline("typst", "]") }
    end,
    Div = function(div)
      if div.identifier ~= "refs" then return nil end
      local out = List()
      for _, block in ipairs(div.content) do
        local item = entry(block:walk { Link = short })
        if HTML then
          out:extend { raw(('<li id="%s">'):format(item.id)), pandoc.Plain(item.body) , raw("</li>") }
        else
          out:insert(within("[#metadata(none)<" .. item.id .. ">", item.body, "],"))
        end
      end
      local open, close = "#references(", ")"
      if HTML then open, close = '<ol class="references">', "</ol>" end
      return frozen(List { raw(open) } .. out .. { raw(close) })
    end,
  }
end

-- Texts that the PDF's template needs as string literals: its authors and keywords.
local function literals(meta)
  for name, into in pairs { author = "author-literal", keywords = "keyword-literal" } do
    local texts = meta[name]
    if texts then
      if pandoc.utils.type(texts) ~= "List" then texts = { texts } end
      meta[into] = List(texts):map(function(text) return pandoc.Inlines { pandoc.RawInline("typst", quote(stringify(text))) } end)
    end
  end
end

-- What both engines have turned floats and notes into: a Div that says what it is.
local function block(div)
  if div.classes:includes("report-float") then
    local caption = div.content:remove().content
    return float(div.identifier, div.attributes.number, div.content, caption)
  elseif div.classes:includes("report-note") then
    local title = div.content:remove(1).content
    return note(div.attributes.kind, title, div.content)
  elseif div.classes:includes("figure-title") then return figure_title(div)
  elseif div.classes:includes("figure-tools") then return tools(div)
  elseif div.classes:includes("key-findings") then return findings(div)
  elseif div.classes:includes("appendix") then return frozen(div.content)
  end
end

local function paragraph(para)
  local image = #para.content == 1 and para.content[1]
  if image and image.t == "Image" and image.src:match("wide%.svg$") then return picture(image) end
end

local function dress(doc)
  local lang = stringify(doc.meta.lang or "en"):match("^%a+")
  words = WORDS[lang] or stop('no words for language "' .. lang .. '" in report.lua')
  root = lang == "en" and "" or "../"
  words.reuse = words.reuse:format(stringify(doc.meta.licence or ""), stringify(doc.meta["licence-of-code"] or ""))
  doc.meta.words = words
  doc.meta.root = root
  literals(doc.meta)
  doc = doc:walk {
    RawBlock = function(el) return el.text:match("^<!%-%-") and {} or nil end,
    Image = function(image) made(image.src, "build/figures/") end,
  }
  doc = doc:walk { Div = function(div) return (HTML or not div.classes:includes("figure-tools")) and filled(div) or nil end }
  doc = appendix(cite(link_back(doc)))
  doc = doc:walk { Para = paragraph, Plain = paragraph, Table = HTML and html_table or typst_table }
  return doc:walk { Div = block }
end

-- Quarto's own nodes, as the Divs that quarto.lua makes of the same Markdown.
local function from_float(node)
  local content = pandoc.utils.type(node.content) == "Block" and { node.content } or node.content
  local attr = pandoc.Attr(node.identifier, { "report-float" }, { number = tostring(node.order.order) })
  return pandoc.Div(List(content) .. { node.caption_long }, attr)
end

local function from_callout(node)
  local title = node.title and quarto.utils.as_inlines(node.title) or {}
  local content = quarto.utils.as_blocks(node.content)
  return pandoc.Div(List { pandoc.Plain(title) } .. content, pandoc.Attr("", { "report-note" }, { kind = node.type }))
end

return { { FloatRefTarget = from_float, Callout = from_callout }, { Pandoc = dress } }
