-- The address that wrk was given, asked by one caller after the other: their tokens are the lines of $BENCH_LINES.
dofile(os.getenv("BENCH_LOAD") .. "/result.lua")
dofile(os.getenv("BENCH_LOAD") .. "/lines.lua")

local function ask(token)
  return wrk.format("GET", nil, {["Authorization"] = "Bearer " .. token})
end

function request()
  return next_request(ask)
end
