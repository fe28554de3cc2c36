-- next_request(format): the lines of the file $BENCH_LINES as requests, round and round; each thread begins at another
-- place. A line is formatted once: the load shares its cores with what it measures, and should take little of them.
local lines = {}
for line in io.lines(os.getenv("BENCH_LINES")) do lines[#lines + 1] = line end

local threads = 0
function setup(thread)
  thread:set("begin", threads * 7919)
  threads = threads + 1
end

local count, requests = 0, {}
function next_request(format)
  count = count + 1
  local at = (begin + count) % #lines + 1
  requests[at] = requests[at] or format(lines[at])
  return requests[at]
end
