"""Parts of the tests run side by side, and nothing of them is lost."""

import os
import pathlib
import signal
import subprocess
import sys

import pytest

from beside import side_by_side

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIMIT_S = 60  # a bound for a machine that hangs


def meeting(at_once):
    """What a piece of work reads once so many have come; each tells that it has by a byte."""
    come, go = os.pipe(), os.pipe()

    def meet(name):
        os.write(come[1], b".")
        if name == "host":
            for _ in range(at_once):
                os.read(come[0], 1)
            os.write(go[1], b"." * at_once)
        os.read(go[0], 1)
        return name

    return meet


def test_as_many_run_at_once_as_were_wanted_and_each_gives_its_result():
    found = list(side_by_side(["host", "guest", "friend"], 3, meeting(3)))
    assert sorted(done.result for done in found) == ["friend", "guest", "host"]


def test_what_each_prints_stays_together_and_that_of_its_programs_with_it():
    def work(name):
        for number in range(50):
            print(name, number, flush=True)
            subprocess.run(["sh", "-c", f"echo {name} {number} >&2"], check=True)

    for done in side_by_side(["one", "other"], 2, work):
        assert done.printed.splitlines() == [f"{done.name} {number}" for number in range(50) for _ in range(2)]


def end(_):
    sys.exit("it can't go on")


def die(_):
    print("last words", flush=True)
    os.kill(os.getpid(), signal.SIGKILL)


def break_down(_):
    raise ValueError("broken")


@pytest.mark.parametrize(("work", "said"), [(end, "it can't go on"), (die, "last words"), (break_down, "broken")])
def test_one_that_dies_has_no_result_and_its_words_are_kept(work, said):
    (done,) = side_by_side(["one"], 2, work)
    assert done.result is None
    assert said in done.printed


INTERRUPTED = """
import signal, sys, time
from beside import side_by_side

def work(name):
    try:
        told.write(name[:1])
        told.flush()
        while True:
            time.sleep(0.01)  # not pause(): it would wait for another signal than one that comes just before it
    finally:
        told.write("!")
        told.flush()

signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs in the background doesn't hear it else
told = open(sys.argv[1], "w")
list(side_by_side(["one", "other", "never"], 2, work))
"""


def test_an_interrupt_ends_those_that_run_in_order_and_begins_no_other(tmp_path):
    told = tmp_path / "told"
    os.mkfifo(told)
    env = {**os.environ, "PYTHONPATH": str(ROOT / "tools/dev")}
    program = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, told], env=env, stderr=subprocess.DEVNULL, start_new_session=True
    )
    with told.open() as reader:
        begun = reader.read(2)
        os.killpg(program.pid, signal.SIGINT)
        rest = reader.read()
    assert program.wait(LIMIT_S) != 0
    assert (sorted(begun), rest) == (["o", "o"], "!!")
