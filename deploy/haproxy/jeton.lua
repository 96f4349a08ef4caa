-- HAProxy has no sub-request of its own: this asks Jeton by HAProxy's HTTP client (2.5 and later).
-- Use: http-request lua.ask-jeton URL. Sets txn.jeton to `passed`, or answers for Jeton.

-- Milliseconds. HAProxy asks again up to three times before it gives up.
local TIMEOUT = 2000
local TOLD = { "www-authenticate", "content-type", "cache-control", "retry-after" }

-- HAProxy counts the values of a header from 0, its HTTP client from 1.
local function values(headers, name)
  local found = {}
  for i = 0, #(headers[name] or {}) do
    if headers[name] then table.insert(found, headers[name][i]) end
  end
  return found
end

local function question(txn)
  local sent, asked = txn.http:req_get_headers(), {}
  for _, name in ipairs({ "authorization", "x-forwarded-for" }) do
    if sent[name] then asked[name] = values(sent, name) end
  end
  return asked
end

local function refuse(txn, answer)
  local told = {}
  for _, name in ipairs(TOLD) do told[name] = answer.headers[name] end
  txn:done({ status = answer.status, headers = told, body = answer.body })
end

core.register_action("ask-jeton", { "http-req" }, function(txn, url)
  local client = core.httpclient()
  local answer = client:get({ url = url, headers = question(txn), timeout = TIMEOUT })
  if answer and answer.status == 200 then
    for name, told in pairs(answer.headers) do
      if name:sub(1, 8) == "x-jeton-" then txn.http:req_set_header(name, told[1] or told[0] or "") end
    end
    txn:set_var("txn.jeton", "passed")
  elseif answer and (answer.status == 401 or answer.status == 403) then
    refuse(txn, answer)
  end
end, 1)
