-- The look of the report, the same under Quarto and under Pandoc: figures, tables, notes, facts,
-- references. Runs when cross-references are resolved and everything else is still Markdown's tree.

local stringify, List = pandoc.utils.stringify, pandoc.List
local HTML = FORMAT:match("html") ~= nil
local words -- theme/words.yml, as the build hands it over

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

-- A list that the build has written, as it stands for this format; some are for the page only.
local function list(div)
  local path = div.attributes.file .. (HTML and ".html" or ".typ")
  made(path, "build/")
  if not HTML and not io.open(path) then return {} end
  return raw(read(path))
end

-- A picture drawn by the build: in HTML both widths inline, of which the stylesheet shows one.
local function picture(image)
  local alt = image.attributes["fig-alt"] or image.attributes.alt or stringify(image.caption)
  if alt == "" then stop(image.src .. ": the picture has no fig-alt") end
  if not HTML then return raw(("#picture(image(%s, alt: %s, width: 100%%))"):format(quote("/" .. image.src), quote(alt))) end
  local name = "alt-" .. image.src:match("([^/]+)/[^/]+/[^/]+$")
  local named = { wide = ('id="%s" aria-label="%s"'):format(name, escape(alt)), narrow = ('aria-labelledby="%s"'):format(name) }
  local function inline(width)
    local svg = read((image.src:gsub("wide%.svg$", "inline-" .. width .. ".svg"))):gsub("^.-<svg", "<svg", 1)
    local head, rest = svg:match("^<svg(.-)(>.*)$")
    for _, said in ipairs { "role", "aria%-label", "xmlns", "font%-family", "stroke%-miterlimit" } do head = head:gsub(" " .. said .. '="[^"]*"', "") end -- the page says it of all
    rest = rest:gsub(' aria%-label=""', " data-label"):gsub(' aria%-label=', " data-label=") -- inside an image no element may have a name of its own
    return '<svg role="img" ' .. named[width] .. head .. rest
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
  local region = { { "tabindex", "0" }, { "role", "region" }, { "aria-label", stringify(words.table) } }
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
  local label = stringify(words[kind]) .. "\u{a0}" .. number
  local blocks = named(content, label .. ": " .. stringify(caption))
  if HTML then
    local legend = List { raw("<figcaption>"), pandoc.Plain(List { pandoc.Strong { pandoc.Str(label) }, pandoc.Str(": ") } .. caption), raw("</figcaption>") }
    local open = raw(('<figure id="%s" class="%s">'):format(id, kind))
    local inner = kind == "tbl" and legend .. blocks or blocks .. legend
    return List { open } .. inner .. { raw("</figure>") }
  end
  local call, body = '#%s(<%s>, %s, [%s])[\n%s\n]', typst(blocks)
  if kind == "tbl" then body = body:gsub("table%.header%(.-%[", "%0#continued ", 1) end
  return { raw(call:format(kind == "tbl" and "numbered-table" or "numbered-figure", id, quote(stringify(words[kind])), typst(caption), body)) }
end

-- How much of a page a block takes, in letters of text, roughly.
local function letters(block)
  return block.t == "RawBlock" and #block.text / 2 or #stringify(block)
end

local function starts(block, ...)
  for _, name in ipairs { ... } do
    if block.t == "RawBlock" and block.text:match("^#" .. name .. "[(%[]") then return true end
  end
end

-- The blocks of a section, each figure before as much text as would fill its height, so that there is text
-- for the rest of a page on which it finds no room. Where there is enough behind its place it stays there;
-- half of it serves the figure before as well, since few pages lack the room for the whole of one.
local function handed_over(section)
  local out, waiting, text = List(), List(), 0
  for i = #section, 1, -1 do
    local one = section[i]
    local drawn = starts(one, "numbered%-figure") and one.text:match('image%("/(.-)"')
    local size = letters(one)
    while waiting[1] and (drawn and text >= waiting[1].room or not drawn and size > 2 * (waiting[1].room - text)) do
      text = math.max(0, text - waiting[1].room / 2)
      out:insert(1, waiting:remove(1).figure)
    end
    if drawn then
      waiting:insert { figure = one, room = tonumber(read(drawn):match('height="(%d+)"')) * 3 + 400 }
    else
      out:insert(1, one)
      text = text + size
    end
  end
  for _, figure in ipairs(waiting) do out:insert(1, figure.figure) end
  return out
end

-- On paper a figure stays between the headings of its section: at the head or the foot of what the section
-- has of a page. Tables of figures' values go behind the report.
local function in_sections(blocks)
  local out, section, values = List(), List(), List { raw("#annex[") }
  local function close()
    if #section == 0 then return end
    local head = section:remove(1)
    if section:find_if(function(one) return starts(one, "appendix", "references") end) then out:insert(raw("#pagebreak(weak: true)")) end
    out:extend(List { head, raw("#section[") } .. handed_over(section) .. { raw("]") })
    section = List()
  end
  for _, one in ipairs(blocks) do
    if one.t == "Header" then
      close()
      section:insert(one)
    elseif starts(one, "values%-of") then values:insert(one)
    else (#section > 0 and section or out):insert(one) end
  end
  close()
  return #values > 1 and out .. values .. { raw("]") } or out
end

-- The finding that a figure shows and, below it, what is measured.
local function figure_title(div)
  if HTML then
    div.content[1] = pandoc.Plain(List { pandoc.RawInline("html", '<p class="figure-title">') } .. div.content[1].content .. { pandoc.RawInline("html", "</p>") })
    return div.content
  end
  local lines = div.content:map(function(b) return "[" .. typst(b.content) .. "]" end)
  return raw(("#figure-title(%s, %s)"):format(quote(stringify(div.content[1])), table.concat(lines, ", ")))
end

local function note(kind, title, content)
  if HTML then
    local head = #title > 0 and List { raw('<p class="note-title">'), pandoc.Plain(title), raw("</p>") } or List()
    return List { raw(('<div class="note %s" role="note">'):format(kind)) } .. head .. content .. { raw("</div>") }
  end
  return { raw(("#note(%s, [%s])[\n%s\n]"):format(quote(kind), typst(title), typst(content))) }
end

-- Bars in place of a table: each row is a bar, its first cell says of what, the others how long each part is.
local widths = List() -- as rules of the style sheet, since the page's policy allows no style attributes
local function bars(tbl)
  local names, out = tbl.head.rows[1].cells, List()
  for n, row in ipairs(tbl.bodies[1].body) do
    local parts, shares, rest = List(), List(), 100
    for i = 2, #row.cells do
      local name, share = names[i].contents[1].content, row.cells[i].contents[1].content
      shares:insert(stringify(share):match("[%d.]+"))
      rest = rest - shares[i - 1]
      if HTML then
        local text = name .. { pandoc.Space(), pandoc.Strong(share) }
        parts:extend { raw("<li>"), pandoc.Plain(text), raw("</li>") }
      else
        parts:insert(("[%s #strong[%s]]"):format(typst(name), typst(share)))
      end
    end
    local label = row.cells[1].contents[1].content
    if HTML then
      local columns = shares:map(function(share) return ("minmax(0,%sfr)"):format(share) end)
      widths:insert((".bar%d{grid-template-columns:%s %.2ffr}"):format(n, table.concat(columns, " "), rest))
      out:extend { raw('<p class="bar-of">'), pandoc.Plain(label), raw(('</p><ul class="bar bar%d">'):format(n)) }
      out:extend(parts)
      out:insert(raw("</ul>"))
    else
      out:insert(raw(("#bar([%s], (%s), %s)"):format(typst(label), table.concat(shares, ", "), table.concat(parts, ", "))))
    end
  end
  return out
end

-- Words and what they mean, in print as paragraphs.
local function run_in(list)
  local out = List { raw("#small[") }
  for _, item in ipairs(list.content) do
    out:insert(pandoc.Para(List { pandoc.Strong(item[1]), pandoc.Space() } .. item[2][1][1].content))
  end
  out:insert(raw("]"))
  return out
end

-- What only the page folds up: a list for looking up.
local function folded(div)
  if not HTML then return div:walk { DefinitionList = run_in }.content end
  local head = ("<details class=\"folded\" open><summary>%s</summary>"):format(escape(div.attributes.title))
  return List { raw(head) } .. div.content .. { raw("</details><script>fold()</script>") }
end

-- In print what has a look of its own is a call of the template.
local LOOKS = { covers = true, lead = true, timeline = true }
local function looked(div)
  if HTML then return end
  local name, first = div.classes[1], div.content[1]
  if first.t ~= "BulletList" then return List { raw("#" .. name .. "[") } .. div.content .. { raw("]") } end
  local items = first.content:map(function(item) return "[" .. typst(item) .. "]" end)
  return raw(("#%s(%s)"):format(name, table.concat(items, ", ")))
end

local function findings(div)
  if HTML then
    local open = ('<section class="key-findings" aria-labelledby="in-brief"><h2 id="in-brief">%s</h2>'):format(stringify(words.findings))
    return List { raw(open) } .. div.content .. { raw("</section>") }
  end
  return List { raw(("#key-findings[%s][\n"):format(stringify(words.findings))) } .. div.content .. { raw("]\n") }
end

-- Where the lists that the build wrote cite sources, as `pipeline/theme.py` marks it.
local MARK = HTML and "<!%-%-cite (.-)%-%->" or '#sources%("(.-)"%)'

-- The sources that lists cite, for citeproc, which sees no raw text.
local function cited_in_lists(doc)
  local cited = List()
  doc:walk {
    RawBlock = function(list)
      for sources in list.text:gmatch(MARK) do
        for id in sources:gmatch("[^;]+") do cited:insert(pandoc.Citation(id, "NormalCitation")) end
      end
    end,
  }
  return pandoc.MetaInlines { pandoc.Cite({}, cited) }
end

-- `[12, 13]` for a mark in a list, in the order of the numbers.
local function numbered(sources, numbers)
  local ids, links = List(), List()
  for id in sources:gmatch("[^;]+") do ids:insert(id) end
  ids:sort(function(a, b) return numbers[a] < numbers[b] end)
  local link = HTML and '<a href="#ref-%d">%d</a>' or "#link(<ref-%s>)[%d]"
  for _, id in ipairs(ids) do links:insert(link:format(HTML and numbers[id] or id, numbers[id])) end
  return (HTML and '<span class="cite">[%s]</span>' or "#cited(" .. #links .. ")[\\[%s\\]]"):format(table.concat(links, ", "))
end

-- The numbered list of sources, without the wrappers that Pandoc puts around each.
local function references(div, sources, main)
  local out, languages, address = List(), {}, ""
  for _, source in ipairs(sources) do
    local lang = source.language and stringify(source.language)
    if lang ~= main then languages["ref-" .. source.id] = lang end
  end
  -- On the page an address is one click away and its host is enough; on paper it is read behind its title.
  local function linked(link, lang)
    if stringify(link.content) == link.target then
      if HTML then link.content = { pandoc.Str(link.target:match("^%a+://w*%.?([^/]+)") or link.target) } end
      return link
    elseif HTML then
      link.attributes.lang = lang
      return link
    end
    address = (" #address(%s)"):format(quote(link.target))
    if lang then link.content = within(("#foreign(%s)["):format(quote(lang)), link.content, "]").content end
    return link
  end
  for number, entry in ipairs(div.content) do
    address = ""
    local body = entry:walk({ Link = function(link) return linked(link, languages[entry.identifier]) end }).content[1].content
    if body[#body].classes and body[#body].classes:includes("csl-right-inline") then body = body[#body].content end
    if HTML then
      out:extend { raw(('<li id="ref-%d">'):format(number)), pandoc.Plain(body) }
    else
      out:insert(within("[#metadata(none)<" .. entry.identifier .. ">", body, address .. "],"))
    end
  end
  local open, close = "#references(", ")"
  if HTML then open, close = '<ol class="references">', "</ol>" end
  return frozen(List { raw(open) } .. out .. { raw(close) })
end

-- Citations are resolved here, so that what comes out is small and the same in both formats.
local function cite(doc)
  doc.meta.nocite = cited_in_lists(doc)
  local sources = pandoc.utils.references(doc)
  doc = pandoc.utils.citeproc(doc)
  doc.meta.bibliography, doc.meta.csl, doc.meta.references, doc.meta.nocite = nil, nil, nil, nil
  local numbers = {}
  doc:walk {
    Div = function(div)
      if div.identifier ~= "refs" then return nil end
      for place, entry in ipairs(div.content) do numbers[entry.identifier:match("^ref%-(.+)$")] = place end
    end,
  }
  return doc:walk {
    Cite = function(cited)
      if HTML then
        local plain = function(link) return pandoc.RawInline("html", ('<a href="#ref-%d">%s</a>'):format(numbers[link.target:sub(6)], stringify(link.content))) end
        return pandoc.Span(cited.content:walk { Link = plain }, { class = "cite" })
      end
      return List { pandoc.RawInline("typst", ("#cited(%d)["):format(#cited.citations)) } .. cited.content .. { pandoc.RawInline("typst", "]") }
    end,
    RawBlock = function(list)
      list.text = list.text:gsub(MARK, function(sources) return numbered(sources, numbers) end)
      return list
    end,
    Div = function(div) return div.identifier == "refs" and references(div, sources, stringify(doc.meta.lang or "")) or nil end,
  }
end

-- On the page places of use are numbered, in the order of the appendix: nobody cites them, and their names
-- would be a thirtieth of it.
local function places_of_use(doc)
  local count, places = 0, {}
  local function place(name)
    if not places[name] then count, places[name] = count + 1, "use-" .. count + 1 end
    return places[name]
  end
  doc = doc:walk { RawBlock = function(list)
    list.text = list.text:gsub('href="#(use%-[^"]+)"', function(name) return 'href="#' .. place(name) .. '"' end)
    return list
  end }
  return doc:walk { Link = function(link)
    if not link.identifier:match("^use%-") then return nil end
    link.identifier = place(link.identifier)
    return link
  end }
end

-- A citation stands on the line of the word before it.
local function tied(inlines)
  for i = 2, #inlines do
    if inlines[i].t == "Cite" and (inlines[i - 1].t == "Space" or inlines[i - 1].t == "SoftBreak") then inlines[i - 1] = pandoc.Str("\u{a0}") end
  end
  return inlines
end

-- Texts that the PDF's template needs as string literals: its authors and keywords.
local function literals(meta)
  if meta.figures then meta.figures = pandoc.MetaInlines { pandoc.RawInline("typst", stringify(meta.figures)) } end -- no link
  meta.description = meta.description or meta.abstract and pandoc.Inlines(stringify(meta.abstract))
  local figures = stringify(meta.figures or "") -- an address, which Markdown may have made a link
  if not HTML and figures ~= "" then meta.figures = pandoc.Inlines { pandoc.RawInline("typst", figures) } end
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
  elseif div.classes:includes("key-findings") then return findings(div)
  elseif div.classes:includes("folded") then return folded(div)
  elseif div.classes:find_if(function(class) return LOOKS[class] end) then return looked(div)
  end
end

local function paragraph(para)
  local opening = not HTML and para.t == "Para" and para.content[1]
  if opening and opening.t == "Strong" and para.content[2] and para.content[2].t == "SoftBreak" then
    para.content[1] = pandoc.Span(within("#run-in[", opening.content, "]").content)
    return para
  end
  local image = #para.content == 1 and para.content[1]
  if image and image.t == "Image" and image.src:match("wide%.svg$") then return picture(image) end
end

local function dress(doc)
  words = doc.meta.words or stop("build/meta.yml is missing; make it with `make figures`")
  literals(doc.meta)
  if HTML then -- the page holds all that it needs
    local script = "\n" .. read("theme/marks.js") .. read("theme/page.js") .. read("theme/copy.js")
    doc.meta.script = pandoc.RawInline("html", (script:gsub("\n%s*//[^\n]*", ""):gsub("\n%s+", "\n"))) -- comments and indents are for who writes it
    local page = stringify(doc.meta["site-page"] or "report")
    for _, part in ipairs { "head", "header", "versions-line" } do
      doc.meta["site-" .. part] = pandoc.RawInline("html", read("build/frame/" .. page .. "-" .. part .. ".html"))
    end
    if doc.meta.report then doc.meta["citation-tags"] = pandoc.RawInline("html", read("build/include/en/citation-tags.html")) end
  end
  doc = doc:walk {
    RawBlock = function(el) return el.text:match("^<!%-%-") and {} or nil end,
    Image = function(image) made(image.src, "build/figures/") end,
    Div = function(div)
      if div.classes:includes("made") then return list(div) end
      if div.classes:includes("lead") then return div:walk { Table = bars } end
    end,
  }
  if not HTML then -- a PDF travels alone: to a page beside the report it leads by its address, or not at all
    local base, version = stringify(doc.meta.report and doc.meta.report["base-url"] or ""), stringify(doc.meta.version or "")
    doc = doc:walk { Link = function(link)
      if link.target:match("^%a+:") or link.target:match("^#") then return nil end
      return base == "" and link.content or pandoc.Link(link.content, ("%s/%s/%s"):format(base, version, link.target))
    end }
  end
  if HTML then doc.meta.styles = pandoc.RawInline("html", read("build/page.css") .. table.concat(widths, "\n") .. "\n") end
  doc = HTML and places_of_use(doc) or doc:walk { Inlines = tied }
  doc = cite(doc):walk { Para = paragraph, Plain = paragraph, Table = HTML and html_table or typst_table }
  doc = doc:walk { Div = block }
  if not HTML then doc.blocks = in_sections(doc.blocks) end
  return doc
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
