"""Random values for a schema: mostly right, often at a limit, then changed in one or two places."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from typing import Any

STRINGS = [
    "",
    "a",
    "ab",
    "abc",
    "abcde",
    "abcdef",
    "한",
    "한국어 술",
    "🍶🍶",
    "e\u0301",
    " ",
    "a b",
    "line\nbreak",
    "\t",
    "null",
    "A0",
    "A.x",
    "Zffff",
    "Zfffff",
    "A0\n",
    "가 나-다",
    "bbc",
    "xbcx",
    "ac",
    "one",
    "two",
    "up",
    "red",
    "dark-green",
    "no",
    "2026-01-31T09:30:00Z",
    "2026-01-31t09:30:00.123456789+09:00",
    "2026-02-29T00:00:00Z",
    "2024-02-29T00:00:00Z",
    "2016-12-31T23:59:60Z",
    "2016-12-31T23:59:60+01:00",
    "2017-01-01T08:59:60+09:00",
    "2016-12-30T23:59:60Z",
    "2026-01-31T24:00:00Z",
    "2026-01-31T09:60:00Z",
    "2026-01-31 09:30:00Z",
    "2026-01-31T09:30:00",
    "2026-1-31T09:30:00Z",
    "2026-01-31T09:30:00.Z",
    "2026-01-31T09:30:00+24:00",
    "2026-01-31T09:30:00Z ",
    "0000-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "2026-01-31",
    "2026-02-30",
    "2026-13-01",
    "0000-02-29",
    "2026-01-31\n",
    "20260131",
    "https://example.org/a?b=c#d",
    "http://[::1]:8080/",
    "http://[::1",
    "http://a b",
    "urn:trace:1",
    "mailto:a@b",
    "//host/path",
    "/a/b?c#d",
    "a:b/c",
    "1a:b",
    ":",
    "?",
    "#",
    "#a#b",
    "%41",
    "%4",
    "%zz",
    "http://u:p@h:80/",
    "http://h:x/",
    "http://a/[b]",
    "a/b:c",
    "é",
    "http://é/",
    "http:",
    "///",
    "http://@/",
    "a]",
    "\\",
    "a@b",
    "a.b+c@example.org",
    ".a@b",
    "a.@b",
    "a..b@c",
    "a@-b",
    "a@b-",
    "a@b..c",
    "@",
    "a@",
    "@b",
    "a@b@c",
    "a b@c",
    "x" * 64 + "@a",
    "x" * 65 + "@a",
    "a@" + "b" * 63,
    "a@" + "b" * 64,
    "a@" + ".".join(["b" * 63] * 3) + "." + "c" * 63,
    "a@" + ".".join(["b" * 63] * 3) + "." + "c" * 64,
    '"a"@b',
    "é@b",
    "123e4567-e89b-12d3-a456-426614174000",
    "123E4567-E89B-12D3-A456-426614174000",
    "123e4567e89b12d3a456426614174000",
    "123e4567-e89b-12d3-a456-42661417400g",
    "123e4567-e89b-12d3-a456-4266141740000",
    "aGk=",
    "aGk",
    "aGkh",
    "aG==",
    "a===",
    "====",
    "aGk=\n",
    "a-_=",
    "a=Gk",
    "A" * 64,
    "A" * 68,
]
INTEGERS = [
    -6,
    -5,
    -4,
    -3,
    -1,
    0,
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    9,
    10,
    11,
    15,
    49,
    50,
    51,
    2**31,
    -(2**31),
    2**53,
    2**63 - 1,
    -(2**63),
]
REALS = [0.0, -0.0, 0.5, 1.0, 1.5, 0.25, 0.1, 0.3, 1e-9, 1 - 1e-9, 2.5, 3.0, 5.0, 10.5, -10.0, 1e15, 5e-324, 7.0]
JUNK: list[Any] = [
    None,
    True,
    False,
    0,
    1,
    -1,
    3,
    3.0,
    0.5,
    "",
    "a",
    "red",
    [],
    [1],
    [[]],
    {},
    {"a": 1},
    {"kind": "cat"},
]


class Cases:
    """Makes values; the same seed makes the same ones."""

    def __init__(self, schemas: dict[str, Any], seed: int, fits: Callable[[dict[str, Any], str], bool]) -> None:
        self.schemas = schemas
        self.fits = fits
        self.fitting: dict[int, list[str]] = {}
        self.random = random.Random(seed)

    def value(self, schema: dict[str, Any], depth: int = 0) -> Any:
        if "$ref" in schema:
            return self.value(self.schemas[schema["$ref"].rsplit("/", 1)[1]], depth)
        if "oneOf" in schema:
            return self.value(self.random.choice(schema["oneOf"]), depth)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return self.random.choice(schema["enum"])
        kind = schema["type"]
        if isinstance(kind, list):
            kind = self.random.choice(kind)
        return getattr(self, f"value_{kind}")(schema, depth)

    def value_null(self, _schema: dict[str, Any], _depth: int) -> Any:
        return None

    def value_boolean(self, _schema: dict[str, Any], _depth: int) -> bool:
        return self.random.random() < 0.5

    def value_integer(self, schema: dict[str, Any], _depth: int) -> Any:
        low = schema.get("minimum", schema.get("exclusiveMinimum", -9))
        high = schema.get("maximum", schema.get("exclusiveMaximum", low + 9))
        edges = [low - 1, low, low + 1, high - 1, high, high + 1]
        value = self.random.choice([self.random.choice(edges), self.random.randint(min(low, high), high)])
        if self.random.random() < 0.15:
            value = self.random.choice(INTEGERS)
        return float(value) if abs(value) < 2**53 and self.random.random() < 0.1 else value

    def value_number(self, schema: dict[str, Any], depth: int) -> Any:
        if self.random.random() < 0.3:
            return self.value_integer(schema | {key: round(schema[key]) for key in schema if "imum" in key}, depth)
        return self.random.choice([self.random.choice(REALS), round(self.random.uniform(-2, 2), 3)])

    def value_string(self, schema: dict[str, Any], _depth: int) -> str:
        if set(schema) <= {"type", "minLength", "maxLength", "description", "default"}:
            low = schema.get("minLength", 0)
            length = self.random.randint(max(low - 1, 0), schema.get("maxLength", low + 5) + 1)
            return "".join(self.random.choice('abcé한🍶 \n"\\/') for _ in range(length))
        if id(schema) not in self.fitting:
            self.fitting[id(schema)] = [text for text in STRINGS if self.fits(schema, text)]
        return self.random.choice(self.fitting[id(schema)] if self.random.random() < 0.95 else STRINGS)

    def value_array(self, schema: dict[str, Any], depth: int) -> list[Any]:
        count = self.random.randint(schema.get("minItems", 0), schema["maxItems"])
        if depth > 6:
            count = schema.get("minItems", 0)
        if schema["items"] is True:
            return [copy.deepcopy(self.random.choice(JUNK)) for _ in range(count)]
        return [self.value(schema["items"], depth + 1) for _ in range(count)]

    def value_object(self, schema: dict[str, Any], depth: int) -> dict[str, Any]:
        extra = schema.get("additionalProperties")
        if "properties" not in schema and extra is not False:
            return self.value_map(schema, extra, depth)
        required = set(schema.get("required", []))
        chance = 0.5 if depth < 4 else 0.0
        if "x-exactly-one" in schema:
            required = {self.random.choice(schema["x-exactly-one"])}
            chance = 0.05
        names = [n for n in schema.get("properties", {}) if n in required or self.random.random() < chance]
        self.random.shuffle(names)
        return {name: self.value(schema["properties"][name], depth + 1) for name in names}

    def value_map(self, schema: dict[str, Any], extra: Any, depth: int) -> dict[str, Any]:
        count = self.random.randint(schema.get("minProperties", 0), schema.get("maxProperties", 3))
        keys = self.random.sample(["", "a", "b c", "한", "~/", "length", '"'], min(count, 3 if depth < 4 else 1))
        if extra is True:
            return {key: copy.deepcopy(self.random.choice(JUNK)) for key in keys}
        return {key: self.value(extra, depth + 1) for key in keys}

    def places(self, value: Any) -> list[tuple[Any, Any]]:
        """Every (container, key) in a value."""
        found: list[tuple[Any, Any]] = []
        pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else []
        for key, item in pairs:
            found.append((value, key))
            found += self.places(item)
        return found

    def changed(self, value: Any) -> Any:
        """A copy with one place broken, perhaps."""
        value = copy.deepcopy(value)
        places = self.places(value)
        if not places or self.random.random() < 0.03:
            return self.random.choice([value, copy.deepcopy(self.random.choice(JUNK))])
        container, key = self.random.choice(places)
        change = self.random.choice([self.drop, self.replace, self.replace, self.nudge, self.add, self.rename])
        change(container, key)
        return value

    def drop(self, container: Any, key: Any) -> None:
        del container[key]

    def replace(self, container: Any, key: Any) -> None:
        pool = self.random.choice([JUNK, STRINGS, INTEGERS, REALS])
        container[key] = copy.deepcopy(self.random.choice(pool))

    def nudge(self, container: Any, key: Any) -> None:
        value = container[key]
        if isinstance(value, str):
            container[key] = self.random.choice([value + value, value[:-1], value + "x", value.upper()])
        elif isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 2**52:
            container[key] = value + self.random.choice([-1, 1, 0.5, 10])
        elif isinstance(value, list) and value:
            container[key] = value + [value[0]]

    def add(self, container: Any, _key: Any) -> None:
        if isinstance(container, dict):
            name = self.random.choice(["extra", "Value", "value", "a", "kind", "text", "name"])
            container[name] = copy.deepcopy(self.random.choice(JUNK))
        else:
            container.append(copy.deepcopy(self.random.choice(JUNK)))

    def rename(self, container: Any, key: Any) -> None:
        if isinstance(container, dict):
            container[key + self.random.choice(["s", "_", " "])] = container.pop(key)
