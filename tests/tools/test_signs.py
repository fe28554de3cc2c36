"""The weights that the guards are embedded with are those that tools/signs/learn.py makes of the corpus."""

import importlib.util
import pathlib

import numpy
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Hundredths by which the sums of another machine may end up elsewhere, and what is too little to be written.
ROUNDING = 5
# Of a byte, the same; that it is so for nearly all.
NEAR, NEARLY_ALL = 1, 0.999


@pytest.fixture(scope="module")
def made(learn):
    return learn.made()


@pytest.fixture(scope="module")
def learn():
    spec = importlib.util.spec_from_file_location("learn", ROOT / "tools/signs/learn.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def weights_of(text):
    lines = [line.split("\t") for line in text.splitlines() if not line.startswith(("#", "sign"))]
    return {sign: [int(weight) for weight in weights] for sign, *weights in lines}


def test_the_weights_are_those_learned_from_the_corpus(learn, made):
    mine, learned = weights_of(learn.WEIGHTS.read_text(encoding="utf-8")), weights_of(made[0])
    for key in mine.keys() | learned.keys():
        pair = zip(mine.get(key, [0] * 8), learned.get(key, [0] * 8), strict=True)
        assert max(abs(a - b) for a, b in pair) <= ROUNDING, f"{key}: run tools/signs/learn.py"


def test_the_weights_of_letters_are_those_learned_from_the_corpus(learn, made):
    mine, learned = (numpy.frombuffer(table, numpy.int8).astype(int) for table in (learn.GRAMS.read_bytes(), made[1]))
    assert len(mine) == len(learned)
    assert (abs(mine - learned) <= NEAR).mean() >= NEARLY_ALL, "run tools/signs/learn.py"


def test_letters_fall_into_the_buckets_of_the_program(learn):
    """Those of tests/unit/agents/grams.c."""
    assert list(learn.buckets_of([["술"]], "nw")) == [29457, 38040, 62150]
    assert len(learn.buckets_of([["쌀술", "한", "잔"]], "nw")) == 24
    assert len(learn.buckets_of([["rice", "wine"]], "NW")) == 36


def test_a_held_out_message_is_not_learned_from(learn):
    held_out = {row["message"] for name in ("guards_held_out.tsv", "guards_unread.tsv") for row in learn.rows(name)}
    assert not held_out & {row["message"] for row in learn.rows("guards.tsv")}


def test_words_are_read_as_the_program_reads_them(learn):
    assert learn.words_of("Don't 막걸리를 마셔요, NERD12!") == (
        ["dont", "막걸리를", "마셔요", "nerd12"],
        "dont막걸리를마셔요nerd12",
        {0, 4, 8, 11},
    )
