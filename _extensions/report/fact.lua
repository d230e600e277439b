-- {{< fact name style >}} prints a value by name, in the language of the document, and links it to
-- the row of the appendix that says where it comes from. Names and styles are checked before any
-- engine runs, with file and line; what stops here is a render without that check.

-- Quarto's own `error` only logs; this one ends the render.
local function stop(message) assert(false, message) end

local facts
local used = {}

local function read(path)
  local file = io.open(path, "rb")
  if not file then stop(path .. " is missing; make it with `make figures`") end
  local text = file:read("a")
  file:close()
  return pandoc.json.decode(text, false)
end

local function fact(arguments, _, meta)
  local name = pandoc.utils.stringify(arguments[1] or "")
  local style = pandoc.utils.stringify(arguments[2] or "")
  local lang = pandoc.utils.stringify(meta.lang or "en"):match("^%a+")
  facts = facts or read("build/facts.json").facts
  local found = facts[name]
  if not found then stop(('no fact "%s"; facts are named by the rows of data/ and in analysis/'):format(name)) end
  local text = (found.texts[lang] or {})[style]
  if not text then stop(('fact "%s" has no style "%s" in language "%s"'):format(name, style, lang)) end
  local link = pandoc.Link(pandoc.Inlines(text), "#fact-" .. name)
  if used[name] then return link end
  used[name] = true
  link.identifier = "use-" .. name -- its row leads back to here; Typst has no ids of links
  return pandoc.Inlines { link, pandoc.RawInline("typst", ("#metadata(none)<use-%s>"):format(name)) }
end

return { fact = fact }
