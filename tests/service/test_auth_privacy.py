"""All that is kept of somebody is theirs to see and to delete, down to the bytes of the files."""

import pytest

from conversation import ask
from people import AUTH, bearer, begin_guest, sign_up
from stores import STORES

PLANTED = "quetzalcoatlus"


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
    nerdx.stop()
    assert files_with(nerdx, PLANTED) == []
    assert files_with(nerdx, address) == []
    nerdx.start()
    assert nerdx.get(f"{AUTH}/account", headers=bearer(member)).status_code == 401
    assert nerdx.get(f"{AUTH}/account/export", headers=bearer(stays)).json()["turns"], "others keep theirs"
