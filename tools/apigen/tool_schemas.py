"""Model to JSON Schema (Draft 2020-12), with references or without: for agents' tools and the served contract."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from model import Field, Operation, Schema
from source import ContractError

Refer = Callable[[Schema], dict[str, Any]]
TYPES = {"list": "array", "map": "object", "json": "object", "enum": "string", "one_of": "object"}


def typed(schema: Schema) -> dict[str, Any]:
    kind = TYPES.get(schema.kind, schema.kind)
    return {"type": [kind, "null"] if schema.nullable else kind}


def number_bounds(rules: dict[str, Any]) -> dict[str, Any]:
    out = {key: rules[key] for key in ("multipleOf",) if key in rules}
    for plain, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if plain in rules:
            out[exclusive if rules.get(exclusive) else plain] = rules[plain]
    return out


def object_schema(fields: list[Field], refer: Refer) -> dict[str, Any]:
    required = [field.name for field in fields if field.required]
    out: dict[str, Any] = {"type": "object", "additionalProperties": False}
    out["properties"] = {field.name: property_schema(field, refer) for field in fields}
    return out | ({"required": required} if required else {})


def property_schema(field: Field, refer: Refer) -> dict[str, Any]:
    out = dict(refer(field.schema))
    if field.description:
        out["description"] = field.description
    if field.default is not None:
        out["default"] = field.default
    return out


def exactly_one(names: list[str]) -> dict[str, Any]:
    return {"oneOf": [{"required": [name]} for name in names]}


def json_schema(schema: Schema, refer: Refer) -> dict[str, Any]:
    """One schema written out; those it is made of by refer."""
    rules = schema.rules
    described = {"description": schema.description} if schema.description else {}
    if schema.kind == "constant":
        kinds = {str: "string", bool: "boolean", int: "integer"}
        return {"type": kinds[type(rules["const"])], "const": rules["const"]} | described
    if schema.kind == "one_of":
        choices = {"oneOf": [refer(variant) for _, variant in schema.variants]}
        return choices | {"discriminator": {"propertyName": schema.tag}} | described
    if schema.kind == "object":
        out = object_schema(schema.fields, refer)
        out |= {key: rules[key] for key in ("minProperties", "maxProperties") if key in rules}
        out |= exactly_one(rules["x-exactly-one"]) if "x-exactly-one" in rules else {}
        return out | described | (typed(schema) if schema.nullable else {})
    out = typed(schema) | described
    if schema.kind == "enum":
        return out | {"enum": schema.texts + ([None] if schema.nullable else [])}
    if schema.kind in ("integer", "number"):
        return out | number_bounds(rules)
    out |= {key: rule for key, rule in rules.items() if key != "array"}
    if schema.item is not None:
        out["items" if schema.kind == "list" else "additionalProperties"] = refer(schema.item)
    if schema.kind == "json":
        out["items" if "array" in rules else "additionalProperties"] = True
    return out


def inlined(schema: Schema, within: tuple[Schema, ...] = ()) -> dict[str, Any]:
    """Without references; a schema that holds itself can't be."""
    if any(schema is other for other in within):
        raise ContractError(schema.where, f"{schema.name} holds itself: its operation needs x-tool: false")
    return json_schema(schema, lambda child: inlined(child, (*within, schema)))


def tool_parameters(operation: Operation) -> dict[str, Any]:
    """What an agent fills in: the body, or the parameters that aren't given."""
    if operation.body is not None:
        return inlined(operation.body)
    fields = operation.parameters.fields if operation.parameters is not None else []
    return object_schema([field for field in fields if not field.given], inlined)
