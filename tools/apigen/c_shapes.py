"""The source of a unit: the tables that describe its types, and the typed functions over them."""

from __future__ import annotations

import json
from typing import Any

from c_access import print_access_source
from c_header import print_types
from ctypes_of import (
    c_type,
    children,
    element_name,
    field_needs_defaults,
    is_exported,
    is_plain,
    members,
    needs_defaults,
    reachable,
    shape_symbol,
)
from events import print_event_sources
from model import Access, Field, Operation, Schema, Unit
from names import c_string, snake, upper
from operations import service_events

FORMATS = {
    "date-time": "DATE_TIME_TEXT",
    "date": "DATE_TEXT",
    "uri": "URI_TEXT",
    "uri-reference": "URI_REFERENCE_TEXT",
    "email": "EMAIL_TEXT",
    "uuid": "UUID_TEXT",
    "byte": "BYTE_TEXT",
}


def c_number(value: float) -> str:
    return repr(float(value))


def c_integer(value: int) -> str:
    return "INT64_MIN" if value < -(2**63 - 1) else f"INT64_C({value})" if abs(value) > 2**31 - 1 else str(value)


def c_value(schema: Schema, value: Any) -> str:
    """A default as a C initializer."""
    if schema.kind == "enum":
        return f"{upper(schema.name)}_{upper(value)}"
    if schema.kind == "string":
        return f"STR({c_string(value)})"
    if schema.kind == "boolean":
        return "true" if value else "false"
    return c_integer(value) if schema.kind == "integer" else c_number(value)


def pattern_symbol(schema: Schema) -> str:
    return upper(schema.name) + "_PATTERN"


def string_rules(schema: Schema) -> str:
    rules = schema.rules
    parts = [f".min_length = {rules['minLength']}"] if rules.get("minLength") else []
    parts.append(f".max_length = {rules.get('maxLength', 'SIZE_MAX')}")
    if "pattern" in rules:
        parts.append(f".pattern = &{pattern_symbol(schema)}")
    if "format" in rules:
        parts.append(f".format = {FORMATS[rules['format']]}")
    return f".string = {{{', '.join(parts)}}}"


def integer_rules(schema: Schema) -> str:
    rules = schema.rules
    low = c_integer(rules["minimum"]) if "minimum" in rules else "INT64_MIN"
    high = c_integer(rules["maximum"]) if "maximum" in rules else "INT64_MAX"
    multiple = f", .multiple_of = {c_integer(rules['multipleOf'])}" if "multipleOf" in rules else ""
    return f".integer = {{.minimum = {low}, .maximum = {high}{multiple}}}"


def number_rules(schema: Schema) -> str:
    rules = schema.rules
    low = c_number(rules["minimum"]) if "minimum" in rules else "-INFINITY"
    high = c_number(rules["maximum"]) if "maximum" in rules else "INFINITY"
    parts = [f".minimum = {low}", f".maximum = {high}"]
    parts += [".above_minimum = true"] if rules.get("exclusiveMinimum") else []
    parts += [".below_maximum = true"] if rules.get("exclusiveMaximum") else []
    parts += [f".multiple_of = {c_number(rules['multipleOf'])}"] if "multipleOf" in rules else []
    return f".number = {{{', '.join(parts)}}}"


def counts(schema: Schema, kind: str) -> list[str]:
    low, high = schema.rules.get("min" + kind, 0), schema.rules.get("max" + kind, "SIZE_MAX")
    return ([f".min_count = {low}"] if low else []) + [f".max_count = {high}"]


def list_rules(schema: Schema) -> str:
    assert schema.item is not None
    parts = [f".item = &{shape_symbol(schema.item)}"]
    if schema.kind == "map":
        entry = element_name(schema.item) + "Entry"
        parts += [f".stride = sizeof({entry})", f".value_offset = offsetof({entry}, value)"]
        parts += counts(schema, "Properties")
    else:
        parts += [f".stride = sizeof({c_type(schema.item)})"] + counts(schema, "Items")
        parts += [".unique = true"] if schema.rules.get("uniqueItems") else []
    return f".list = {{{', '.join(parts)}}}"


def open_rules(schema: Schema) -> str:
    is_array = "array" in schema.rules
    parts = counts(schema, "Items" if is_array else "Properties") + ([".is_array = true"] if is_array else [])
    return f".list = {{{', '.join(parts)}}}"


def object_rules(schema: Schema) -> str:
    name, rules = upper(schema.name), schema.rules
    required = sum(field.required for field in schema.fields)
    parts = [f".fields = {name}_FIELDS", f".count = {len(schema.fields)}"] if schema.fields else []
    parts += [f".required_count = {required}"] if required else []
    parts += [f".defaults = &{name}_DEFAULTS"] if needs_defaults(schema) else []
    parts += [f".min_properties = {rules['minProperties']}"] if rules.get("minProperties") else []
    parts += [f".max_properties = {rules.get('maxProperties', 'SIZE_MAX')}"]
    if "x-exactly-one" in rules:
        parts += [f".exactly_one = {name}_EXACTLY_ONE", f".exactly_one_count = {len(rules['x-exactly-one'])}"]
    return f".object = {{{', '.join(parts)}}}"


def one_of_rules(schema: Schema) -> str:
    name = upper(schema.name)
    first = snake(schema.variants[0][0])
    return (
        f".one_of = {{.property = STR({c_string(schema.tag)}), .variants = {name}_VARIANTS, "
        f".count = {len(schema.variants)}, .offset = offsetof({schema.name}, {first})}}"
    )


def print_shape(schema: Schema) -> str:
    """One row of the tables, ready for clang-format."""
    kind = schema.kind
    rules = {
        "string": string_rules,
        "integer": integer_rules,
        "number": number_rules,
        "list": list_rules,
        "map": list_rules,
        "object": object_rules,
        "one_of": one_of_rules,
        "enum": lambda s: f".enumeration = {{.texts = {upper(s.name)}_TEXT, .count = {len(s.texts)}}}",
        "json": open_rules,
        "constant": lambda s: f".constant = STR({c_string(json.dumps(s.rules['const']))})",
        "boolean": lambda _: "",
    }[kind](schema)
    size = "" if kind == "constant" else f".size = sizeof({c_type(schema)}), "
    static = "" if is_exported(schema) else "static "
    return f"{static}const Shape {shape_symbol(schema)} = {{.kind = {kind.upper()}_SHAPE, {size}{rules}}};\n\n"


def print_field_row(schema: Schema, field: Field) -> str:
    name = schema.name
    stored = field.schema.kind != "constant"
    parts = [
        f"FIELD_NAME({c_string(field.name)})",
        f".shape = &{shape_symbol(field.schema)}",
        f".offset = offsetof({name}, {field.member})" if stored else ".offset = NO_MEMBER",
        f".has = offsetof({name}, has_{field.member})" if field.has_flag else ".has = NO_MEMBER",
        f".null = offsetof({name}, {field.member}_is_null)" if field.schema.nullable else ".null = NO_MEMBER",
    ]
    parts += [".required = true"] if field.required else []
    parts += [".pointer = true"] if field.pointer else []
    parts += [f".source = IN_{field.source.upper()}"] if field.source != "body" else []
    return f"{{{', '.join(parts)}}},\n"


def print_defaults(schema: Schema) -> str:
    return f"const {schema.name} {upper(schema.name)}_DEFAULTS = {defaults_of(schema)};\n\n"


def defaults_of(schema: Schema) -> str:
    parts = []
    for field in filter(field_needs_defaults, members(schema)):
        value = c_value(field.schema, field.default) if field.default is not None else defaults_of(field.schema)
        parts.append(f".{field.member} = {value}")
    return f"{{{', '.join(parts)}}}"


def print_parts(schema: Schema) -> str:
    """What a shape's row points at."""
    name, out = upper(schema.name), ""
    if "pattern" in schema.rules:
        out += f"static Pattern {pattern_symbol(schema)} = {{.text = {c_string(schema.rules['pattern'])}}};\n\n"
    if schema.kind == "enum":
        texts = ", ".join(f"STR({c_string(text)})" for text in schema.texts)
        out += f"const Str {name}_TEXT[{name}_COUNT] = {{{texts}}};\n\n"
    if needs_defaults(schema):
        out += print_defaults(schema)
    if "x-exactly-one" in schema.rules:
        texts = ", ".join(f"STR({c_string(text)})" for text in schema.rules["x-exactly-one"])
        out += f"static const Str {name}_EXACTLY_ONE[] = {{{texts}}};\n\n"
    if schema.fields:
        rows = "".join(print_field_row(schema, field) for field in schema.fields)
        out += f"static const Field {name}_FIELDS[] = {{\n{rows}}};\n\n"
    if schema.variants:
        rows = "".join(f"{{STR({c_string(tag)}), &{shape_symbol(other)}}},\n" for tag, other in schema.variants)
        out += f"static const Variant {name}_VARIANTS[] = {{\n{rows}}};\n\n"
    return out


def print_typed_functions(schema: Schema) -> str:
    name, prefix, shape = schema.name, snake(schema.name), shape_symbol(schema)
    return (
        f"Err {prefix}_decode(Arena *arena, const json_t *json, {name} *out)\n"
        f"{{\n    return shape_decode(&{shape}, arena, json, out);\n}}\n\n"
        f"Err {prefix}_check(const {name} *value)\n{{\n    return shape_check(&{shape}, value);\n}}\n\n"
        f"void {prefix}_encode(const {name} *value, Buf *out)\n{{\n    shape_encode(&{shape}, value, out);\n}}\n\n"
    )


def print_emit(unit: Unit, name: str, schema: Schema) -> str:
    return (
        f"Err {unit.name}_emit_{name}(EventLog *log, const {schema.name} *event)\n{{\n"
        f"    return binding_emit(&{shape_symbol(schema)}, log, STR({c_string(name)}), event);\n}}\n\n"
    )


def print_row(operation: Operation) -> str:
    assert operation.rows is not None
    return (
        f"Err {operation.id}_row(RowWriter *rows, const {operation.rows.name} *row)\n{{\n"
        f"    return row_writer_put(rows, &{shape_symbol(operation.rows)}, row);\n}}\n\n"
    )


def print_source(unit: Unit, access: Access) -> str:
    roots = unit.scalars + unit.schemas
    inputs = {id(operation.input) for operation in unit.operations if operation.input is not operation.body}
    out = f"/* Made by tools/apigen from api/{unit.name}.yaml: change that. */\n"
    out += f'#include "api/{unit.name}.h"\n\n#include <stddef.h>\n\n'
    out += print_access_source(access) if access.unit == unit.name else ""
    for schema in reachable(roots):
        if schema.unit == unit.name and not is_plain(schema):
            out += print_parts(schema) + print_shape(schema)
    for schema in unit.schemas:
        if schema.kind != "enum" and id(schema) not in inputs:
            out += print_typed_functions(schema)
    for name, schema in service_events(unit).items():
        out += print_emit(unit, name, schema)
    out += "".join(print_row(operation) for operation in unit.operations if operation.rows)
    return out + print_event_sources(unit)


__all__ = ["children", "print_source", "print_types"]
