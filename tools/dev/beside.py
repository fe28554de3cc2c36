"""Work side by side: each piece in a process of its own, what it prints kept whole, so many at once.

    for done in side_by_side(["one", "other"], 2, work):    work(name) in that process
        done.name, done.printed, done.result                None when it ended before it had one
"""

import multiprocessing
import multiprocessing.connection
import os
import sys
from dataclasses import dataclass

FORK = multiprocessing.get_context("fork")


@dataclass
class Done:
    name: str
    printed: str
    result: object


class Piece:
    def __init__(self, name, work):
        self.name, self.work, self.output = name, work, os.memfd_create(name)
        self.results, into = FORK.Pipe(duplex=False)
        self.process = FORK.Process(target=self._live, args=(into,))
        self.process.start()
        into.close()

    def _live(self, into):
        for printed_to in (1, 2):
            os.dup2(self.output, printed_to)
        sys.stdout = sys.stderr = os.fdopen(1, "w", buffering=1, closefd=False)
        into.send(self.work(self.name))

    def done(self):
        self.process.join()
        try:
            result = self.results.recv()
        except EOFError:
            result = None
        os.lseek(self.output, 0, os.SEEK_SET)
        with self.results, open(self.output, errors="replace") as printed:
            return Done(self.name, printed.read().rstrip("\n"), result)


def side_by_side(names, at_once, work):
    """In the order in which they end; begun in that of their names. A Ctrl-C reaches them all: they are waited for."""
    waiting, running = list(names), []
    try:
        while waiting or running:
            while waiting and len(running) < at_once:
                running.append(Piece(waiting.pop(0), work))
            ended = multiprocessing.connection.wait([piece.process.sentinel for piece in running])
            for piece in [piece for piece in running if piece.process.sentinel in ended]:
                running.remove(piece)
                yield piece.done()
    finally:
        for piece in running:
            piece.process.join()
