"""Funnels, retention and experiments say what the raw events say. The oracles count here, in Python, by the words of
the contract."""

import contextlib
import datetime
import hashlib
import random
import time
import uuid
import zoneinfo

import pytest

from stores import open_store
from visits import event, visitor

API, DAY_MS = "/api/v1/analytics", 86_400_000
STEPS = ["talk.started", "cameo.requested", "order.placed", "ar.opened"]
PAID = {"properties": {"amount_minor": 12000, "currency": "KRW"}}


def days(before=4, after=1):
    today = datetime.datetime.now(datetime.UTC).date()
    return {
        "from": (today - datetime.timedelta(days=before)).isoformat(),
        "to": (today + datetime.timedelta(days=after)).isoformat(),
    }


def local_day(item, zone):
    return datetime.datetime.fromisoformat(item["occurred_at"]).astimezone(zoneinfo.ZoneInfo(zone)).date().isoformat()


def ms_of(item):
    return uuid.UUID(item["id"]).int >> 80


def depth_from(items, start, steps, window_ms):
    """One way: the earliest next step, again and again."""
    depth, at = 1, start
    for kind in steps[1:]:
        nexts = [i for i in range(at + 1, len(items)) if items[i]["type"] == kind]
        if not nexts or ms_of(items[nexts[0]]) - ms_of(items[start]) > window_ms:
            return depth
        depth, at = depth + 1, nexts[0]
    return depth


def recount_funnel(events, steps, window_days, zone):
    people, found = {}, {}
    for item in sorted(events, key=lambda item: item["id"]):
        people.setdefault(item["visitor"], []).append(item)
    for items in people.values():
        deepest = {}
        for start, item in enumerate(items):
            if item["type"] == steps[0]:
                day = local_day(item, zone)
                deepest[day] = max(deepest.get(day, 0), depth_from(items, start, steps, window_days * DAY_MS))
        for day, depth in deepest.items():
            row = found.setdefault(day, [0] * len(steps))
            for step in range(depth):
                row[step] += 1
    return found


def story(rng, people=15, events=150):
    now, who = int(time.time() * 1000), [visitor() for _ in range(people)]
    made = []
    for _ in range(events):
        kind = rng.choices(STEPS, [4, 3, 2, 2])[0]
        more = PAID if kind == "order.placed" else {}
        made.append(event(rng.choice(who), kind, now - rng.randrange(int(2.9 * DAY_MS)), **more))
    return made


def shown(reply):
    assert reply.status_code == 200, reply.text
    return {row["day"]: row["visitors"] for row in reply.json()["items"] if any(row["visitors"])}


@pytest.mark.parametrize("zone", ["Asia/Seoul", "America/New_York"])
def test_a_funnel_is_the_same_from_what_is_kept_and_from_raw_events_and_right(site, zone):
    rng, sent = random.Random(zone), []
    for _ in range(3):
        batch = story(rng)
        sent += batch
        assert site.send(*rng.sample(batch, len(batch)))["accepted"] == len(batch)
        asked = {**days(), "zone": zone}
        kept = site.nerdx.get(f"{API}/funnels/journey", params=asked)
        raw = site.nerdx.post(f"{API}/funnels", {**asked, "steps": STEPS, "window_days": 7})
        assert shown(kept) == shown(raw) == recount_funnel(sent, STEPS, 7, zone)
        assert kept.json() == raw.json()
    raw = site.nerdx.post(f"{API}/funnels", {**days(), "zone": zone, "steps": STEPS[:2], "window_days": 1})
    assert shown(raw) == recount_funnel(sent, STEPS[:2], 1, zone)
    steps = raw.json()["steps"]
    assert [step["visitors"] for step in steps] == [sum(row[k] for row in shown(raw).values()) for k in range(2)]


def test_a_funnel_that_is_not_declared_names_those_that_are(site):
    reply = site.nerdx.get(f"{API}/funnels/nowhere", params=days())
    assert reply.status_code == 404
    assert "journey, shop" in reply.json()["detail"]


def test_retention_counts_who_came_back_and_nobody_who_was_there_before(site):
    rng, sent = random.Random(7), story(random.Random(8))
    site.send(*rng.sample(sent, len(sent)))
    first = {}
    for item in sorted(sent, key=lambda item: item["id"]):
        first.setdefault(item["visitor"], local_day(item, "Asia/Seoul"))
    came = {(item["visitor"], local_day(item, "Asia/Seoul")) for item in sent}
    query = {"zone": "Asia/Seoul", "period": "day"}
    reply = site.nerdx.get(f"{API}/retention", params={**days(), **query})
    assert reply.status_code == 200, reply.text
    all_days = [cohort["first_day"] for cohort in reply.json()["items"]]
    for i, cohort in enumerate(reply.json()["items"]):
        new = [who for who, day in first.items() if day == cohort["first_day"]]
        assert cohort["visitors"] == [sum((who, day) in came for who in new) for day in all_days[i:]]
    later = site.nerdx.get(f"{API}/retention", params={"from": max(first.values()), "to": days()["to"], **query})
    assert later.json()["items"][0]["visitors"][0] == sum(day == max(first.values()) for day in first.values())


ASSIGN = f"{API}/experiments/cameo-invitation/assign"


def variant_of(unit):
    digest = hashlib.sha256(b"cameo-invitation " + uuid.UUID(unit).bytes[::-1]).digest()
    return ["waits", "offers"][int.from_bytes(digest[:8], "big") % 2]


def assign(site, unit, consent="granted", headers=None):
    agent = {"User-Agent": "Mozilla/5.0 Firefox/140.0", **(headers or {})}
    reply = site.nerdx.post(ASSIGN, {"unit": unit, "consent": consent}, headers=agent)
    assert reply.status_code == 200, reply.text
    return reply.json()["variant"]


def outcome(site):
    reply = site.nerdx.get(f"{API}/experiments/cameo-invitation")
    assert reply.status_code == 200, reply.text
    return {row["variant"]: row for row in reply.json()["items"]}


def test_a_variant_is_always_the_same_and_seen_once_with_consent_alone(site):
    units = [visitor() for _ in range(20)]
    assert [assign(site, unit) for unit in units + units] == [variant_of(unit) for unit in units + units]
    assign(site, visitor(), "none")
    assign(site, visitor(), headers={"Sec-GPC": "1"})
    assign(site, visitor(), headers={"User-Agent": "Googlebot"})
    assert sum(row["visitors"] for row in outcome(site).values()) == len(units)
    site.nerdx.request("DELETE", f"{API}/visitors/{units[0]}")
    assign(site, units[0])
    assert sum(row["visitors"] for row in outcome(site).values()) == len(units) - 1


def test_who_has_seen_a_variant_goes_on_seeing_it_when_the_weights_change(site):
    unit = visitor()
    first = assign(site, unit)
    with contextlib.closing(open_store(site.nerdx.data, "analytics")) as store, store:
        store.execute("UPDATE exposure SET variant = 1 - variant")  # as other weights had drawn it
    assert assign(site, unit) != first
    assert assign(site, unit, "none") == first, "of who isn't known nothing was kept"


def test_an_experiment_counts_those_who_came_to_the_goal_after_they_saw_it(site):
    units = [visitor() for _ in range(12)]
    early = [event(unit, "cameo.requested", int(time.time() * 1000) - 60_000) for unit in units[:6]]
    site.send(*early)
    for unit in units:
        assign(site, unit)
    assert all(row["reached"] == 0 for row in outcome(site).values())
    site.send(*(event(unit, "cameo.requested") for unit in units[4:]), event(visitor(), "cameo.requested"))
    found = outcome(site)
    for name in ("waits", "offers"):
        assert found[name]["visitors"] == sum(variant_of(unit) == name for unit in units)
        assert found[name]["reached"] == sum(variant_of(unit) == name for unit in units[4:])
    assert "against_first" not in found["waits"]
    assert found["offers"]["against_first"]["p_value"] == 1
