"""Event streams: order, resuming, back-pressure, heartbeats, and ends of every kind."""

import json
import socket
import threading

import pytest


def open_stream(probe, path, *headers):
    wire = probe.connect()
    lines = "".join(f"{header}\r\n" for header in headers)
    wire.send(f"GET {path} HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n{lines}\r\n")
    reply = head_of(wire)
    assert (reply[0], reply[1]["content-type"]) == (200, "text/event-stream; charset=utf-8")
    return wire


def head_of(wire):
    status = int(wire.stream.readline().split()[1])
    headers = {}
    while (line := wire.stream.readline().rstrip(b"\r\n")) != b"":
        name, _, value = line.decode().partition(":")
        headers[name.lower()] = value.strip()
    return status, headers


class Chunks:
    """The text of a chunked answer, as it comes; `ended` when the last chunk has come."""

    def __init__(self, wire):
        self.wire, self.text, self.ended = wire, "", False

    def next_event(self):
        """The next block between blank lines; None at the proper end, ConnectionError when it is cut off."""
        while "\n\n" not in self.text:
            if self.ended:
                return None
            line = self.wire.stream.readline()
            if not line:
                raise ConnectionError
            size = int(line, 16)
            data = self.wire.stream.read(size + 2)
            self.ended = size == 0
            self.text += data[:size].decode()
        block, _, self.text = self.text.partition("\n\n")
        return block

    def next_id(self):
        event = self.next_event()
        return event and int(event.split("\n")[0].removeprefix("id: "))


@pytest.fixture
def logs(start_probe):
    """A program of its own: its logs start empty."""
    return start_probe("heartbeat_ms=60000", "drain_ms=200")


def append(probe, log, events=1, size=8):
    assert probe.post(f"/append/{log}?events={events}&bytes={size}").status_code == 204


def test_events_come_in_order_and_the_stream_ends(probe):
    chunks = Chunks(open_stream(probe, "/stream?events=3"))
    assert chunks.next_event() == 'id: 1\nevent: delta\ndata: "xxxxxxxx"'
    assert [chunks.next_id(), chunks.next_id(), chunks.next_id()] == [2, 3, None]
    chunks.wire.send("GET /plain HTTP/1.1\r\nHost: x\r\n\r\n")
    assert chunks.wire.reply().status == 200  # the connection lives on


def test_an_event_comes_as_soon_as_it_is_made(logs):
    chunks = Chunks(open_stream(logs, "/follow/0"))
    for i in range(1, 200):
        append(logs, 0)
        assert chunks.next_id() == i
    logs.post("/close/0")
    assert chunks.next_id() is None


@pytest.mark.parametrize("ask", ["header", "query"])
def test_a_reader_that_comes_back_gets_the_rest(logs, ask):
    append(logs, 0, 5)
    logs.post("/close/0")
    if ask == "header":
        chunks = Chunks(open_stream(logs, "/follow/0", "Last-Event-ID: 3"))
    else:
        chunks = Chunks(open_stream(logs, "/follow/0?last_event_id=3"))
    assert [chunks.next_id(), chunks.next_id(), chunks.next_id()] == [4, 5, None]


@pytest.mark.parametrize("last", ["5", "99", "18446744073709551615", "-1", "x", ""])
def test_any_last_event_id_is_answered(logs, last):
    append(logs, 0, 5)
    logs.post("/close/0")
    chunks = Chunks(open_stream(logs, "/follow/0", f"Last-Event-ID: {last}"))
    assert chunks.next_id() == (None if last in ("5", "99") else 1)


def test_readers_follow_at_their_own_pace(logs):
    fast, slow = Chunks(open_stream(logs, "/follow/0")), Chunks(open_stream(logs, "/follow/0"))
    append(logs, 0, 300, 1000)
    assert [fast.next_id() for _ in range(300)] == list(range(1, 301))
    assert [slow.next_id() for _ in range(300)] == list(range(1, 301))


def test_a_client_that_never_reads_does_not_hold_up_the_producer(logs):
    deaf = socket.socket()
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    deaf.connect(("127.0.0.1", logs.port))
    deaf.sendall(b"GET /follow/0 HTTP/1.1\r\nHost: x\r\n\r\n")
    append(logs, 0, 3000, 10000)
    chunks = Chunks(open_stream(logs, "/follow/0", "Last-Event-ID: 2990"))
    assert [chunks.next_id() for _ in range(10)] == list(range(2991, 3001))
    deaf.close()


def test_a_silent_stream_shows_that_it_lives(start_probe):
    chunks = Chunks(open_stream(start_probe("heartbeat_ms=200", "drain_ms=200"), "/follow/0"))
    assert [chunks.next_event(), chunks.next_event()] == [": still here", ": still here"]


def test_a_reader_that_goes_away_is_noticed_before_anything_is_said_to_it(logs):
    for _ in range(50):
        open_stream(logs, "/follow/0").close()
    logs.wait_until("/metrics", lambda text: "\nnerdx_http_requests_active 1\n" in text)


def test_an_operation_answers_as_json_or_as_events(probe):
    headers = {"Content-Type": "application/json"}
    assert probe.post("/api/chat", data=b"{}", headers=headers).json() == {"whole": True}
    events = probe.post("/api/chat", data=b"{}", headers={**headers, "Accept": "text/event-stream"})
    assert events.headers["content-type"].startswith("text/event-stream")
    assert [json.loads(line[6:]) for line in events.content.decode().splitlines() if line.startswith("data: ")] == [
        {"text": "…"}
    ] * 3
    assert probe.get("/api/turn/1/events", headers={"Accept": "application/json"}).status_code == 406
    assert "event: delta" in probe.get("/api/turn/1/events").text


def test_http_1_0_gets_its_events_until_the_connection_ends(probe):
    wire = probe.connect().send("GET /stream?events=3 HTTP/1.0\r\n\r\n")
    status, headers = head_of(wire)
    assert (status, headers.get("transfer-encoding")) == (200, None)
    assert wire.stream.read().count(b"event: delta") == 3


def test_no_news_is_overslept(start_probe):
    """A stream that looks, finds nothing and goes to sleep while its log is closed must wake again at once: the
    heartbeat, which would wake it, comes too late for this client. (With an event before it there would be two calls.)
    """
    probe = start_probe("heartbeat_ms=600000", "loops=1")
    with probe.connect() as wire:
        for i in range(4000):
            wire.send(f"GET /stream?events=0&pause_us={i % 50} HTTP/1.1\r\nHost: x\r\n\r\n")
            assert wire.reply().body == b""


def test_many_readers_coming_and_going_lose_nothing(logs):
    """Readers that leave in the middle and come back with Last-Event-ID, while events are made."""
    total, readers = 400, 16
    lost = []

    def read_all():
        seen = 0
        while seen < total:
            chunks = Chunks(open_stream(logs, "/follow/0", f"Last-Event-ID: {seen}"))
            for _ in range(1 + seen % 7):
                number = chunks.next_id()
                if number != seen + 1:
                    lost.append((seen, number))
                    return
                seen += 1
                if seen == total:
                    break
            chunks.wire.close()

    threads = [threading.Thread(target=read_all) for _ in range(readers)]
    for thread in threads:
        thread.start()
    for _ in range(total // 4):
        append(logs, 0, 4)
    for thread in threads:
        thread.join()
    assert lost == []
