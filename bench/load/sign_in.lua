-- The bodies of the file $BENCH_LINES, posted each from an address of its own: more tries than one address has.
dofile(os.getenv("BENCH_LOAD") .. "/result.lua")

local bodies = {}
for line in io.lines(os.getenv("BENCH_LINES")) do bodies[#bodies + 1] = line end

local threads = 0
function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

local count = os.time() % 256 * 65536
function request()
  count = count + 1
  local from = string.format("10.%d.%d.%d", (count / 65536) % 256, (count / 256) % 256, (count * 2 + number) % 256)
  local headers = {["Content-Type"] = "application/json", ["X-Forwarded-For"] = from}
  return wrk.format("POST", nil, headers, bodies[count % #bodies + 1])
end
