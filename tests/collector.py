"""A collector of traces: takes OTLP over HTTP as JSON, strictly, and shows spans as they hang together.

with Collector() as collector:
    …  something sends to collector.url
    collector.spans                 all that came, as Span
    collector.status = 503          what it answers from now on, with collector.answer
"""

import http.server
import json
import re
import threading
from dataclasses import dataclass, field

HEX = {16: re.compile(r"[0-9a-f]{16}"), 32: re.compile(r"[0-9a-f]{32}")}
KINDS = {1: "internal", 2: "server", 3: "client", 4: "producer", 5: "consumer"}


@dataclass
class Span:
    trace_id: str
    span_id: str
    parent_id: str
    name: str
    kind: str
    start_ns: int
    end_ns: int
    is_error: bool
    notes: dict
    resource: dict
    flags: int
    children: list = field(default_factory=list)


def value_of(value):
    [(kind, content)] = value.items()
    assert kind in ("stringValue", "intValue"), kind
    return int(content) if kind == "intValue" else content


def notes_of(attributes):
    notes = {one["key"]: value_of(one["value"]) for one in attributes}
    assert len(notes) == len(attributes), "a key is there once"
    return notes


def identity(text, digits):
    assert HEX[digits].fullmatch(text) and text.strip("0"), text
    return text


def span_of(one, resource):
    known = {"traceId", "spanId", "parentSpanId", "name", "kind", "flags", "attributes", "status"}
    assert one.keys() <= known | {"startTimeUnixNano", "endTimeUnixNano"}, one.keys()
    assert all(isinstance(one[name], str) for name in ("startTimeUnixNano", "endTimeUnixNano")), "64 bits are text"
    span = Span(
        identity(one["traceId"], 32),
        identity(one["spanId"], 16),
        identity(one["parentSpanId"], 16) if "parentSpanId" in one else "",
        one["name"],
        KINDS[one["kind"]],
        int(one["startTimeUnixNano"]),
        int(one["endTimeUnixNano"]),
        one.get("status", {}).get("code") == 2,
        notes_of(one["attributes"]),
        resource,
        one["flags"],
    )
    assert span.start_ns < span.end_ns, "Jaeger shows one that takes no time as a mistake"
    return span


def spans_of(body):
    for part in body["resourceSpans"]:
        resource = notes_of(part["resource"]["attributes"])
        for scope in part["scopeSpans"]:
            assert scope["scope"]["name"] == "nerdx"
            yield from (span_of(one, resource) for one in scope["spans"])


class Collector:
    def __init__(self):
        self.status, self.answer, self.requests, self.wrong = 200, b"{}", 0, []
        self._spans, self._lock, self._came = [], threading.Lock(), threading.Condition()
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def _handler(self):
        collector = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = collector.take(self.path, self.headers["Content-Type"], body)
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(collector.answer)))
                self.end_headers()
                self.wfile.write(collector.answer)

            def log_message(self, *_):
                pass

        return Handler

    def take(self, path, media, body):
        with self._came:
            self.requests += 1
            self._came.notify_all()
            if self.status != 200:
                return self.status
            try:
                assert (path, media) == ("/v1/traces", "application/json")
                self._spans.extend(spans_of(json.loads(body)))
            except (AssertionError, KeyError, ValueError) as problem:
                self.wrong.append(f"{problem!r}: {body[:2000]!r}")
            return 200

    @property
    def spans(self):
        with self._came:
            assert not self.wrong, self.wrong
            return list(self._spans)

    def wait_for(self, condition, limit_s=60):
        """The first true value of condition(spans), asked again whenever something comes."""
        with self._came:
            self._came.wait_for(lambda: self.wrong or condition(self._spans), limit_s)
            assert not self.wrong, self.wrong
            found = condition(self._spans)
        assert found, [(one.name, one.trace_id) for one in self.spans]
        return found

    def trace(self, trace_id, *names):
        """The roots of a trace, once spans of these names are there; children as they began."""

        def all_there(spans):
            return {one.name for one in spans if one.trace_id == trace_id} >= set(names)

        self.wait_for(all_there)
        spans = {one.span_id: one for one in self.spans if one.trace_id == trace_id}
        for one in spans.values():
            one.children = []
        for one in sorted(spans.values(), key=lambda one: one.start_ns):
            if one.parent_id in spans:
                spans[one.parent_id].children.append(one)
        return [one for one in spans.values() if one.parent_id not in spans]

    def __enter__(self):
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *what_happened):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
