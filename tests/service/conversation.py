"""Talking with Maeju over HTTP: server-sent events as they come, and what the world remembers of a visitor."""

import json
import time
from dataclasses import dataclass

CHAT = "/api/v1/agents/maeju/chat"
TURNS = "/api/v1/agents/maeju/turns"
EVENTS = {"Accept": "text/event-stream"}
WAIT_LIMIT_S = 60  # a bound for what never comes, not a promise about speed; twice the longest lease
TALK_LIMIT_S = 60  # as long as a machine may hang


@dataclass
class Event:
    id: int
    name: str
    data: dict


def ask(nerdx, message, user="visitor", session="talk", **fields):
    """A message and its reply, decoded."""
    reply = nerdx.post(CHAT, {"user_id": user, "session_id": session, "message": message, **fields})
    assert reply.status_code == 200, reply.text
    return reply.json()


def events_of(reply):
    """The events of a streamed answer, one at a time."""
    assert reply.status_code == 200, reply.text
    assert reply.headers["Content-Type"].startswith("text/event-stream")
    fields = {}
    for line in reply.iter_lines(chunk_size=1, decode_unicode=False):
        name, _, value = line.decode().partition(": ")
        if line and name:
            fields[name] = value
        elif not line and "event" in fields:
            yield Event(int(fields["id"]), fields["event"], json.loads(fields["data"]))
            fields = {}


def open_chat(nerdx, message, user="visitor", session="talk", **fields):
    """Begins a streamed answer; read it with events_of, drop it with close()."""
    body = {"user_id": user, "session_id": session, "message": message, **fields}
    return nerdx.post(CHAT, body, headers=EVENTS, stream=True)


def stream(nerdx, message, **fields):
    """All events of a streamed answer."""
    with open_chat(nerdx, message, **fields) as reply:
        return list(events_of(reply))


def events_url(turn_id, user="visitor"):
    return f"{TURNS}/{turn_id}/events?user_id={user}"


def follow(nerdx, turn_id, after=0, user="visitor"):
    """The events of a turn, those after an id alone."""
    headers = {"Last-Event-ID": str(after)} if after else {}
    with nerdx.get(events_url(turn_id, user), headers=headers, stream=True) as reply:
        return list(events_of(reply))


def remembered_turns(nerdx, user):
    """The turns that the world knows of a visitor, as often as it knows them; none when it doesn't know the visitor."""
    reply = nerdx.get(f"/api/v1/world-model/entity/{user}?limit=100")
    if reply.status_code == 404:
        return []
    neighbours = [n for n in reply.json()["neighbours"] if n["relationship"] == "CHATTED_WITH"]
    assert all((n["id"], n["direction"]) == ("maeju-ai", "out") for n in neighbours)
    return [n["properties"]["turn"] for n in neighbours]


def until(condition, limit_s=WAIT_LIMIT_S):
    """Asks again and again until the condition holds; returns what it gave."""
    end = time.monotonic() + limit_s
    while not (found := condition()):
        assert time.monotonic() < end, f"still not after {limit_s} s"
        time.sleep(0.02)  # between two looks at the condition
    return found


def wait_until_remembered(nerdx, user, turns):
    """Until the world knows so many turns of the visitor or more; returns them."""

    def enough():
        remembered = remembered_turns(nerdx, user)
        return remembered if len(remembered) >= turns else None

    return until(enough)


# --- talks of visitors that are named after their session ---


def say(nerdx, session, message="안녕하세요"):
    body = {"user_id": f"user-{session}", "session_id": session, "message": message}
    return nerdx.post(CHAT, body, timeout=TALK_LIMIT_S)


def sessions(nerdx, session):
    return nerdx.get(f"/api/v1/agents/maeju/sessions?user_id=user-{session}", timeout=TALK_LIMIT_S)


def turns_of(nerdx, session):
    """All of them, however many there are."""
    turns, asked = [], {"user_id": f"user-{session}", "limit": 100}
    while asked:
        reply = nerdx.get(f"/api/v1/agents/maeju/sessions/{session}", params=asked, timeout=TALK_LIMIT_S)
        assert reply.status_code == 200, reply.text
        page = reply.json()
        turns += [turn["turn_id"] for turn in page["items"]]
        asked = {**asked, "cursor": page["next_cursor"]} if "next_cursor" in page else None
    return turns
