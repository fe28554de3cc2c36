"""What happens (x-events of a contract file): for each type a row, a constructor, a reader in C; its JSON Schema."""

from __future__ import annotations

import json
import re
from typing import Any

from ctypes_of import shape_symbol
from model import EventType, Unit
from names import c_string, comment, snake, upper
from schemas import Schemas
from source import ContractError, Map, Where, allow, need
from tool_schemas import inlined

NAME = re.compile(r"nerdx\.([a-z][a-z0-9]*)(\.[a-z][a-z0-9_]*)+\.v[1-9][0-9]*")


def read_event(unit: Unit, name: str, source: Any, where: Where, schemas: Schemas) -> EventType:
    match = NAME.fullmatch(name)
    if match is None or not isinstance(source, Map):
        raise ContractError(where, f"{name}: an event is called nerdx.SERVICE.WHAT.HAPPENED.v1")
    allow(source, {"summary", "subject", "data"}, "an event")
    data = need(source, "data", Map, "an event")
    schema = schemas.inline(unit.name, data, "", where)
    if schema.kind != "object" or not schema.declared:
        raise ContractError(data.where, "data: refers to a declared object, which names the event in C")
    words = [str(need(source, key, str, "an event")).strip() for key in ("summary", "subject")]
    return EventType(name, f"urn:nerdx:{match[1]}", f"urn:nerdx:schema:{name}", words[0], words[1], schema, where)


def read_event_types(unit: Unit, document: Map, schemas: Schemas) -> None:
    events = document.get("x-events", Map(document.where))
    for name, source in events.items():
        event = read_event(unit, name, source, events.at(name), schemas)
        if any(other.data is event.data for other in unit.event_types):
            raise ContractError(event.where, f"{name}: {event.data.name} is another event's already")
        unit.event_types.append(event)


def row_symbol(event: EventType) -> str:
    return upper(event.data.name) + "_EVENT"


def print_event_types(unit: Unit) -> str:
    if not unit.event_types:
        return ""
    out = (
        "/* What happens. NAME_event: checked and written; errors: INTERNAL when the contract is broken.\n"
        " * NAME_read: what one was given, also by a later program that says more; errors: INVALID.\n"
        " * The arena owns both. */\n\n"
    )
    for event in unit.event_types:
        name, prefix = event.data.name, snake(event.data.name)
        out += comment(f"{event.name}: {event.summary} Its subject: {event.subject}")
        out += f"extern const EventType {row_symbol(event)};\n"
        out += f"Err {prefix}_event(Arena *arena, Str subject, const {name} *data, EventNew *out);\n"
        out += f"Err {prefix}_read(Arena *arena, Json data, {name} *out);\n\n"
    count = f"{upper(unit.name)}_EVENT_COUNT"
    out += f"enum {{ {count} = {len(unit.event_types)} }};\n"
    return out + f"extern const EventType *const {upper(unit.name)}_EVENTS[{count}];\n\n"


def print_event_sources(unit: Unit) -> str:
    out = ""
    for event in unit.event_types:
        name, prefix, row = event.data.name, snake(event.data.name), row_symbol(event)
        texts = ", ".join(
            f".{member} = STR({c_string(text)})"
            for member, text in (("name", event.name), ("source", event.source), ("schema", event.schema))
        )
        out += f"const EventType {row} = {{{texts}, .data = &{shape_symbol(event.data)}}};\n\n"
        out += (
            f"Err {prefix}_event(Arena *arena, Str subject, const {name} *data, EventNew *out)\n"
            f"{{\n    return event_make(&{row}, arena, subject, data, out);\n}}\n\n"
            f"Err {prefix}_read(Arena *arena, Json data, {name} *out)\n"
            f"{{\n    return event_read(&{row}, arena, data, out);\n}}\n\n"
        )
    if unit.event_types:
        rows = ", ".join("&" + row_symbol(event) for event in unit.event_types)
        out += f"const EventType *const {upper(unit.name)}_EVENTS[] = {{{rows}}};\n\n"
    return out


def event_schema(event: EventType) -> dict[str, Any]:
    """The JSON Schema of an event's data, without references."""
    return inlined(event.data)


def events_json(units: list[Unit]) -> str:
    """Every event type: what is served as /docs/events.json."""
    types = {
        event.name: {
            "summary": event.summary,
            "source": event.source,
            "subject": event.subject,
            "dataschema": event.schema,
            "data": event_schema(event),
        }
        for unit in units
        for event in unit.event_types
    }
    return json.dumps(types, ensure_ascii=False, indent=1) + "\n"
