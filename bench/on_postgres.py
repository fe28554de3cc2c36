"""Durable writes on a PostgreSQL that syncs: 64 callers through our twin (16 connections, prepared, pipelined) beside
libpq as its manual shows it, a connection a caller and a round trip a statement."""

import functools
import subprocess
import sys

from harness import CLIENTS, HERE, ROOT, Comparison, Contender, interleave
from postgres_server import PostgresServer


def written(program, url, seconds):
    text = subprocess.run([program, url, str(seconds)], check=True, stdout=subprocess.PIPE).stdout
    return {"per_s": float(text)}


def compare_postgres(directory, plan):
    subprocess.run([ROOT / "dev", "compile", "bench", "postgres_writes"], check=True, cwd=ROOT, stdout=sys.stderr)
    flags = subprocess.run(["pkg-config", "--cflags", "--libs", "libpq"], check=True, capture_output=True, text=True)
    peer = directory / "postgres"
    subprocess.run(["cc", "-O2", "-o", peer, HERE / "peers/postgres.c", *flags.stdout.split(), "-lpthread"], check=True)
    ours = ROOT / "build/bench/bench/postgres/postgres_writes"
    with PostgresServer() as server:
        sides = {"NERDX's store": (ours, f"{server.url}#notes"), "libpq, a connection a caller": (peer, server.url)}
        contenders = [
            Contender(name, functools.partial(written, program, url, plan.seconds))
            for name, (program, url) in sides.items()
        ]
        interleave(contenders, plan.rounds)
    about = f"{CLIENTS} callers, a row a transaction, serialisable, acknowledged when on disk; one server for both"
    yield Comparison(
        "Durable writes on PostgreSQL", about, "writes/s", "per_s", contenders[0], contenders[1:], ("ratio", 1.0)
    )
