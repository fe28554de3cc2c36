"""tools/dev/split.py says of every file of tests/service whether its tests run against a fleet, and why not."""

import ast
import pathlib

import split

FILES = {path.name: path for path in (pathlib.Path(__file__).resolve().parents[1] / "service").glob("test_*.py")}


def functions_in(name):
    return {node.name for node in ast.parse(FILES[name].read_text()).body if isinstance(node, ast.FunctionDef)}


def test_every_file_stands_on_one_side():
    assert set(split.THERE) | set(split.NOT_THERE) == set(FILES), "name a new file in tools/dev/split.py"
    assert not set(split.THERE) & set(split.NOT_THERE)


def test_every_exception_is_a_test_and_has_a_reason():
    for file, exceptions in split.THERE.items():
        assert set(exceptions) <= functions_in(file), f"{file}: {set(exceptions) - functions_in(file)} are no tests"
        assert all(exceptions.values())
        for name in exceptions:  # what pytest leaves out by its beginning
            assert [test for test in functions_in(file) if test.startswith(name)] == [name], f"{file}: {name}"
        assert [name for name in functions_in(file) if name.startswith("test_") and name not in exceptions], file
    assert all(split.NOT_THERE.values())


def test_what_is_left_out_is_told_to_pytest():
    words = split.arguments({"test_a.py": {}, "test_b.py": {"test_one": "why", "test_two": "why"}})
    assert words == [
        *("tests/service/test_a.py", "tests/service/test_b.py"),
        *("--deselect", "tests/service/test_b.py::test_one", "--deselect", "tests/service/test_b.py::test_two"),
    ]


def test_what_runs_against_a_fleet_is_not_run_on_its_stores_once_more():
    there = {"test_a.py": {}, "test_b.py": {"test_one": "why"}}
    words = split.besides_fleet(["test_a.py", "test_b.py", "test_c.py"], there)
    assert words == ["tests/service/test_b.py::test_one", "tests/service/test_c.py"]
