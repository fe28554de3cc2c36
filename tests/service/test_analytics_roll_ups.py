"""Counts by day are those of the raw events, whatever came late, twice, in which order, and by whichever clock a day is
told. The oracle counts here, in Python, from what was sent."""

import datetime
import random
import time
import zoneinfo

import pytest

from visits import event, visitor

DAY_MS, IDLE_MS = 86_400_000, 1_800_000
ZONES = ["Asia/Seoul", "America/New_York", "Asia/Kathmandu", "Pacific/Auckland"]


def moment(item):
    return datetime.datetime.fromisoformat(item["occurred_at"])


def sessions_of(items, zone):
    """The day each session of a visitor began on."""
    days, before = [], None
    for at in sorted(moment(item) for item in items):
        if before is None or (at - before).total_seconds() * 1000 >= IDLE_MS:
            days.append(at.astimezone(zone).date().isoformat())
        before = at
    return days


def recount(events, zone):
    """Day: (visitors, sessions, {kind: (events, visitors)})."""
    zone, found, people = zoneinfo.ZoneInfo(zone), {}, {}
    for item in {item["id"]: item for item in events}.values():
        date = moment(item).astimezone(zone).date().isoformat()
        day = found.setdefault(date, {"visitors": set(), "sessions": 0, "kinds": {}})
        row = day["kinds"].setdefault(item["type"], [0, set()])
        row[0] += 1
        if "visitor" in item:
            row[1].add(item["visitor"])
            day["visitors"].add(item["visitor"])
            people.setdefault(item["visitor"], []).append(item)
    for items in people.values():
        for day in sessions_of(items, zone):
            found[day]["sessions"] += 1
    return {
        day: (len(row["visitors"]), row["sessions"], {kind: (n, len(who)) for kind, (n, who) in row["kinds"].items()})
        for day, row in found.items()
    }


def reported(site, zone):
    today = datetime.datetime.now(datetime.UTC).date()
    first, last = today - datetime.timedelta(days=5), today + datetime.timedelta(days=2)
    return {
        day["day"]: (
            day["visitors"], day["sessions"], {row["kind"]: (row["events"], row["visitors"]) for row in day["kinds"]},
        )
        for day in site.count(first.isoformat(), last.isoformat(), zone)
        if day["kinds"]
    }  # fmt: skip


def story(rng, people=12, events=150):
    now, who = int(time.time() * 1000), [visitor() for _ in range(people)]
    kinds = ["talk.started", "cameo.requested", "ar.opened", "account.made"]
    made = []
    for _ in range(events):
        ms = now - rng.randrange(int(2.9 * DAY_MS))
        made.append(event(rng.choice(who), rng.choice(kinds), ms))
        if rng.random() < 0.3:  # soon after: the same session, or just not
            soon = ms + rng.choice([1000, IDLE_MS - 1, IDLE_MS, IDLE_MS + 1])
            made.append(event(made[-1]["visitor"], "talk.started", min(now, soon)))
        if rng.random() < 0.1:
            made.append(event(None, "cameo.finished", ms))
    return made


@pytest.mark.parametrize("seed", range(3))
def test_roll_ups_are_what_the_raw_events_say_however_they_come(site, seed):
    rng = random.Random(seed)
    sent, left = [], story(rng)
    rng.shuffle(left)
    while left:
        batch, left = left[:60], left[60:]
        again = rng.sample(sent, min(len(sent), 20))
        reply = site.send(*rng.sample(batch + again, len(batch + again)))
        assert (reply["accepted"], reply["duplicates"], reply["refused"]) == (len(batch), len(again), [])
        sent += batch
        zone = rng.choice(ZONES)  # what is rolled up here is old when the next batch comes
        assert reported(site, zone) == recount(sent, zone)
    for zone in ZONES:
        assert reported(site, zone) == recount(sent, zone)
    first = site.rows("roll_up")
    assert reported(site, ZONES[0]) == recount(sent, ZONES[0])
    assert site.rows("roll_up") == first


def test_a_day_is_counted_anew_once_it_begins_at_another_moment(site):
    """As after a change of the rules of its zone: what is kept of it is of the hours of another."""
    sent = story(random.Random(7))
    site.send(*sent)
    assert reported(site, "Asia/Kathmandu") == recount(sent, "Asia/Kathmandu")
    site.change("UPDATE roll_up SET zone = 'Asia/Seoul'")
    assert reported(site, "Asia/Seoul") == recount(sent, "Asia/Seoul")


def test_an_unknown_zone_and_days_in_the_wrong_order_say_what_would_be_right(site):
    for query, pointer, words in (
        ({"from": "2026-01-01", "to": "2026-01-01", "zone": "Asia/Soul"}, "/zone", "Asia/Seoul"),
        ({"from": "2026-01-02", "to": "2026-01-01"}, "/to", "before"),
        ({"from": "2024-01-01", "to": "2026-01-01"}, "/to", "366"),
    ):
        reply = site.nerdx.get("/api/v1/analytics/counts", params=query)
        assert reply.status_code == 422, reply.text
        assert reply.json()["pointer"] == pointer
        assert words in reply.json()["detail"]
