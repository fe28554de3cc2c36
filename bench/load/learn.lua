-- One event a request, each with an id of its own: $BENCH_RUN, the thread, a counter.
dofile(os.getenv("BENCH_LOAD") .. "/result.lua")

local threads = 0
function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

local run, entity = os.getenv("BENCH_RUN"), os.getenv("BENCH_ENTITY")
local headers = {["Content-Type"] = "application/json"}
local count = 0
function request()
  count = count + 1
  local body = string.format(
    '{"events":[{"event_id":"%s-%d-%d","user_id":"bench-%d","type":"INTERESTED_IN","entity_id":"%s","score":0.5}]}',
    run, number, count, count % 1000, entity)
  return wrk.format("POST", "/api/v1/world-model/learn", headers, body)
end
