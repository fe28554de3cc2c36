"""./dev bench [quick] [NAME…]: measures NERDX beside its peers on this machine, all parts or those named, and writes
docs/benchmarks.md, where the other parts stay as they were measured last.

Every comparison is interleaved: NERDX, peer, NERDX, peer … in one run on the same cores, so that whatever else the
machine does hits both. A figure is the median of its rounds; the spread is the lowest and highest. quick: short rounds,
only printed.
"""

import functools
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

import doors
import on_analytics
import on_archive
import on_jobs
import on_neo4j
import on_postgres
import on_watching
import report
import soak
import talking
import world
from harness import (
    CLIENTS,
    HERE,
    ROOT,
    Comparison,
    Contender,
    Plan,
    interleave,
    load,
    nerdx,
    nginx,
    post,
    running,
    some_entity,
    wait_for,
)


def compare_reads(directory, plan):
    with nerdx(directory / "reads") as (_, url), nginx(directory / "nginx") as (_, peer_url):
        entity = some_entity(url)
        get = functools.partial(load, "get", seconds=plan.seconds)
        small = Contender("NERDX /healthz", lambda: get(url + "/healthz"))
        read = Contender(
            "NERDX entity with 20 neighbours", lambda: get(f"{url}/api/v1/world-model/entity/{entity}?limit=20")
        )
        anew = Contender(
            "NERDX entity read anew", lambda: get(f"{url}/api/v1/world-model/entity/{entity}?limit=20&provenance=true")
        )
        peer = Contender("nginx return 200", lambda: get(peer_url + "/"))
        interleave([small, peer, read, anew], plan.rounds)
    yield Comparison(
        "Small JSON GET",
        "a fixed answer, access log on both sides",
        "answers/s",
        "per_s",
        small,
        [peer],
        ("ratio", 0.5),
    )
    yield Comparison(
        "Entity with 20 neighbours",
        "kept as written while the graph stands still, against the same nginx; read anew: with sources, never kept",
        "answers/s",
        "per_s",
        read,
        [peer, anew],
        ("ratio", 0.25),
    )


def compare_echo(directory, plan):
    subprocess.run([ROOT / "dev", "compile", "bench", "nerdx-echo"], check=True, cwd=ROOT, stdout=sys.stderr)
    subprocess.run(["go", "build", "-o", directory / "echo-go", HERE / "peers/echo.go"], check=True)
    program = ROOT / "build/bench/bench/echo/nerdx-echo"
    with (
        nerdx(directory / "echo", program, ()) as (_, url),
        running([directory / "echo-go"], r"ready: (\S+)") as (_, peer_url),
    ):
        check_echo(url), check_echo(peer_url)
        post_order = functools.partial(load, "echo", seconds=plan.seconds)
        ours = Contender("NERDX, generated decoder and encoder", lambda: post_order(url + "/echo"))
        peer = Contender("Go net/http + encoding/json", lambda: post_order(peer_url + "/echo"))
        interleave([ours, peer], plan.rounds)
    yield Comparison(
        "POST 700-byte JSON echo", "decoded into structs, checked, encoded again", "answers/s", "per_s", ours, [peer],
        ("ratio", 1.0),
    )  # fmt: skip


def check_echo(url):
    order = json.loads((HERE / "echo/order.json").read_text())
    if post(url + "/echo", order) != order:
        sys.exit(f"bench: {url} does not echo")


def bare_loop(directory, seconds, pages, number):
    database = directory / f"groups-{pages}-{next(number)}.db"
    text = subprocess.run(
        [directory / "groups", database, str(seconds), str(pages)], check=True, capture_output=True
    ).stdout
    return {"per_s": float(text)}


def compare_learn(directory, plan):
    command = ["cc", "-O2", "-o", directory / "groups", HERE / "peers/groups.c", "-lsqlite3"]
    subprocess.run(command, check=True)
    number = iter(range(1000))
    with nerdx(directory / "learn") as (_, url):
        entity = some_entity(url)

        def learn():
            run = f"run-{next(number)}"
            return load("learn", url, plan.seconds, BENCH_RUN=run, BENCH_ENTITY=entity)

        ours = Contender("NERDX learn, one event a request", learn)
        bare = Contender("bare C loop, 64 to a commit", lambda: bare_loop(directory, plan.seconds, 1000, number))
        large = Contender(
            "the same, checkpoint at 20,000 pages", lambda: bare_loop(directory, plan.seconds, 20000, number)
        )
        interleave([ours, bare, large], plan.rounds)
    yield Comparison(
        "Durable learn", f"{CLIENTS} clients, acknowledged when on disk", "acknowledged/s", "per_s", ours,
        [bare, large], ("least", 8000),
    )  # fmt: skip


def start_once(directory):
    """Milliseconds from exec to the first answer, and the resident memory then."""
    begin = time.monotonic()
    with nerdx(directory) as (process, url):
        wait_for(f"{url}/readyz")
        elapsed = (time.monotonic() - begin) * 1000
        status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
        return {"ms": elapsed, "mb": int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024}


def compare_start(directory, plan):
    number = iter(range(1000))
    first = Contender("first start, the world is seeded", lambda: start_once(directory / f"start-{next(number)}"))
    start_once(directory / "again")
    second = Contender("a later start", lambda: start_once(directory / "again"))
    interleave([second, first], max(plan.rounds, 5))
    about = "from exec to the answer of /readyz"
    yield Comparison("Start to first answer", about, "ms", "ms", second, [first], ("most", 150))
    yield Comparison("Memory after the start", "resident set", "MB", "mb", second, [first], ("most", 40))


MEASUREMENTS = {
    "reads": compare_reads,
    "echo": compare_echo,
    "learn": compare_learn,
    "start": compare_start,
    "world": world.compare_world,
    "flat": world.compare_flat,
    "neo4j": on_neo4j.compare_neo4j,
    "postgres": on_postgres.compare_postgres,
    "jobs": on_jobs.compare_jobs,
    "analytics": on_analytics.compare_analytics,
    "talks": talking.compare_talks,
    "streams": talking.compare_streams,
    "doors": doors.compare_doors,
    "limits": doors.compare_limits,
    "signins": doors.compare_sign_ins,
    "archive": on_archive.compare_archive,
    "watching": on_watching.compare_watching,
    "soak": soak.compare_soak,
}


def main():
    words = [word for word in sys.argv[1:] if word != "quick"]
    unknown = [word for word in words if word not in MEASUREMENTS]
    if unknown:
        sys.exit(f"bench: nothing is called {unknown[0]}: quick, {', '.join(MEASUREMENTS)}")
    quick = "quick" in sys.argv
    plan = Plan(seconds=1, rounds=3) if quick else Plan(seconds=3, rounds=7)
    measured, load_before = {}, os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="nerdx-bench-") as directory:
        for name in words or MEASUREMENTS:
            print(f"{name}:", flush=True)
            found = list(MEASUREMENTS[name](pathlib.Path(directory), plan))
            measured[name] = report.Part(report.today(), load_before, plan, found)
    print("\n" + report.table(measured))
    if not quick:
        report.write(measured, list(MEASUREMENTS), CLIENTS)
    return 0


if __name__ == "__main__":
    sys.exit(main())
