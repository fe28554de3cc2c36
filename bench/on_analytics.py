"""Ten million events: how fast they come in, and how fast a funnel of four steps over a month is counted of them,
beside DuckDB on the same events, which must say the same."""

import json
import subprocess
import sys

from harness import HERE, ROOT, Comparison, Contender, venv

EVENTS = 10_000_000


def ours(directory, plan):
    subprocess.run([ROOT / "dev", "compile", "bench", "analytics_rate"], check=True, cwd=ROOT, stdout=sys.stderr)
    program = ROOT / "build/bench/bench/analytics/analytics_rate"
    (directory / "analytics.db").unlink(missing_ok=True)
    command = [program, f"sqlite:{directory}/analytics.db", ROOT / "content/analytics", str(EVENTS), str(plan.seconds)]
    return json.loads(subprocess.check_output([*command, directory / "events.csv"]))


def theirs(directory):
    python = venv("analytics")
    return json.loads(subprocess.check_output([python, HERE / "analytics/duck.py", directory / "events.csv"]))


def figure(value):
    return Contender("NERDX, a SQLite file", figures=[{"s": value}])


def compare_analytics(directory, plan):
    found, other = ours(directory, plan), theirs(directory)
    if found["reached"] != other["reached"]:
        sys.exit(f"bench: the funnel is {found['reached']}, and {other['reached']} by DuckDB")
    duck = Contender("DuckDB, two threads, in memory", figures=[{"s": other["duckdb_s"]}])
    about = "500 to a batch, 50 visitors, 8 batches at once, JSON and all; each batch synced"
    yield Comparison("Events in", about, "events/s", "s", figure(found["in_per_s"]), [], ("least", 20_000))
    about = "10M events of 100k visitors in a month, four steps within a week, by days of Asia/Seoul"
    yield Comparison("Funnel, raw events", about, "s", "s", figure(found["raw_s"]), [duck], ("most", 5))
    yield Comparison("Funnel, kept by day", about, "s", "s", figure(found["kept_s"]), [duck], ("most", 1))
