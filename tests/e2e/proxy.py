"""A TCP proxy between the browser and NERDX that loses connections when it is told to."""

import contextlib
import socket
import threading

PIECE = 65536
LOST_LIMIT_S = 60  # a bound for a test that forgets it


class Proxy:
    """`url` leads to `port`.

    After cut_at(b"event: delta") the next answer that holds these bytes stops right behind them, and its connection is
    lost at lose(). Whoever connects while `open` is not set is sent away; once `patient` is set, they are kept waiting.
    """

    def __init__(self, port):
        self.port, self.mark, self.ends = port, None, []
        self.open, self.stopped, self.lost = threading.Event(), threading.Event(), threading.Event()
        self.patient = threading.Event()
        self.open.set()
        self.server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.server.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self.server.close()

    def cut_at(self, mark):
        self.stopped.clear()
        self.lost.clear()
        self.mark = mark

    def lose(self, stay_away=False):
        """stay_away: nobody gets through afterwards, until `open` is set again; what is open ends."""
        self.lost.set()
        if stay_away:
            self.open.clear()
            for end in self.ends:
                with contextlib.suppress(OSError):  # already gone
                    end.shutdown(socket.SHUT_RDWR)

    def _accept(self):
        while True:
            try:
                client, _ = self.server.accept()
            except OSError:
                return  # closed
            threading.Thread(target=self._connect, args=(client,), daemon=True).start()

    def _connect(self, client):
        self.ends.append(client)  # before it is looked whether the way is open: who shuts it ends all that are here
        try:
            if not self.open.wait(LOST_LIMIT_S if self.patient.is_set() else 0):
                raise ConnectionError
            upstream = socket.create_connection(("127.0.0.1", self.port))
        except OSError:
            client.close()
            return
        asked = threading.Thread(target=self._pass_on, args=(client, upstream), daemon=True)
        asked.start()
        self._pass_on(upstream, client, answers=True)
        asked.join()
        for end in (client, upstream):
            end.close()  # not before: its number would be another's, and who was about to read it would read from there

    def _pass_on(self, source, sink, answers=False):
        try:
            while piece := source.recv(PIECE):
                at = piece.find(self.mark) if answers and self.mark else -1
                if at >= 0:
                    sink.sendall(piece[: at + len(self.mark)])
                    self.mark = None
                    self.stopped.set()
                    self.lost.wait(LOST_LIMIT_S)
                    break
                sink.sendall(piece)
        except OSError:
            pass  # the other direction was closed
        for end in (source, sink):
            with contextlib.suppress(OSError):  # already gone
                end.shutdown(socket.SHUT_RDWR)
