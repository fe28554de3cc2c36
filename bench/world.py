"""The world model at 100,000 users and 1.2 million edges, beside the stack that such services are usually built from:
FastAPI with two workers, the asynchronous driver, Neo4j 5 (G1, 4 GB of heap), filled with the same facts."""

import contextlib
import functools
import json
import os
import subprocess
import sys
import time

from harness import (
    HERE,
    LEARN,
    NERDX,
    Comparison,
    Contender,
    free_port,
    interleave,
    load,
    nerdx,
    resident_mb,
    running,
    venv,
    wait_for,
)

sys.path.insert(0, str(HERE / "world"))
import dataset

import neo4j_server

API = "/api/v1/world-model"
USERS = 100_000
SIZES = {"10 thousand": 833, "100 thousand": 8_333, "1 million": 83_333, "10 million": 833_333}  # users, 12 edges each


def size_mb(path):
    files = [path, *path.rglob("*")] if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file()) / 1e6


def fill_ours(directory, path):
    """Lines a second, into SQLite."""
    directory.mkdir(parents=True, exist_ok=True)
    begin = time.monotonic()
    command = [NERDX, "ingest", "--data", directory / "data", "--empty", path]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    print("  " + done.stdout.strip(), flush=True)
    with open(path, encoding="utf-8") as lines:
        return sum(1 for _ in lines) / (time.monotonic() - begin)


def driver_environment(server):
    return {
        **os.environ,
        "NEO4J_URL": f"bolt://127.0.0.1:{server.bolt_port}",
        "NEO4J_PASSWORD": server.password,
    }


@contextlib.contextmanager
def fastapi(server):
    """Two workers over a Neo4j that is filled."""
    port = free_port()
    command = [venv("world"), "-m", "uvicorn", "peer:app", "--port", str(port), "--workers", "2", "--no-access-log"]
    with running(command, cwd=HERE / "world", env=driver_environment(server), stderr=subprocess.DEVNULL):
        url = f"http://127.0.0.1:{port}"
        wait_for(f"{url}{API}/entity/product-0")
        yield url


@contextlib.contextmanager
def peer(directory, path):
    os.environ.update(NEO4J_HEAP="4g", NEO4J_JVM="-XX:+UseG1GC")
    with neo4j_server.Neo4jServer(directory / "neo4j", bolt_port=free_port()) as server:
        command = [venv("world"), HERE / "world/fill_peer.py", path]
        filled = subprocess.run(
            command, env=driver_environment(server), check=True, stdout=subprocess.PIPE, text=True
        ).stdout
        print(f"  the peer was filled at {filled.strip()} lines/s", flush=True)
        with fastapi(server) as url:
            yield server, url, float(filled)


def write_lines(path, lines):
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def make_loads(directory, users):
    """What is asked: files of bodies and addresses."""
    entities = [f"{API}/entity/user-{i * 37 % users}?limit=20" for i in range(2000)]
    entities += [f"{API}/entity/product-{i}?limit=20" for i in range(dataset.PRODUCTS)]
    return {
        "query": write_lines(directory / "query", [json.dumps({"query": q}) for q in dataset.questions()]),
        "entity": write_lines(directory / "entity", entities),
        "recommend": write_lines(
            directory / "recommend", [f"{API}/recommend/user-{i * 41 % users}?limit=5" for i in range(2000)]
        ),
    }


def ask(url, what, loads, seconds):
    if what == "query":
        return load("bodies", f"{url}{API}/query", seconds, BENCH_LINES=loads[what])
    return load("paths", url, seconds, BENCH_LINES=loads[what])


def warm_up(url, loads):
    """A JVM is slow until its compiler has seen the work: a minute of it, not counted."""
    for what in loads:
        ask(url, what, loads, 20)


def learn(url, seconds, number):
    return load("learn", url + LEARN, seconds, BENCH_RUN=f"run-{next(number)}", BENCH_ENTITY="product-7")


def compare_world(directory, plan):
    path = directory / "world.jsonl"
    print(f"  {dataset.write(path, USERS):,} facts", flush=True)
    ours_per_s = fill_ours(directory / "ours", path)
    loads, number = make_loads(directory, USERS), iter(range(1000))
    with nerdx(directory / "ours") as (process, url), peer(directory, path) as (server, peer_url, peer_per_s):
        warm_up(peer_url, loads)
        for what, title, goal in (
            ("query", "Query, 5 results", 50),
            ("entity", "Entity + 20 neighbours", 40),
            ("recommend", "Recommend", 100),
        ):
            mine = Contender(f"NERDX {what}", functools.partial(ask, url, what, loads, plan.seconds))
            other = Contender("FastAPI + Neo4j", functools.partial(ask, peer_url, what, loads, plan.seconds))
            interleave([mine, other], plan.rounds)
            yield Comparison(title, "100k users, 1.2M edges", "answers/s", "per_s", mine, [other], ("ratio", goal))
        mine = Contender("NERDX learn", lambda: learn(url, plan.seconds, number))
        other = Contender("FastAPI + Neo4j", lambda: learn(peer_url, plan.seconds, number))
        interleave([mine, other], plan.rounds)
        yield Comparison(
            "Durable learn at 1.2M edges", "one event a request", "acknowledged/s", "per_s", mine, [other],
            ("least", 5000),
        )  # fmt: skip
        yield from compare_weight(
            (resident_mb(process.pid), size_mb(directory / "ours/data")),
            (resident_mb(server.process.pid), size_mb(directory / "neo4j/data")),
        )
        driver = "UNWIND into Neo4j by its driver"
        yield single("Ingestion into SQLite", "lines/s", ours_per_s, driver, peer_per_s, 50_000)


def single(title, unit, mine, peer_name, theirs, least):
    """A figure that was measured once."""
    ours, other = Contender("NERDX", None, [{"per_s": mine}]), Contender(peer_name, None, [{"per_s": theirs}])
    return Comparison(title, "the same file", unit, "per_s", ours, [other], ("least", least))


def compare_weight(mine, theirs):
    for title, ours, other in zip(("Memory at 1.2M edges", "Disk at 1.2M edges"), mine, theirs, strict=True):
        yield Comparison(
            title, "the process that holds the graph", "MB", "mb", Contender("NERDX", None, [{"mb": ours}]),
            [Contender("Neo4j", None, [{"mb": other}])], ("most", 1000),
        )  # fmt: skip


def compare_flat(directory, plan):
    """p50 at one client's pace, from ten thousand edges to ten million: the entity read and the recommendation."""
    for name, users in SIZES.items():
        path = directory / "flat.jsonl"
        dataset.write(path, users)
        fill_ours(directory / name.replace(" ", "-"), path)
        path.unlink()
    with contextlib.ExitStack() as stack:
        urls = {name: stack.enter_context(nerdx(directory / name.replace(" ", "-")))[1] for name in SIZES}
        loads = {}
        for name, users in SIZES.items():
            folder = directory / f"loads-{users}"
            folder.mkdir()
            loads[name] = make_loads(folder, users)
        for what in ("entity", "query", "recommend"):
            sides = [
                Contender(f"{name} edges", functools.partial(ask, urls[name], what, loads[name], plan.seconds))
                for name in SIZES
            ]
            interleave(sides, plan.rounds)
            yield Comparison(
                f"p50 of {what} as the graph grows", "64 clients", "us", "p50_us", sides[-1], sides[:-1],
                ("ratio-most", 1.5),
            )  # fmt: skip
