"""Calls that share their commits: none is answered before it, all are told when it fails, and none is lost."""

import re

import pytest

from test_http_drain import PATIENT, wait_until_draining


def keep(body="true"):
    head = (
        f"POST /api/keep HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head + body


def has_answer(wire):
    wire.socket.setblocking(False)
    try:
        return bool(wire.stream.peek(1))
    finally:
        wire.socket.setblocking(True)


def commits_wait(probe, count):
    probe.wait_until("/waiting", lambda text: text == str(count))


def calls_wait(probe, count):
    probe.wait_until("/metrics", lambda text: f"\nnerdx_http_workers_queued {count}\n" in text)


def send_in_two_groups(probe, bodies):
    """The first call's commit waits for the test; the others queue behind it and will share the next one."""
    first = probe.connect().send(keep())
    commits_wait(probe, 1)
    others = [probe.connect().send(keep(body)) for body in bodies]
    calls_wait(probe, len(bodies))
    return first, others


def test_calls_that_wait_share_a_commit_and_are_answered_after_it(start_probe):
    probe = start_probe()
    first, others = send_in_two_groups(probe, ["true"] * 5)
    assert not has_answer(first)
    probe.get("/release")
    assert first.reply().json() == {"kept_with": 1}
    commits_wait(probe, 1)
    assert not any(has_answer(wire) for wire in others)
    probe.get("/release")
    replies = [wire.reply() for wire in others]
    assert [reply.status for reply in replies] == [200] * 5
    assert sorted(reply.json()["kept_with"] for reply in replies) == [1, 2, 3, 4, 5]
    assert probe.get("/waiting").text == "0"


def test_a_commit_that_fails_refuses_each_of_its_calls(start_probe):
    probe = start_probe()
    first, others = send_in_two_groups(probe, ["true", "false", "true"])
    probe.get("/release")
    assert first.reply().status == 200
    commits_wait(probe, 1)
    probe.get("/release")
    for wire in others:
        reply = wire.reply()
        assert (reply.status, reply.header("retry-after")) == (503, "30")
        assert reply.json()["detail"] == "the disk is full"
    assert others[0].send(keep()).socket
    commits_wait(probe, 1)
    probe.get("/release")
    assert others[0].reply().status == 200


def test_a_full_queue_says_so_at_once(start_probe):
    probe = start_probe("queue_limit=2")
    first, others = send_in_two_groups(probe, ["true", "true"])
    refused = probe.connect().exchange(keep())
    assert (refused.status, refused.header("retry-after")) == (503, "1")
    probe.get("/release")
    assert first.reply().status == 200
    commits_wait(probe, 1)
    probe.get("/release")
    assert [wire.reply().status for wire in others] == [200, 200]


def test_a_commit_that_takes_too_long_is_not_waited_for(start_probe):
    probe = start_probe("request_timeout_ms=10000")  # within it both have come to wait, also on a busy machine
    first, others = send_in_two_groups(probe, ["true"])
    assert (first.reply().status, others[0].reply().status) == (504, 504)
    probe.get("/release")  # the second call isn't run any more: its client has its answer
    calls_wait(probe, 0)
    assert probe.get("/waiting").text == "0"
    assert first.exchange("GET /plain HTTP/1.1\r\nHost: x\r\n\r\n").status == 200
    assert probe.metric("nerdx_http_deadlines_total") == 2


def test_a_client_that_has_gone_harms_nobody(start_probe):
    probe = start_probe()
    first, others = send_in_two_groups(probe, ["true", "true"])
    first.close()
    others[0].close()
    probe.get("/release")
    commits_wait(probe, 1)
    probe.get("/release")
    assert others[1].reply().status == 200


def test_on_sigterm_what_waits_for_its_commit_is_answered(start_probe):
    probe = start_probe(PATIENT)
    first, others = send_in_two_groups(probe, ["true"] * 3)
    helper = probe.connect()
    assert helper.exchange("GET /plain HTTP/1.1\r\nHost: x\r\n\r\n").status == 200
    probe.terminate()
    wait_until_draining(probe)
    assert helper.exchange("GET /release?more=1 HTTP/1.1\r\nHost: x\r\n\r\n").status == 200
    assert first.reply().status == 200
    assert [wire.reply().status for wire in others] == [200] * 3
    assert probe.stop() == "drained"


@pytest.mark.parametrize("waiting", [0, 3])
def test_the_end_does_not_wait_for_a_commit_for_good(start_probe, waiting):
    probe = start_probe("drain_ms=100")
    first, others = send_in_two_groups(probe, ["true"] * waiting)
    assert probe.stop() == "cut off"
    assert all(wire.reply() is None or wire.is_closed() for wire in [first, *others])
    assert not re.search(r"Sanitizer", probe.log.read_text())
