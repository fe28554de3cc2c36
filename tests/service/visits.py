"""Pages that send events, and who reads what was counted of them: the fixture `site` (conftest.py) is a Site."""

import contextlib
import datetime
import random
import time
import uuid

from moments import NOON, NOON_AHEAD_S
from people import bearer
from stores import open_store

EVENTS, COUNTS, VISITORS = "/api/v1/analytics/events", "/api/v1/analytics/counts", "/api/v1/analytics/visitors"
BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}


def id_at(ms):
    return str(uuid.UUID(int=ms << 80 | 7 << 76 | random.getrandbits(12) << 64 | 2 << 62 | random.getrandbits(62)))


def event(visitor=None, kind="talk.started", ms=None, **more):
    """One that happened now, or then."""
    ms = int(time.time() * 1000) if ms is None else ms
    at = datetime.datetime.fromtimestamp(ms / 1000, datetime.UTC)
    known = {"consent": "granted", "visitor": visitor} if visitor else {"consent": "none"}
    return {"id": id_at(ms), "type": kind, "occurred_at": at.isoformat(timespec="milliseconds"), **known, **more}


def visitor():
    return str(uuid.uuid4())


def today():
    """What is asked for of today, where it doesn't end meanwhile."""
    date = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=NOON_AHEAD_S)
    return {"from": date.date().isoformat(), "to": date.date().isoformat(), "zone": NOON}


TOLD_BY_SERVICES = ("turn.ended", "member.joined")


class Site:
    def __init__(self, nerdx):
        self.nerdx = nerdx

    def send(self, *events, headers=None, person=None):
        who = bearer(person) if person else {}
        reply = self.nerdx.post(EVENTS, {"events": list(events)}, headers={**BROWSER, **who, **(headers or {})})
        assert reply.status_code == 200, reply.text
        return reply.json()

    def count(self, first, last, zone):
        reply = self.nerdx.get(COUNTS, params={"from": first, "to": last, "zone": zone})
        assert reply.status_code == 200, reply.text
        return reply.json()["items"]

    def totals(self, told=False):
        """Events of a kind, and its visitors, of today: what pages sent, or what services told."""
        found = {}
        for day in self.count(*today().values()):
            for row in (row for row in day["kinds"] if (row["kind"] in TOLD_BY_SERVICES) == told):
                events, visitors = found.get(row["kind"], (0, 0))
                found[row["kind"]] = (events + row["events"], visitors + row["visitors"])
        return found

    def clear(self):
        with contextlib.closing(open_store(self.nerdx.data, "analytics")) as store, store:
            for table in ("visit", "day", "person", "withdrawn", "exposure", "roll_up"):
                store.execute(f"DELETE FROM {table}")

    def change(self, statement):
        with contextlib.closing(open_store(self.nerdx.data, "analytics")) as store, store:
            store.execute(statement)

    def visitors(self):
        with contextlib.closing(open_store(self.nerdx.data, "analytics")) as store:
            return store.execute("SELECT COUNT(*) FROM visit WHERE length(visitor) = 16").fetchone()[0]

    def rows(self, table):
        with contextlib.closing(open_store(self.nerdx.data, "analytics")) as store:
            return store.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]
