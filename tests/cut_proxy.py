"""A wire to a server that tests can cut, slow down and hold: a TCP proxy on a port of its own.

with CutProxy(server.port) as wire:
    …  something connects to wire.port
    wire.cut()            resets every connection there is; says how many
    wire.cut_after(9)     lets nine more bytes of what is asked pass, and cuts; (9, ANSWERS) of what is answered
    wire.passed[ASKED]    bytes that have passed
    wire.turns            how often an answer followed what was asked: round trips
    wire.delay_s = 0.2    every piece of an answer is that late
    wire.hold()           nothing more is answered, until let_go()
    wire.refuse()         takes no new connection, until accept()
"""

import contextlib
import itertools
import os
import select
import socket
import struct
import threading
import time

PIECE = 65536
RESET = struct.pack("ii", 1, 0)  # SO_LINGER without waiting: a close is a reset
LOOK_S = 0.1  # how often the end is looked for
NOTHING = os.open(os.devnull, os.O_RDWR)
ASKED, ANSWERS = 0, 1


class CutProxy:
    def __init__(self, port):
        self.target = port
        self.delay_s = 0
        self.passed = [0, 0]
        self.left = [None, None]  # bytes until the cut
        self.turns = 0
        self.last = ANSWERS
        self.lock = threading.Lock()
        self.pairs = set()
        self.ends, self.flows = threading.Event(), threading.Event()
        self.flows.set()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.listener.getsockname()[1]
        self.accepts = True

    def __enter__(self):
        self.thread = threading.Thread(target=self._accept, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *what_happened):
        self.ends.set()
        self.thread.join()
        self.listener.close()
        self.cut()
        self.let_go()

    def hold(self):
        self.flows.clear()

    def let_go(self):
        self.flows.set()

    def refuse(self):
        with self.lock:
            self.accepts = False
        self.cut()

    def accept(self):
        self.accepts = True

    def cut_after(self, size, way=ASKED):
        """None: no cut after all."""
        with self.lock:
            self.left[way] = size

    def cut(self):
        with self.lock:
            pairs, self.pairs = self.pairs, set()
            for side in itertools.chain(*pairs):
                self._reset(side)
        return len(pairs)

    @staticmethod
    def _reset(side):
        """Its number is kept: who is just about to read it or to write to it would do so to another's connection."""
        with contextlib.suppress(OSError):
            side.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            side.shutdown(socket.SHUT_RD)  # wakes who waits on it
        os.dup2(NOTHING, side.fileno(), inheritable=False)

    def _drop(self, *sides):
        for side in sides:
            self._reset(side)
            side.close()

    def _accept(self):
        while not self.ends.is_set():
            if not select.select([self.listener], [], [], LOOK_S)[0]:
                continue
            client, _ = self.listener.accept()
            try:
                server = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                self._drop(client)
                continue
            self._join(client, server)

    def _join(self, client, server):
        """Unless nobody is let in any more, which may be since just now."""
        pair = (client, server)
        with self.lock:
            accepts = self.accepts
            if accepts:
                self.pairs.add(pair)
        if not accepts:
            self._drop(*pair)
            return
        threading.Thread(target=self._carry, args=(pair,), daemon=True).start()

    def _carry(self, pair):
        """Both ways; their numbers are given back once nobody reads them any more."""
        client, server = pair
        answers = threading.Thread(target=self._pump, args=(pair, server, client, ANSWERS), daemon=True)
        answers.start()
        self._pump(pair, client, server, ASKED)
        answers.join()
        for side in pair:
            side.close()

    def _let_pass(self, piece, way):
        """What of the piece passes, and whether that is the last before the cut."""
        with self.lock:
            left = self.left[way]
            size = len(piece) if left is None else min(len(piece), left)
            ends = left is not None and size == left
            self.left[way] = None if left is None or ends else left - size
            self.passed[way] += size
            self.turns += way == ANSWERS and self.last == ASKED
            self.last = way
        return piece[:size], ends

    def _pump(self, pair, source, sink, way):
        with contextlib.suppress(OSError):
            while piece := source.recv(PIECE):
                if way == ANSWERS:
                    time.sleep(self.delay_s)  # what is tested, not a wait
                    self.flows.wait()
                part, ends = self._let_pass(piece, way)
                sink.sendall(part)
                if ends:
                    self.cut()
        with self.lock:
            if pair in self.pairs:
                self.pairs.discard(pair)
                for side in pair:
                    self._reset(side)
