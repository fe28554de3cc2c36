"""kill -9 under load, as a power cut does it to a process: nothing acknowledged is lost, nothing is doubled."""

import contextlib
import sqlite3
import threading

import requests

LEARN = "/api/v1/world-model/learn"
CLIENTS, CUTS, ENOUGH = 16, 3, 300


def event(name):
    return {"event_id": name, "user_id": f"user-{name[-1]}", "type": "CHATTED_WITH", "entity_id": "maeju-ai"}


class Load:
    """Clients that teach, one event a request, until the program is gone."""

    def __init__(self, nerdx, cut):
        self.nerdx, self.cut = nerdx, cut
        self.sent, self.acknowledged = set(), set()
        self.lock, self.enough = threading.Lock(), threading.Event()
        self.threads = [threading.Thread(target=self.teach, args=(number,)) for number in range(CLIENTS)]

    def teach(self, number):
        with requests.Session() as session, contextlib.suppress(requests.RequestException):
            for count in range(1_000_000):
                name = f"cut-{self.cut}-{number}-{count}"
                with self.lock:
                    self.sent.add(name)
                reply = session.post(self.nerdx.url + LEARN, json={"events": [event(name)]}, timeout=60)
                if reply.status_code == 200:
                    self.note(name)

    def note(self, name):
        with self.lock:
            self.acknowledged.add(name)
            if len(self.acknowledged) >= ENOUGH:
                self.enough.set()

    def run_until_killed(self):
        for thread in self.threads:
            thread.start()
        assert self.enough.wait(60), "too few events were acknowledged"
        self.nerdx.kill9()
        for thread in self.threads:
            thread.join(60)


def teach_again(nerdx, names):
    """(accepted, duplicates) of events sent once more, in requests of at most 1000."""
    accepted = duplicates = 0
    ordered = sorted(names)
    for start in range(0, len(ordered), 1000):
        reply = nerdx.post(LEARN, {"events": [event(name) for name in ordered[start : start + 1000]]}).json()
        accepted, duplicates = accepted + reply["accepted"], duplicates + reply["duplicates"]
    return accepted, duplicates


def stored(nerdx):
    """How many events, and how many relationships that came of them, are in the database."""
    with contextlib.closing(sqlite3.connect(nerdx.data / "world.db")) as connection:
        events = connection.execute("SELECT count(*) FROM relationship WHERE event LIKE 'cut-%'").fetchone()[0]
        edges = connection.execute("SELECT count(*) FROM relationship WHERE type = 'CHATTED_WITH'").fetchone()[0]
    return events, edges


def test_kill_9_under_load_loses_no_acknowledged_event_and_doubles_none(start_nerdx):
    nerdx = start_nerdx()
    _, edges_before = stored(nerdx)
    everything = set()
    for cut in range(CUTS):
        load = Load(nerdx, cut)
        load.run_until_killed()
        everything |= load.sent
        nerdx.restart()
        assert teach_again(nerdx, load.acknowledged) == (0, len(load.acknowledged))
    teach_again(nerdx, everything)
    assert teach_again(nerdx, everything) == (0, len(everything))
    assert stored(nerdx) == (len(everything), edges_before + len(everything))
