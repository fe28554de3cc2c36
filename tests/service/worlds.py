"""Analytics behind a clock of its own, and all that may happen on pages: the fixture world_of(seed, now_ms) is a World.
The seed makes all of it, ids and all."""

import contextlib
import datetime
import os
import pathlib
import random
import subprocess
import uuid

import requests

import duck_sql
from house import ROOT
from stores import STORES

PROBE = pathlib.Path(os.environ.get("NERDX_BIN", ROOT / "build/release/nerdx")).parent / "tests/service/analytics_probe"
API, DAY_MS, HOUR_MS = "/api/v1/analytics", 86_400_000, 3_600_000
BROWSER, BOT = {"User-Agent": "Mozilla/5.0 Firefox/140.0"}, {"User-Agent": "Googlebot/2.1"}
OBJECTS = {**BROWSER, "Sec-GPC": "1"}
NECESSARY = ("cameo.requested", "cameo.finished", "account.made", "order.placed")
KINDS = ["talk.started", "ar.opened", *NECESSARY]
PAID = {"properties": {"amount_minor": 12000, "currency": "KRW"}}


def ms_of(date):
    return int(datetime.datetime.fromisoformat(date).replace(tzinfo=datetime.UTC).timestamp() * 1000)


class World:
    """What is sent to the probe, and of it what should count: {(visitor or None, id): (ms, kind)}."""

    def __init__(self, directory, url, seed, now_ms):
        self.directory, self.url, self.rng, self.now_ms = directory, url, random.Random(seed), now_ms
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

    def post(self, batch, headers=BROWSER):
        reply = requests.post(f"{self.url}{API}/events", json={"events": batch}, headers=headers, timeout=60)
        assert reply.status_code == 200, reply.text
        return reply.json()

    def send_known(self, count):
        """Events that are taken, of now."""
        batch = [self.event(self.rng.choice(self.people), self.now_ms) for _ in range(count)]
        assert self.post(batch)["accepted"] == count

    def send(self, count):
        rng = self.rng
        headers = rng.choices([BROWSER, OBJECTS, BOT], [8, 1, 1])[0]
        again = rng.sample(self.sent, min(len(self.sent), rng.randrange(15))) if headers is BROWSER else []
        batch = [item for _ in range(count) for item in self.some_events()]
        batch = rng.sample(batch + again, len(batch + again))[:500]
        for item in batch:
            self.note(item, headers)
        self.sent += batch if headers is BROWSER else []
        self.post(batch, headers)

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


@contextlib.contextmanager
def worlds_in(directory):
    started = []

    def start(seed, now_ms):
        store = f"sqlite:{directory}/analytics.db"
        if not STORES.embedded:
            store = f"{STORES.url(directory)}#analytics"
        process = subprocess.Popen([PROBE, store, ROOT / "content/analytics"], stdout=subprocess.PIPE, text=True)
        started.append(process)
        port = process.stdout.readline().split()[1]
        return World(directory, f"http://127.0.0.1:{port}", seed, now_ms)

    try:
        yield start
    finally:
        for process in started:
            process.terminate()
            assert process.wait() == 0
