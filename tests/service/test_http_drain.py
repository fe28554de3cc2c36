"""SIGTERM: what has been accepted is answered, streams end, and the end is bounded."""

import contextlib
import http.client
import re
import threading

from test_http_streams import Chunks, open_stream

GET = "GET /plain HTTP/1.1\r\nHost: x\r\n\r\n"
SLOW = "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"
PATIENT = "drain_ms=600000"  # who is idle for a twentieth of it is let go
UNHURRIED = "drain_ms=20000"  # which is a second here


def refuses_connections(probe):
    with contextlib.suppress(ConnectionError):
        probe.connect().close()
        return False
    return True


def wait_until_draining(probe):
    while not refuses_connections(probe):
        pass


def test_a_request_that_is_being_handled_is_answered(start_probe):
    probe = start_probe(PATIENT)
    slow = probe.connect().send(SLOW)
    probe.wait_until("/waiting", lambda text: text == "1")
    helper = probe.connect()
    assert helper.exchange(GET).status == 200
    probe.terminate()
    wait_until_draining(probe)
    assert helper.exchange("GET /release HTTP/1.1\r\nHost: x\r\n\r\n").header("connection") == "close"
    reply = slow.reply()
    assert (reply.status, reply.header("connection")) == (200, "close")
    assert slow.is_closed()
    assert helper.is_closed()
    assert probe.stop() == "drained"


def test_while_draining_it_is_not_ready(start_probe):
    probe = start_probe(PATIENT)
    slow, helper, other = probe.connect().send(SLOW), probe.connect(), probe.connect()
    assert (helper.exchange(GET).status, other.exchange(GET).status) == (200, 200)
    probe.wait_until("/waiting", lambda text: text == "1")
    probe.terminate()
    wait_until_draining(probe)
    reply = helper.exchange("GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n")
    assert (reply.status, reply.json()["status"]) == (503, "draining")
    assert other.exchange("GET /release HTTP/1.1\r\nHost: x\r\n\r\n").status == slow.reply().status == 200


def test_idle_connections_are_let_go(start_probe):
    probe = start_probe(UNHURRIED)
    wires = [probe.connect() for _ in range(50)]
    for wire in wires[:25]:
        assert wire.exchange(GET).status == 200
    probe.terminate()
    assert all(wire.is_closed() for wire in wires)
    assert probe.stop() == "drained"


def test_event_streams_end_properly(start_probe):
    probe = start_probe(UNHURRIED)
    chunks = Chunks(open_stream(probe, "/follow/0"))
    probe.post("/append/0")
    assert chunks.next_id() == 1
    probe.terminate()
    assert chunks.next_id() is None  # the last chunk came; a cut would have raised
    assert probe.stop() == "drained"


def test_a_handler_that_does_not_return_is_cut_off_in_time(start_probe):
    probe = start_probe("drain_ms=500")
    slow = probe.connect().send(SLOW)
    probe.wait_until("/waiting", lambda text: text == "1")
    assert probe.stop() == "cut off"
    assert slow.reply() is None or slow.is_closed()


def test_suspended_streams_do_not_keep_it_from_ending(start_probe):
    probe = start_probe("drain_ms=1")
    for i in range(100):
        open_stream(probe, f"/follow/{i % 8}")
    probe.stop()


def load(port, stop, results):
    """Requests one after the other; counts those that got no answer although their connection had been accepted."""
    while not stop.is_set():
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.connect()
        except ConnectionError:
            results["refused"] += 1
            return
        try:
            answered_before = False
            while True:
                connection.request(
                    "POST", "/api/echo-blocking", body=b"{}", headers={"Content-Type": "application/json"}
                )
                reply = connection.getresponse()
                reply.read()
                results["answered"] += reply.status == 200
                answered_before = True
                if reply.getheader("connection") == "close":
                    break
        except OSError:
            results["lost" if answered_before else "reset"] += 1
        finally:
            connection.close()


def test_no_accepted_request_is_lost_under_load(start_probe):
    for _ in range(5):
        probe = start_probe(PATIENT)
        stop = threading.Event()
        results = [{"answered": 0, "lost": 0, "refused": 0, "reset": 0} for _ in range(16)]
        threads = [threading.Thread(target=load, args=(probe.port, stop, one)) for one in results]
        for thread in threads:
            thread.start()
        probe.wait_until("/metrics", lambda text: re.search(r"^nerdx_http_connections 1[0-9]$", text, re.MULTILINE))
        probe.terminate()
        for thread in threads:
            thread.join()
        assert probe.stop() == "drained"
        total = {key: sum(one[key] for one in results) for key in results[0]}
        assert total["lost"] == 0, total
        assert total["reset"] == 0, total
        assert (
            sum(line["status"] == 200 for line in probe.log_lines() if line["route"] == "/api/echo-blocking")
            == total["answered"]
        )
