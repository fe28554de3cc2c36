-- The addresses of the file $BENCH_LINES, one after the other.
dofile(os.getenv("BENCH_LOAD") .. "/result.lua")
dofile(os.getenv("BENCH_LOAD") .. "/lines.lua")

function request()
  return wrk.format("GET", next_line())
end
