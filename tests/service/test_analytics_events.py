"""Events come in over HTTP, each is looked at by itself, each is counted once, and nobody is recognised who hasn't
agreed."""

import contextlib
import json
import time

import pytest

from conversation import ask, until
from people import AUTH, bearer, begin_guest, sign_up
from stores import open_store
from visits import COUNTS, VISITORS, Site, event, today, visitor


def taken(accepted=0, duplicates=0, ignored=0):
    return {"accepted": accepted, "duplicates": duplicates, "ignored": ignored, "refused": []}


def test_an_event_that_comes_again_is_counted_once(site):
    who = visitor()
    one, other = event(who), event(who)
    assert site.send(one) == taken(accepted=1)
    assert site.send(one, other, other) == taken(accepted=1, duplicates=2)
    assert site.send(other, one) == taken(duplicates=2)
    assert site.totals() == {"talk.started": (2, 1)}


WRONG = [
    ({"type": "talk.begun"}, "/type", "talk.started"),
    ({"id": "8864c5ef-2c6a-44b6-850c-36a6de03c50c"}, "/id", "version 7"),
    ({"id": "x"}, "/id", "UUID"),
    ({"occurred_at": "2026-01-01T00:00:00Z"}, "/occurred_at", "would be right"),
    ({"consent": "none"}, "/visitor", "must be absent"),
    ({"visitor": None}, "/visitor", ""),
    ({"properties": {"agent": 7}}, "/properties/agent", ""),
    ({"properties": {"age": 7}}, "/properties/age", ""),
    ({"extra": 1}, "/extra", ""),
]


@pytest.mark.parametrize(("change", "pointer", "words"), WRONG, ids=[json.dumps(change) for change, _, _ in WRONG])
def test_an_event_that_is_wrong_says_where_and_the_others_are_taken(site, change, pointer, words):
    who = visitor()
    reply = site.send(event(who), {**event(who), **change}, event(who))
    assert reply["accepted"] == 2
    assert [refused["pointer"] for refused in reply["refused"]] == [f"/events/1{pointer}"]
    assert words in reply["refused"][0]["detail"]


def test_what_is_late_is_taken_and_what_is_too_late_or_in_future_isnt(site):
    who, now, hour = visitor(), int(time.time() * 1000), 3_600_000
    reply = site.send(*(event(who, ms=now + hours * hour) for hours in (-73, -71, 0, 1)))
    assert reply["accepted"] == 2
    assert [(refused["pointer"]) for refused in reply["refused"]] == ["/events/0/occurred_at", "/events/3/occurred_at"]
    assert "3 days" in reply["refused"][0]["detail"]
    assert "future" in reply["refused"][1]["detail"]


def test_without_consent_only_what_is_necessary_is_counted_and_nobody_is_kept(site):
    reply = site.send(event(kind="order.placed", properties={"amount_minor": 9000, "currency": "KRW"}), event())
    assert reply == taken(accepted=1, ignored=1)
    assert site.totals() == {"order.placed": (1, 0)}
    with contextlib.closing(open_store(site.nerdx.data, "analytics")) as store:
        kept, details = store.execute("SELECT visitor, details FROM visit").fetchone()
    assert len(bytes(kept)) == 1
    assert details.strip() == ""


@pytest.mark.parametrize("signal", ["Sec-GPC", "DNT"])
def test_a_browser_that_objects_has_the_last_word(site, signal):
    reply = site.send(event(visitor(), "account.made"), event(visitor()), headers={signal: "1"})
    assert reply == taken(accepted=1, ignored=1)
    assert site.totals() == {"account.made": (1, 0)}


@pytest.mark.parametrize("agent", ["Mozilla/5.0 (compatible; Googlebot/2.1)", "curl/8.5.0", "HeadlessChrome", ""])
def test_bots_are_answered_and_not_counted(site, agent):
    assert site.send(event(visitor()), headers={"User-Agent": agent}) == taken(ignored=1)
    assert site.totals() == {}


def test_a_visitor_who_withdraws_is_forgotten_and_taken_no_more(site):
    who, other = visitor(), visitor()
    first = event(who, ms=int(time.time() * 1000) - 30 * 3_600_000)
    site.send(first, event(who), event(other))
    assert site.nerdx.request("DELETE", f"{VISITORS}/{who}").json() == {"visitors": 1}
    assert site.send(event(who), first) == taken(ignored=2)
    assert site.totals() == {"talk.started": (1, 1)}
    assert site.visitors() == 1


def test_an_account_that_is_deleted_takes_its_events_along(start_nerdx):
    site = Site(start_nerdx(env={"NERDX_IDENTITY": "required"}))
    guest = begin_guest(site.nerdx)
    who = visitor()
    site.send(event(who), person=guest)
    member = sign_up(site.nerdx)
    site.send(event(visitor()), person=member)
    assert site.visitors() == 2
    done = site.nerdx.request("DELETE", f"{AUTH}/account", headers=bearer(guest))
    assert done.status_code in (200, 204), done.text
    assert site.visitors() == site.rows("person") == 1
    assert site.send(event(who)) == taken(ignored=1)


def test_what_is_kept_of_somebody_is_shown_the_latest_day_first_whichever_visitor_they_were(start_nerdx):
    site = Site(start_nerdx(env={"NERDX_IDENTITY": "required"}))
    guest, now_ms, day_ms = begin_guest(site.nerdx), int(time.time() * 1000), 86_400_000
    sent = [event(visitor(), ms=now_ms - days * day_ms) for days in (1, 0, 2)]
    for item in sent:
        site.send(item, person=guest)
    shown = site.nerdx.get(f"/api/v1/analytics/people/{guest['user_id']}/events", headers=bearer(guest))
    times = [item["occurred_at"] for item in shown.json()["items"]]
    assert len(times) == 3 and times == sorted(times, reverse=True)


def deliveries_left(data):
    with contextlib.closing(open_store(data, "agents")) as store:
        waiting = store.execute("SELECT COUNT(*) FROM event WHERE is_waiting = 1").fetchone()[0]
        living = "kind = 'event.analytics' AND state IN ('later', 'ready', 'running', 'waiting')"
        return waiting + store.execute(f"SELECT COUNT(*) FROM job WHERE {living}").fetchone()[0]


def test_what_services_tell_is_counted_once_and_nobodys(start_nerdx):
    site = Site(start_nerdx())
    sign_up(site.nerdx)
    ask(site.nerdx, "What is nuruk?")
    until(lambda: site.totals(told=True) == {"member.joined": (1, 0), "turn.ended": (1, 0)})
    until(lambda: deliveries_left(site.nerdx.data) == 0)
    with contextlib.closing(open_store(site.nerdx.data, "agents")) as store, store:
        store.execute("UPDATE event SET is_waiting = 1 WHERE type = 'nerdx.agents.turn.ended.v1'")  # delivered again
    ask(site.nerdx, "And makgeolli?")
    until(lambda: deliveries_left(site.nerdx.data) == 0)
    assert site.totals(told=True) == {"member.joined": (1, 0), "turn.ended": (2, 0)}
    assert site.visitors() == 0


def test_a_page_cant_tell_what_services_do(site):
    reply = site.send(event(visitor(), "turn.ended"))
    assert [refused["pointer"] for refused in reply["refused"]] == ["/events/0/type"]


def test_reports_are_for_operators(start_nerdx, run_nerdx):
    site = Site(start_nerdx(env={"NERDX_IDENTITY": "required"}))
    query = today()
    assert site.nerdx.get(COUNTS, params=query).status_code == 401
    assert site.nerdx.get(COUNTS, params=query, headers=bearer(begin_guest(site.nerdx))).status_code == 403
    token = run_nerdx("token", "--data", site.nerdx.data, "--role", "operator").stdout.strip()
    reply = site.nerdx.get(COUNTS, params=query, headers=bearer({"access_token": token}))
    assert reply.status_code == 200, reply.text


def test_no_address_is_kept(site):
    site.send(event(visitor()), headers={"X-Forwarded-For": "203.0.113.7"})
    folder = site.nerdx.data
    found = [path.name for path in folder.rglob("analytics*") if b"203.0.113.7" in path.read_bytes()]
    assert found == []
    assert b"127.0.0.1" not in b"".join(path.read_bytes() for path in folder.rglob("analytics*"))
