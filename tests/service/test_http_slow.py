"""Clients that are slow, silent or many."""

import contextlib
import resource
import socket

import pytest

from conversation import until
from wire import Wire

GET = "GET /plain HTTP/1.1\r\nHost: x\r\n\r\n"


def closes_in_spite_of(wire, drip):
    """Sends a byte at a time until the server has hung up."""
    wire.socket.settimeout(0.05)
    with contextlib.suppress(ConnectionError):
        for _ in range(10000):
            wire.socket.sendall(drip)
            try:
                if wire.socket.recv(4096) == b"":
                    return True
            except TimeoutError:
                continue
        return False
    return True


def test_a_head_that_drips_is_cut(start_probe):
    wire = start_probe("head_timeout_ms=500").connect()
    wire.send("GET /plain HTTP/1.1\r\nHost: x\r\nA: ")
    assert closes_in_spite_of(wire, b"a")


def test_the_head_of_a_second_request_that_drips_is_cut(start_probe):
    wire = start_probe("idle_timeout_ms=500", "head_timeout_ms=60000").connect()
    assert wire.exchange(GET).status == 200
    assert closes_in_spite_of(wire, b"a")


def test_a_connection_without_a_byte_is_cut(start_probe):
    assert start_probe("head_timeout_ms=300").connect().is_closed()


def test_a_body_that_drips_is_cut(start_probe):
    wire = start_probe("body_timeout_ms=500").connect()
    wire.send("POST /echo/a HTTP/1.1\r\nHost: x\r\nContent-Length: 90000\r\n\r\n")
    assert closes_in_spite_of(wire, b"a")


def test_an_idle_connection_is_closed(start_probe):
    wire = start_probe("idle_timeout_ms=500").connect()
    assert wire.exchange(GET).status == 200
    assert wire.is_closed()


def deaf_client(probe, request):
    """A client whose receive buffer is small and never emptied."""
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    one.connect(("127.0.0.1", probe.port))
    one.sendall(request)
    return one


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET /stream?events=4000&bytes=10000 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /big HTTP/1.1\r\nHost: x\r\nContent-Length: 8000000\r\n\r\n" + b"x" * 8000000,
    ],
    ids=["of events", "of a large answer"],
)
def test_a_client_that_never_reads_is_cut(start_probe, request_bytes):
    probe = start_probe("idle_timeout_ms=1000")
    deaf = deaf_client(probe, request_bytes)
    [line] = until(probe.log_lines)  # nobody else asks: who isn't heard for a second is cut as well
    assert (line["route"] in ("/stream", "/big"), line["aborted"]) == (True, True)
    deaf.close()


def test_slow_clients_do_not_keep_others_waiting(start_probe):
    probe = start_probe()
    wires = [probe.connect().send("GET /plain HTTP/1.1\r\nHost:") for _ in range(500)]
    assert probe.get("/plain").status_code == 200
    for wire in wires:
        wire.close()


def test_connections_of_one_address_are_limited(start_probe):
    probe = start_probe("connections_per_address=5")
    wires = [probe.connect() for _ in range(5)]
    assert [wire.exchange(GET).status for wire in wires] == [200] * 5
    assert Wire(probe.port).is_closed()
    wires[0].close()
    for wire in wires[1:]:
        assert wire.exchange(GET).status == 200


def test_past_the_limit_connections_wait_for_their_turn(start_probe):
    probe = start_probe("connection_limit=4", "loops=1")
    wires = [probe.connect() for _ in range(4)]
    assert [wire.exchange(GET).status for wire in wires] == [200] * 4
    late = probe.connect().send(GET)
    wires[0].close()
    assert late.reply().status == 200


def test_ten_thousand_idle_connections_work(start_probe, record_property):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 10100
    if hard != resource.RLIM_INFINITY and hard < wanted:
        pytest.skip(f"this machine allows {hard} open files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    probe = start_probe("head_timeout_ms=600000", "idle_timeout_ms=600000")
    before = probe.memory_kb()
    wires = []
    try:
        for i in range(10000):
            # each from its own port; several source addresses, as one has too few of them beside other programs
            one = socket.create_connection(("127.0.0.1", probe.port), source_address=(f"127.0.0.{2 + i % 4}", 0))
            wires.append(one)
        for one in wires:
            one.sendall(GET.encode())
        for one in wires:
            assert one.recv(4096).startswith(b"HTTP/1.1 200")
        assert probe.metric("nerdx_http_connections") >= 10000
        assert probe.get("/plain").status_code == 200
        per_connection = (probe.memory_kb() - before) / 10000
        record_property("kB a connection", per_connection)
        print(f"{per_connection:.1f} kB a connection, {probe.memory_kb() / 1024:.0f} MB in all")
        assert per_connection < 64
    finally:
        for one in wires:
            one.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
