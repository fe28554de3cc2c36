"""Events over WebSockets: the same as over an event stream, to clients of every kind, with ends of every kind."""

import itertools
import json
import select
import socket
import threading

import pytest

from moments import unless_late
from test_http_streams import Chunks, append, open_stream
from web_socket import (
    ACCEPT,
    BINARY,
    CLOSE,
    CONTINUATION,
    PING,
    PONG,
    TEXT,
    WebSocket,
    frame,
    handshake,
    next_frame,
    open_by_hand,
    refusal_of,
)


@pytest.fixture
def logs(start_probe):
    """A program of its own: its logs start empty."""
    return start_probe("heartbeat_ms=60000", "drain_ms=200")


def finished(probe, count=1):
    """What the access log says of so many WebSockets that are over."""

    def lines():
        found = [line for line in probe.log_lines() if line.get("status") == 101]
        return found if len(found) >= count else None

    while not (found := lines()):
        probe.get("/plain")  # the log is written now and then
    return found


def test_the_events_are_those_of_the_stream_and_then_it_is_closed(probe):
    chunks = Chunks(open_stream(probe, "/stream?events=40&bytes=300"))
    with WebSocket(probe.url + "/stream?events=40&bytes=300") as link:
        for event in link.events():
            assert chunks.next_event() == f"id: {event.id}\nevent: {event.name}\ndata: {json.dumps(event.data)}"
        assert link.code == 1000
    assert chunks.next_event() is None


def test_an_operation_answers_over_a_websocket_without_saying_so_in_accept(probe):
    with WebSocket(probe.url + "/api/turn/1/events") as link:
        assert [event.data for event in link.events()] == [{"text": "…"}] * 3


def test_an_event_comes_as_soon_as_it_is_made(logs):
    with WebSocket(logs.url + "/follow/0") as link:
        for i in range(1, 200):
            append(logs, 0)
            assert link.next_id() == i
        logs.post("/close/0")
        assert (link.next_id(), link.code) == (None, 1000)


@pytest.mark.parametrize("ask", [{"extra_headers": {"Last-Event-ID": "3"}}, "?last_event_id=3"])
def test_a_reader_that_comes_back_gets_the_rest(logs, ask):
    append(logs, 0, 5)
    logs.post("/close/0")
    query, options = (ask, {}) if isinstance(ask, str) else ("", ask)
    with WebSocket(logs.url + "/follow/0" + query, **options) as link:
        assert [event.id for event in link.events()] == [4, 5]


def test_the_handshake_is_that_of_the_rfc(probe):
    wire = probe.connect().send(handshake("/stream?events=0", "Sec-WebSocket-Protocol: chat", "Origin: null"))
    reply = wire.reply()
    assert (reply.status, reply.header("sec-websocket-accept")) == (101, ACCEPT)
    assert (reply.header("sec-websocket-protocol"), reply.header("sec-websocket-extensions")) == (None, None)
    assert next_frame(wire) == (CLOSE, b"\x03\xe8")


@pytest.mark.parametrize("key", ["", "x", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25j!Q==", "dGhlIHNhbXBsZSBub25jZQ==="])
def test_a_key_that_is_none_is_refused(probe, key):
    reply = probe.connect().exchange(handshake("/stream", key=key))
    assert (reply.status, reply.json()["detail"]) == (400, "Sec-WebSocket-Key must be 16 bytes in base64.")


@pytest.mark.parametrize("version", ["8", "14", "", "13, 8"])
def test_another_version_is_told_which_is_spoken(probe, version):
    wire = probe.connect()
    reply = wire.exchange(handshake("/stream", version=version))
    assert (reply.status, reply.json()["type"]) == (426, "/problems/upgrade-required")
    assert (reply.header("sec-websocket-version"), reply.header("upgrade")) == ("13", "websocket")
    assert wire.exchange("GET /plain HTTP/1.1\r\nHost: x\r\n\r\n").status == 200


def test_where_there_is_no_websocket_the_wish_is_ignored(probe):
    assert probe.connect().exchange(handshake("/plain")).status == 200
    reply = probe.connect().exchange(handshake("/stream?events=1").replace("Upgrade\r\n", "close\r\n"))
    assert b"event: delta" in reply.body
    old = probe.connect().send(handshake("/stream?events=1", http="1.0"))
    assert b"event: delta" in old.stream.read()
    assert probe.connect().exchange(handshake("/nowhere")).status == 404


FAULTS = {
    "not masked": (frame(PING, b"x", masked=False), 1002),
    "a reserved bit": (frame(PING, first=0xC0), 1002),
    "compressed, which was not agreed": (frame(TEXT, b"x", first=0xC0), 1002),
    "a reserved opcode": (frame(3, b"x"), 1002),
    "a reserved opcode of control": (frame(11, b"x"), 1002),
    "the rest of nothing": (frame(CONTINUATION, b"x"), 1002),
    "a message of text": (frame(TEXT, b"hello"), 1003),
    "a part of a message": (frame(TEXT, b"hello", first=0), 1003),
    "a message of bytes": (frame(BINARY, b"\xff" * 1000), 1003),
    "a message that is too long": (frame(TEXT, b"x" * 1025), 1009),
    "a message that would fill the machine": (b"\x82\xff\x7f" + b"\xff" * 7 + b"1234", 1009),
    "a length that is negative": (b"\x82\xff\xff" + b"\xff" * 7 + b"1234", None),
    "a length that could be shorter": (b"\x82\xfe\x00\x05" + b"1234", None),
    "a ping that is too long": (frame(PING, b"x" * 126), None),
    "a ping in parts": (frame(PING, b"x", first=0), None),
    "a reason that is no text": (frame(CLOSE, b"\x03\xe8\xff\xfe"), 1007),
    "a reason that breaks off": (frame(CLOSE, b"\x03\xe8\xe2\x82"), 1007),
    "a code that nobody may send": (frame(CLOSE, b"\x03\xed"), 1002),
    "half a code": (frame(CLOSE, b"\x03"), None),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_who_breaks_the_protocol_is_told_how_and_cut_off(probe, fault):
    sent, code = FAULTS[fault]
    with open_by_hand(probe.port, "/follow/0") as wire:
        wire.send(sent).send(b"\x00" * 5000)
        opcode, reason = next_frame(wire)
        assert (opcode, int.from_bytes(reason, "big") or None) == (CLOSE, code)
        assert next_frame(wire) is None
    assert probe.get("/plain").status_code == 200


def test_a_ping_is_answered_with_what_it_said_even_one_that_came_with_the_handshake(probe):
    with open_by_hand(probe.port, "/follow/0", frame(PING, b"early") + frame(PONG, b"unasked")) as wire:
        assert next_frame(wire) == (PONG, b"early")
        for byte in frame(PING, b"in pieces"):
            wire.send(bytes([byte]))
        assert next_frame(wire) == (PONG, b"in pieces")
        wire.send(frame(CLOSE, b"\x03\xe9bye"))
        assert next_frame(wire) == (CLOSE, b"\x03\xe9bye")
        assert next_frame(wire) is None


def test_many_bytes_with_the_handshake_are_all_heard(probe):
    with open_by_hand(probe.port, "/follow/0", frame(PING, b"x" * 100) * 90) as wire:
        assert [next_frame(wire) for _ in range(90)] == [(PONG, b"x" * 100)] * 90


def test_who_pings_without_reading_holds_up_nobody(logs):
    deaf = open_by_hand(logs.port, "/follow/1")
    deaf.socket.settimeout(0.2)
    with pytest.raises(TimeoutError):  # its answers fill the kernel's buffers, then it isn't read from
        while True:
            deaf.send(frame(PING, b"x" * 125) * 500)
    with WebSocket(logs.url + "/follow/0") as link:
        append(logs, 0)
        assert link.next_id() == 1
    deaf.close()


def test_a_client_that_closes_has_not_broken_off(logs):
    with WebSocket(logs.url + "/follow/7") as link:
        append(logs, 7)
        assert link.next_id() == 1
    (line,) = finished(logs)
    assert (line["route"], line["status"], line["aborted"], line["bytes"] > 0) == ("/follow/{id}", 101, False, True)


def test_a_client_that_is_cut_is_noticed_and_counted_as_broken_off(start_probe):
    probe = start_probe("heartbeat_ms=60000", "drain_ms=200")
    for _ in range(50):
        WebSocket(probe.url + "/follow/0").cut()
    probe.wait_until("/metrics", lambda text: "\nnerdx_http_requests_active 1\n" in text)
    assert [line["aborted"] for line in finished(probe, 50)] == [True] * 50


LATE_S = 0.5  # whoever was asked that long ago, and hasn't answered, may have been kept from it by the machine
SOON_LET_GO = ("heartbeat_ms=50", "idle_timeout_ms=1000", "drain_ms=200")


def test_who_does_not_answer_pings_is_let_go(start_probe):
    probe, told = start_probe(*SOON_LET_GO), itertools.count()

    def who_answers_stays(beat):
        behind = f"/follow/0?last_event_id={next(told)}"
        with WebSocket(probe.url + behind) as answers, open_by_hand(probe.port, behind) as silent:
            assert next_frame(silent) == (PING, b"")
            while not select.select([silent.socket], [], [], 0.05)[0]:
                answers.ping()  # and answers ours meanwhile
                beat()
            assert next_frame(silent) is None
            append(probe, 0)
            return answers.next_id() is not None

    assert unless_late(LATE_S, who_answers_stays)


def test_a_client_that_never_reads_holds_up_nobody_and_is_let_go(start_probe):
    probe = start_probe(*SOON_LET_GO)
    deaf = socket.socket()
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    deaf.connect(("127.0.0.1", probe.port))
    deaf.sendall(handshake("/follow/0").encode())
    append(probe, 0, 3000, 10000)

    def the_last_are_told(_):
        with WebSocket(probe.url + "/follow/0?last_event_id=2990") as link:
            return [link.next_id() for _ in range(10)] == list(range(2991, 3001))

    assert unless_late(LATE_S, the_last_are_told)
    while not (of_it := [line for line in finished(probe) if line["target"] == "/follow/0"]):
        pass
    assert of_it[0]["aborted"] and of_it[0]["bytes"] < 3000 * 10000
    deaf.close()


def test_at_the_end_of_the_server_each_is_told_that_it_goes_away(start_probe):
    probe = start_probe("drain_ms=20000")
    links = [WebSocket(probe.url + f"/follow/{i % 8}") for i in range(20)]
    append(probe, 0)
    probe.terminate()
    assert [links[0].next_id(), links[0].next_id(), links[0].code] == [1, None, 1001]
    for link in links[1:]:
        assert (link.events() or [None])[-1] is None or link.code == 1001
        link.close()
        assert link.code == 1001
    links[0].close()
    assert probe.stop() == "drained"


def test_sockets_of_clients_that_say_nothing_do_not_keep_it_from_ending(start_probe):
    probe = start_probe("drain_ms=2000")
    wires = [open_by_hand(probe.port, f"/follow/{i % 8}") for i in range(100)]
    probe.terminate()
    for wire in wires:
        assert next_frame(wire) == (CLOSE, b"\x03\xe9")
    assert probe.stop() == "cut off"
    for wire in wires:
        wire.close()


def test_streams_and_sockets_count_together_against_the_limit(probe):
    with WebSocket(probe.url + "/follow-once/5"):
        assert refusal_of(probe.url + "/follow-once/5") == 503
        assert probe.get("/follow-once/5").status_code == 503
    while (reply := probe.connect().exchange(handshake("/follow-once/5"))).status == 503:
        pass
    assert reply.status == 101


def test_no_news_is_overslept(start_probe):
    """A log may be closed just before, while and after its socket begins to wait."""
    probe = start_probe("heartbeat_ms=600000", "loops=1")
    for i in range(1000):
        with probe.connect() as wire:
            assert wire.send(handshake(f"/stream?events=0&pause_us={i % 200}")).reply().status == 101
            assert next_frame(wire) == (CLOSE, b"\x03\xe8")


def test_many_readers_coming_and_going_lose_nothing(logs):
    """Readers that leave in the middle, politely or not, and come back behind what they have, while events are made."""
    total, readers = 100, 8
    lost, whole = [], []

    def read_all(number):
        seen = 0
        while seen < total and not lost:
            link = WebSocket(f"{logs.url}/follow/0?last_event_id={seen}")
            for _ in range(1 + seen % 7):
                found = link.next_id()
                if found != seen + 1:
                    lost.append((seen, found))
                    break
                seen += 1
                if seen == total:
                    break
            link.cut() if (seen + number) % 2 else link.close()
        whole.append(seen)

    threads = [threading.Thread(target=read_all, args=(number,)) for number in range(readers)]
    for thread in threads:
        thread.start()
    for _ in range(total // 4):
        append(logs, 0, 4)
    for thread in threads:
        thread.join()
    assert (lost, whole) == ([], [total] * readers)
