"""How long jobs of a peer wait, from when they are asked for until they begin: its workers note each in the file
BENCH_WAITS, a line a job; who adds them paces itself and reads it. The same pace as pickup.c."""

import os
import pathlib
import random
import time

A_SECOND, WARM_UP = 100, 50


def note(asked_ns):
    """By the worker, as the job begins."""
    line = f"{(time.monotonic_ns() - asked_ns) / 1e6}\n".encode()
    notes = os.open(os.environ["BENCH_WAITS"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(notes, line)
    os.close(notes)


def moments(count):
    """By who adds them: one after the other, at chance."""
    chance = random.Random(1)
    path = pathlib.Path(os.environ["BENCH_WAITS"])
    path.write_text("")
    for _ in range(count + WARM_UP):
        time.sleep(chance.expovariate(A_SECOND))
        yield time.monotonic_ns()
    while path.read_text().count("\n") < count + WARM_UP:
        time.sleep(0.01)


def result():
    """The median and the 99th percentile, in milliseconds."""
    lines = pathlib.Path(os.environ["BENCH_WAITS"]).read_text().split()
    waits = sorted(float(line) for line in lines[WARM_UP:])
    return f"{waits[len(waits) // 2]} {waits[len(waits) * 99 // 100]}"
