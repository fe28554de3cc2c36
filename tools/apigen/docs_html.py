"""The contract as one page for people: no script, nothing from elsewhere, its style in a file of its own."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from c_header import rules_text
from model import NAMED, Access, Field, Operation, Schema, Unit
from names import snake

INTRODUCTION = """
<p>Requests and answers are JSON in UTF-8. Unknown fields and parameters are refused by name, so a typo never goes
unnoticed. The same contract for programs: <a href="/openapi.json">openapi.json</a> (OpenAPI 3.1).</p>
<h3 id="problems">When a request is refused</h3>
<p>The answer is a problem (<a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a>,
<code>application/problem+json</code>): <code>detail</code> says what was wrong and what would be right,
<code>pointer</code> where in the input. Quote <code>instance</code> when you ask for help.</p>
<pre tabindex="0"><code>{"type": "/problems/invalid", "title": "The request breaks the contract", "status": 400,
 "detail": "max_results: 51 is outside 1..50", "pointer": "/max_results",
 "instance": "urn:trace:4bf92f3577b34da6a3ce929d0e0e4736"}</code></pre>
<h3 id="callers">Who is calling</h3>
<p>Operations marked with a permission need to know who is calling: <code>Authorization: Bearer TOKEN</code>, with an
access token or an API key; or a browser's cookie, beside which methods that change something need
<code>X-CSRF-Token</code>. Without one the answer is 401, without the permission 403. <a href="#roles">Roles</a> say who
may what; a <code>user_id</code> is the caller's own.</p>
<h3 id="streams">Answers as events</h3>
<p>Operations marked <span class="tag">events</span> answer with server-sent events for
<code>Accept: text/event-stream</code>. After a break, send <code>Last-Event-ID</code> to go on behind that event.
Those marked <span class="tag">websocket</span> give the same over a WebSocket to who asks for one, and take
<code>?last_event_id=</code>.</p>
<h3 id="rows">Answers as rows</h3>
<p>Operations marked <span class="tag">rows</span> answer with as many rows as there are, as <code>text/csv</code>
(RFC 4180, a line of names first) or, for <code>Accept: application/x-ndjson</code>, as a line of JSON each; in CSV a
text that a spreadsheet would take for a formula has <code>'</code> before it. An answer that breaks off isn't whole:
its last chunk is missing.</p>
"""


def text(value: str) -> str:
    """Escaped, with `code` marked."""
    parts = escape(value, quote=False).split("`")
    return "".join(f"<code>{part}</code>" if i % 2 else part for i, part in enumerate(parts))


def anchor(schema: Schema) -> str:
    return "schema-" + snake(schema.name).replace("_", "-")


def link(schema: Schema) -> str:
    return f'<a href="#{anchor(schema)}">{schema.name}</a>'


def type_html(schema: Schema) -> str:
    null = " or null" if schema.nullable else ""
    if schema.kind == "constant":
        value = schema.rules["const"]
        return f"always <code>{escape(str(value).lower() if isinstance(value, bool) else str(value))}</code>"
    if schema.kind in NAMED:
        return link(schema) + null
    if schema.item is not None:
        return ("list of " if schema.kind == "list" else "map of text to ") + type_html(schema.item) + null
    if schema.kind == "json":
        return ("list of anything" if "array" in schema.rules else "object with any fields") + null
    return schema.kind + null


def rules_html(field: Field) -> str:
    schema = field.schema
    rules = rules_text(schema)
    parts = [f"<code>{escape(str(schema.rules['pattern']))}</code>"] if "pattern" in schema.rules else []
    plain = rules.replace(f"matches {schema.rules.get('pattern')}", "").rstrip(", ")
    parts = ([escape(plain)] if plain else []) + parts
    if field.default is not None:
        default = str(field.default).lower() if isinstance(field.default, bool) else str(field.default)
        parts.append(f"default <code>{escape(default)}</code>")
    return "<br>".join(parts)


def field_rows(fields: Iterable[Field]) -> str:
    rows = ""
    for field in fields:
        need = "required" if field.required else "optional"
        place = f" in the {field.source}" if field.source != "body" else ""
        name = f'<code>{escape(field.name)}</code><br><span class="need {need}">{need}{place}</span>'
        rows += (
            f'<tr><th scope="row">{name}</th>'
            f"<td>{type_html(field.schema)}</td><td>{rules_html(field)}</td><td>{text(field.description)}</td></tr>\n"
        )
    return rows


def field_table(caption: str, fields: list[Field]) -> str:
    if not fields:
        return "<p>No fields.</p>\n"
    head = "".join(f'<th scope="col">{title}</th>' for title in ("Name", "Type", "Rules", "What it is"))
    return (
        f'<div class="table" role="region" aria-label="{escape(caption)}" tabindex="0"><table>'
        f"<caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>\n{field_rows(fields)}</tbody></table></div>\n"
    )


def access_refusals(operation: Operation) -> dict[int, str]:
    if not operation.permission:
        return {}
    needs = [f"`{operation.permission}`"]
    needs += [f"`{permission}` for `{field.name}`" for _, field, permission in operation.permission_with]
    forbidden = f"The caller lacks {', or '.join(needs)}"
    forbidden += f"; or names another's `{operation.owner.name}`." if operation.owner else "."
    return {401: "Who is calling isn't known.", 403: forbidden}


def permission_html(operation: Operation) -> str:
    needed = operation.permission
    return f'<a class="tag" href="#roles">{needed}</a>' if needed else '<span class="tag">public</span>'


def roles_html(access: Access) -> str:
    """Permissions down, roles across."""
    if not access.permissions:
        return ""
    head = "".join(f'<th scope="col">{escape(title)}</th>' for title in ("Permission", "Allows", *access.roles))
    rows = ""
    for name, allows in access.permissions.items():
        cells = "".join(f"<td>{'yes' if name in held else ''}</td>" for held in access.roles.values())
        rows += f'<tr><th scope="row"><code>{escape(name)}</code></th><td>{text(allows)}</td>{cells}</tr>\n'
    return (
        '<section><h2 id="roles">Roles and permissions</h2>\n'
        '<div class="table" role="region" aria-label="Roles and permissions" tabindex="0"><table>'
        f"<caption>Roles and permissions</caption><thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{rows}</tbody></table></div></section>\n"
    )


def responses_html(operation: Operation) -> str:
    answer = f" {link(operation.result)}" if operation.result else ""
    answer += f" Rows: {link(operation.rows)}" if operation.rows else ""
    rows = f"<dt>{operation.status}</dt><dd>{text(operation.result_description)}{answer}</dd>"
    refusals = ({400: "The request breaks this contract."} if operation.input else {}) | access_refusals(operation)
    refusals |= operation.errors
    rows += "".join(f"<dt>{status}</dt><dd>{text(what)}</dd>" for status, what in sorted(refusals.items()))
    return f"<h4>Answers</h4><dl>{rows}</dl>\n"


def events_html(operation: Operation) -> str:
    if not operation.events:
        return ""
    rows = "".join(
        f"<dt>{name}</dt><dd>{link(schema)}. {text(schema.description)}</dd>"
        for name, schema in operation.events.items()
    )
    return f"<h4>Events</h4><dl>{rows}</dl>\n"


def bounds_html(operation: Operation) -> str:
    within = f"within {operation.time_limit_s} s" if operation.time_limit_s else ""
    at_once = f"{operation.most_at_once:,} at once" if operation.most_at_once else ""
    bounds = ", ".join(filter(None, (within, at_once)))
    return f"<p>Answered {bounds}.</p>\n" if bounds else ""


def operation_html(operation: Operation) -> str:
    events = '<span class="tag">events</span>' if operation.streams else ""
    events += ' <span class="tag">websocket</span>' if operation.sockets else ""
    events += ' <span class="tag">rows</span>' if operation.rows else ""
    out = (
        f'<article id="{operation.id}"><h3><span class="method {operation.method.lower()}">{operation.method}</span> '
        f"<code>{escape(operation.path)}</code> {permission_html(operation)} {events}</h3>\n"
        f"<p><strong>{text(operation.summary)}</strong> {text(operation.description)}</p>\n"
    )
    if operation.parameters:
        out += field_table(f"Parameters of {operation.id}", operation.parameters.fields)
    if operation.body:
        need = "" if operation.body_required else " (may be left out)"
        out += f"<p>Body{need}, at most {operation.body_limit:,} bytes: {link(operation.body)}</p>\n"
    return out + bounds_html(operation) + responses_html(operation) + events_html(operation) + "</article>\n"


def schema_html(schema: Schema) -> str:
    out = f'<article id="{anchor(schema)}"><h3>{schema.name}</h3>\n'
    out += f"<p>{text(schema.description)}</p>\n" if schema.description else ""
    if schema.rules.get("x-exactly-one"):
        names = ", ".join(f"<code>{name}</code>" for name in schema.rules["x-exactly-one"])
        out += f"<p>Exactly one of {names} must be there.</p>\n"
    if schema.kind == "enum":
        out += "<p>One of " + ", ".join(f"<code>{escape(value)}</code>" for value in schema.texts) + ".</p>\n"
    elif schema.kind == "one_of":
        rows = "".join(f"<dt>{escape(tag)}</dt><dd>{link(variant)}</dd>" for tag, variant in schema.variants)
        out += f"<p><code>{escape(schema.tag)}</code> says which it is:</p><dl>{rows}</dl>\n"
    else:
        out += field_table(f"Fields of {schema.name}", schema.fields)
    return out + "</article>\n"


def served_schemas(unit: Unit) -> list[Schema]:
    inputs = [operation.parameters for operation in unit.operations]
    return [schema for schema in unit.schemas if not any(schema is given for given in inputs)]


def contents(units: list[Unit], access: Access) -> str:
    out = '<li><a href="#conventions">Conventions</a></li>\n'
    out += '<li><a href="#roles">Roles and permissions</a></li>\n' if access.permissions else ""
    for unit in units:
        items = "".join(f'<li><a href="#{o.id}">{text(o.summary.rstrip("."))}</a></li>\n' for o in unit.operations)
        out += f'<li><a href="#{unit.name}">{escape(unit.title)}</a>\n<ul>\n{items}</ul></li>\n'
    return out + '<li><a href="#types">Types</a></li>\n'


def page(units: list[Unit], access: Access) -> str:
    services = [unit for unit in units if unit.operations]
    body = f'<section><h2 id="conventions">Conventions</h2>{INTRODUCTION}</section>\n'
    body += roles_html(access)
    for unit in services:
        operations = "".join(map(operation_html, unit.operations))
        title = f'<h2 id="{unit.name}">{escape(unit.title)}</h2>\n<p>{text(unit.description)}</p>\n'
        body += f"<section>{title}{operations}</section>\n"
    schemas = sorted((schema for unit in units for schema in served_schemas(unit)), key=lambda schema: schema.name)
    body += f'<section><h2 id="types">Types</h2>\n{"".join(map(schema_html, schemas))}</section>\n'
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<title>NERDX: the contract</title>\n"
        '<link rel="stylesheet" href="/docs/docs.css">\n</head>\n<body>\n'
        '<a class="skip" href="#conventions">Skip to the contract</a>\n'
        "<header><h1>NERDX: the contract</h1><p>Every operation, what it takes and what it answers.</p></header>\n"
        f'<div class="columns"><nav aria-label="Contents"><ul>\n{contents(services, access)}</ul></nav>\n'
        f"<main>\n{body}</main></div>\n</body>\n</html>\n"
    )
