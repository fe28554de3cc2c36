-- The bodies of the file $BENCH_LINES, posted one after the other to the address that wrk was given.
dofile(os.getenv("BENCH_LOAD") .. "/result.lua")
dofile(os.getenv("BENCH_LOAD") .. "/lines.lua")

local headers = {["Content-Type"] = "application/json"}
local function post(body)
  return wrk.format("POST", nil, headers, body)
end

function request()
  return next_request(post)
end
