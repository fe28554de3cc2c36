"""Values as the TCK writes them in tables: 1.0, 'text', [1, 2], {a: 1}, (:Label {a: 1}), [:TYPE], <(:A)-[:T]->(:B)>."""

import re
from dataclasses import dataclass, field


@dataclass
class Node:
    labels: frozenset
    properties: dict


@dataclass
class Relationship:
    type: str
    properties: dict


@dataclass
class Path:
    nodes: list
    relationships: list
    forwards: list = field(default_factory=list)  # whether each goes from left to right


NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?|-?\.\d+([eE][-+]?\d+)?")
WORDS = {"null": None, "true": True, "false": False, "NaN": float("nan"), "Inf": float("inf"), "-Inf": float("-inf")}
WORD = re.compile(r"-?[A-Za-z]+")
NAME = re.compile(r"`[^`]*`|\w+")
STRING_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


class Reader:
    def __init__(self, text):
        self.text, self.at = text, 0

    def skip(self):
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1

    def sees(self, token):
        self.skip()
        return self.text.startswith(token, self.at)

    def take(self, token):
        if not self.sees(token):
            return False
        self.at += len(token)
        return True

    def need(self, token):
        if not self.take(token):
            raise ValueError(f"{self.text!r}: {token!r} is missing at {self.at}")

    def match(self, pattern):
        self.skip()
        found = pattern.match(self.text, self.at)
        if found:
            self.at = found.end()
        return found

    def name(self):
        return self.match(NAME)[0].strip("`")

    def value(self):
        if self.sees("'"):
            return self.string()
        if self.sees("[:"):
            return self.relationship()
        if self.sees("["):
            return self.sequence("[", "]", self.value)
        if self.sees("{"):
            return dict(self.sequence("{", "}", self.entry))
        if self.sees("("):
            return self.node()
        if self.sees("<"):
            return self.path()
        if found := self.match(NUMBER):
            return float(found[0]) if found[1] or found[2] or "." in found[0] else int(found[0])
        return WORDS[self.match(WORD)[0]]

    def string(self):
        self.need("'")
        parts = []
        while self.text[self.at] != "'":
            c = self.text[self.at]
            self.at += 1
            if c == "\\":
                c = STRING_ESCAPES.get(self.text[self.at], self.text[self.at])
                self.at += 1
            parts.append(c)
        self.at += 1
        return "".join(parts)

    def sequence(self, opening, closing, item):
        self.need(opening)
        items = []
        while not self.take(closing):
            items.append(item())
            self.take(",")
        return items

    def entry(self):
        key = self.name()
        self.need(":")
        return key, self.value()

    def properties(self):
        return dict(self.sequence("{", "}", self.entry)) if self.sees("{") else {}

    def node(self):
        self.need("(")
        labels = []
        while self.take(":"):
            labels.append(self.name())
        node = Node(frozenset(labels), self.properties())
        self.need(")")
        return node

    def relationship(self):
        self.need("[:")
        relationship = Relationship(self.name(), self.properties())
        self.need("]")
        return relationship

    def path(self):
        self.need("<")
        path = Path([self.node()], [])
        while not self.take(">"):
            backwards = self.take("<-")
            if not backwards:
                self.need("-")
            path.relationships.append(self.relationship())
            path.forwards.append(not backwards)
            self.need("-" if backwards else "->")
            path.nodes.append(self.node())
        return path


def read_value(text):
    reader = Reader(text)
    value = reader.value()
    reader.skip()
    if reader.at != len(text):
        raise ValueError(f"{text!r}: something follows the value at {reader.at}")
    return value


def is_plain(value):
    """No node, relationship or path in it."""
    if isinstance(value, list):
        return all(map(is_plain, value))
    if isinstance(value, dict):
        return all(map(is_plain, value.values()))
    return not isinstance(value, (Node, Relationship, Path))


def same_number(expected, found):
    if expected != expected:
        return found == "NaN"
    if expected in (float("inf"), float("-inf")):
        return found == ("Infinity" if expected > 0 else "-Infinity")
    return type(expected) is type(found) and expected == found


def same_node(expected, found):
    return (
        isinstance(found, dict)
        and set(found) == {"key", "labels", "properties"}
        and expected.labels == frozenset(found["labels"])
        and same(expected.properties, found["properties"])
    )


def same_relationship(expected, found):
    return (
        isinstance(found, dict)
        and set(found) == {"type", "from", "to", "properties"}
        and expected.type == found["type"]
        and same(expected.properties, found["properties"])
    )


def same_path(expected, found):
    if not isinstance(found, dict) or set(found) != {"nodes", "relationships"}:
        return False
    nodes, relationships = found["nodes"], found["relationships"]
    if (len(nodes), len(relationships)) != (len(expected.nodes), len(expected.relationships)):
        return False
    ends = [
        relationship["from" if forwards else "to"] == nodes[place]["key"]
        for place, (forwards, relationship) in enumerate(zip(expected.forwards, relationships, strict=True))
    ]
    return (
        all(ends)
        and all(map(same_node, expected.nodes, nodes))
        and all(map(same_relationship, expected.relationships, relationships))
    )


def same_list(expected, found, any_order):
    if not isinstance(found, list) or len(expected) != len(found):
        return False
    if not any_order:
        return all(map(same, expected, found))
    left = list(found)
    for item in expected:
        place = next((i for i, other in enumerate(left) if same(item, other, True)), None)
        if place is None:
            return False
        del left[place]
    return True


def same(expected, found, any_order=False):
    """Is what the program printed what the TCK expects? any_order: of the items of lists."""
    if expected is None or isinstance(expected, (bool, str)):
        return type(expected) is type(found) and expected == found
    if isinstance(expected, (int, float)):
        return same_number(expected, found)
    if isinstance(expected, list):
        return same_list(expected, found, any_order)
    if isinstance(expected, Node):
        return same_node(expected, found)
    if isinstance(expected, Relationship):
        return same_relationship(expected, found)
    if isinstance(expected, Path):
        return same_path(expected, found)
    return (
        isinstance(found, dict)
        and set(expected) == set(found)
        and all(same(value, found[key], any_order) for key, value in expected.items())
    )


def same_rows(expected, found, in_order, any_list_order):
    if in_order:
        return len(expected) == len(found) and all(
            same_list_of_cells(row, other, any_list_order) for row, other in zip(expected, found, strict=True)
        )
    left = list(found)
    for row in expected:
        place = next((i for i, other in enumerate(left) if same_list_of_cells(row, other, any_list_order)), None)
        if place is None:
            return False
        del left[place]
    return not left


def same_list_of_cells(expected, found, any_list_order):
    return len(expected) == len(found) and all(
        same(value, other, any_list_order) for value, other in zip(expected, found, strict=True)
    )
