"""The wire to PostgreSQL is cut within what is sent or answered of a turn, each time further on: what was acknowledged
is there, what was refused with "try again" is not, and nothing is there twice, neither said nor remembered."""

import pytest

from conversation import say, sessions, turns_of, until, wait_until_remembered
from cut_proxy import ANSWERS, ASKED, CutProxy
from postgres_server import PostgresServer

CUTS = 24  # places, spread evenly over one turn's bytes
TURNS = 10  # of which one at least finds its statements prepared


@pytest.fixture(scope="module")
def postgres():
    with PostgresServer("fsync = off") as server:
        yield server


@pytest.fixture
def wire(postgres):
    with CutProxy(postgres.port) as wire:
        yield wire


@pytest.fixture
def talking(start_nerdx, postgres, wire):
    """Only turns pass the wire: what is told of them another process delivers, beside it. It would take the cuts."""
    url = f"{postgres.url}#pipelines_{wire.port}"
    cut = url.replace(str(postgres.port), str(wire.port), 1)
    talking = start_nerdx("--job-threads", "0", env={"NERDX_AGENTS_SQL": cut})
    start_nerdx(data=talking.data, env={"NERDX_AGENTS_SQL": url})
    return talking


def bytes_of_a_turn(talking, wire, way):
    """The least of some: a connection's first turn prepares its statements, too."""
    sizes = []
    for _ in range(TURNS):
        before = wire.passed[way]
        assert say(talking, "first").status_code == 200
        sizes.append(wire.passed[way] - before)
    return min(sizes)


def cut_within(talking, wire, session, size, way):
    """Says something while the wire is cut; the turn before it, and the reply."""
    before = until(lambda: (reply := say(talking, session)).status_code == 200 and reply)
    wire.cut_after(size, way)
    reply = say(talking, session)
    wire.cut_after(None, way)
    return before.json()["turn_id"], reply


def told(reply):
    """What who asked is told: it is done, ask again, or nobody knows."""
    if reply.status_code == 200:
        return "done"
    assert reply.status_code == 503, reply.text
    assert int(reply.headers["Retry-After"]) > 0
    return "look" if "look whether it did" in reply.text else "again"


@pytest.mark.parametrize("way", [ASKED, ANSWERS], ids=["asked", "answered"])
def test_cut_anywhere_within_a_turn_nothing_acknowledged_is_lost_and_nothing_is_done_twice(talking, wire, way):
    whole, seen = bytes_of_a_turn(talking, wire, way), set()
    for place in range(CUTS):
        session = f"{way}-{place}"
        first, reply = cut_within(talking, wire, session, 1 + whole * place // CUTS, way)
        until(lambda s=session: sessions(talking, s).status_code == 200)
        kept = turns_of(talking, session)
        assert kept.count(first) == 1
        assert len(kept) in {"done": (2,), "again": (1,), "look": (1, 2)}[told(reply)], (place, reply.text)
        assert reply.status_code != 200 or reply.json()["turn_id"] in kept
        assert sorted(wait_until_remembered(talking, f"user-{session}", len(kept))) == sorted(kept)
        seen.add(told(reply))
    assert seen > {"done"}, "no cut was noticed"
