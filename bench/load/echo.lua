-- The 700-byte order of echo/order.json, posted again and again.
dofile(os.getenv("BENCH_LOAD") .. "/result.lua")

local file = assert(io.open(os.getenv("BENCH_LOAD") .. "/../echo/order.json", "rb"))
wrk.method = "POST"
wrk.body = file:read("*a")
wrk.headers["Content-Type"] = "application/json"
file:close()
