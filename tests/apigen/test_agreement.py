"""The generated decoders accept what Python's jsonschema accepts, and refuse what it refuses.

NERDX_SEED chooses the cases (it is printed when one fails), NERDX_CASES how many a type.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
from pathlib import Path
from typing import Any

import pytest
from agreement import fits, load_schemas, load_validators
from cases import Cases

BUILD = Path(__file__).resolve().parents[2] / "build/release"
PROGRAM = os.environ.get("CONTRACT_CASES", str(BUILD / "tests/apigen/contract_cases"))
SEED = int(os.environ.get("NERDX_SEED") or random.SystemRandom().randrange(2**32))
COUNT = int(os.environ.get("NERDX_CASES", "700"))
SCHEMAS = load_schemas()
VALIDATORS = load_validators(SCHEMAS)
TYPES = [name for name in SCHEMAS if name not in ("Code", "Colour", "Cat", "Dog", "Found", "Share", "Shares")]


def judge(cases: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """What the generated code says of (type, JSON text)."""
    lines = "".join(f"{name}\t{text}\n" for name, text in cases)
    done = subprocess.run([PROGRAM], input=lines, capture_output=True, text=True, check=True, timeout=100)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(cases)
    return answers


def judge_one(name: str, text: str) -> dict[str, Any]:
    return judge([(name, text)])[0]


def resolve(pointer: str, value: Any) -> bool:
    """Does the pointer lead somewhere, or to a place where something is missing?"""
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, list):
            if not key.isdigit() or int(key) >= len(value):
                return False
            value = value[int(key)]
        elif isinstance(value, dict):
            if key not in value:
                return True
            value = value[key]
        else:
            return False
    return True


def unfilled(came: Any, back: Any) -> bool:
    """Is everything that came in what went out? Defaults may have been added, 3.0 may have become 3."""
    if isinstance(came, dict) and isinstance(back, dict):
        return all(key in back and unfilled(item, back[key]) for key, item in came.items())
    if isinstance(came, list) and isinstance(back, list):
        return len(came) == len(back) and all(map(unfilled, came, back))
    if isinstance(came, int) and isinstance(back, float):
        came = float(came)  # a number's double; an integer comes back as one, exactly
    return bool(came == back) and isinstance(came, bool) == isinstance(back, bool)


@pytest.mark.parametrize("name", TYPES)
def test_decoder_agrees_with_jsonschema(name: str) -> None:
    cases = Cases(SCHEMAS, SEED ^ hash_name(name), fits)
    values = []
    for _ in range(COUNT):
        value = cases.value(SCHEMAS[name])
        values += [value, cases.changed(value), cases.changed(cases.changed(value))]
    answers = judge([(name, json.dumps(value, ensure_ascii=False)) for value in values])
    accepted = 0
    for value, answer in zip(values, answers, strict=True):
        expected = VALIDATORS[name].is_valid(value)
        told = f"seed {SEED}, {name}: {json.dumps(value, ensure_ascii=False)} -> {answer}"
        assert answer["ok"] == expected, told
        accepted += expected
        if expected:
            assert unfilled(value, json.loads(answer["text"])), told
        else:
            assert resolve(answer["pointer"], value), told
            assert answer["message"], told
    assert COUNT // 10 < accepted < len(values) * 0.98 or name == "Nothing", f"{name}: {accepted} accepted"


def hash_name(name: str) -> int:
    return int.from_bytes(name.encode()[:6].ljust(6), "little")


def test_what_is_encoded_decodes_to_the_same_text() -> None:
    cases = Cases(SCHEMAS, SEED, fits)
    texts = [(n, json.dumps(cases.value(SCHEMAS[n]), ensure_ascii=False)) for n in TYPES for _ in range(100)]
    first = [(n, a["text"]) for (n, _), a in zip(texts, judge(texts), strict=True) if a["ok"]]
    again = [(n, a.get("text")) for (n, _), a in zip(first, judge(first), strict=True)]
    for (name, text), answer in zip(first, again, strict=True):
        assert answer == (name, text), f"seed {SEED}"


DIFFERENCES = [
    ("Numbers", '{"whole":9223372036854775808,"real":0}', "integers are 64 bits wide"),
    ("Numbers", '{"whole":1e17,"real":0}', "a real stands for an integer only up to 2^53"),
    ("Numbers", '{"whole":0,"real":1e400}', "numbers are IEEE doubles"),
    ("Texts", '{"plain":"a\\u0000b","needed_nullable":null}', "NUL is in no text"),
    ("Open", '{"needed":{"a\\u0000b":1}}', "NUL is in no key"),
    ("Maps", '{"counts":{"a":1,"a":1}}', "a key may come once (RFC 8259 leaves it open)"),
    ("Open", '{"needed":{"a":' + "[" * 70 + "]" * 70 + "}}", "nesting has a limit"),
    ("Texts", '{"plain":"","needed_nullable":null,"date_time":"9999-12-31T23:59:59-23:59"}', "years end with 9999 UTC"),
    ("Texts", '{"plain":"\\ud800","needed_nullable":null}', "a lone surrogate is no character"),
]


@pytest.mark.parametrize(("name", "text", "why"), DIFFERENCES, ids=[why for _, _, why in DIFFERENCES])
def test_intended_difference_is_refused(name: str, text: str, why: str) -> None:
    assert VALIDATORS[name].is_valid(json.loads(text)), why
    answer = judge_one(name, text)
    assert not answer["ok"], why
    assert answer["message"], why
