"""Who did what to an account stays as it was written: `nerdx doctor` names the row that doesn't."""

import contextlib

import pytest

from people import AUTH, bearer, sign_in, sign_up
from stores import open_store


@pytest.fixture
def audited(start_nerdx):
    """A program that wrote some rows and stopped."""
    nerdx = start_nerdx()
    member = sign_up(nerdx)
    sign_in(nerdx, member["email"], "guess number one")
    nerdx.post(f"{AUTH}/sign-out-everywhere", headers=bearer(member))
    nerdx.stop()
    return nerdx


def verdict(run_nerdx, nerdx):
    done = run_nerdx("doctor", "--data", nerdx.data)
    return next(line for line in done.stdout.splitlines() if "accounts:" in line), done.returncode


def test_a_log_that_nobody_touched_is_unbroken(audited, run_nerdx):
    line, _ = verdict(run_nerdx, audited)
    assert line.startswith("ok") and "audit log of 3 rows unbroken up to" in line, line
    with contextlib.closing(open_store(audited.data, "auth")) as store:
        acts = [act for (act,) in store.execute("SELECT act FROM audit ORDER BY number").fetchall()]
    assert acts == ["signed-up", "sign-in-refused", "sign-ins-ended"]


@pytest.mark.parametrize(
    "change, row",
    [
        ("UPDATE audit SET detail = 'nothing' WHERE number = 2", "row 2 isn't as it was written"),
        ("UPDATE audit SET at_us = at_us + 1 WHERE number = 1", "row 1 isn't as it was written"),
        ("DELETE FROM audit WHERE number = 2", "row 2 is missing"),
        ("DELETE FROM audit WHERE number = 3", "row 3 is missing"),
        ("UPDATE audit SET hash = (SELECT hash FROM audit WHERE number = 1) WHERE number = 3", "row 3 isn't as it was"),
    ],
)
def test_the_doctor_names_the_row_that_was_changed(audited, run_nerdx, change, row):
    with contextlib.closing(open_store(audited.data, "auth")) as store:
        store.execute(change)
        store.commit()
    line, code = verdict(run_nerdx, audited)
    assert line.startswith("WRONG") and row in line, line
    assert code == 1
