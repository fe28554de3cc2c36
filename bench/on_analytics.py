"""Ten million events: how fast they come in, and how fast a funnel of four steps over a month is counted of them, in a
SQLite file beside DuckDB on the same events, which must say the same, and on PostgreSQL beside the query that Umami
asks there."""

import json
import subprocess
import sys

from analytics import stored
from harness import HERE, ROOT, Comparison, Contender, venv
from postgres_server import PostgresServer

EVENTS = 10_000_000
JOURNEY = ("talk.started", "cameo.requested", "order.placed", "ar.opened")
WEEK_MINUTES = 7 * 24 * 60
ROOM = ("shared_buffers = 512MB", "work_mem = 128MB", "maintenance_work_mem = 512MB", "max_wal_size = 4GB")


def program(url, events, seconds, written="/dev/null"):
    """Fills it with so many events, written into a file, too; takes in what comes for so long; and counts."""
    command = [ROOT / "build/bench/bench/analytics/analytics_rate", url, ROOT / "content/analytics"]
    return json.loads(subprocess.check_output([*command, str(events), str(seconds), written]))


def urls(directory, server):
    return f"sqlite:{directory}/analytics.db", f"{server.url}#analytics"


def fill(directory, server):
    """All have the same events."""
    subprocess.run([ROOT / "dev", "compile", "bench", "analytics_rate"], check=True, cwd=ROOT, stdout=sys.stderr)
    on_file, on_server = urls(directory, server)
    program(on_file, EVENTS, 0, directory / "events.csv")
    program(on_server, 0, 0)
    stored.copy_ours(directory / "analytics.db", server.url, "analytics")
    stored.make_umami(directory / "events.csv", server.url)


def duckdb(directory):
    python = venv("analytics")
    return json.loads(subprocess.check_output([python, HERE / "analytics/duck.py", directory / "events.csv"]))


def figure(name, value):
    return Contender(name, figures=[{"s": value}])


def count(directory, server, plan):
    file, on_server = (program(url, 0, plan.seconds) for url in urls(directory, server))
    duck = duckdb(directory)
    umami_s, _ = stored.ask_umami(server.url, JOURNEY, WEEK_MINUTES, "2026-11-01 00:00+09", "2026-12-02 00:00+09")
    for found in (file, on_server):
        if found["reached"] != duck["reached"]:
            sys.exit(f"bench: the funnel is {found['reached']}, and {duck['reached']} by DuckDB")
    theirs = figure("DuckDB, two threads, in memory", duck["duckdb_s"])
    umami = figure("Umami's query, PostgreSQL", umami_s)
    of_funnel = "10M events of 100k visitors in a month, four steps within a week, by days of Asia/Seoul"
    for found, name, others in ((file, "a SQLite file", [theirs]), (on_server, "PostgreSQL", [umami])):
        about = "500 to a batch, 50 visitors, 8 batches at once, JSON and all; each batch synced"
        ours = (figure(f"NERDX, {name}", found[key]) for key in ("in_per_s", "raw_s", "kept_s"))
        yield Comparison(f"Events in, {name}", about, "events/s", "s", next(ours), [], ("least", 20_000))
        yield Comparison(f"Funnel of raw events, {name}", of_funnel, "s", "s", next(ours), others, ("most", 5))
        yield Comparison(f"Funnel kept by day, {name}", of_funnel, "s", "s", next(ours), others, ("most", 1))


def compare_analytics(directory, plan):
    with PostgresServer(*ROOM) as server:
        fill(directory, server)
        yield from count(directory, server, plan)
