"""A server that speaks OpenAI's chat completions and says what a script tells it to, so that every answer and every
failure of a language model can be had at will.

    with LlmServer() as llm:
        llm.play(says("Hello. ", "What do you like?"), status(429, retry_after=1), hangs())
        … NERDX_LLM_URL=llm.url …
        assert llm.requests[0]["messages"][-1]["content"] == "hi"

Each request takes the next step of the script; the last is taken again and again. As a program
(`python3 tests/llm_server.py [PORT]`) it answers at once, for trying and measuring.
"""

import asyncio
import contextlib
import json
import sys
import threading

READ_LIMIT = 4 << 20
ANSWER = "Makgeolli is an old friend of rice and patience. What would you like to hear about it?"


def chunk(delta=None, finish=None, **fields):
    """One chunk of a stream, as bytes."""
    choice = {"index": 0, "delta": delta or {}, "logprobs": None, "finish_reason": finish}
    body = {
        "id": "chatcmpl-test",
        "object": "chat.completion.chunk",
        "created": 1764028800,
        "model": "test-model",
        "choices": [choice],
        **fields,
    }
    return f"data: {json.dumps(body, ensure_ascii=False)}\n\n".encode()


DONE = b"data: [DONE]\n\n"


def usage(read, written, cached=0):
    tokens = {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
    return chunk(choices=[], usage={**tokens, "prompt_tokens_details": {"cached_tokens": cached}})


class Answer:
    """One answer on its way: what a step writes to."""

    def __init__(self, writer):
        self.writer = writer
        self.in_chunks = False

    async def head(self, code=200, content_type="text/event-stream", headers=(), length=None):
        framing = "Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}"
        self.in_chunks = length is None
        lines = [f"HTTP/1.1 {code} Scripted", f"Content-Type: {content_type}", framing, *headers, "", ""]
        self.writer.write("\r\n".join(lines).encode())

    async def send(self, data):
        self.writer.write(b"%x\r\n%s\r\n" % (len(data), data) if self.in_chunks else data)
        await self.writer.drain()

    async def end(self):
        if self.in_chunks:
            self.writer.write(b"0\r\n\r\n")
        await self.writer.drain()

    def drop(self):
        """Ends the connection in the middle."""
        self.writer.transport.abort()


def sends(*pieces, delay=0.0):
    """A stream of these bytes, each sent by itself."""

    async def step(answer):
        await answer.head()
        for piece in pieces:
            await answer.send(piece)
            await asyncio.sleep(delay)
        await answer.end()

    return step


def says(*texts, delay=0.0, finish="stop", tokens=(100, 20, 0)):
    """The texts, a chunk each, and everything that belongs to a good stream."""
    first = chunk({"role": "assistant", "content": ""})
    pieces = [chunk({"content": text}) for text in texts]
    return sends(first, *pieces, chunk(finish=finish), usage(*tokens), DONE, delay=delay)


def calls(*wanted, text=None, tokens=(50, 9)):
    """Calls of tools, (name, arguments) each, after a text; arguments that are text are sent as they are, in two."""
    pieces = [chunk({"content": text})] if text else []
    for index, (name, arguments) in enumerate(wanted):
        given = arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)
        half = len(given) // 2
        head = {"index": index, "id": f"call_{index}", "type": "function", "function": {"name": name, "arguments": ""}}
        pieces.append(chunk({"tool_calls": [head]}))
        for part in (given[:half], given[half:]):
            pieces.append(chunk({"tool_calls": [{"index": index, "function": {"arguments": part}}]}))
    first = chunk({"role": "assistant", "content": None})
    return sends(first, *pieces, chunk(finish="tool_calls"), usage(*tokens), DONE)


def reply(body, code=200, content_type="application/json", headers=()):
    """A whole answer with a length."""
    data = body.encode() if isinstance(body, str) else json.dumps(body).encode()

    async def step(answer):
        await answer.head(code, content_type, headers, len(data))
        await answer.send(data)

    return step


def whole(text):
    """An answer that isn't streamed, although it was asked for."""
    message = {"role": "assistant", "content": text}
    return reply({"object": "chat.completion", "choices": [{"index": 0, "message": message, "finish_reason": "stop"}]})


def status(code, message="scripted", retry_after=None, **fields):
    headers = () if retry_after is None else (f"Retry-After: {retry_after}",)
    error = {"message": message, "type": "scripted", "param": None, "code": None, **fields}
    return reply({"error": error}, code, headers=headers)


def breaks_off(*texts):
    """Dies after these texts."""

    async def step(answer):
        await answer.head()
        for text in texts:
            await answer.send(chunk({"content": text}))
        await asyncio.sleep(0.05)
        answer.drop()

    return step


def says_when(opened, first, rest):
    """The first text, and the rest once the event is set."""

    async def step(answer):
        await answer.head()
        await answer.send(chunk({"role": "assistant", "content": first}))
        while not opened.is_set():
            await asyncio.sleep(0.01)
        for piece in (chunk({"content": rest}), chunk(finish="stop"), usage(100, 20), DONE):
            await answer.send(piece)
        await answer.end()

    return step


def hangs(*texts, after_head=True):
    """Says these texts and nothing more, until the other side goes."""

    async def step(answer):
        if after_head:
            await answer.head()
        for text in texts:
            await answer.send(chunk({"content": text}))
        await asyncio.sleep(3600)

    return step


def stays_open(*pieces):
    """Sends these and then, again and again, that it lives, until the other side goes."""

    async def step(answer):
        await answer.head()
        for piece in pieces:
            await answer.send(piece)
        while True:
            await asyncio.sleep(0.02)
            await answer.send(b": ping\n\n")

    return step


class LlmServer:
    def __init__(self, port=0):
        self.script, self.requests, self.headers, self.models = [says(ANSWER)], [], [], ["test-model"]
        self.wanted_port, self.lock = port, threading.Lock()
        self.loop = asyncio.new_event_loop()
        self.ready = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self.thread.start()
        self.ready.wait()
        self.url = f"http://127.0.0.1:{self.port}/v1"
        return self

    def __exit__(self, *_):
        self.loop.call_soon_threadsafe(self.stopped.set)
        self.thread.join()

    def play(self, *steps):
        """Begins a script, and forgets the requests until now."""
        with self.lock:
            self.script, self.requests, self.headers = list(steps), [], []

    def _run(self):
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(self._serve())

    async def _serve(self):
        self.stopped = asyncio.Event()
        server = await asyncio.start_server(self._talk, "127.0.0.1", self.wanted_port, limit=READ_LIMIT, backlog=512)
        self.port = server.sockets[0].getsockname()[1]
        self.ready.set()
        await self.stopped.wait()
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    def _next(self, request, headers):
        with self.lock:
            self.requests.append(request)
            self.headers.append(headers)
            return self.script.pop(0) if len(self.script) > 1 else self.script[0]

    async def _answer(self, line, headers, body, answer):
        if line.startswith("GET"):
            models = {"object": "list", "data": [{"id": name, "object": "model"} for name in self.models]}
            await reply(models)(answer)
        else:
            await self._next(json.loads(body), headers)(answer)

    async def _talk(self, reader, writer):
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            while True:
                lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
                headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])}
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                await self._answer(lines[0], headers, body, Answer(writer))
        writer.close()


def main():
    with LlmServer(int(sys.argv[1]) if len(sys.argv) > 1 else 0) as server:
        print(f"a language model that says one thing: {server.url}", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main()
