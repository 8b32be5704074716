-- Figures of Tandem in Quarto: {{< tandem triangle view="network" inputs="…" height=420 >}}.
--
-- A page gets the live figure, a PDF or a document the picture of the preset with a link, everything else the link.
-- What the options mean stands in docs/EMBEDDING.md, how to use them in docs/DOORS.md.

local MOST_INPUTS = 6
local LONGEST = { question = 500, state = 4000 }
-- Signs that an address may have as they are: people read these.
local PLAIN = "[^%w%-._~:,]"

-- Options of the address of a frame, in the order in which it has them: what each may be, as a pattern or a list.
local QUERY = { "view", "inputs", "lock", "ui", "run", "play", "theme", "lang", "state", "question" }
local CHOICES = {
  lock = { "inputs", "all", "1" },
  ui = { "min" },
  run = { "0", "1" },
  play = { "0", "1" },
  theme = { "light", "dark" },
}
local OWN = { "preset", "link", "page", "label", "height", "width", "picture" }

local function refuse(text)
  error("tandem: " .. text, 0)
end

local function has(list, name)
  for _, one in ipairs(list) do
    if one == name then return true end
  end
  return false
end

local function encoded(text)
  return (text:gsub(PLAIN, function(sign) return string.format("%%%02X", sign:byte()) end))
end

local function escaped(text)
  return (text:gsub("[&<>\"]", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }))
end

local function is_number(text)
  return text:match("^%-?%d*%.?%d*[eE]?[+-]?%d*$") ~= nil and tonumber(text) ~= nil
end

-- PATH, PATH:FROM:TO or PATH:FROM:TO:STEP; a path may hold colons of its own.
local function check_input(text)
  local parts = {}
  for part in (text .. ":"):gmatch("(.-):") do table.insert(parts, part) end
  local numbers = {}
  while #parts > 1 and #numbers < 3 and is_number(parts[#parts]) do
    table.insert(numbers, 1, tonumber(table.remove(parts)))
  end
  local path = table.concat(parts, ":")
  if not path:match("^[%w_]+%.") then
    refuse('inputs: "' .. text .. '" is not the path of an input, such as case.branches.1-3.max_p_mw')
  end
  if #numbers == 1 then refuse('inputs: "' .. text .. '" has one number: a range is PATH:FROM:TO or PATH:FROM:TO:STEP') end
  if #numbers > 1 and numbers[1] >= numbers[2] then refuse('inputs: in "' .. text .. '" the range ends before it begins') end
  if #numbers > 2 and numbers[3] <= 0 then refuse('inputs: in "' .. text .. '" the step is not above 0') end
end

local function check_inputs(text)
  local count = 0
  for input in (text .. ","):gmatch("(.-),") do
    check_input(input)
    count = count + 1
  end
  if count > MOST_INPUTS then refuse("inputs: " .. count .. " inputs, and up to " .. MOST_INPUTS .. " can be shown") end
end

local function check_query(name, value)
  local choices = CHOICES[name]
  if choices and not has(choices, value) then
    refuse(name .. '="' .. value .. '" is none of ' .. table.concat(choices, ", "))
  end
  if name == "inputs" then check_inputs(value) end
  if name == "view" and ("," .. value .. ","):find(",%s*,") then refuse("view: an empty name in \"" .. value .. '"') end
  if name == "lang" and not value:match("^%a%a%a?[%w-]*$") then refuse('lang="' .. value .. '" is no language') end
  local most = LONGEST[name]
  if most and (utf8.len(value) or #value) > most then refuse(name .. ": longer than " .. most .. " characters") end
end

-- Everything that was asked for, by name, as text.
local function read(args, kwargs)
  local options = {}
  for name, value in pairs(kwargs) do
    local text = pandoc.utils.stringify(value)
    if not has(QUERY, name) and not has(OWN, name) then
      local names = table.concat(QUERY, ", ") .. ", " .. table.concat(OWN, ", ")
      refuse('there is no option "' .. name .. '": the options are ' .. names)
    end
    if text ~= "" then options[name] = text end
  end
  if #args > 1 then refuse("one preset is shown, and " .. #args .. " words stand without a name") end
  if args[1] ~= nil then
    if options.preset then refuse("the preset is named twice") end
    options.preset = pandoc.utils.stringify(args[1])
  end
  return options
end

local function check(options)
  if (options.preset == nil) == (options.link == nil) then
    refuse('a preset or a link says what is shown: {{< tandem triangle >}} or {{< tandem link="p=triangle&…" >}}')
  end
  if options.preset and not options.preset:match("^[a-z0-9][a-z0-9-]*$") then
    refuse('"' .. options.preset .. '" is not the id of a preset')
  end
  if options.link then
    options.link = options.link:gsub("^[^#]*#", "")
    if not options.link:match("^[pz]=") then refuse("link: what stands behind the # of a link of Tandem, p=… or z=…") end
  end
  for _, name in ipairs(QUERY) do
    if options[name] then check_query(name, options[name]) end
  end
  local height = tonumber(options.height or "420")
  if not height or height < 50 or height > 5000 or height % 1 ~= 0 then
    refuse('height="' .. options.height .. '" is not a height in px, from 50 to 5000')
  end
  local width = options.width or "100%"
  if not width:match("^%d+%%?$") then refuse('width="' .. width .. '" is neither px nor a share of the line, such as 100%') end
end

-- Where Tandem is served: of the shortcode, or tandem-page of the document or project.
local function page_of(options, meta)
  local page = options.page or (meta["tandem-page"] and pandoc.utils.stringify(meta["tandem-page"])) or ""
  if not page:match("^https?://[^%s?#]+$") then
    refuse('the address of Tandem is not known: page="https://HOST/" here, or tandem-page: https://HOST/ in the document')
  end
  return page:match("/$") and page or page .. "/"
end

local function frame(options, page, fragment, label)
  local query = {}
  for _, name in ipairs(QUERY) do
    if options[name] then table.insert(query, "&" .. name .. "=" .. encoded(options[name])) end
  end
  local slides = quarto.doc.is_format("revealjs")
  -- A slide that is not shown loads nothing, and none changes its height.
  return string.format(
    '<iframe %s="%s" title="%s" width="%s" height="%s" style="border: 0; max-width: 100%%"></iframe>',
    slides and "data-src" or "src",
    escaped(page .. "?embed=1" .. table.concat(query) .. "#" .. fragment),
    escaped(label),
    options.width or "100%",
    options.height or "420"
  ), slides
end

local scripts = {}
local function add_script(page)
  if scripts[page] then return end
  scripts[page] = true
  quarto.doc.include_text("in-header", '<script type="module" src="' .. escaped(page) .. 'embed.js"></script>')
end

-- The picture in the document's own store, from where every format takes it; nil where it cannot be had.
local function picture(options, page)
  if options.picture and not options.picture:match("^https?://") then return options.picture end
  if not options.picture and not options.preset then return nil end
  local address = options.picture or (page .. "p/" .. options.preset .. ".png")
  local ok, mime, contents = pcall(pandoc.mediabag.fetch, address)
  if not ok or not contents or not mime or not mime:match("^image/") then
    local warn = quarto.log.warning or quarto.log.output
    warn("tandem: the picture " .. address .. " cannot be had; the document has a link in its place")
    return nil
  end
  local name = "tandem-" .. pandoc.utils.sha1(address):sub(1, 12) .. (mime:match("svg") and ".svg" or ".png")
  pandoc.mediabag.insert(name, mime, contents)
  return name
end

local function is_any(names)
  for _, name in ipairs(names) do
    if quarto.doc.is_format(name) then return true end
  end
  return false
end

local function tandem(args, kwargs, meta, _, context)
  local options = read(args, kwargs)
  check(options)
  local page = page_of(options, meta)
  local fragment = options.link or ("p=" .. options.preset)
  local label = options.label or options.question or ("Tandem: " .. (options.preset or "a scenario"))
  local inline = context == "inline"
  if quarto.doc.is_format("html:js") then
    local html, slides = frame(options, page, fragment, label)
    if not slides then add_script(page) end
    return inline and pandoc.RawInline("html", html) or pandoc.RawBlock("html", html)
  end
  local full = page .. "#" .. fragment
  -- Plain text knows no links: the address stands in it.
  local link = FORMAT == "plain" and pandoc.Str(label .. ": " .. full) or pandoc.Link(label, full)
  local file = is_any({ "latex", "pdf", "docx", "odt", "pptx", "typst", "epub", "html" }) and picture(options, page) or nil
  if file == nil then return inline and link or pandoc.Para({ link }) end
  local image = pandoc.Image({ pandoc.Str(label) }, file, "", { width = options.width and options.width:match("%%") and options.width or "100%" })
  local shown = pandoc.Link({ image }, full)
  if inline then return shown end
  return pandoc.Blocks({ pandoc.Para({ shown }), pandoc.Para({ link }) })
end

return { ["tandem"] = tandem }
