"""Clients that hold on to connections and give nothing back: the others are served, and memory stays bounded.

Slow and silent clients on the wire are in test_http_slow.py; here they meet the whole program."""

import json
import resource

import pytest

from wire import Wire

IDLE_CONNECTIONS = 10_000
SPARE_FILES = 500
DEAF_CLIENTS = 50


def chat_request(user):
    body = json.dumps({"user_id": user, "session_id": f"session-{user}", "message": "막걸리는 어떤 술이야?"}).encode()
    head = (
        "POST /api/v1/agents/maeju/chat HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def deaf_client(nerdx, number):
    """Asks for events with the smallest receive buffer there is, and reads none."""
    wire = nerdx.connect()
    wire.socket.setsockopt(1, 8, 1)  # SOL_SOCKET, SO_RCVBUF
    return wire.send(chat_request(f"deaf-{number}"))


def test_clients_that_never_read_their_events_hold_up_nobody(nerdx):
    before = nerdx.memory_kb("VmHWM")
    clients = [deaf_client(nerdx, number) for number in range(DEAF_CLIENTS)]
    reply = nerdx.post(
        "/api/v1/agents/maeju/chat", {"user_id": "listener", "session_id": "s", "message": "What is makgeolli?"}
    )
    assert reply.status_code == 200
    assert reply.json()["content"]
    assert nerdx.memory_kb("VmHWM") - before < 64 * 1024
    for client in clients:
        client.close()


def test_a_client_that_never_reads_its_events_does_not_stop_the_end(start_nerdx):
    nerdx = start_nerdx("--drain-timeout", "2s")
    client = deaf_client(nerdx, 1)
    assert nerdx.stop() == 0
    client.close()


@pytest.fixture
def many_files():
    """Room for two ends of every connection's file in this process and, inherited, in the program."""
    wanted = IDLE_CONNECTIONS + SPARE_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < wanted:
        pytest.skip(f"this machine allows {hard} open files a process; {wanted} are needed (ulimit -Hn)")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_ten_thousand_idle_connections_leave_room_for_the_next(many_files, start_nerdx):
    nerdx = start_nerdx("--idle-timeout", "10m", "--max-connections", "12000")
    before = nerdx.memory_kb()
    idle = [Wire(nerdx.port) for _ in range(IDLE_CONNECTIONS)]
    reply = nerdx.get("/api/v1/world-model/entity/makgeolli")
    assert reply.status_code == 200
    # The last one that came is no worse than the first: each answers when it speaks at last.
    for wire in (idle[0], idle[IDLE_CONNECTIONS // 2], idle[-1]):
        assert wire.exchange("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").status == 200
    assert (nerdx.memory_kb() - before) * 1024 / IDLE_CONNECTIONS < 64 * 1024, "bytes a connection"
    for wire in idle:
        wire.close()
    assert nerdx.stop() == 0
