"""What is older than its term goes: on PostgreSQL whole months at once, waiting for nobody who reads them."""

import contextlib

import pytest

from stores import STORES, open_store
from worlds import DAY_MS, ms_of

TERM_DAYS = 395
on_postgres = pytest.mark.skipif(STORES.embedded, reason="a file has no months")


@pytest.fixture
def world(world_of):
    """With events of every ninth day of a winter."""
    world = world_of("months", ms_of("2026-01-05"))
    for _ in range(8):
        world.pass_time(9 * DAY_MS)
        world.send_known(20)
    return world


def ask(world, statement):
    with contextlib.closing(open_store(world.directory, "analytics")) as store:
        return store.execute(statement).fetchall()


def days_kept(world):
    return [day for (day,) in ask(world, "SELECT DISTINCT day FROM visit ORDER BY day")]


def pass_term(world):
    """Until the beginning of March is older than the term, and somebody comes. Returns the first day that isn't."""
    world.pass_time(ms_of("2027-04-09") - world.now_ms)
    world.send_known(1)
    return world.now_ms // DAY_MS - TERM_DAYS


def test_what_is_older_than_its_term_goes_and_nothing_else(world):
    had = days_kept(world)
    first = pass_term(world)
    left = [day for day in had if day >= first]
    assert 0 < len(left) < len(had) - 3
    assert days_kept(world)[:-1] == left


def test_it_goes_though_somebody_takes_back_their_consent_every_day(world):
    world.pass_time(ms_of("2027-04-08") - world.now_ms)
    for _ in range(3):
        world.withdraw()
        world.pass_time(DAY_MS)
        world.send_known(1)
    assert days_kept(world)[0] >= world.now_ms // DAY_MS - TERM_DAYS


def test_what_was_counted_of_a_day_stays_when_half_of_it_is_over_and_somebody_takes_back_their_consent(world_of):
    """A day in Seoul lies in two of UTC, of which the first goes earlier."""
    world = world_of("edge", ms_of("2026-03-08"))
    world.pass_time(18 * 3_600_000)
    world.send_known(50)
    world.pass_time(8 * 3_600_000)
    world.send_known(50)
    asked = {"from": "2026-03-09", "to": "2026-03-09", "zone": "Asia/Seoul"}
    before = world.get("counts", **asked)
    world.pass_time(TERM_DAYS * DAY_MS)
    world.send_known(1)
    assert days_kept(world)[0] == ms_of("2026-03-09") // DAY_MS
    world.withdraw()
    assert world.get("counts", **asked) == before


def files_of_months(world):
    """Their bytes, and which files they are."""
    names = "('visit_2026_01', 'visit_2026_02', 'visit_2026_03')"
    what = "relname, pg_relation_size(oid), relfilenode"
    here = "relnamespace = current_schema()::regnamespace"  # others' schemas have such months, too
    rows = ask(world, f"SELECT {what} FROM pg_class WHERE relname IN {names} AND {here}")
    return {name: (size, file) for name, size, file in rows}


@on_postgres
def test_a_month_that_is_over_is_emptied_at_once_and_the_one_it_is_in_row_by_row(world):
    had = files_of_months(world)
    pass_term(world)
    found = files_of_months(world)
    for month in ("visit_2026_01", "visit_2026_02"):
        assert had[month][0] > 0
        assert found[month][0] == 0, "its room is free, without a vacuum"
    assert found["visit_2026_03"] == had["visit_2026_03"]


@on_postgres
def test_who_reads_a_month_that_is_over_holds_up_nobody(world):
    had = days_kept(world)
    with contextlib.closing(open_store(world.directory, "analytics")) as reader:
        assert reader.execute("SELECT count(*) FROM visit_2026_01").fetchone()[0] > 0  # and stays in its transaction
        first = pass_term(world)
        assert days_kept(world)[:-1] == [day for day in had if day >= first]
