"""WebSockets, as a client of others' speaks them (`WebSocket`) and as nobody should (frames over a `Wire`)."""

import asyncio
import json

import websockets

from conversation import Event
from wire import Wire

WAIT_LIMIT_S = 60  # a bound for what never comes, not a promise about speed
KEY, ACCEPT = "dGhlIHNhbXBsZSBub25jZQ==", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="  # RFC 6455, 1.3
MASK = b"\x12\x34\x56\x78"
CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10


async def connect(url, options):
    """It keeps all that comes: with a full queue it would not see that it is closed."""
    return await websockets.connect(url.replace("http", "ws", 1), max_queue=None, **options)


class WebSocket:
    """Speaks only while it is asked something: between that it neither reads nor answers pings."""

    def __init__(self, url, **options):
        self.loop = asyncio.new_event_loop()
        self.link = self._run(connect(url, options))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _run(self, awaited):
        async def within():
            return await asyncio.wait_for(awaited, WAIT_LIMIT_S)

        return self.loop.run_until_complete(within())

    def next_event(self):
        """None when it has been closed; `code` says how then."""
        try:
            said = json.loads(self._run(self.link.recv()))
        except websockets.ConnectionClosed:
            return None
        assert list(said) == ["id", "event", "data"]
        return Event(said["id"], said["event"], said["data"])

    def next_id(self):
        event = self.next_event()
        return event and event.id

    def events(self):
        return list(iter(self.next_event, None))

    @property
    def code(self):
        return self.link.close_code

    def ping(self):
        """Whether it was answered."""

        async def until_answered():
            await (await self.link.ping())

        try:
            self._run(until_answered())
        except websockets.ConnectionClosed:
            return False
        return True

    def close(self):
        if not self.loop.is_closed():
            self._run(self.link.close())
            self.loop.close()

    def cut(self):
        self.link.transport.abort()
        self._run(self.link.wait_closed())
        self.loop.close()


def refusal_of(url, **options):
    """The status of a handshake that fails."""
    loop = asyncio.new_event_loop()
    try:
        link = loop.run_until_complete(connect(url, options))
    except websockets.InvalidStatusCode as refused:
        return refused.status_code
    finally:
        loop.close()
    raise AssertionError(f"{url} was opened: {link}")


# --- by hand ---


def handshake(path, *headers, key=KEY, version="13", http="1.1"):
    lines = [f"GET {path} HTTP/{http}", "Host: x", "Upgrade: websocket", "Connection: keep-alive, Upgrade"]
    lines += [f"Sec-WebSocket-Key: {key}", f"Sec-WebSocket-Version: {version}", *headers]
    return "\r\n".join(lines) + "\r\n\r\n"


def frame(opcode, payload=b"", first=0x80, masked=True):
    """first: FIN and reserved bits."""
    size = len(payload)
    length = bytes([size]) if size < 126 else b"\x7e" + size.to_bytes(2, "big")
    if not masked:
        return bytes([first | opcode]) + length + payload
    masked_payload = bytes(byte ^ MASK[i % 4] for i, byte in enumerate(payload))
    return bytes([first | opcode, length[0] | 0x80]) + length[1:] + MASK + masked_payload


def open_by_hand(port, path, then=b""):
    """A wire that is a WebSocket; `then` goes out in one piece with the handshake."""
    wire = Wire(port)
    reply = wire.send(handshake(path).encode() + then).reply()
    assert (reply.status, reply.header("sec-websocket-accept")) == (101, ACCEPT)
    assert (reply.header("upgrade"), reply.header("connection").lower()) == ("websocket", "upgrade")
    return wire


def next_frame(wire):
    """(opcode, payload); None when the connection has ended."""
    head = wire.stream.read(2)
    if len(head) < 2:
        return None
    size = head[1]
    if size >= 126:
        size = int.from_bytes(wire.stream.read(2 if size == 126 else 8), "big")
    return head[0] & 15, wire.stream.read(size)
