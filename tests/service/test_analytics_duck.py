"""Reports are what DuckDB counts of the events that should count, by SQL that says the contract's words again
(bench/analytics/duck_sql.py): random events, late, twice, out of order, of bots, without consent, of visitors who take
it back, on days on which clocks are moved. The seed makes all of it; ids and all are the same when it fails again."""

import datetime
import json
import os
import pathlib
import random
import subprocess
import uuid

import pytest
import requests

import duck_sql
from duck import Duck
from house import BUILD, ROOT, python_with
from stores import STORES

PROBE = pathlib.Path(os.environ.get("NERDX_BIN", ROOT / "build/release/nerdx")).parent / "tests/service/analytics_probe"
API, DAY_MS, HOUR_MS = "/api/v1/analytics", 86_400_000, 3_600_000
BROWSER, BOT = {"User-Agent": "Mozilla/5.0 Firefox/140.0"}, {"User-Agent": "Googlebot/2.1"}
OBJECTS = {**BROWSER, "Sec-GPC": "1"}
NECESSARY = ("cameo.requested", "cameo.finished", "account.made", "order.placed")
KINDS = ["talk.started", "ar.opened", *NECESSARY]
PAID = {"properties": {"amount_minor": 12000, "currency": "KRW"}}
JOURNEY = ["talk.started", "cameo.requested", "order.placed", "ar.opened"]
SCENES = [  # a place, and when its clocks are moved
    ("America/New_York", "2026-11-01"),
    ("Europe/Berlin", "2026-03-29"),
    ("Australia/Lord_Howe", "2026-10-04"),  # by half an hour
    ("America/Santiago", "2026-09-06"),  # at midnight, which isn't there
    ("Asia/Seoul", "2026-12-31"),
]


def ms_of(date):
    return int(datetime.datetime.fromisoformat(date).replace(tzinfo=datetime.UTC).timestamp() * 1000)


class World:
    """What is sent to the probe, and of it what should count: {(visitor or None, id): (ms, kind)}."""

    def __init__(self, url, seed, now_ms):
        self.url, self.rng, self.now_ms = url, random.Random(seed), now_ms
        self.people = [self.uuid(4) for _ in range(25)]
        self.gone, self.counted, self.sent = set(), {}, []

    def uuid(self, version, ms=None):
        low = self.rng.getrandbits(128) if ms is None else ms << 80 | self.rng.getrandbits(80)
        return str(uuid.UUID(int=low & ~(0xF << 76) & ~(3 << 62) | version << 76 | 2 << 62))

    def pass_time(self, ms):
        self.now_ms += ms
        assert requests.post(f"{self.url}/clock", params={"ms": self.now_ms}, timeout=60).status_code == 204

    def event(self, visitor, ms):
        kind = self.rng.choice(KINDS)
        at = datetime.datetime.fromtimestamp(ms / 1000, datetime.UTC).isoformat(timespec="milliseconds")
        known = {"consent": "granted", "visitor": visitor} if visitor else {"consent": "none"}
        more = PAID if kind == "order.placed" else {}
        return {"id": self.uuid(7, ms), "type": kind, "occurred_at": at, **known, **more}

    def some_events(self):
        """Most of visitors who do things one soon after the other; some too late or too early to be taken."""
        rng = self.rng
        ms = self.now_ms - rng.choice([rng.randrange(HOUR_MS), rng.randrange(3 * DAY_MS)])
        visitor = rng.choice(self.people) if rng.random() < 0.85 else None
        for _ in range(rng.randrange(1, 8)):
            yield self.event(visitor, ms)
            ms = min(self.now_ms, ms + rng.choice([1, 0, 1000, 30 * 60_000 - 1, 30 * 60_000, rng.randrange(DAY_MS)]))
        if rng.random() < 0.2:
            yield self.event(visitor, self.now_ms - 3 * DAY_MS - 1 - rng.randrange(DAY_MS))
        if rng.random() < 0.2:
            yield self.event(visitor, self.now_ms + 5 * 60_000 + 1 + rng.randrange(DAY_MS))

    def note(self, item, headers):
        ms = uuid.UUID(item["id"]).int >> 80
        visitor = item.get("visitor") if headers is BROWSER else None
        late = ms < self.now_ms - 3 * DAY_MS or ms > self.now_ms + 5 * 60_000
        if late or headers is BOT or visitor in self.gone or (visitor is None and item["type"] not in NECESSARY):
            return
        self.counted.setdefault((visitor, item["id"]), (ms, item["type"]))

    def send(self, count):
        rng = self.rng
        headers = rng.choices([BROWSER, OBJECTS, BOT], [8, 1, 1])[0]
        again = rng.sample(self.sent, min(len(self.sent), rng.randrange(15))) if headers is BROWSER else []
        batch = [item for _ in range(count) for item in self.some_events()]
        batch = rng.sample(batch + again, len(batch + again))[:500]
        for item in batch:
            self.note(item, headers)
        self.sent += batch if headers is BROWSER else []
        reply = requests.post(f"{self.url}{API}/events", json={"events": batch}, headers=headers, timeout=60)
        assert reply.status_code == 200, reply.text

    def withdraw(self):
        visitor = self.rng.choice(self.people)
        assert requests.delete(f"{self.url}{API}/visitors/{visitor}", timeout=60).status_code == 200
        self.gone.add(visitor)
        self.counted = {key: told for key, told in self.counted.items() if key[0] != visitor}

    def get(self, path, **query):
        reply = requests.get(f"{self.url}{API}/{path}", params=query, timeout=60)
        assert reply.status_code == 200, reply.text
        return reply.json()["items"]

    def raw_funnel(self, days, steps, window_days):
        asked = {**days, "steps": steps, "window_days": window_days}
        reply = requests.post(f"{self.url}{API}/funnels", json=asked, timeout=60)
        assert reply.status_code == 200, reply.text
        return reply.json()["items"]

    def table(self, zone):
        """The events that should count, for DuckDB."""
        rows = sorted((item, visitor or "", ms, kind) for (visitor, item), (ms, kind) in self.counted.items())
        values = ", ".join(
            f"({f'{visitor!r}' if visitor else 'NULL'}, {ms}, {place}, '{kind}')"
            for place, (_, visitor, ms, kind) in enumerate(rows)
        )
        day = duck_sql.day_of(zone)
        return (
            f"CREATE OR REPLACE TABLE e AS SELECT *, {day} AS day FROM (VALUES {values}) v(visitor, at_ms, place, kind)"
        )


@pytest.fixture(scope="module")
def duck():
    return Duck(python_with(ROOT / "bench/analytics/requirements.txt", BUILD / "duckdb"))


@pytest.fixture
def world_of(tmp_path):
    """world_of(seed, now_ms) is a World with a probe of its own."""
    started = []

    def start(seed, now_ms):
        store = f"sqlite:{tmp_path}/analytics.db"
        if not STORES.embedded:
            store = f"{STORES.server().url}#{STORES.schema(tmp_path, 'analytics')}"
        process = subprocess.Popen([PROBE, store, ROOT / "content/analytics"], stdout=subprocess.PIPE, text=True)
        started.append(process)
        port = process.stdout.readline().split()[1]
        return World(f"http://127.0.0.1:{port}", seed, now_ms)

    yield start
    for process in started:
        process.terminate()
        assert process.wait() == 0


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
    world = world_of(zone, ms_of(moved) - 2 * DAY_MS)
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
