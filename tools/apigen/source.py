"""Reads contract files: YAML 1.2 scalars, no anchors, no duplicate keys, and a line for everything."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class Where:
    """A place in a contract file, for messages."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class ContractError(Exception):
    """The contract can't be generated from; the message says where and what would be right."""

    def __init__(self, where: Where, message: str) -> None:
        super().__init__(f"{where}: {message}")


class Map(dict[str, Any]):
    """A YAML mapping that knows where it and its keys stand."""

    def __init__(self, where: Where) -> None:
        super().__init__()
        self.where = where
        self.places: dict[str, Where] = {}

    def at(self, key: str) -> Where:
        return self.places.get(key, self.where)


class Sequence(list[Any]):
    """A YAML sequence that knows where it stands."""

    def __init__(self, where: Where) -> None:
        super().__init__()
        self.where = where


INTEGER = re.compile(r"[-+]?[0-9]+")
NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
WORDS: dict[str, Any] = {"": None, "null": None, "~": None, "true": True, "false": False}


def scalar(node: yaml.ScalarNode) -> Any:
    """The YAML 1.2 core schema: `no` and `on` are text, 2024-01-01 is text."""
    text = node.value
    if node.style is not None or (text not in WORDS and not NUMBER.fullmatch(text)):
        return text
    if text in WORDS:
        return WORDS[text]
    return int(text) if INTEGER.fullmatch(text) else float(text)


def build(node: yaml.Node, file: str) -> Any:
    where = Where(file, node.start_mark.line + 1)
    if isinstance(node, yaml.ScalarNode):
        return scalar(node)
    if isinstance(node, yaml.SequenceNode):
        sequence = Sequence(where)
        sequence.extend(build(item, file) for item in node.value)
        return sequence
    mapping = Map(where)
    for key_node, value_node in node.value:
        place = Where(file, key_node.start_mark.line + 1)
        key = key_node.value
        if not isinstance(key_node, yaml.ScalarNode):
            raise ContractError(place, "a key must be text")
        if key in mapping:
            raise ContractError(place, f"{key}: is there twice")
        mapping.places[key] = place
        mapping[key] = build(value_node, file)
    return mapping


def read(path: Path) -> Map:
    try:
        text = path.read_text(encoding="utf-8")
        for event in yaml.parse(text):
            if getattr(event, "anchor", None):
                raise ContractError(Where(path.name, event.start_mark.line + 1), "anchors and aliases are not used")
        node = yaml.compose(text)
    except OSError as error:
        raise ContractError(Where(path.name, 0), f"cannot be read: {error.strerror}") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise ContractError(Where(path.name, line), f"not YAML: {error.problem}") from error
    if not isinstance(node, yaml.MappingNode):
        raise ContractError(Where(path.name, 1), "an OpenAPI document is a mapping")
    return build(node, path.name)


def allow(mapping: Map, keys: set[str], what: str) -> None:
    """Refuses the first key that isn't known here: nothing in a contract is silently ignored."""
    for key in mapping:
        if key not in keys:
            raise ContractError(mapping.at(key), f"{key}: not supported in {what}; known are {', '.join(sorted(keys))}")


def need(mapping: Map, key: str, kind: type, what: str) -> Any:
    value = mapping.get(key)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise ContractError(mapping.at(key), f"{what} needs {key}")
    return value
