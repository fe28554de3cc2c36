"""Bytes that no client of good will sends: each is refused by name, and the next request is answered as ever."""

import select

import pytest

QUERY = "/api/v1/world-model/query"
LEARN = "/api/v1/world-model/learn"
GIB = 1 << 30
PIECE = b"a" * 65536
MEMORY_BOUND_KB = 64 * 1024  # far below what was sent
LIMIT_S = 60  # a bound for a machine that hangs, not a promise about speed


def post_bytes(nerdx, path, body):
    return nerdx.post(path, data=body, headers={"Content-Type": "application/json"})


def still_answers(nerdx):
    return nerdx.get("/healthz").status_code == 200


def refused(reply, status=400):
    """The problem that says why (RFC 9457)."""
    assert reply.status_code == status, reply.text
    assert reply.headers["Content-Type"].startswith("application/problem+json")
    problem = reply.json()
    assert problem["status"] == status
    assert problem["detail"]
    return problem


@pytest.mark.parametrize(
    "text",
    [b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe3\x85", b"\x80"],
    ids=["never-a-byte", "overlong", "surrogate", "past-the-end", "cut-short", "continuation-alone"],
)
def test_a_body_that_is_not_utf_8_is_refused(shared_nerdx, text):
    refused(post_bytes(shared_nerdx, QUERY, b'{"query":"' + text + b'"}'))
    assert still_answers(shared_nerdx)


@pytest.mark.parametrize("path", ["/api/v1/world-model/entity/%FF", "/api/v1/world-model/entity/%C0%AF"])
def test_an_address_that_is_not_utf_8_is_refused(shared_nerdx, path):
    with shared_nerdx.connect() as wire:
        reply = wire.exchange(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert reply.status == 400
    assert reply.json()["detail"]


@pytest.mark.parametrize("opening", [b"[", b'{"a":'], ids=["arrays", "objects"])
def test_a_nesting_bomb_is_refused(shared_nerdx, opening):
    refused(post_bytes(shared_nerdx, LEARN, opening * 100_000))
    assert still_answers(shared_nerdx)


def test_a_well_formed_value_that_nests_too_deep_is_refused(shared_nerdx):
    deep = b"[" * 5000 + b"]" * 5000
    event = b'{"event_id":"deep","user_id":"u","type":"INTERESTED_IN","entity_id":"makgeolli","properties":{"a":%s}}'
    refused(post_bytes(shared_nerdx, LEARN, b'{"events":[' + event % deep + b"]}"))
    assert still_answers(shared_nerdx)


def send_until_answered(wire, pieces):
    """How many bytes the server let in before it answered or hung up, and its answer."""
    sent = 0
    wire.socket.settimeout(0)
    try:
        for piece in pieces:
            view = memoryview(piece)
            while view:
                try:
                    count = wire.socket.send(view)
                except BlockingIOError:
                    # Full: either the server reads on, or it has said something.
                    if wait_for_room_or_answer(wire.socket) == "answer":
                        return sent, answer(wire)
                    continue
                view, sent = view[count:], sent + count
    except (BrokenPipeError, ConnectionResetError):
        pass
    return sent, answer(wire)


def wait_for_room_or_answer(socket):
    readable, _, _ = select.select([socket], [socket], [], LIMIT_S)
    return "answer" if readable else "room"


def answer(wire):
    wire.socket.settimeout(LIMIT_S)
    try:
        return wire.reply()
    except (ConnectionResetError, BrokenPipeError):
        return None


def test_a_body_announced_as_one_gigabyte_is_refused_before_it_comes(nerdx):
    before = nerdx.memory_kb("VmHWM")
    with nerdx.connect() as wire:
        head = f"POST {LEARN} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        reply = wire.exchange(f"{head}Content-Length: {GIB}\r\n\r\n")  # not one byte of the body
        assert reply.status == 413
        assert reply.json()["detail"]
        assert wire.is_closed()
    assert nerdx.memory_kb("VmHWM") - before < MEMORY_BOUND_KB
    assert still_answers(nerdx)


def test_a_gigabyte_in_chunks_is_refused_at_the_limit_and_memory_stays_flat(nerdx):
    before = nerdx.memory_kb("VmHWM")
    chunk = b"%x\r\n%s\r\n" % (len(PIECE), PIECE)
    with nerdx.connect() as wire:
        wire.send(
            f"POST {LEARN} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            "Transfer-Encoding: chunked\r\n\r\n"
        )
        sent, reply = send_until_answered(wire, (chunk for _ in range(GIB // len(PIECE))))
    assert sent < GIB / 8, "the server read on, far past its limit"
    assert reply is None or reply.status == 413
    assert nerdx.memory_kb("VmHWM") - before < MEMORY_BOUND_KB
    assert still_answers(nerdx)


def test_a_body_just_within_the_limit_is_read(shared_nerdx):
    body = b'{"query":"makgeolli"' + b" " * 16000 + b"}"
    assert post_bytes(shared_nerdx, QUERY, body).status_code == 200
