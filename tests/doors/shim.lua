-- What Quarto does with a shortcode, for pandoc alone: a code block of the class `tandem` holds its words; -M page=… is
-- the address of Tandem. The path of the shortcode's file is in the environment.
local FORMATS = {
  html = { "html", "html:js" },
  revealjs = { "html", "html:js", "revealjs" },
  latex = { "latex", "pdf" },
}
local headers = {}
local is_format = function(name)
  for _, one in ipairs(FORMATS[FORMAT] or { FORMAT }) do
    if one == name then return true end
  end
  return false
end
quarto = {
  doc = { is_format = is_format, include_text = function(_, text) table.insert(headers, text) end },
  log = { warning = function(text) io.stderr:write("WARNING " .. text .. "\n") end },
}
local shortcode = dofile(os.getenv("TANDEM_LUA")).tandem
local meta

-- As Quarto hands them over: lists of inlines, without a name or with one.
local function words(text)
  local args, kwargs = {}, setmetatable({}, { __index = function() return pandoc.Inlines({}) end })
  text = text:gsub('([%w_]+)="(.-)"', function(name, value)
    kwargs[name] = pandoc.Inlines(value)
    return ""
  end)
  text = text:gsub("([%w_]+)=(%S+)", function(name, value)
    kwargs[name] = pandoc.Inlines(value)
    return ""
  end)
  for word in text:gmatch("%S+") do table.insert(args, pandoc.Inlines(word)) end
  return args, kwargs
end

return {
  { Meta = function(found) meta = found end },
  {
    CodeBlock = function(block)
      if not block.classes:includes("tandem") then return nil end
      local args, kwargs = words(block.text)
      return shortcode(args, kwargs, meta, {}, "block")
    end,
  },
  {
    Meta = function(found)
      local raw = {}
      for _, text in ipairs(headers) do table.insert(raw, pandoc.RawBlock("html", text)) end
      found["header-includes"] = raw
      return found
    end,
  },
}
