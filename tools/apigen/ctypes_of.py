"""Which C type holds a schema's value, and which table describes it."""

from __future__ import annotations

from collections.abc import Iterator

from model import NAMED, Field, Schema
from names import upper

SCALAR_TYPES = {"string": "Str", "integer": "int64_t", "number": "double", "boolean": "bool", "json": "Json"}
SCALAR_NAMES = {"string": "Str", "integer": "Integer", "number": "Number", "boolean": "Boolean", "json": "Str"}


def element_name(item: Schema) -> str:
    """What a list or map of such items is called after."""
    if item.kind in NAMED:
        return item.name
    return SCALAR_NAMES.get(item.kind) or item.name


def c_type(schema: Schema) -> str:
    if schema.kind in NAMED:
        return schema.name
    if schema.kind in ("list", "map"):
        assert schema.item is not None
        return element_name(schema.item) + ("List" if schema.kind == "list" else "Map")
    return SCALAR_TYPES[schema.kind]


def collection_home(schema: Schema) -> str | None:
    """The unit whose header declares a list's or map's type; None for those of shape.h."""
    assert schema.item is not None
    if schema.item.kind in SCALAR_NAMES:
        return None
    return schema.item.unit


def is_plain(schema: Schema) -> bool:
    """A scalar without rules of its own: one shared table row describes it."""
    return schema.kind in ("string", "integer", "number", "boolean") and not schema.rules and not schema.declared


def shape_symbol(schema: Schema) -> str:
    if is_plain(schema):
        return upper(schema.kind) + "_ANY"
    return upper(schema.name) + "_SHAPE"


def is_exported(schema: Schema) -> bool:
    return schema.kind in NAMED or schema.declared


def children(schema: Schema) -> Iterator[Schema]:
    for field in schema.fields:
        yield field.schema
    if schema.item is not None:
        yield schema.item
    for _, variant in schema.variants:
        yield variant


def needs_defaults(schema: Schema) -> bool:
    return schema.kind == "object" and any(field_needs_defaults(field) for field in members(schema))


def members(schema: Schema) -> list[Field]:
    """The members of a struct: its fields, and the body where it holds one."""
    return schema.fields + ([schema.body] if schema.body else [])


def field_needs_defaults(field: Field) -> bool:
    held = field.schema.kind == "object" and not field.pointer
    return field.default is not None or (held and needs_defaults(field.schema))


def reachable(roots: list[Schema]) -> list[Schema]:
    """Every schema under the roots, once, those that others are made of first."""
    order: list[Schema] = []
    seen: set[int] = set()

    def visit(schema: Schema) -> None:
        if id(schema) in seen:
            return
        seen.add(id(schema))
        for child in children(schema):
            visit(child)
        order.append(schema)

    for root in roots:
        visit(root)
    return order
