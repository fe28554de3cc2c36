-- The bodies of the file $BENCH_LINES, posted one after the other to the address that wrk was given.
dofile(os.getenv("BENCH_LOAD") .. "/result.lua")
dofile(os.getenv("BENCH_LOAD") .. "/lines.lua")

local headers = {["Content-Type"] = "application/json"}
function request()
  return wrk.format("POST", nil, headers, next_line())
end
