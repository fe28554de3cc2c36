"""docs/security.md names tests for what it promises: each of them is there."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "security.md").read_text()
UNITS = "\n".join(path.read_text() for path in (ROOT / "tests" / "unit" / "auth").rglob("*.[ch]"))


def test_every_service_test_that_is_named_is_there():
    named = set(re.findall(r"`(test_\w+)\.py::(\w+|\*)`", TEXT))
    assert len(named) > 80
    for file, name in named:
        source = (ROOT / "tests" / "service" / f"{file}.py").read_text()
        assert name == "*" or f"def {name}(" in source, f"{file}.py has no {name}"


def test_every_unit_test_that_is_named_is_there():
    named = set(re.findall(r"`tests/unit/auth/tokens`: `(\w+)`", TEXT))
    assert len(named) > 5
    for name in named:
        assert f"void {name}(" in UNITS, name


def test_every_file_that_is_named_is_there():
    for name in re.findall(r"`(tests/[\w/]+\.(?:c|py))`", TEXT):
        assert (ROOT / name).is_file(), name
    for name in re.findall(r"`(fuzz_\w+\.c)`", TEXT):
        assert (ROOT / "tests" / "fuzz" / name).is_file(), name


def test_no_requirement_is_named_twice():
    rows = re.findall(r"^\| ([\d., ]+) \| [12] \|", TEXT, re.MULTILINE)
    lists = re.findall(r"^- ((?:\d+\.\d+\.\d+(?:, )?)+): ", TEXT, re.MULTILINE)
    numbers = [number for row in [*rows, *lists] for number in row.split(", ")]
    assert len(numbers) == len(set(numbers)) == 253
