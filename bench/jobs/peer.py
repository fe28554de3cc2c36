"""The peer for jobs: Celery on a Redis that syncs each write. `celery -A peer worker` does them; as a program it adds
jobs that do nothing and prints how many a second were added and done. peer.py COUNT (BENCH_REDIS: the server's URL)."""

import os
import sys
import time

from celery import Celery

app = Celery("peer", broker=os.environ["BENCH_REDIS"])
app.conf.update(task_ignore_result=True, task_acks_late=True, worker_prefetch_multiplier=64, broker_pool_limit=10)


@app.task
def nothing(number):
    return number


def done(inspect):
    return sum(sum(stats["total"].values()) for stats in (inspect.stats() or {}).values())


def main(count):
    inspect = app.control.inspect(timeout=1, limit=1)
    while not inspect.ping():
        pass
    before, begun = done(inspect), time.monotonic()
    with app.producer_pool.acquire(block=True) as producer:
        for number in range(count):
            nothing.apply_async((number,), producer=producer)
    while done(inspect) - before < count:
        pass
    print(count / (time.monotonic() - begun))


if __name__ == "__main__":
    main(int(sys.argv[1]))
