"""Answers that are made while they are taken: whole, or seen to be broken off; at the client's pace, in little memory."""

import http.client
import socket

import pytest
import requests

PIECE = 100_000


def deaf_client(probe, path):
    """Asks, and takes nothing for now."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.connect(("127.0.0.1", probe.port))
    client.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    return client


def read_all(client):
    reply = http.client.HTTPResponse(client)
    reply.begin()
    return reply.read()


@pytest.mark.parametrize("pieces", [1, 2, 500])
def test_all_pieces_come_and_the_connection_lives_on(probe, pieces):
    wire = probe.connect()
    for _ in range(2):
        wire.send(f"GET /flow?pieces={pieces}&bytes=1000 HTTP/1.1\r\nHost: x\r\n\r\n")
        reply = wire.reply()
        assert (reply.status, reply.body) == (200, b"first" + (b'"' + b"x" * 1000 + b'"') * pieces)


def test_http_1_0_gets_its_pieces_until_the_connection_ends(probe):
    wire = probe.connect().send("GET /flow HTTP/1.0\r\n\r\n")
    assert wire.stream.read().endswith(b"\r\n\r\nfirst" + b'"xxxxxxxx"' * 3)


def test_head_has_no_pieces(probe):
    wire = probe.connect().send("HEAD /flow?pieces=5 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert wire.stream.read().endswith(b"\r\n\r\n")


@pytest.mark.parametrize("pieces", [1, 2, 50])
def test_an_answer_that_breaks_off_is_seen_not_to_be_whole(probe, pieces):
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        probe.get(f"/flow?pieces={pieces}&breaks=1&bytes=10000")
    assert probe.get("/plain").status_code == 200


def test_a_slow_client_holds_up_no_worker_and_little_memory(start_probe):
    probe = start_probe("workers=1", "drain_ms=200")
    assert probe.get(f"/flow?pieces=20&bytes={PIECE}").status_code == 200
    before_kb = probe.memory_kb()
    slow = [deaf_client(probe, f"/flow?pieces=100&bytes={PIECE}") for _ in range(5)]
    assert len(probe.get(f"/flow?pieces=100&bytes={PIECE}").content) == 100 * (PIECE + 2) + 5
    assert probe.memory_kb() - before_kb < 15_000, "five answers have 50 MB between them"
    for client in slow:
        assert len(read_all(client)) == 100 * (PIECE + 2) + 5
        client.close()


def test_a_client_that_goes_away_is_forgotten(start_probe):
    probe = start_probe("drain_ms=200")
    for _ in range(50):
        client = deaf_client(probe, "/flow?pieces=1000&bytes=10000")
        client.recv(100)
        client.close()
    probe.wait_until("/metrics", lambda text: "\nnerdx_http_requests_active 1\n" in text)


def test_what_nobody_takes_does_not_hold_up_the_end_of_the_server(start_probe):
    probe = start_probe("drain_ms=500")
    clients = [deaf_client(probe, f"/flow?pieces=100&bytes={PIECE}") for _ in range(3)]
    for client in clients:
        client.recv(100)
    assert probe.stop() == "cut off"
    for client in clients:
        client.close()
