-- next_line(): the lines of the file $BENCH_LINES, round and round; each thread begins at another place.
local lines = {}
for line in io.lines(os.getenv("BENCH_LINES")) do lines[#lines + 1] = line end

local threads = 0
function setup(thread)
  thread:set("begin", threads * 7919)
  threads = threads + 1
end

local count = 0
function next_line()
  count = count + 1
  return lines[(begin + count) % #lines + 1]
end
