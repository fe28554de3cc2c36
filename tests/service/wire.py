"""A raw HTTP/1.1 connection: sends any bytes, reads replies one at a time, and sees whether the server hung up."""

import json
import socket
from dataclasses import dataclass, field


@dataclass
class Reply:
    status: int
    headers: list = field(default_factory=list)  # (lower-case name, value) in order, doubles kept
    body: bytes = b""

    def header(self, name):
        """The value of the only header with this name, or None."""
        values = [value for key, value in self.headers if key == name.lower()]
        assert len(values) <= 1, f"{name} came {len(values)} times"
        return values[0] if values else None

    def json(self):
        return json.loads(self.body)


class Wire:
    def __init__(self, port, timeout_s=60, host="127.0.0.1"):
        self.socket = socket.create_connection((host, port), timeout=timeout_s)
        self.stream = self.socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.stream.close()
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data.encode("latin-1") if isinstance(data, str) else data)
        return self

    def exchange(self, data):
        """Sends and reads one reply; None when the server hangs up without one."""
        return self.send(data).reply()

    def reply(self, head_only=False):
        line = self.stream.readline()
        if not line:
            return None
        assert line.startswith(b"HTTP/1.1 ") and line.endswith(b"\r\n"), line
        reply = Reply(int(line[9:12]), list(self._headers()))
        if not head_only and reply.status >= 200 and reply.status not in (204, 304):
            reply.body = self._body(reply)
        return reply

    def _headers(self):
        while (line := self.stream.readline().rstrip(b"\r\n")) != b"":
            name, _, value = line.decode("latin-1").partition(":")
            yield name.lower(), value.strip()

    def _body(self, reply):
        if (reply.header("transfer-encoding") or "").lower() == "chunked":
            return b"".join(self._chunks())
        length = reply.header("content-length")
        return self.stream.read() if length is None else self.stream.read(int(length))

    def _chunks(self):
        while size := int(self.stream.readline().split(b";")[0], 16):
            yield self.stream.read(size)
            self.stream.readline()
        list(self._headers())  # trailers

    def is_closed(self):
        """Whether the server has ended the connection; waits for it up to the time-out."""
        try:
            return self.stream.read(1) == b""
        except ConnectionError:
            return True
        except TimeoutError:
            return False
