"""The header of a unit: types, then what can be done with them, then its operations."""

from __future__ import annotations

from c_access import print_access_header
from ctypes_of import (
    c_type,
    collection_home,
    element_name,
    is_exported,
    members,
    needs_defaults,
    reachable,
    shape_symbol,
)
from events import print_event_types
from model import Access, Field, Schema, Unit
from names import comment, snake, upper
from operations import service_events
from source import ContractError


def rules_text(schema: Schema) -> str:
    """The rules of a value in words: "1..50", "at most 128 characters"."""
    rules, parts = schema.rules, []
    unit = {"string": " characters", "list": " items", "map": " entries", "json": " entries"}.get(schema.kind, "")
    low = next((rules[key] for key in ("minLength", "minItems", "minProperties", "minimum") if key in rules), None)
    high = next((rules[key] for key in ("maxLength", "maxItems", "maxProperties", "maximum") if key in rules), None)
    above = "above " if rules.get("exclusiveMinimum") else "at least "
    below = "below " if rules.get("exclusiveMaximum") else "at most "
    if low is not None and high is not None and (above, below) == ("at least ", "at most "):
        parts.append(f"{low}..{high}{unit}")
    else:
        parts += [f"{above}{low}{unit}"] if low is not None else []
        parts += [f"{below}{high}{unit}"] if high is not None else []
    parts += [f"a multiple of {rules['multipleOf']}"] if "multipleOf" in rules else []
    parts += [str(rules["format"])] if "format" in rules else []
    parts += [f"matches {rules['pattern']}"] if "pattern" in rules else []
    parts += ["no two alike"] if rules.get("uniqueItems") else []
    return ", ".join(parts)


def field_text(field: Field) -> str:
    parts = [field.description.rstrip(".")] if field.description else []
    rules = rules_text(field.schema)
    parts += [rules] if rules else []
    if field.default is not None:
        default = (
            {True: "true", False: "false"}.get(field.default, field.default)
            if isinstance(field.default, bool)
            else field.default
        )
        parts.append(f"{default} when absent")
    elif not field.required:
        parts.append("optional")
    return "; ".join(parts)


def print_field(field: Field) -> str:
    out = comment(field_text(field), "    ")
    if field.schema.kind == "constant":
        value = field.schema.rules["const"]
        value = str(value).lower() if isinstance(value, bool) else value
        if field.required:
            return comment(f"{field.name} is always {value}", "    ")
        return out + f"    bool has_{field.member}; /* then it is {value} */\n"
    if field.schema.nullable:
        out += f"    bool {field.member}_is_null;\n"
    if field.has_flag:
        out += f"    bool has_{field.member};\n"
    kind = c_type(field.schema)
    return out + (f"    const {kind} *{field.member};\n" if field.pointer else f"    {kind} {field.member};\n")


def print_enum(schema: Schema) -> str:
    prefix = upper(schema.name)
    values = "".join(f"    {prefix}_{upper(text)},\n" for text in schema.texts)
    name = schema.name
    return (
        comment(schema.description)
        + f"typedef enum {name} {{\n{values}}} {name};\n\n"
        + f"enum {{ {prefix}_COUNT = {len(schema.texts)} }};\n\n"
    )


def print_struct(schema: Schema) -> str:
    out = comment(schema.description)
    if schema.rules.get("x-exactly-one"):
        out += comment(f"Exactly one of {', '.join(schema.rules['x-exactly-one'])} is there.")
    out += f"struct {schema.name} {{\n"
    if schema.kind == "one_of":
        kinds = "".join(f"        {upper(schema.name)}_{upper(tag)},\n" for tag, _ in schema.variants)
        choices = "".join(f"        {variant.name} {snake(tag)};\n" for tag, variant in schema.variants)
        return out + f"    enum {schema.name}Kind {{\n{kinds}    }} kind;\n    union {{\n{choices}    }};\n}};\n\n"
    fields = members(schema)
    body = "".join(print_field(field) for field in fields)
    if not any(f.schema.kind != "constant" or not f.required for f in fields):
        body += "    char unused; /* C has no empty structs */\n"
    return out + body + "};\n\n"


def held_by_value(schema: Schema) -> list[Schema]:
    """The structs that must be complete before this one."""
    held = [
        field.schema for field in members(schema) if field.schema.kind in ("object", "one_of") and not field.pointer
    ]
    return held + [variant for _, variant in schema.variants]


def in_order(unit: Unit) -> list[Schema]:
    """Structs of a unit, those that others hold by value first."""
    order: list[Schema] = []
    open_: list[Schema] = []

    def visit(schema: Schema) -> None:
        if schema in order or schema.unit != unit.name:
            return
        if any(schema is other for other in open_):
            raise ContractError(schema.where, f"{schema.name} would hold itself; make the property optional")
        open_.append(schema)
        for held in held_by_value(schema):
            visit(held)
        open_.pop()
        order.append(schema)

    for schema in unit.schemas:
        if schema.kind != "enum":
            visit(schema)
    return order


def collections(unit: Unit, everything: list[Schema]) -> list[Schema]:
    """One list or map schema for every such C type that this unit's header declares."""
    found: dict[str, Schema] = {}
    for schema in everything:
        if schema.kind in ("list", "map") and collection_home(schema) == unit.name:
            found.setdefault(c_type(schema), schema)
    return list(found.values())


def print_collection(schema: Schema) -> str:
    assert schema.item is not None
    name = c_type(schema)
    item = c_type(schema.item) if schema.kind == "list" else element_name(schema.item) + "Entry"
    forward = f"typedef struct {item} {item};\n" if schema.kind == "map" else ""
    return f"{forward}typedef struct {name} {{\n    {item} *items;\n    size_t count;\n}} {name};\n\n"


def print_entry(schema: Schema) -> str:
    assert schema.item is not None
    name = element_name(schema.item) + "Entry"
    return f"struct {name} {{\n    Str key;\n    {c_type(schema.item)} value;\n}};\n\n"


def nesting(schema: Schema) -> int:
    return 0 if schema.item is None else 1 + nesting(schema.item)


def print_types(unit: Unit, everything: list[Schema]) -> str:
    structs = in_order(unit)
    mine = sorted(collections(unit, everything), key=nesting)
    out = "".join(print_enum(schema) for schema in unit.schemas if schema.kind == "enum")
    out += "".join(f"typedef struct {schema.name} {schema.name};\n" for schema in structs) + "\n"
    out += "".join(print_collection(schema) for schema in mine)
    out += "".join(print_struct(schema) for schema in structs)
    return out + "".join(print_entry(schema) for schema in mine if schema.kind == "map")


def print_functions(unit: Unit) -> str:
    inputs = {id(operation.input) for operation in unit.operations if operation.input is not operation.body}
    out = ""
    for schema in unit.scalars:
        out += f"extern const Shape {shape_symbol(schema)};\n"
    for schema in unit.schemas:
        name, prefix = schema.name, snake(schema.name)
        out += f"extern const Shape {shape_symbol(schema)};\n"
        if schema.kind == "enum":
            out += f"extern const Str {upper(name)}_TEXT[{upper(name)}_COUNT];\n"
            continue
        if needs_defaults(schema):
            out += f"extern const {name} {upper(name)}_DEFAULTS;\n"
        if id(schema) in inputs:
            continue
        out += (
            f"Err {prefix}_decode(Arena *arena, const json_t *json, {name} *out);\n"
            f"Err {prefix}_check(const {name} *value);\n"
            f"void {prefix}_encode(const {name} *value, Buf *out);\n\n"
        )
    return out


def print_events(unit: Unit) -> str:
    events = service_events(unit)
    if not events:
        return ""
    out = "/* Events: checked, encoded and appended. Errors: INTERNAL when the contract is broken, and the log's. */\n"
    for name, schema in events.items():
        out += f"Err {unit.name}_emit_{name}(EventLog *log, const {schema.name} *event);\n"
    return out + "\n"


def print_rows(unit: Unit) -> str:
    given = [operation for operation in unit.operations if operation.rows]
    if not given:
        return ""
    out = "/* Rows of an answer: checked and written. Errors: INTERNAL when the contract is broken. */\n"
    for operation in given:
        out += f"Err {operation.id}_row(RowWriter *rows, const {operation.rows.name} *row);\n"
    return out + "\n"


def signature(operation_id: str, operation: object, extra: str = "") -> str:
    parts = [extra] if extra else []
    parts.append("Call *call")
    parts += [f"const {operation.input.name} *in"] if operation.input else []  # type: ignore[attr-defined]
    parts += [f"{operation.result.name} *out"] if operation.result else []  # type: ignore[attr-defined]
    return f"Err {operation_id}({', '.join(parts)})"


def print_operations(unit: Unit) -> str:
    if not unit.operations:
        return ""
    upper_name, client = upper(unit.name), f"{unit.title_name}Client"
    out = "/* Handlers: the service has one for every operation, or the program doesn't link. */\n\n"
    for operation in unit.operations:
        text = f"{operation.method} {operation.path}: {operation.summary} {operation.description}"
        refusals = " ".join(f"{status}: {what}" for status, what in sorted(operation.errors.items()))
        out += comment(text + " " + refusals) + signature(operation.id, operation) + ";\n\n"
    out += f"extern const OperationTable {upper_name}_OPERATIONS;\n\n" + print_events(unit) + print_rows(unit)
    out += (
        f"/* How others reach the service: in this process, or over HTTP when remote is set. Inputs and answers are\n"
        f" * checked alike on both ways; answers live in call->arena. */\n"
        f"typedef struct {client} {{\n    void *service;\n    HttpClient *remote;\n}} {client};\n\n"
    )
    for operation in unit.operations:
        if operation.has_client:
            name = client_function(unit, operation.id)
            out += signature(name, operation, f"const {client} *client") + ";\n"
    tools = sum(operation.tool and operation.answers_json for operation in unit.operations)
    out += f"\nenum {{ {upper_name}_TOOL_COUNT = {tools} }};\n"
    return out + f"extern const ToolSchema {upper_name}_TOOLS[{upper_name}_TOOL_COUNT];\n\n" if tools else out


def client_function(unit: Unit, operation_id: str) -> str:
    return f"{unit.name}_client_{operation_id.removeprefix(unit.name + '_')}"


def print_header(unit: Unit, everything: list[Schema], access: Access) -> str:
    guard = f"NERDX_API_{upper(unit.name)}_H"
    includes = ['"http/contract/shape.h"'] if not unit.operations else ['"http/contract/binding.h"']
    includes += ['"http/contract/event.h"'] if unit.event_types else []
    includes += ['"http/contract/row_writer.h"'] if any(operation.rows for operation in unit.operations) else []
    includes += [f'"api/{other}.h"' for other in sorted(unit.uses)]
    out = comment(f"{unit.title}. {unit.description} Made by tools/apigen from api/{unit.name}.yaml: change that.")
    out += f"#ifndef {guard}\n#define {guard}\n\n"
    out += "".join(f"#include {include}\n" for include in includes) + "\n"
    out += print_access_header(access) if access.unit == unit.name else ""
    out += print_types(unit, everything) + print_functions(unit) + print_event_types(unit)
    return out + print_operations(unit) + "#endif\n"


def all_schemas(units: list[Unit]) -> list[Schema]:
    roots = [schema for unit in units for schema in unit.scalars + unit.schemas]
    return reachable(roots)


__all__ = ["all_schemas", "client_function", "is_exported", "print_header", "rules_text", "signature"]
