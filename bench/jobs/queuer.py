"""The peer for jobs on PostgreSQL: pgqueuer, its tables logged, on a server that syncs.

queuer.py work does them; queuer.py rate COUNT adds jobs 100 at a time, prints how many a second were added and done;
queuer.py pickup COUNT how long they waited. BENCH_POSTGRES is the server's URL."""

import asyncio
import os
import sys
import time

import asyncpg
import uvloop
import waits
from pgqueuer import PgQueuer
from pgqueuer.db import AsyncpgDriver
from pgqueuer.queries import Queries

BATCH = 100


async def connect():
    return await asyncpg.connect(os.environ["BENCH_POSTGRES"])


async def work():
    connection = await connect()
    await Queries(AsyncpgDriver(connection)).install()
    queuer = PgQueuer(AsyncpgDriver(connection))

    @queuer.entrypoint("nothing")
    async def nothing(job):
        return job

    @queuer.entrypoint("wait")
    async def wait(job):
        waits.note(int(job.payload))

    print("ready", flush=True)
    await queuer.run(batch_size=BATCH)


async def rate(count):
    connection = await connect()
    queries, begun = Queries(AsyncpgDriver(connection)), time.monotonic()
    for _ in range(count // BATCH):
        await queries.enqueue(["nothing"] * BATCH, [b"1"] * BATCH, [0] * BATCH)
    while await connection.fetchval("SELECT EXISTS (SELECT 1 FROM pgqueuer)"):
        await asyncio.sleep(0.005)
    return count / (time.monotonic() - begun)


async def pickup(count):
    queries = Queries(AsyncpgDriver(await connect()))
    for asked_ns in waits.moments(count):
        await queries.enqueue("wait", str(asked_ns).encode())
    return waits.result()


def main(what, *count):
    if what == "work":
        uvloop.run(work())
    else:
        print(uvloop.run((rate if what == "rate" else pickup)(int(count[0]))))


if __name__ == "__main__":
    main(*sys.argv[1:])
