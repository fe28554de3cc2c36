"""Jobs that do nothing: how many are added and done a second, and how long one waits until it begins. NERDX's queue in
a SQLite file and on PostgreSQL beside Celery on Redis and pgqueuer on PostgreSQL; all on disk before they are
acknowledged."""

import contextlib
import functools
import itertools
import os
import subprocess
import sys

from harness import HERE, ROOT, Comparison, Contender, interleave, running, venv
from postgres_server import PostgresServer
from redis_server import RedisServer

CELERY_JOBS_A_SECOND, PGQUEUER_JOBS_A_SECOND = 500, 1500  # about; a round of a peer does a fixed number
WAITS_A_SECOND = 100
PROGRAMS = ROOT / "build/bench/bench/jobs"


def said(command, env=None):
    return subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE, text=True).stdout


def rate(command, env=None):
    return {"per_s": float(said(command, env))}


def pickup(command, env=None):
    median, p99 = said(command, env).split()
    return {"ms": float(p99), "median_ms": float(median)}


def build():
    for name in ("jobs_rate", "jobs_pickup"):
        subprocess.run([ROOT / "dev", "compile", "bench", name], check=True, cwd=ROOT, stdout=sys.stderr)


def ours(name, url, plan, apart):
    """url: gives an empty database each time."""
    count = str(WAITS_A_SECOND * plan.seconds)
    return (
        Contender(name, lambda: rate([PROGRAMS / "jobs_rate", url(), str(plan.seconds)])),
        Contender(name, lambda: pickup([PROGRAMS / "jobs_pickup", url(), count, apart])),
    )


def peer(name, program, env, jobs_a_second, plan):
    return (
        Contender(name, functools.partial(rate, [*program, "rate", str(jobs_a_second * plan.seconds)], env)),
        Contender(name, functools.partial(pickup, [*program, "pickup", str(WAITS_A_SECOND * plan.seconds)], env)),
    )


@contextlib.contextmanager
def celery(directory, python, env, plan):
    folder = directory / "redis"
    folder.mkdir()
    with RedisServer("--appendonly", "yes", "--appendfsync", "always", "--dir", str(folder)) as server:
        env = {**env, "BENCH_REDIS": server.url}
        worker = [python, "-m", "celery", "-A", "peer", "worker", "-c", "2", "--loglevel", "ERROR"]
        with running(worker, env=env, cwd=directory, stderr=subprocess.DEVNULL):
            yield peer("Celery, Redis", [python, HERE / "jobs/peer.py"], env, CELERY_JOBS_A_SECOND, plan)


@contextlib.contextmanager
def pgqueuer(server, python, env, plan):
    server.create("peer")
    program, env = [python, HERE / "jobs/queuer.py"], {**env, "BENCH_POSTGRES": server.url_of("peer")}
    with running([*program, "work"], r"(ready)", env=env):
        yield peer("pgqueuer, PostgreSQL", program, env, PGQUEUER_JOBS_A_SECOND, plan)


def compare_jobs(directory, plan):
    build()
    python, numbers = venv("jobs"), itertools.count()
    env = {**os.environ, "PYTHONPATH": str(HERE / "jobs"), "BENCH_WAITS": str(directory / "waits")}
    with (
        PostgresServer() as server,
        celery(directory, python, env, plan) as on_redis,
        pgqueuer(server, python, env, plan) as on_postgres,
    ):
        sides = [
            ours("NERDX, a SQLite file", lambda: f"sqlite:{directory}/jobs-{next(numbers)}.db", plan, "together"),
            on_redis,
            on_postgres,
            ours("NERDX, PostgreSQL", lambda: f"{server.url}#jobs_{next(numbers)}", plan, "apart"),
        ]
        rates, waits = ([side[i] for side in sides] for i in (0, 1))
        interleave(rates, plan.rounds)
        interleave(waits, plan.rounds)
    about = "added (ours and pgqueuer's 100 to a transaction) and done by workers; each write synced"
    yield Comparison("Jobs", about, "jobs/s", "per_s", rates[0], rates[1:], ("ratio", 10))
    about = "a hundred a second at chance, from asking until it begins in another process (SQLite: in a thread)"
    yield Comparison("Pick-up of jobs, p99", about, "ms", "ms", waits[0], waits[1:], ("ratio-most", 1))
    yield Comparison("Pick-up of jobs, median", about, "ms", "median_ms", waits[0], waits[1:], ("none", 0))
