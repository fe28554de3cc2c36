"""Bodies, media types, routes, files, traces, health: what a well-behaved client meets."""

import concurrent.futures
import re

import pytest

JSON = {"Content-Type": "application/json"}


def post_head(path, length, extra=b""):
    return b"POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n%s\r\n" % (
        path,
        length,
        extra,
    )


def test_an_exact_segment_wins_over_a_name(probe):
    assert probe.get("/echo/exact").json()["route"] == "/echo/exact"
    assert probe.get("/echo/other").json()["route"] == "/echo/{name}"


def test_names_and_parameters_are_decoded(probe):
    answer = probe.get("/echo/%EB%A7%89%EA%B1%B8%EB%A6%AC%2F1?q=a+b%26c&q=2&empty&n=").json()
    assert answer["path"] == {"name": "막걸리/1"}
    assert answer["query"] == {"q": "2", "empty": "", "n": ""}


def test_the_rest_of_a_path_is_taken_by_a_star(probe):
    assert probe.get("/deep/a/b%20c/d").json()["tail"] == "a/b c/d"
    assert probe.get("/deep/" + "/".join("abcdefghijklmnopqrstuvwxyz")).json()["tail"].endswith("x/y/z")


@pytest.mark.parametrize("path", ["/echo", "/echo/", "/echo/a/b", "/plain/", "/", "//plain", "/deep"])
def test_a_path_that_is_not_a_route_is_not_found(probe, path):
    reply = probe.connect().exchange(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n")
    assert (reply.status, reply.json()["type"]) == (404, "/problems/not-found")


def test_another_method_is_told_what_the_path_takes(probe):
    reply = probe.connect().exchange("PATCH /echo/a HTTP/1.1\r\nHost: x\r\n\r\n")
    assert (reply.status, reply.header("allow")) == (405, "GET, HEAD, POST, OPTIONS")


def test_head_has_the_headers_of_get_and_no_body(probe):
    with probe.connect() as wire:
        reply = wire.send("HEAD /plain HTTP/1.1\r\nHost: x\r\n\r\n").reply(head_only=True)
        assert (reply.status, reply.header("content-length")) == (200, "11")
        assert wire.exchange("GET /plain HTTP/1.1\r\nHost: x\r\n\r\n").body == b'{"ok":true}'


@pytest.mark.parametrize("path", ["/api/echo", "/api/echo-blocking"])
def test_json_comes_back_as_it_was(probe, path):
    body = '{"이름":"막걸리"}'.encode()
    assert probe.post(path, data=body, headers=JSON).content == body


def test_a_body_may_be_as_large_as_the_limit_and_no_larger(probe):
    assert probe.post("/api/echo", data=b" " * 1000, headers=JSON).status_code == 200
    reply = probe.post("/api/echo", data=b" " * 1001, headers=JSON)
    assert (reply.status_code, reply.json()["detail"]) == (413, "The body has 1001 bytes; here it may have 1000.")
    chunks = (b" " * 100 for _ in range(11))
    assert probe.post("/api/echo", data=chunks, headers=JSON).status_code == 413


def test_a_gigabyte_is_refused_before_it_is_read(probe):
    with probe.connect() as wire:
        reply = wire.send(post_head(b"/big", 1 << 30)).reply()
        assert reply.status == 413
        assert wire.is_closed()


def test_a_client_that_has_sent_too_much_can_still_read_why(probe):
    for _ in range(20):
        with probe.connect() as wire:
            wire.send(post_head(b"/big", 20 << 20) + b"x" * (4 << 20))
            assert wire.reply().status == 413


def test_megabytes_in_pieces_arrive_whole(probe):
    body = b"abcdefgh" * (1 << 20)
    assert probe.post("/big", data=body).json()["body"] == body.decode()
    assert (
        probe.post("/big", data=(body[i : i + 100000] for i in range(0, len(body), 100000))).json()["body"]
        == body.decode()
    )


def test_many_large_bodies_take_no_more_memory_than_announced(start_probe):
    probe = start_probe()
    before = probe.memory_kb()
    wires = [probe.connect() for _ in range(100)]
    for wire in wires:
        wire.send(post_head(b"/big", 8 << 20) + b"x" * 1000)
    probe.wait_until("/metrics", lambda text: re.search(r"^nerdx_http_requests_active 101$", text, re.MULTILINE))
    assert probe.memory_kb() - before < 100 * 200
    for wire in wires:
        wire.close()


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/x-www-form-urlencoded", "", "application/jsonp", "application/json; charset=euc-kr"],
)
def test_an_operation_takes_nothing_but_json(probe, kind):
    assert probe.post("/api/echo", data=b"{}", headers={"Content-Type": kind}).status_code == 415


@pytest.mark.parametrize(
    "kind",
    ["application/json", "Application/JSON", "application/json; charset=utf-8", 'application/json;charset="UTF-8"'],
)
def test_json_may_be_named_in_several_ways(probe, kind):
    assert probe.post("/api/echo", data=b"{}", headers={"Content-Type": kind}).status_code == 200


def test_a_compressed_body_is_not_taken(probe):
    assert probe.post("/api/echo", data=b"{}", headers={**JSON, "Content-Encoding": "gzip"}).status_code == 415


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("application/json", 200),
        ("*/*", 200),
        ("application/*", 200),
        ("text/html", 406),
        ("application/json;q=0", 406),
        ("*/*, application/json;q=0", 406),
        ("text/html, */*;q=0.1", 200),
        ("text/event-stream", 406),
    ],
)
def test_accept_is_kept(probe, accept, status):
    assert probe.post("/api/echo", data=b"{}", headers={**JSON, "Accept": accept}).status_code == status


def test_a_body_that_is_not_utf8_is_refused_with_the_place(probe):
    reply = probe.post("/api/echo", data='{"a":"막걸'.encode() + b"\xff", headers=JSON)
    assert (reply.status_code, reply.json()["detail"]) == (400, "The body isn't UTF-8: byte 12 is wrong.")


def test_a_problem_names_the_place_and_keeps_the_detail(probe):
    reply = probe.get("/api/refuse")
    assert (reply.status_code, reply.json()["pointer"]) == (422, "/abv_percent")
    assert "secret" not in reply.text


def test_a_trace_goes_on(probe):
    sent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    reply = probe.get("/nothing", headers={"traceparent": sent})
    version, trace, span, flags = reply.headers["traceparent"].split("-")
    assert (version, trace, flags) == ("00", "4bf92f3577b34da6a3ce929d0e0e4736", "00")
    assert span != "00f067aa0ba902b7"
    assert reply.json()["instance"] == f"urn:trace:{trace}"


def test_a_bad_trace_is_replaced(probe):
    reply = probe.get("/plain", headers={"traceparent": "00-" + "0" * 32 + "-00f067aa0ba902b7-01"})
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]", reply.headers["traceparent"])
    assert "0" * 32 not in reply.headers["traceparent"]


def test_files_are_compressed_for_those_who_take_it(probe):
    reply = probe.connect().exchange("GET /files/ HTTP/1.1\r\nHost: x\r\nAccept-Encoding: br, gzip;q=0.8\r\n\r\n")
    assert (reply.header("content-encoding"), reply.body, reply.header("vary")) == (
        "gzip",
        b"\x1f\x8bzip",
        "Accept-Encoding",
    )


@pytest.mark.parametrize("accept", ["", "identity", "gzip;q=0", "br", "*;q=0, identity", "gzip;q=0.5, identity;q=1"])
def test_files_are_plain_for_those_who_do_not(probe, accept):
    reply = probe.connect().exchange(f"GET /files/index.html HTTP/1.1\r\nHost: x\r\nAccept-Encoding: {accept}\r\n\r\n")
    assert (reply.header("content-encoding"), reply.header("vary")) == (None, "Accept-Encoding")
    assert reply.body.startswith(b"<!doctype")


def test_a_file_that_has_not_changed_is_not_sent_again(probe):
    with probe.connect() as wire:
        etag = wire.exchange("GET /files/plain.txt HTTP/1.1\r\nHost: x\r\n\r\n").header("etag")
        for condition in (etag, f"W/{etag}", f'"other", {etag}', "*"):
            reply = wire.exchange(f"GET /files/plain.txt HTTP/1.1\r\nHost: x\r\nIf-None-Match: {condition}\r\n\r\n")
            assert (reply.status, reply.body, reply.header("etag")) == (304, b"", etag)
        reply = wire.exchange('GET /files/plain.txt HTTP/1.1\r\nHost: x\r\nIf-None-Match: "other"\r\n\r\n')
        assert reply.status == 200


def test_pages_are_kept_in_a_strict_box(probe):
    headers = probe.get("/files/", headers={"Accept-Encoding": "identity"}).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path", ["/files/nothing", "/files/../plain.txt", "/files/%2e%2e/x", "/files//plain.txt", "/files/plain.txt/"]
)
def test_no_other_file_is_served(probe, path):
    assert probe.connect().exchange(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n").status in (400, 404)


def test_a_server_says_that_it_lives_and_is_ready(probe):
    assert probe.get("/healthz").json() == {"status": "alive"}
    assert probe.get("/readyz").json() == {"status": "ready", "checks": {"probe": "ok"}}
    assert "# TYPE nerdx_http_connections gauge" in probe.get("/metrics").text


def workers(probe):
    """How many run a handler, and how many calls wait for one."""
    text = probe.get("/metrics").text
    found = re.search(r"workers_running (\d+)$.*workers_queued (\d+)$", text, re.MULTILINE | re.DOTALL)
    return int(found.group(1)), int(found.group(2))


def test_when_every_worker_and_the_queue_are_taken_the_next_is_told_to_come_back(start_probe):
    probe = start_probe("workers=2", "queue_limit=3")
    slow = "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"
    wires = [probe.connect().send(slow) for _ in range(2)]
    probe.wait_until("/healthz", lambda _: workers(probe) == (2, 0))
    wires += [probe.connect().send(slow) for _ in range(3)]
    probe.wait_until("/healthz", lambda _: workers(probe) == (2, 3))
    refused = probe.get("/slow")
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
    assert refused.json()["retry_after_s"] == 1
    assert probe.get("/plain").status_code == 200
    probe.wait_until("/release", lambda _: workers(probe) == (0, 0))
    assert [wire.reply().status for wire in wires] == [200] * 5


def test_a_route_has_as_many_at_work_as_it_says(start_probe):
    probe = start_probe()
    for _ in range(2):  # those that are over make room
        first = probe.connect().send("GET /one HTTP/1.1\r\nHost: x\r\n\r\n")
        probe.wait_until("/waiting", lambda text: text == "1")
        refused = probe.get("/one")
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
        assert probe.get("/plain").status_code == 200
        probe.get("/release")
        assert first.reply().status == 200
        probe.wait_until("/waiting", lambda text: text == "0")
        probe.wait_until("/metrics", lambda _: workers(probe) == (0, 0))


def test_a_route_has_as_much_time_as_it_says(start_probe):
    probe = start_probe()
    with probe.connect() as wire:
        assert wire.exchange("GET /brief HTTP/1.1\r\nHost: x\r\n\r\n").status == 504
    probe.get("/release")


@pytest.mark.parametrize("goes_on", [True, False])
def test_a_late_handler_still_sees_its_own_head(start_probe, goes_on):
    probe = start_probe("request_timeout_ms=2000", "loops=1")  # within it a worker has begun
    wire = probe.connect()
    assert wire.exchange("GET /slow HTTP/1.1\r\nHost: x\r\nX-Name: first\r\n\r\n").status == 504
    if goes_on:
        wire.send("PUT /plain HTTP/1.1\r\nHost: x\r\nX-Name: other\r\n\r\n").reply()
    else:
        wire.close()
    probe.get("/release")
    probe.wait_until("/seen", bool)
    assert probe.get("/seen").text == "GET first 127.0.0.1"


def test_a_handler_that_is_too_late_is_answered_for(start_probe):
    probe = start_probe("request_timeout_ms=200")
    with probe.connect() as wire:
        reply = wire.exchange("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
        assert (reply.status, reply.json()["type"]) == (504, "/problems/timed-out")
        assert wire.exchange("GET /plain HTTP/1.1\r\nHost: x\r\n\r\n").status == 200
    probe.get("/release")
    assert probe.stop() == "drained"
    assert [line["status"] for line in probe.log_lines() if line["route"] == "/slow"] == [504]


def test_the_access_log_has_one_line_for_each_request(start_probe):
    probe = start_probe()
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda i: probe.get(f"/echo/{i}"), range(200)))
    probe.stop()
    assert sorted(int(line["target"][6:]) for line in probe.log_lines()) == list(range(200))
