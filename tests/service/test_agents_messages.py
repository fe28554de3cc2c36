"""Messages as nobody should send them, and what belongs to somebody else: each has its exact answer."""

import unicodedata

import pytest
import requests

from conversation import CHAT, EVENTS, ask

SESSIONS = "/api/v1/agents/maeju/sessions"
SPIKED = (
    "누룩이 뭐예요? \u202eback to front\u202c \u200b\u200d\ufeff 👩‍👩‍👧‍👦🏳️‍🌈 Z̴̛͎a̸͝l̷g̵o̶ ﷽ 𝕹𝖚𝖗𝖚𝖐 ｎｕｒｕｋ "
    + unicodedata.normalize("NFD", "막걸리")
    + " \U0010fffd\u0085\u2028\x1b[31m\x07"
)


def problem(kind, title, status, detail, **fields):
    return {"type": f"/problems/{kind}", "title": title, "status": status, "detail": detail, **fields}


def refusal(reply):
    assert reply.headers["Content-Type"] == "application/problem+json"
    found = reply.json()
    assert found.pop("instance").startswith("urn:trace:")
    assert reply.status_code == found["status"]
    return found


def say(nerdx, message, headers=None):
    body = {"user_id": "visitor", "session_id": "messages", "message": message}
    return nerdx.post(CHAT, body, headers=headers or {})


@pytest.mark.parametrize("headers", [{}, EVENTS], ids=["json", "events"])
def test_a_megabyte_is_too_large(shared_nerdx, headers):
    found = refusal(say(shared_nerdx, "x" * 1_000_000, headers))
    sent = len('{"user_id": "visitor", "session_id": "messages", "message": ""}') + 1_000_000
    detail = f"The body has {sent} bytes; here it may have 32768."
    assert found == problem("too-large", "Too large", 413, detail)


@pytest.mark.parametrize("character", ["x", "가", "👩"])
def test_a_message_has_two_thousand_characters_at_the_most(shared_nerdx, character):
    assert say(shared_nerdx, character * 2000).status_code == 200
    detail = "message: has 2001 characters, outside 1..2000"
    assert refusal(say(shared_nerdx, character * 2001)) == problem(
        "invalid", "The request breaks the contract", 400, detail, pointer="/message"
    )


def test_what_is_no_text_is_refused(shared_nerdx):
    for spoiled, wrong in [("\\u0000", "the character \\u0000 is not allowed"), ("\\ud800", "invalid Unicode")]:
        body = f'{{"user_id":"visitor","session_id":"messages","message":"{spoiled}"}}'
        reply = requests.post(
            shared_nerdx.url + CHAT, data=body, headers={"Content-Type": "application/json"}, timeout=60
        )
        found = refusal(reply)
        assert found["status"] == 400 and wrong in found["detail"]


def test_a_message_spiked_with_unicode_is_answered_and_kept_as_it_was(shared_nerdx):
    reply = ask(shared_nerdx, SPIKED, user="spiked", session="spiked")
    assert "AI 이야기꾼" in reply["content"]
    assert not set(reply["content"]) & set("\u202e\x1b\x07\u0085\u2028")
    turns = shared_nerdx.get(f"{SESSIONS}/spiked?user_id=spiked").json()["items"]
    assert [turn["message"] for turn in turns] == [SPIKED]


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_the_session_of_somebody_else_is_not_there(shared_nerdx, method):
    ask(shared_nerdx, "What is soju?", user="owner", session=f"theirs-{method}")
    address = f"{shared_nerdx.url}{SESSIONS}/theirs-{method}?user_id=stranger"
    detail = f'session_id: this visitor has no session "theirs-{method}"; GET …/sessions lists them'
    found = refusal(requests.request(method, address, timeout=60))
    assert found == problem("not-found", "Not found", 404, detail)
    assert shared_nerdx.get(f"{SESSIONS}/theirs-{method}?user_id=owner").json()["turns"] == 1
