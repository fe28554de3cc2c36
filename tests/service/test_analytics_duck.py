"""Reports are what DuckDB counts of the events that should count, by SQL that says the contract's words again
(bench/analytics/duck_sql.py): random events, late, twice, out of order, of bots, without consent, of visitors who take
it back, on days on which clocks are moved."""

import datetime
import json

import pytest

import duck_sql
from worlds import DAY_MS, KINDS, ms_of

JOURNEY = ["talk.started", "cameo.requested", "order.placed", "ar.opened"]
SCENES = [  # a place, and when its clocks are moved
    ("America/New_York", "2026-11-01"),
    ("Europe/Berlin", "2026-03-29"),
    ("Australia/Lord_Howe", "2026-10-04"),  # by half an hour
    ("America/Santiago", "2026-09-06"),  # at midnight, which isn't there
    ("Asia/Seoul", "2026-12-31"),
]


def asked(days, window_days, steps, period_days):
    """What DuckDB is asked, in the order of what `reported` says."""
    between = f"DATE '{days['from']}' AND DATE '{days['to']}'"
    funnels = []
    for kinds, window in ((JOURNEY, 7), (steps, window_days)):
        funnels += duck_sql.funnel_steps(kinds, window, between)
        funnels += [duck_sql.funnel_days(step + 1) for step in range(len(kinds))]
    cohorts = duck_sql.cohorts(f"DATE '{days['from']}'", f"DATE '{days['to']}'", period_days)
    return [duck_sql.KINDS, duck_sql.VISITORS, duck_sql.SESSIONS, cohorts, *funnels]


def reported(world, days, window_days, steps, period_days):
    counts = world.get("counts", **days)
    period = "day" if period_days == 1 else "week"
    yield [(day["day"], row["kind"], row["events"], row["visitors"]) for day in counts for row in sorted_kinds(day)]
    yield [(day["day"], day["visitors"]) for day in counts if day["kinds"]]
    yield [(day["day"], day["sessions"]) for day in counts if day["sessions"]]
    yield [
        (first, later, visitors)
        for first, cohort in enumerate(world.get("retention", period=period, **days))
        for later, visitors in enumerate(cohort["visitors"])
        if visitors
    ]
    for items, kinds in (
        (world.get("funnels/journey", **days), JOURNEY),
        (world.raw_funnel(days, steps, window_days), steps),
    ):
        yield from ([] for _ in kinds)  # what makes the steps has no rows
        for step in range(len(kinds)):
            yield [(day["day"], day["visitors"][step]) for day in items if day["visitors"][step]]


def sorted_kinds(day):
    return sorted(day["kinds"], key=lambda row: row["kind"])


@pytest.mark.parametrize(("zone", "moved"), SCENES)
def test_reports_are_what_duckdb_counts(world_of, duck, zone, moved):
    world = world_of(zone, ms_of(moved) - DAY_MS)
    rng, middle = world.rng, datetime.date.fromisoformat(moved)
    days = {
        "from": (middle - datetime.timedelta(days=7)).isoformat(),
        "to": (middle + datetime.timedelta(days=6)).isoformat(), "zone": zone,
    }  # fmt: skip
    for _ in range(8):
        world.pass_time(rng.randrange(DAY_MS))
        for _ in range(3):
            world.send(rng.randrange(1, 40))
        if rng.random() < 0.25:
            world.withdraw()
        if rng.random() < 0.5:  # what is rolled up now is old when more comes
            world.get("counts", **days)
            world.get("funnels/journey", **days)
    questions = (rng.randrange(1, 5), rng.sample(KINDS, rng.randrange(2, 5)), rng.choice([1, 7]))
    found = list(reported(world, days, *questions))
    statements = [world.table(zone), *asked(days, *questions)]
    answers = duck.ask(*statements)[1:]
    assert len(world.counted) > 300
    for statement, ours, theirs in zip(statements[1:], found, answers, strict=True):
        if statement.startswith("CREATE"):
            continue
        assert ours == theirs, f"{statement}\n{json.dumps(ours)}\n{json.dumps(theirs)}"
