"""NERDX with its graph on Neo4j: ingestion beside UNWIND batches by Neo4j's Python driver, into one and the same server
(G1, 4 GB of heap), and durable learn there beside FastAPI over the same driver."""

import contextlib
import functools
import os
import subprocess
import sys
import time

import world
from harness import HERE, NERDX, SERVE, Comparison, Contender, free_port, interleave, nerdx, venv

sys.path.insert(0, str(HERE / "world"))
import dataset

import neo4j_server

USERS = 10_000
ROUNDS = 5  # at most: each fills and empties the database three times
WARM_UP_ROUNDS = 2  # not counted: a JVM is slow until its compiler has seen the work


@contextlib.contextmanager
def server_of_both(directory):
    os.environ.update(NEO4J_HEAP="4g", NEO4J_JVM="-XX:+UseG1GC")
    with neo4j_server.Neo4jServer(directory / "on-neo4j", bolt_port=free_port()) as server:
        yield server


def per_second(server, lines, command, env):
    """The whole program, from exec to its end, into an empty database."""
    server.empty()
    begin = time.monotonic()
    subprocess.run(command, env={**os.environ, **env}, check=True, stdout=subprocess.DEVNULL)
    return {"per_s": lines / (time.monotonic() - begin)}


def ingestion_of_ours(server, lines, path, data):
    command = [NERDX, "ingest", "--data", data, "--empty", "--world-graph", server.url, path]
    return per_second(server, lines, command, server.environment)


def ingestion_of_peer(server, lines, path, *options):
    command = [venv("world"), HERE / "world/fill_peer.py", path, "--ingest-only", *options]
    return per_second(server, lines, command, world.driver_environment(server))


def compare_ingestion(server, directory, plan):
    path = directory / "on-neo4j.jsonl"
    lines = dataset.write(path, USERS)
    ours = functools.partial(ingestion_of_ours, server, lines, path, directory / "on-neo4j-data")
    peer = functools.partial(ingestion_of_peer, server, lines, path)
    sides = [
        Contender("NERDX", ours),
        Contender("UNWIND, with source, line and since", functools.partial(peer, "--sources")),
        Contender("UNWIND, the bare properties", peer),
    ]
    for _ in range(WARM_UP_ROUNDS):
        for side in sides:
            side.measure()
    interleave(sides, min(plan.rounds, ROUNDS))
    yield Comparison(
        "Ingestion into Neo4j",
        f"{lines:,} lines into an empty database of the same server; ours upserts and keeps the history, the peers "
        "only create",
        "lines/s", "per_s", sides[0], sides[1:], ("ratio", 1.0),
    )  # fmt: skip


def compare_learn(server, directory, plan):
    """Both on the same server, filled by both: what one has there the other doesn't see."""
    path, number = directory / "on-neo4j.jsonl", iter(range(1000))
    ingestion_of_ours(server, 1, path, directory / "on-neo4j-data")
    command = [venv("world"), HERE / "world/fill_peer.py", path, "--ingest-only"]
    subprocess.run(command, env=world.driver_environment(server), check=True, stdout=subprocess.DEVNULL)
    os.environ.update(server.environment)
    arguments = (*SERVE, "--empty", "--world-graph", server.url)
    with (
        nerdx(directory / "on-neo4j-serve", arguments=arguments) as (_, url),
        world.fastapi(server) as peer_url,
    ):
        side = Contender("NERDX on Neo4j", lambda: world.learn(url, plan.seconds, number))
        peer = Contender("FastAPI + Neo4j", lambda: world.learn(peer_url, plan.seconds, number))
        for contender in WARM_UP_ROUNDS * (side, peer):
            contender.measure()
        interleave([side, peer], min(plan.rounds, ROUNDS))
    yield Comparison(
        "Durable learn on Neo4j", "one event a request, 64 clients; ours keeps each event and who says so",
        "acknowledged/s", "per_s", side, [peer], ("ratio", 1.0),
    )  # fmt: skip


def compare_neo4j(directory, plan):
    with server_of_both(directory) as server:
        yield from compare_ingestion(server, directory, plan)
        yield from compare_learn(server, directory, plan)
