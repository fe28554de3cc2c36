-- The addresses of the file $BENCH_LINES, one after the other.
dofile(os.getenv("BENCH_LOAD") .. "/result.lua")
dofile(os.getenv("BENCH_LOAD") .. "/lines.lua")

local function get(path)
  return wrk.format("GET", path)
end

function request()
  return next_request(get)
end
