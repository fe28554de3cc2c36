"""Each house check of ./dev lint finds the fault it is there for."""

import pytest

import check_circles
import check_events
import check_layers
import check_shape
import check_words
import counting


def layer_faults(own, include):
    return list(check_layers.check_text(tuple(own.split("/")), f'#include "{include}"\n'))


@pytest.mark.parametrize(
    ("own", "include"),
    [
        ("base/log.c", "http/call.h"),
        ("stores/sql/sql.c", "services/world/world.h"),
        ("services/world/query.c", "gateway/log.h"),
        ("services/world/query.c", "services/agents/agents.h"),
        ("services/world/world.c", "stores/graph/sqlite.h"),
        ("stores/graph/sqlite.c", "stores/sql/sqlite.h"),
        ("http/server.c", "api/world.h"),
        ("app/main.c", "plugins/other.h"),
    ],
)
def test_an_arrow_that_breaks_the_layers_is_found(own, include):
    assert len(layer_faults(own, include)) == 1


ROUND = {"a/x.h": "", "a/x.c": '#include "a/y.h"\n', "a/y.h": '#include "a/z.h"\n', "a/z.h": '#include "a/x.h"\n'}


def test_files_that_include_each_other_are_found_and_known_ones_only_become_fewer():
    circle = frozenset({"a/x", "a/y", "a/z"})
    assert len(list(check_circles.check_texts(ROUND, []))) == 1
    assert list(check_circles.check_texts(ROUND, [circle])) == []
    assert list(check_circles.check_texts(ROUND, [circle | {"a/more"}])) == []
    assert "take it off" in next(check_circles.check_texts({"a/x.c": '#include "a/y.h"\n', "a/y.h": ""}, [circle]))


@pytest.mark.parametrize(
    ("own", "include"),
    [
        ("http/server.c", "base/arena.h"),
        ("services/agents/tools.c", "api/world.h"),
        ("services/world/world.c", "services/world/index.h"),
        ("stores/graph/sqlite.c", "stores/sql/sql.h"),
        ("stores/sql/sqlite.c", "stores/sql/twin.h"),
        ("app/main.c", "services/agents/agents.h"),
    ],
)
def test_an_arrow_of_the_house_passes(own, include):
    assert layer_faults(own, include) == []


def test_the_length_of_a_function_is_counted_from_its_name_to_its_brace():
    text = (
        "static const int TABLE[] = {\n    1,\n};\n\nErr thing_do(int a,\n             int b)\n{\n    return OK;\n}\n"
    )
    assert list(check_shape.functions(text.splitlines())) == [("thing_do", 5, 5)]


def test_a_prototype_is_no_function():
    assert list(check_shape.functions(["Err thing_do(int a);", "", "int x;", "}"])) == []


@pytest.mark.parametrize(
    "line", ["see /ro" + "ot/notes", "TO" + "DO: later", "space at the end ", "https://py" + "pi.org/x"]
)
def test_a_word_that_does_not_belong_is_found(line):
    assert check_words.faults_in(line)


def test_a_plain_line_has_no_forbidden_word():
    assert check_words.faults_in("GET /api/v1/world-model/entity/{id}") == []


def entry(result, text=""):
    return {"result": result, "stdout": text, "stderr": ""}


def test_every_cmocka_function_counts():
    text = "[ RUN      ] a_is_b\n[       OK ] a_is_b\n[  FAILED  ] c_is_d\n[  FAILED  ] 1 test(s), listed below:\n"
    assert counting.meson_entry(entry("FAIL", text)) == (1, 1)


def test_a_program_that_crashes_after_its_tests_has_failed():
    assert counting.meson_entry(entry("FAIL", "[       OK ] a_is_b\n")) == (1, 1)


def test_a_program_without_functions_counts_as_one():
    assert counting.meson_entry(entry("OK")) == (1, 0)
    assert counting.meson_entry(entry("TIMEOUT")) == (0, 1)


RELEASED = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"id": {"type": "string", "maxLength": 8}, "way": {"type": "string", "enum": ["a", "b"]}},
    "required": ["id"],
}


def changed(**properties):
    return {**RELEASED, "properties": {**RELEASED["properties"], **properties}}


@pytest.mark.parametrize(
    ("now", "where"),
    [
        ({**RELEASED, "properties": {"id": RELEASED["properties"]["id"]}}, "/way: was removed"),
        ({**RELEASED, "required": ["id", "way"]}, "/way: wasn't required"),
        ({**RELEASED, "required": []}, "/id: was required"),
        ({**changed(more={"type": "string"}), "required": ["id", "more"]}, "/more: is new and required"),
        (changed(id={"type": "integer", "maxLength": 8}), '/id: type was "string" and is "integer"'),
        (changed(id={"type": "string", "maxLength": 4}), "/id: maxLength was 8 and is 4"),
        (changed(way={"type": "string", "enum": ["a"]}), '/way: enum was ["a", "b"] and is ["a"]'),
        (changed(way={"type": "string", "enum": ["a", "b", "c"]}), "/way: enum was"),
    ],
)
def test_a_change_that_breaks_a_released_event_is_found_and_says_what_to_do(now, where):
    (fault,) = check_events.faults({"x.v1": RELEASED}, {"x.v1": now})
    assert f"x.v1, {where}" in fault and fault.endswith("leave it as it is and make x.v2")


def test_another_optional_property_is_taken_into_the_lock():
    more = changed(more={"type": "string"})
    assert "--write" in check_events.faults({"x.v1": RELEASED}, {"x.v1": more})[0]
    assert check_events.faults({"x.v1": more}, {"x.v1": more}) == []


def test_a_released_event_stays():
    assert "is gone" in check_events.faults({"x.v1": RELEASED}, {})[0]
