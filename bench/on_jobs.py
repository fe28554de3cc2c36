"""Jobs that do nothing, added and done: NERDX's queue in a SQLite file beside Celery on Redis, both on disk before
they are acknowledged."""

import functools
import itertools
import os
import subprocess
import sys

from harness import HERE, ROOT, Comparison, Contender, interleave, running, venv
from redis_server import RedisServer

PEER_JOBS_A_SECOND = 500  # about; a round of the peer does a fixed number


def rate(program, url, seconds):
    text = subprocess.run([program, url, str(seconds)], check=True, stdout=subprocess.PIPE).stdout
    return {"per_s": float(text)}


def ours(directory, plan):
    subprocess.run([ROOT / "dev", "compile", "bench", "jobs_rate"], check=True, cwd=ROOT, stdout=sys.stderr)
    program, numbers = ROOT / "build/bench/bench/jobs/jobs_rate", itertools.count()
    return Contender(
        "NERDX, a SQLite file", lambda: rate(program, f"sqlite:{directory}/jobs-{next(numbers)}.db", plan.seconds)
    )


def compare_jobs(directory, plan):
    python, folder = venv("jobs"), directory / "redis"
    folder.mkdir()
    with RedisServer("--appendonly", "yes", "--appendfsync", "always", "--dir", str(folder)) as server:
        env = {**os.environ, "BENCH_REDIS": server.url, "PYTHONPATH": str(HERE / "jobs")}
        worker = [python, "-m", "celery", "-A", "peer", "worker", "-c", "2", "--loglevel", "ERROR"]
        with running(worker, env=env, cwd=directory, stderr=subprocess.DEVNULL):
            count = str(PEER_JOBS_A_SECOND * plan.seconds)
            peer = functools.partial(
                subprocess.run, [python, HERE / "jobs/peer.py", count], env=env, check=True, capture_output=True
            )
            celery = Contender("Celery, Redis", lambda: {"per_s": float(peer().stdout)})
            contenders = [ours(directory, plan), celery]
            interleave(contenders, plan.rounds)
    about = "added (ours 100 to a transaction) and done by two processes (ours four threads); each write synced"
    yield Comparison("Jobs", about, "jobs/s", "per_s", contenders[0], contenders[1:], ("ratio", 10))
