"""For how long what is kept of people is kept: told to whoever asks, and thrown away when it is over."""

import contextlib
import time

import pytest

from conversation import ask, until
from people import AUTH, begin_guest, sign_up
from stores import STORES, open_store

DAY_US = 24 * 3600 * 10**6


def rows(nerdx, question, *values):
    with contextlib.closing(open_store(nerdx.data, "auth")) as store:
        return store.execute(question, values).fetchall()


def change(nerdx, *statements):
    with contextlib.closing(open_store(nerdx.data, "auth")) as store:
        for statement in statements:
            store.execute(*statement)
        store.commit()


def days_ago(days):
    return int(time.time() * 1e6) - days * DAY_US


def terms(nerdx, language="en"):
    return {term["id"]: term for term in nerdx.get(f"{AUTH}/terms", params={"language": language}).json()["items"]}


def test_everybody_may_know_what_is_kept_for_how_long(shared_nerdx):
    told = terms(shared_nerdx)
    assert told["archives"]["days"] <= 30
    assert all(term["purpose"] and term["until"] and term["where"] for term in told.values())
    assert "days" not in told["audit"]
    assert terms(shared_nerdx, "ko")["keys"]["what"].startswith("API 키")


@pytest.mark.skipif(not STORES.embedded, reason="asks SQLite which tables there are")
def test_every_table_of_accounts_is_of_a_term(shared_nerdx):
    tables = {name for (name,) in rows(shared_nerdx, "SELECT name FROM sqlite_master WHERE type = 'table'")}
    places = " ".join(term["where"] for term in terms(shared_nerdx).values()).replace(",", " ").split()
    assert tables - {"schema_history"} - set(places) == set()


def test_a_guest_who_doesnt_come_back_is_forgotten_with_all_they_did(start_nerdx):
    nerdx = start_nerdx()
    gone, stays, member = begin_guest(nerdx), begin_guest(nerdx), sign_up(nerdx)
    for person in (gone, stays, member):
        ask(nerdx, "I like sweet drinks.", user=person["user_id"])
    late = days_ago(31)
    for person in (gone, member):
        user_id = person["user_id"]
        change(
            nerdx,
            ("UPDATE account SET created_us = ? WHERE user_id = ?", (late, user_id)),
            ("UPDATE sign_in SET expires_us = ? WHERE user_id = ?", (days_ago(2), user_id)),
        )
    nerdx.restart()
    until(lambda: not rows(nerdx, "SELECT 1 FROM account WHERE user_id = ?", gone["user_id"]))

    def talks(person):
        reply = nerdx.get("/api/v1/agents/maeju/sessions", params={"user_id": person["user_id"]})
        return len(reply.json()["items"])

    assert [talks(gone), talks(stays), talks(member)] == [0, 1, 1]
    until(lambda: nerdx.get(f"/api/v1/world-model/entity/{gone['user_id']}").status_code == 404)
    assert rows(nerdx, "SELECT 1 FROM account WHERE user_id = ?", member["user_id"])


def test_what_is_over_is_thrown_away_and_what_isnt_stays(start_nerdx):
    nerdx = start_nerdx()
    member, other = sign_up(nerdx), sign_up(nerdx)
    key = "INSERT INTO api_key VALUES (?, ?, ?, 'n', 's', 'chat', 1, ?, 0, 1)"
    age = "INSERT INTO age VALUES (?, 1990, 1, 'manual', 1, ?)"
    change(
        nerdx,
        (key, ("over", "a", member["user_id"], days_ago(31))),
        (key, ("lately", "b", member["user_id"], days_ago(29))),
        (age, (member["user_id"], days_ago(366))),
        (age, (other["user_id"], days_ago(364))),
        ("UPDATE refresh_token SET expires_us = 1", ()),
    )
    nerdx.restart()
    until(lambda: not rows(nerdx, "SELECT 1 FROM refresh_token"))
    assert rows(nerdx, "SELECT key_id FROM api_key") == [("lately",)]
    assert rows(nerdx, "SELECT user_id FROM age") == [(other["user_id"],)]
