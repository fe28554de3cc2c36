"""Conversations are one visitor's own: listed, read page by page, gone on with, deleted with all that they told."""

import contextlib

import requests

from conversation import ask, events_url, remembered_turns, until, wait_until_remembered
from stores import open_store

SESSIONS = "/api/v1/agents/maeju/sessions"


def sessions_of(nerdx, user, **query):
    reply = nerdx.get(
        SESSIONS + "".join(f"{'&' if i else '?'}{k}={v}" for i, (k, v) in enumerate({"user_id": user, **query}.items()))
    )
    assert reply.status_code == 200, reply.text
    return reply.json()


def read(nerdx, user, session, query=""):
    return nerdx.get(f"{SESSIONS}/{session}?user_id={user}{query}")


def test_sessions_are_listed_latest_first_page_by_page(shared_nerdx):
    for session in ["one", "two", "three", "two"]:
        ask(shared_nerdx, "What is nuruk?", user="lister", session=session)
    assert [(s["session_id"], s["turns"]) for s in sessions_of(shared_nerdx, "lister")["items"]] == [
        ("two", 2),
        ("three", 1),
        ("one", 1),
    ]
    first = sessions_of(shared_nerdx, "lister", limit=2)
    rest = sessions_of(shared_nerdx, "lister", limit=2, cursor=first["next_cursor"])
    assert [s["session_id"] for s in first["items"] + rest["items"]] == ["two", "three", "one"]
    assert "next_cursor" not in rest
    assert shared_nerdx.get(f"{SESSIONS}?user_id=lister&cursor=nonsense").status_code == 422


def test_a_session_is_read_in_order_page_by_page(shared_nerdx):
    replies = [
        ask(shared_nerdx, m, user="reader", session="read") for m in ["What is soju?", "막걸리가 뭐예요?", "Thanks"]
    ]
    whole = read(shared_nerdx, "reader", "read").json()
    assert whole["turns"] == 3
    assert [(t["turn_id"], t["number"], t["content"]) for t in whole["items"]] == [
        (reply["turn_id"], n + 1, reply["content"]) for n, reply in enumerate(replies)
    ]
    first = read(shared_nerdx, "reader", "read", "&limit=2").json()
    rest = read(shared_nerdx, "reader", "read", f"&limit=2&cursor={first['next_cursor']}").json()
    assert first["items"] + rest["items"] == whole["items"]


def test_the_session_of_somebody_else_can_be_neither_read_nor_written_nor_deleted(shared_nerdx):
    mine = ask(shared_nerdx, "What is soju?", user="owner", session="private")
    assert read(shared_nerdx, "stranger", "private").status_code == 404
    assert delete(shared_nerdx, "stranger", "private").status_code == 404
    theirs = ask(shared_nerdx, "더 알려 주세요", user="stranger", session="private")
    assert "AI 이야기꾼" in theirs["content"], "a session of the same id is another one, and begins"
    assert [t["turn_id"] for t in read(shared_nerdx, "owner", "private").json()["items"]] == [mine["turn_id"]]


def test_a_session_is_called_by_its_first_words_that_are_not_forgotten(start_nerdx):
    nerdx = start_nerdx()
    for message in ["My mother is from Icheon.", "막걸리" * 100]:
        ask(nerdx, message, user="u", session="s")
    assert [s["title"] for s in sessions_of(nerdx, "u")["items"]] == ["My mother is from Icheon."]
    requests.delete(f"{nerdx.url}/api/v1/agents/maeju/memories?user_id=u", timeout=60)
    assert [s["title"] for s in sessions_of(nerdx, "u")["items"]] == [("막걸리" * 100)[:120]]


def delete(nerdx, user, session):
    return nerdx.request("DELETE", f"{SESSIONS}/{session}?user_id={user}")


def rows(nerdx, *names):
    with contextlib.closing(open_store(nerdx.data, "agents")) as store:
        return {name: store.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}


def test_a_deleted_session_leaves_nothing_here_nor_in_the_world(start_nerdx):
    nerdx = start_nerdx()
    gone = [
        ask(nerdx, m, user="u", session="gone") for m in ["My name is Minji.", "I love dry drinks.", "What is soju?"]
    ]
    kept = ask(nerdx, "What is takju?", user="u", session="kept")
    wait_until_remembered(nerdx, "u", 4)
    assert delete(nerdx, "u", "gone").json() == {"turns": 3}
    until(lambda: remembered_turns(nerdx, "u") == [kept["turn_id"]])
    until(lambda: rows(nerdx, "erased_turn", "memory") == {"erased_turn": 0, "memory": 0})
    assert rows(nerdx, "turn", "session") == {"turn": 1, "session": 1}
    assert read(nerdx, "u", "gone").status_code == 404
    assert all(nerdx.get(events_url(reply["turn_id"], "u")).status_code == 404 for reply in gone)
    entity = nerdx.get("/api/v1/world-model/entity/u?limit=100").json()
    assert "Minji" not in str(entity) and "PREFERS" not in str(entity)
    assert delete(nerdx, "u", "gone").status_code == 404


def test_sessions_that_nobody_speaks_in_are_deleted_after_a_while(start_nerdx):
    nerdx = start_nerdx("--agents-keep", "1s")
    ask(nerdx, "What is soju?", user="u", session="old")
    until(lambda: rows(nerdx, "turn", "session") == {"turn": 0, "session": 0})
    until(lambda: remembered_turns(nerdx, "u") == [])


def test_a_hand_off_tells_what_need_not_be_asked_again(shared_nerdx):
    for message in ["I love dry drinks.", "I live in Seoul.", "I want to buy two bottles of NERD12."]:
        reply = ask(shared_nerdx, message, user="buyer", session="buys")
    summary = reply["handoff"]["summary"]
    assert (reply["outcome"], summary["language"]) == ("handoff", "en")
    assert summary["wants"] == "I want to buy two bottles of NERD12."
    assert any(taste["score"] > 0 and "dry" in taste["name"].lower() for taste in summary["tastes"])
    assert [(c["kind"], c["value"]) for c in summary["constraints"]] == [("region", "Seoul")]
