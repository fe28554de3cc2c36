"""Operations of a contract file into the model."""

from __future__ import annotations

import re
from typing import Any

from access import read_owner, read_permission, read_permission_with
from model import Access, Field, Operation, Schema, Unit
from names import camel, member
from schemas import Schemas
from source import ContractError, Map, Sequence, allow, need

METHODS = {"get", "put", "post", "delete", "patch"}
OPERATION_KEYS = {
    "operationId",
    "summary",
    "description",
    "parameters",
    "requestBody",
    "responses",
    "x-blocking",
    "x-blocking-with",
    "x-shares-commit",
    "x-limit-class",
    "x-seconds",
    "x-at-once",
    "x-websocket",
    "x-tool",
    "x-needs-approval",
    "x-permission",
    "x-permission-with",
    "x-owner",
    "x-any-owner",
}
JSON = "application/json"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
FORM_KINDS = {"string", "enum", "constant"}
PARAMETER_KINDS = {"string", "integer", "number", "boolean", "enum"}
ROWS = ("text/csv", "application/x-ndjson")
CELL_KINDS = PARAMETER_KINDS | {"constant"}


SEE_OTHER = 303
MOST = {"x-seconds": 3600, "x-at-once": 100_000}


def succeeds(status: str) -> bool:
    """A page that sends a browser on has done what it is for."""
    return status.startswith("2") or status == str(SEE_OTHER)


class Operations:
    """Reads the paths of one file."""

    def __init__(self, unit: Unit, schemas: Schemas, access: Access) -> None:
        self.unit = unit
        self.schemas = schemas
        self.access = access

    def read_paths(self, paths: Map) -> None:
        for path, item in paths.items():
            if not re.fullmatch(r"(/([A-Za-z0-9._-]+|\{[a-z0-9_]+\}))+", path):
                raise ContractError(paths.at(path), f"{path}: a path is /segments and /{{parameters}}")
            allow(item, METHODS, "a path")
            for method, source in item.items():
                self.unit.operations.append(self.read_operation(path, method, source))
        seen: dict[str, Operation] = {}
        for operation in self.unit.operations:
            other = seen.setdefault(operation.id, operation)
            if other is not operation:
                raise ContractError(operation.where, f"operationId {operation.id} is taken at {other.where}")

    def read_operation(self, path: str, method: str, source: Map) -> Operation:
        allow(source, OPERATION_KEYS, "an operation")
        name = need(source, "operationId", str, "an operation")
        if not re.fullmatch(rf"{self.unit.name}(_[a-z0-9]+)+", name):
            raise ContractError(source.at("operationId"), f"operationId {name}: write {self.unit.name}_verb_noun")
        operation = Operation(
            id=name,
            method=method.upper(),
            path=path,
            where=source.where,
            summary=need(source, "summary", str, "an operation").strip(),
            description=str(source.get("description", "")).strip(),
            blocking=self.flag(source, "x-blocking", False),
            shares_commit=self.flag(source, "x-shares-commit", False),
            limit_class=self.limit_class(source),
            time_limit_s=self.bound(source, "x-seconds"),
            most_at_once=self.bound(source, "x-at-once"),
            sockets=self.flag(source, "x-websocket", False),
            tool=self.flag(source, "x-tool", True),
            needs_approval=self.flag(source, "x-needs-approval", False),
            permission=read_permission(self.access, source),
        )
        self.read_parameters(operation, source)
        self.read_body(operation, source)
        self.join_input(operation)
        self.read_responses(operation, source)
        self.read_blocking_with(operation, source)
        read_permission_with(self.access, operation, source)
        read_owner(self.access, operation, source)
        self.check_tool(operation)
        if operation.shares_commit and (operation.blocking or operation.streams):
            raise ContractError(source.at("x-shares-commit"), "x-shares-commit: not beside x-blocking or events")
        if operation.rows and not (operation.blocking and operation.most_at_once):
            raise ContractError(
                source.where, "rows are made on workers, for some callers at once: x-blocking, x-at-once"
            )
        if operation.sockets and not (operation.only_streams and operation.method == "GET" and operation.most_at_once):
            raise ContractError(source.at("x-websocket"), "x-websocket: a GET of events alone, with x-at-once")
        if operation.blocking_with and (operation.blocking or operation.shares_commit):
            raise ContractError(source.at("x-blocking-with"), "x-blocking-with: not beside what it would change")
        return operation

    def limit_class(self, source: Map) -> str:
        name = str(source.get("x-limit-class", ""))
        if name and not re.fullmatch(r"[a-z][a-z-]{0,22}", name):
            raise ContractError(source.at("x-limit-class"), f"x-limit-class: {name} is no name of a-z and -, up to 23")
        return name

    def bound(self, source: Map, key: str) -> int:
        most = MOST[key]
        value = source.get(key, 0)
        if key in source and not (isinstance(value, int) and 1 <= value <= most):
            raise ContractError(source.at(key), f"{key}: a whole number from 1 to {most}")
        return int(value)

    def check_tool(self, operation: Operation) -> None:
        """What an agent fills in is one object: the body where there is one, else the parameters."""
        if not operation.tool or not operation.answers_json or not operation.body or not operation.parameters:
            return
        for field in operation.parameters.fields:
            if not field.given:
                raise ContractError(
                    field.where, f"{field.name}: beside a body it needs x-given: true, or x-tool: false"
                )

    def read_blocking_with(self, operation: Operation, source: Map) -> None:
        names = source.get("x-blocking-with", Sequence(source.where))
        fields = {field.name: field for field in operation.body.fields} if operation.body else {}
        for name in names:
            field = fields.get(name)
            if field is None or field.required or field.default is not None or operation.parameters:
                raise ContractError(
                    source.at("x-blocking-with"), f"x-blocking-with: {name} is no optional property of a body alone"
                )
            operation.blocking_with.append(field)

    def flag(self, source: Map, key: str, otherwise: bool) -> bool:
        value = source.get(key, otherwise)
        if not isinstance(value, bool):
            raise ContractError(source.at(key), f"{key}: true or false")
        return value

    def input_schema(self, operation: Operation, suffix: str) -> Schema:
        schema = Schema("object", operation.where, self.unit.name, camel(operation.id) + suffix)
        schema.description = f"What {operation.id} is given."
        return schema

    def read_parameters(self, operation: Operation, source: Map) -> None:
        parameters = source.get("parameters", Sequence(source.where))
        schema = self.input_schema(operation, "Input")
        for parameter in parameters:
            schema.fields.append(self.read_parameter(schema, parameter))
        named = {field.name for field in schema.fields if field.source == "path"}
        if named != set(re.findall(r"\{([a-z0-9_]+)\}", operation.path)):
            raise ContractError(source.at("parameters"), f"the path parameters are not those of {operation.path}")
        if schema.fields:
            self.schemas.refuse_collisions(schema)
            operation.parameters = schema

    def read_parameter(self, parent: Schema, source: Map) -> Field:
        allow(source, {"name", "in", "required", "schema", "description", "x-given"}, "a parameter")
        name = need(source, "name", str, "a parameter")
        place = source.get("in")
        if place not in ("path", "query"):
            raise ContractError(source.at("in"), f"in: {place!r} is none of path, query")
        required = self.flag(source, "required", False)
        if place == "path" and not required:
            raise ContractError(source.where, f"{name}: a path parameter needs required: true")
        field = self.schemas.read_field(parent, name, source.get("schema"), required, source.where)
        kind = field.schema.item.kind if field.schema.kind == "list" and field.schema.item else field.schema.kind
        if kind not in PARAMETER_KINDS or field.schema.nullable or (field.schema.kind == "list" and place == "path"):
            raise ContractError(source.at("schema"), f"{name}: a parameter is a scalar, or in the query a list of them")
        field.source = place
        field.member = member(name)
        field.given = self.flag(source, "x-given", False)
        field.description = str(source.get("description", field.description)).strip()
        return field

    def read_body(self, operation: Operation, source: Map) -> None:
        body = source.get("requestBody")
        if body is None:
            return
        allow(body, {"required", "description", "content", "x-max-bytes"}, "a request body")
        content = need(body, "content", Map, "a request body")
        allow(content, {JSON, *FORMS}, "a request body's content")
        operation.form = JSON not in content
        if operation.form and set(content) != set(FORMS):
            raise ContractError(content.where, f"a form is taken in both of its forms, alone: {FORMS}")
        if not operation.form and len(content) > 1:
            raise ContractError(content.where, "a request body is JSON or a form")
        media = need(content, FORMS[0] if operation.form else JSON, Map, "a request body")
        if operation.form and content[FORMS[1]] != media:
            raise ContractError(content.where, "both forms have one schema")
        allow(media, {"schema"}, "a media type")
        operation.body_required = self.flag(body, "required", False)
        operation.body_limit = need(body, "x-max-bytes", int, "a request body")
        operation.body = self.schemas.inline(
            self.unit.name, media.get("schema"), camel(operation.id) + "Body", media.at("schema")
        )
        if operation.body.kind not in ("object", "one_of") or operation.body.nullable:
            raise ContractError(media.where, "a request body is an object")
        if operation.form:
            self.check_form(operation, media)

    def check_form(self, operation: Operation, media: Map) -> None:
        """Its values are texts; who has a client of ours sends JSON."""
        fields = operation.body.fields if operation.body else []
        for field in fields:
            if field.schema.kind not in FORM_KINDS or field.schema.nullable:
                raise ContractError(field.where, f"{field.name}: a form's properties are texts")
        if not fields or operation.tool:
            raise ContractError(media.where, "a form has properties, and x-tool: false")

    def join_input(self, operation: Operation) -> None:
        """The handler's input: the body alone is passed as it is, parameters make a struct that may hold it."""
        if operation.parameters is None and operation.body is not None and operation.body_required:
            operation.input = operation.body
            return
        if operation.parameters is None and operation.body is None:
            return
        operation.input = operation.parameters or self.input_schema(operation, "Input")
        self.schemas.claim(operation.input)
        self.unit.schemas.append(operation.input)
        if operation.body is None:
            return
        if any(field.member == "body" for field in operation.input.fields):
            raise ContractError(operation.where, "a parameter can't be named body when there is one")
        operation.input.body = Field(
            "body", "body", operation.body, operation.body_required, operation.where, operation.body.description
        )

    def read_responses(self, operation: Operation, source: Map) -> None:
        responses = need(source, "responses", Map, "an operation")
        for status, response in responses.items():
            allow(response, {"description", "content"}, "a response")
            where = responses.at(status)
            if not re.fullmatch(r"[2-5][0-9][0-9]", status):
                raise ContractError(where, f'{status}: a response has a status such as "200"')
            if succeeds(status):
                operation.status = int(status)
                operation.result_description = str(response.get("description", ""))
                self.read_content(operation, response)
            elif "content" in response:
                raise ContractError(where, f"{status}: refusals are problems (RFC 9457) without content of their own")
            else:
                operation.errors[int(status)] = str(response.get("description", ""))
        if sum(map(succeeds, responses)) != 1:
            raise ContractError(responses.where, "an operation has one response of 2xx, or 303")
        if operation.status == SEE_OTHER and operation.result is not None:
            raise ContractError(responses.where, "303: what it leads to is in Location, it has no content of its own")

    def read_content(self, operation: Operation, response: Map) -> None:
        content = response.get("content", Map(response.where))
        allow(content, {JSON, "text/event-stream", *ROWS}, "a response's content")
        if set(content) & set(ROWS):
            self.read_rows(operation, content)
            return
        for kind, media in content.items():
            if kind == JSON:
                allow(media, {"schema"}, "a media type")
                name = camel(operation.id) + "Result"
                operation.result = self.schemas.inline(self.unit.name, media.get("schema"), name, media.where)
                if operation.result.kind not in ("object", "one_of") or operation.result.nullable:
                    raise ContractError(media.where, "a response is an object")
            else:
                allow(media, {"x-events"}, "text/event-stream")
                self.read_events(operation, need(media, "x-events", Map, "text/event-stream"))

    def read_rows(self, operation: Operation, content: Map) -> None:
        """As many as there are, in the form that is asked for."""
        if set(content) != set(ROWS) or content[ROWS[0]] != content[ROWS[1]]:
            raise ContractError(content.where, f"rows are given in both of their forms, alone and alike: {ROWS}")
        media = content[ROWS[0]]
        allow(media, {"x-rows"}, ROWS[0])
        name = camel(operation.id) + "Row"
        rows = self.schemas.inline(self.unit.name, media.get("x-rows"), name, media.where)
        if rows.kind != "object" or rows.nullable:
            raise ContractError(media.where, "a row is an object")
        for field in rows.fields:
            if field.schema.kind not in CELL_KINDS or field.schema.nullable:
                raise ContractError(field.where, f"{field.name}: what is in a row is one value, or absent")
        operation.rows = rows

    def read_events(self, operation: Operation, events: Map) -> None:
        for name, source in events.items():
            if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
                raise ContractError(events.at(name), f"{name}: an event's name is snake_case")
            schema = self.schemas.inline(self.unit.name, source, camel(operation.id + "_" + name), events.at(name))
            if schema.kind not in ("object", "one_of"):
                raise ContractError(events.at(name), f"{name}: an event is an object")
            operation.events[name] = schema


def service_events(unit: Unit) -> dict[str, Schema]:
    """All events of a service: operations that share one must mean the same."""
    events: dict[str, Schema] = {}
    for operation in unit.operations:
        for name, schema in operation.events.items():
            if events.setdefault(name, schema) is not schema:
                raise ContractError(operation.where, f"event {name} has another schema elsewhere in this service")
    return events


def read_document(unit: Unit, document: Map, schemas: Schemas, access: Access) -> None:
    known = {"openapi", "info", "paths", "components", "x-permissions", "x-roles", "x-events"}
    allow(document, known, "an OpenAPI document")
    components: Any = document.get("components", Map(document.where))
    allow(components, {"schemas"}, "components")
    for name in components.get("schemas", {}):
        schemas.component(unit.name, name, document.where)
    Operations(unit, schemas, access).read_paths(document.get("paths", Map(document.where)))
    service_events(unit)
