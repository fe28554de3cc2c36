-- The address that wrk was given, again and again.
dofile(os.getenv("BENCH_LOAD") .. "/result.lua")
