"""A guest who signs in to an account brings along what they did: conversations, memories and what the world knows."""

import contextlib
import time

from conversation import ask, until
from people import AUTH, bearer, begin_guest, is_over, sign_in, sign_up
from stores import open_store

SESSIONS = "/api/v1/agents/maeju/sessions"
MEMORIES = "/api/v1/agents/maeju/memories"
WORLD = "/api/v1/world-model"


def say(nerdx, person, message, session="web"):
    return ask(nerdx, message, user=person["user_id"], session=session)


def like(nerdx, person, entity, event):
    user_id = person["user_id"]
    event = {"event_id": event, "user_id": user_id, "type": "INTERESTED_IN", "entity_id": entity, "score": 0.9}
    reply = nerdx.post(f"{WORLD}/learn", {"events": [event]})
    assert reply.status_code == 200, reply.text


def conversations(nerdx, person):
    user = {"user_id": person["user_id"]}
    items = nerdx.get(SESSIONS, params=user).json()["items"]
    return {item["session_id"]: item["title"] for item in items}


def remembered(nerdx, person):
    items = nerdx.get(MEMORIES, params={"user_id": person["user_id"]}).json()["items"]
    return sorted(item["text"] for item in items if "until" not in item)


def known(nerdx, person):
    """What the world knows of somebody: where they are joined to; None when it has never heard of them."""
    reply = nerdx.get(f"{WORLD}/entity/{person['user_id']}", params={"limit": 100})
    if reply.status_code == 404:
        return None
    return sorted((n["relationship"], n["id"]) for n in reply.json()["neighbours"])


def name_of(nerdx, person):
    return nerdx.get(f"{WORLD}/entity/{person['user_id']}").json()["properties"].get("name")


def merge_rows(nerdx, *change):
    with contextlib.closing(open_store(nerdx.data, "auth")) as store, store:
        if change:
            store.execute(*change)
            store.commit()
        return store.execute("SELECT guest_id, user_id, moved_us FROM merge").fetchall()


def merge(nerdx, guest, member):
    reply = sign_in(nerdx, member["email"], headers=bearer(guest))
    assert reply.status_code == 200, reply.text
    return reply.json()


def test_a_guest_who_signs_in_brings_along_what_they_did(shared_nerdx):
    member, guest = sign_up(shared_nerdx), begin_guest(shared_nerdx)
    say(shared_nerdx, member, "My name is Minji.")
    say(shared_nerdx, guest, "My name is Jina and I like sweet drinks.")
    say(shared_nerdx, guest, "What is soju?", session="other")
    like(shared_nerdx, guest, "maeju-ai", guest["user_id"])
    until(lambda: name_of(shared_nerdx, guest) == "Jina" and len(known(shared_nerdx, guest)) >= 4)
    signed_in = merge(shared_nerdx, guest, member)
    assert signed_in["user_id"] == member["user_id"]
    assert signed_in["merged"]["guest_id"] == guest["user_id"] and signed_in["merged"]["state"] == "done"
    assert signed_in["merged"]["conversations"] == 2 and signed_in["merged"]["memories"] == 2
    titles = conversations(shared_nerdx, member)
    assert titles["web"] == "My name is Minji." and titles["other"] == "What is soju?" and len(titles) == 3
    assert [text for text in remembered(shared_nerdx, member) if "name" in text] == ["Your name is Jina."]
    assert len(remembered(shared_nerdx, member)) == 2
    until(lambda: known(shared_nerdx, guest) is None)
    until(lambda: ("INTERESTED_IN", "maeju-ai") in known(shared_nerdx, member))
    until(lambda: name_of(shared_nerdx, member) == "Jina")
    assert conversations(shared_nerdx, guest) == {} and remembered(shared_nerdx, guest) == []


def test_it_happens_once_and_is_written_down(shared_nerdx, run_nerdx):
    member, guest = sign_up(shared_nerdx), begin_guest(shared_nerdx)
    merged = merge(shared_nerdx, guest, member)
    assert is_over(shared_nerdx, guest)
    assert "merged" not in sign_in(shared_nerdx, member["email"]).json()
    assert len([row for row in merge_rows(shared_nerdx) if row[0] == guest["user_id"]]) == 1
    acts = shared_nerdx.get(f"{AUTH}/account/export", headers=bearer(merged)).json()["acts"]
    assert [act["detail"] for act in acts if act["act"] == "guest-merged"] == [guest["user_id"]]
    assert run_nerdx("doctor", "--data", shared_nerdx.data).returncode == 0


def test_a_member_who_signs_in_to_another_account_brings_nothing(shared_nerdx):
    one, other = sign_up(shared_nerdx), sign_up(shared_nerdx)
    say(shared_nerdx, one, "What is makgeolli?")
    assert "merged" not in merge(shared_nerdx, one, other)
    assert conversations(shared_nerdx, one) and not conversations(shared_nerdx, other)


def test_what_was_under_way_comes_along_later(shared_nerdx):
    member, guest = sign_up(shared_nerdx), begin_guest(shared_nerdx)
    merge(shared_nerdx, guest, member)
    say(shared_nerdx, guest, "What is takju?", session="late")
    merge_rows(shared_nerdx, "UPDATE merge SET begun_us = 1 WHERE guest_id = ?", (guest["user_id"],))
    until(lambda: guest["user_id"] not in [row[0] for row in merge_rows(shared_nerdx)])
    assert list(conversations(shared_nerdx, member)) == ["late"]


def test_one_that_was_cut_off_between_two_stores_goes_on_and_counts_once(start_nerdx):
    nerdx = start_nerdx()
    member, guest = sign_up(nerdx), begin_guest(nerdx)
    say(nerdx, guest, "I like sweet drinks.")
    like(nerdx, guest, "maeju-ai", "cut-off")
    until(lambda: len(known(nerdx, guest)) == 3)
    moved = nerdx.post(f"/api/v1/agents/people/{guest['user_id']}/move", {"to": member["user_id"]})
    assert moved.json() == {"sessions": 1, "memories": 1}
    nerdx.kill9()
    now_us = int(time.time() * 1e6)
    row = (guest["user_id"], member["user_id"], now_us)
    merge_rows(nerdx, "INSERT INTO merge (guest_id, user_id, begun_us, moved_us) VALUES (?, ?, ?, 0)", row)
    for _ in range(2):
        nerdx.start()
        until(lambda: known(nerdx, guest) is None and all(moved_us > 0 for *_, moved_us in merge_rows(nerdx)))
        until(lambda: len(known(nerdx, member)) == 3)
        assert list(conversations(nerdx, member)) == ["web"] and len(remembered(nerdx, member)) == 1
        nerdx.kill9()
        merge_rows(nerdx, "UPDATE merge SET moved_us = 0")  # done, and killed before that was noted


def test_where_conversations_arent_reached_it_is_said_and_done_later(start_nerdx):
    nerdx = start_nerdx()
    member, guest = sign_up(nerdx), begin_guest(nerdx)
    say(nerdx, guest, "What is soju?")
    nerdx.stop()
    nerdx.flags = ("--roles", "world")
    nerdx.start()
    merged = merge(nerdx, guest, member)["merged"]
    assert merged["state"] == "later" and merged["conversations"] == 0
    nerdx.stop()
    nerdx.flags = ()
    nerdx.start()
    until(lambda: list(conversations(nerdx, member)) == ["web"])


def refused(nerdx, guest_id, tries):
    """A merge that the services will never take: both are the same person."""
    columns = "guest_id, user_id, begun_us, moved_us, tries, refusals"
    merge_rows(nerdx, f"INSERT INTO merge ({columns}) VALUES (?, ?, 1, 0, ?, ?)", (guest_id, guest_id, tries, tries))


def state_of(nerdx, guest_id):
    with contextlib.closing(open_store(nerdx.data, "auth")) as store:
        question = "SELECT tries, refusals, next_us > 0, parked_us > 0, reason FROM merge WHERE guest_id = ?"
        ((tries, refusals, waits, is_parked, reason),) = store.execute(question, (guest_id,)).fetchall()
        return tries, refusals, bool(waits), bool(is_parked), reason


REASON = "to: name another person than the one in the path"


def test_one_that_is_refused_for_good_is_parked_with_its_reason_and_the_doctor_names_it(start_nerdx, run_nerdx):
    nerdx = start_nerdx()
    refused(nerdx, "ghost", 8)
    until(lambda: state_of(nerdx, "ghost") == (9, 9, True, True, REASON))
    done = run_nerdx("doctor", "--data", nerdx.data)
    assert done.returncode != 0
    assert f"guests whose history can't become their account's: 1; the first is ghost: {REASON}" in done.stdout
    nerdx.restart()
    until(lambda: state_of(nerdx, "ghost") == (10, 9, True, True, REASON))


def test_one_that_is_refused_waits_longer_and_longer_and_keeps_nobody_waiting(start_nerdx):
    nerdx = start_nerdx()
    for number in range(25):
        refused(nerdx, f"ghost-{number}", 0)
    until(lambda: all(state_of(nerdx, f"ghost-{number}")[0] >= 1 for number in range(25)))
    assert not state_of(nerdx, "ghost-0")[3], "it has its tries"
    member, guest = sign_up(nerdx), begin_guest(nerdx)
    say(nerdx, guest, "What is soju?")
    merge(nerdx, guest, member)
    merge_rows(nerdx, "UPDATE merge SET begun_us = 2 WHERE guest_id = ?", (guest["user_id"],))
    until(lambda: guest["user_id"] not in [row[0] for row in merge_rows(nerdx)])


def test_an_account_whose_merge_is_refused_can_still_be_ended(start_nerdx):
    nerdx = start_nerdx()
    member, guest = sign_up(nerdx), begin_guest(nerdx)
    say(nerdx, guest, "I like sweet drinks.")
    refused(nerdx, guest["user_id"], 8)
    merge_rows(
        nerdx, "UPDATE merge SET user_id = ? WHERE guest_id = ?", (member["user_id"], guest["user_id"])
    )
    assert nerdx.request("DELETE", f"{AUTH}/account", headers=bearer(member)).status_code == 200
    assert conversations(nerdx, guest) == {} and remembered(nerdx, guest) == []


def test_who_has_merged_a_guest_and_ends_the_account_leaves_nothing(start_nerdx):
    nerdx = start_nerdx()
    member, guest = sign_up(nerdx), begin_guest(nerdx)
    say(nerdx, guest, "I like sweet drinks.")
    like(nerdx, guest, "maeju-ai", "to-go")
    signed_in = merge(nerdx, guest, member)
    assert nerdx.request("DELETE", f"{AUTH}/account", headers=bearer(signed_in)).status_code == 200
    until(lambda: known(nerdx, member) is None and known(nerdx, guest) is None)
    assert merge_rows(nerdx) == []


def test_only_who_may_act_for_anybody_moves_what_is_kept(start_nerdx):
    nerdx = start_nerdx(env={"NERDX_IDENTITY": "required"})
    guest, other = begin_guest(nerdx), begin_guest(nerdx)
    for place in (f"{WORLD}/people", "/api/v1/agents/people"):
        reply = nerdx.post(f"{place}/{guest['user_id']}/move", {"to": other["user_id"]}, headers=bearer(guest))
        assert reply.status_code == 403, reply.text
