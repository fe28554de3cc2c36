"""The peer for jobs: Celery on a Redis that syncs each write. `celery -A peer worker` does them; as a program it adds
jobs and prints how many a second were added and done (peer.py rate COUNT), or how long they waited (peer.py pickup
COUNT). BENCH_REDIS is the server's URL."""

import os
import sys
import time

import waits
from celery import Celery

app = Celery("peer", broker=os.environ["BENCH_REDIS"])
app.conf.update(task_ignore_result=True, task_acks_late=True, worker_prefetch_multiplier=64, broker_pool_limit=10)


@app.task
def nothing(number):
    return number


@app.task
def wait(asked_ns):
    waits.note(asked_ns)


def done(inspect):
    return sum(sum(stats["total"].values()) for stats in (inspect.stats() or {}).values())


def rate(count, inspect):
    before, begun = done(inspect), time.monotonic()
    with app.producer_pool.acquire(block=True) as producer:
        for number in range(count):
            nothing.apply_async((number,), producer=producer)
    while done(inspect) - before < count:
        pass
    return count / (time.monotonic() - begun)


def pickup(count):
    with app.producer_pool.acquire(block=True) as producer:
        for asked_ns in waits.moments(count):
            wait.apply_async((asked_ns,), producer=producer)
    return waits.result()


def main(what, count):
    inspect = app.control.inspect(timeout=1, limit=1)
    while not inspect.ping():
        pass
    print(rate(count, inspect) if what == "rate" else pickup(count))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
