"""All that is kept of somebody is theirs to see and to delete, down to the bytes of the files."""

import uuid

import pytest

from conversation import ask, until
from people import AUTH, bearer, begin_guest, sign_up
from stores import STORES, dump_of
from visits import event

PLANTED = "quetzalcoatlus"
SERVICES = ("agents", "analytics", "auth", "notify", "webhooks")


def talk(nerdx, person, message, session="s"):
    return ask(nerdx, message, user=person["user_id"], session=session)


def files_with(nerdx, text):
    """Which files of the data directory hold the text."""
    return [path.name for path in nerdx.data.rglob("*") if path.is_file() and text.encode() in path.read_bytes()]


def test_one_sees_all_that_is_kept_of_oneself(shared_nerdx):
    member = sign_up(shared_nerdx)
    talk(shared_nerdx, member, "My mother is from Icheon.")
    talk(shared_nerdx, member, "What is soju?", session="other")
    talk(shared_nerdx, begin_guest(shared_nerdx), "I am somebody else.")
    shown = shared_nerdx.get(f"{AUTH}/account/export", headers=bearer(member)).json()
    assert shown["account"]["email"] == member["email"]
    assert sorted(turn["message"] for turn in shown["turns"]) == ["My mother is from Icheon.", "What is soju?"]
    assert any("Icheon" in memory["text"] for memory in shown["memories"])
    assert [act["act"] for act in shown["acts"]] == ["signed-up"]
    assert len(shown["sign_ins"]["items"]) == 1
    assert shared_nerdx.get(f"{AUTH}/account/export").status_code == 401


def test_one_sees_what_one_was_told_agreed_to_and_did_on_the_pages(shared_nerdx):
    member, seen = sign_up(shared_nerdx), str(uuid.uuid4())
    agreed = {"subject": "marketing", "is_given": True, "source": "account-page"}
    query = {"user_id": member["user_id"]}
    notify = "/api/v1/notify"
    assert shared_nerdx.post(f"{notify}/consents", agreed, params=query, headers=bearer(member)).status_code == 200
    visited = event(seen, "page.viewed", properties={"path": "/quetzal"})
    browser = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", **bearer(member)}
    taken = shared_nerdx.post("/api/v1/analytics/events", {"events": [visited]}, headers=browser).json()
    assert taken["accepted"] == 1, taken
    until(lambda: len(shared_nerdx.get(f"{notify}/inbox", params=query, headers=bearer(member)).json()["items"]) == 2)
    shown = shared_nerdx.get(f"{AUTH}/account/export", headers=bearer(member)).json()
    assert sorted(notice["template"] for notice in shown["notices"]) == ["consent-given", "welcome"]
    acts = shown["preferences"]["consents"]
    assert [(act["subject"], act["source"]) for act in acts] == [("marketing", "account-page")]
    assert [(visit["type"], visit["properties"]) for visit in shown["visits"]["items"]] == [
        ("page.viewed", visited["properties"])
    ]
    other = shared_nerdx.get(f"{AUTH}/account/export", headers=bearer(sign_up(shared_nerdx))).json()
    assert other["visits"]["items"] == [] and other["preferences"]["consents"] == []


@pytest.mark.skipif(not STORES.embedded, reason="looks into SQLite's files")
def test_what_was_deleted_is_in_no_file_any_more(start_nerdx):
    nerdx = start_nerdx()
    member, stays = sign_up(nerdx), begin_guest(nerdx)
    talk(nerdx, member, f"Tell me about {PLANTED} and soju")
    talk(nerdx, stays, "What is makgeolli?")
    address = member["email"].split("@")[0]
    nerdx.restart()
    assert "agents.db" in " ".join(files_with(nerdx, PLANTED)) and files_with(nerdx, address)
    for letter in (nerdx.data / "mail").glob("*.eml"):
        letter.unlink()
    assert nerdx.request("DELETE", f"{AUTH}/account", headers=bearer(member)).status_code == 200
    until(lambda: files_with(nerdx, PLANTED) == files_with(nerdx, address) == [])  # who reads just then is waited for
    nerdx.restart()
    assert files_with(nerdx, PLANTED) == [] and files_with(nerdx, address) == []
    assert nerdx.get(f"{AUTH}/account", headers=bearer(member)).status_code == 401
    assert nerdx.get(f"{AUTH}/account/export", headers=bearer(stays)).json()["turns"], "others keep theirs"


def rows_with(nerdx, text):
    """Which services have rows that hold the text."""
    return [name for name in SERVICES if text in dump_of(nerdx.data, name)]


@pytest.mark.skipif(STORES.embedded, reason="files are looked through above")
def test_what_was_deleted_is_in_no_row_of_a_server_any_more(start_nerdx):
    nerdx = start_nerdx()
    member = sign_up(nerdx)
    talk(nerdx, member, f"Tell me about {PLANTED} and soju")
    address = member["email"].split("@")[0]
    assert "agents" in rows_with(nerdx, PLANTED) and "auth" in rows_with(nerdx, address)
    assert nerdx.request("DELETE", f"{AUTH}/account", headers=bearer(member)).status_code == 200
    assert rows_with(nerdx, PLANTED) == []
    assert rows_with(nerdx, address) == []
