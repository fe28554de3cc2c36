"""The operations of a unit in C: the table the server routes by, the client others call, the tools of agents."""

from __future__ import annotations

import json

from c_access import check_call, is_used, print_check, print_row_parts
from c_header import client_function, signature
from ctypes_of import needs_defaults, shape_symbol
from model import Access, Operation, Schema, Unit
from names import c_string, upper
from tool_schemas import tool_parameters


def binding_symbol(operation: Operation) -> str:
    return upper(operation.id) + "_BINDING"


def print_exchange(operation: Operation) -> str:
    name, out = upper(operation.id), ""
    parts = [f".method = {c_string(operation.method)}", f".path = {c_string(operation.path)}"]
    if operation.input:
        parts.append(f".input_size = sizeof({operation.input.name})")
    if operation.parameters:
        parts.append(f".parameters = &{shape_symbol(operation.parameters)}")
    if operation.body:
        held = operation.input is not operation.body
        row = [
            'FIELD_NAME("body")',
            f".shape = &{shape_symbol(operation.body)}",
            f".offset = offsetof({operation.input.name}, body)" if held and operation.input else ".offset = 0",
            ".has = NO_MEMBER",
            ".null = NO_MEMBER",
            ".required = true" if operation.body_required else ".pointer = true",
        ]
        out += f"static const Field {name}_BODY = {{{', '.join(row)}}};\n\n"
        parts.append(f".body = &{name}_BODY")
    if operation.result:
        parts.append(f".result = &{shape_symbol(operation.result)}")
    parts.append(f".success_status = {operation.status}")
    return out + f"static const Binding {binding_symbol(operation)} = {{{', '.join(parts)}}};\n\n"


def empty(schema: Schema) -> str:
    return f"{upper(schema.name)}_DEFAULTS" if needs_defaults(schema) else "{0}"


def arguments(operation: Operation, call: str, given: str, result: str) -> str:
    parts = [call] + ([given] if operation.input else []) + ([result] if operation.result else [])
    return ", ".join(parts)


def can_be_put_off(operation: Operation) -> bool:
    """Whether its handler may return before there is an answer."""
    return bool(operation.streams and not operation.only_streams and operation.input and operation.result)


def print_put_off(operation: Operation) -> str:
    """The rest of an invoke whose input and result last as long as the call."""
    binding = binding_symbol(operation)
    return (
        f"    {operation.input.name} *in = arena_new(call->arena, {operation.input.name});\n"
        f"    {operation.result.name} *result = arena_new(call->arena, {operation.result.name});\n\n"
        f"    call->result = result;\n"
        f"    TRY(binding_read(&{binding}, call, input, in));\n"
        f"{check_call(operation, 'in')}"
        f"    TRY(binding_refusal({operation.id}({arguments(operation, 'call', 'in', 'result')})));\n"
        f"    return call->is_put_off ? OK : binding_write(&{binding}, call, result, out);\n}}\n\n"
    )


def print_invoke(operation: Operation) -> str:
    binding = binding_symbol(operation)
    out = print_check(operation)
    out += f"static Err invoke_{operation.id}(Call *call, const CallInput *input, Buf *out)\n{{\n"
    if can_be_put_off(operation):
        return out + print_put_off(operation)
    if operation.input:
        out += f"    {operation.input.name} in;\n"
    if operation.result:
        out += f"    {operation.result.name} result = {empty(operation.result)};\n"
    given = "&in" if operation.input else "NULL"
    out += f"\n    TRY(binding_read(&{binding}, call, input, {given}));\n"
    out += check_call(operation, "&in")
    if operation.blocking_with:
        slow = " || ".join(is_used("in.", field) for field in operation.blocking_with)
        out += f"    if (call->on_loop && ({slow}))\n        return call_elsewhere(call);\n"
    out += f"    TRY(binding_refusal({operation.id}({arguments(operation, 'call', '&in', '&result')})));\n"
    answer = "&result" if operation.result else "NULL"
    return out + f"    return binding_write(&{binding}, call, {answer}, out);\n}}\n\n"


def print_row(operation: Operation) -> str:
    parts = [
        f".id = {c_string(operation.id)}",
        f".method = {c_string(operation.method)}",
        f".path = {c_string(operation.path)}",
        f".summary = {c_string(operation.summary)}",
        f".body_limit = {operation.body_limit}" if operation.body else "",
        ".takes_form = true" if operation.form else "",
        ".blocking = true" if operation.blocking else "",
        ".shares_commit = true" if operation.shares_commit else "",
        f".limit_class = {c_string(operation.limit_class)}" if operation.limit_class else "",
        f".time_limit_s = {operation.time_limit_s}" if operation.time_limit_s else "",
        f".most_at_once = {operation.most_at_once}" if operation.most_at_once else "",
        ".streams = true" if operation.streams else "",
        ".sockets = true" if operation.sockets else "",
        ".only_streams = true" if operation.only_streams else "",
        f".rows = &{shape_symbol(operation.rows)}" if operation.rows else "",
        *print_row_parts(operation),
        f".success_status = {operation.status}",
        f".invoke = invoke_{operation.id}",
        f".binding = &{binding_symbol(operation)}" if can_be_put_off(operation) else "",
    ]
    return "    {" + ",\n     ".join(part for part in parts if part) + "},\n"


def print_client(unit: Unit, operation: Operation) -> str:
    name = client_function(unit, operation.id)
    binding = binding_symbol(operation)
    given = "in" if operation.input else "NULL"
    answer = "out" if operation.result else "NULL"
    out = signature(name, operation, f"const {unit.title_name}Client *client") + "\n{\n"
    if operation.input:
        out += f"    TRY(binding_check(&{binding}, in));\n"
    remote = f"http_client_invoke(client->remote, &{binding}, call, {given}, {answer})"
    out += f"    if (client->remote != NULL)\n        return {remote};\n"
    out += "    AUTO_RESUME Settlement *suspended = settlement_suspend();\n"
    out += "    Call child = call_child(call, client->service);\n"
    if operation.result:
        literal = "" if needs_defaults(operation.result) else f"({operation.result.name})"
        out += f"    *out = {literal}{empty(operation.result)};\n"
    out += f"    TRY(binding_refusal({operation.id}({arguments(operation, '&child', 'in', 'out')})));\n"
    return out + f"    return binding_check_result(&{binding}, {answer});\n}}\n\n"


def print_tool(unit: Unit, operation: Operation) -> str:
    """What runs the operation for an agent, by the client: in this process or over HTTP."""
    binding, client = binding_symbol(operation), f"{unit.title_name}Client"
    out = (
        f"static Err tool_{operation.id}(const void *client, Call *call, const json_t *arguments,\n"
        f"                               const json_t *given, Buf *out)\n{{\n    const {client} *to = client;\n"
    )
    out += f"    {operation.input.name} in;\n" if operation.input else ""
    out += f"    {operation.result.name} result = {empty(operation.result)};\n" if operation.result else ""
    read = "&in" if operation.input else "NULL"
    answer = "&result" if operation.result else "NULL"
    out += f"\n    TRY(binding_read_tool(&{binding}, call->arena, arguments, given, {read}));\n"
    name = client_function(unit, operation.id)
    out += f"    TRY({name}({', '.join(['to', arguments(operation, 'call', '&in', '&result')])}));\n"
    return out + f"    return binding_write(&{binding}, call, {answer}, out);\n}}\n\n"


def given_names(operation: Operation) -> list[str]:
    return [field.name for field in operation.parameters.fields if field.given] if operation.parameters else []


def print_tools(unit: Unit) -> str:
    tools = [operation for operation in unit.operations if operation.tool and operation.answers_json]
    if not tools:
        return ""
    out, rows = "", ""
    for operation in tools:
        out += print_tool(unit, operation)
        description = f"{operation.summary} {operation.description}".strip()
        parameters = json.dumps(tool_parameters(operation), ensure_ascii=False, separators=(",", ":"))
        given = ", ".join(f"STR({c_string(name)})" for name in given_names(operation))
        parts = [
            f".name = {c_string(operation.id)}",
            f".description = {c_string(description)}",
            f".parameters = STR({c_string(parameters)})",
            f".given = {{{given}}}" if given else "",
            ".needs_approval = true" if operation.needs_approval else "",
            f".run = tool_{operation.id}",
        ]
        rows += "    {" + ",\n     ".join(part for part in parts if part) + "},\n"
    return out + f"const ToolSchema {upper(unit.name)}_TOOLS[{upper(unit.name)}_TOOL_COUNT] = {{\n{rows}}};\n"


def print_operations_source(unit: Unit, access: Access) -> str:
    name = upper(unit.name)
    out = f"/* Made by tools/apigen from api/{unit.name}.yaml: change that. */\n"
    out += f'#include "api/{unit.name}.h"\n\n#include <stddef.h>\n\n'
    out += '#include "base/settle.h"\n#include "http/client.h"\n'
    home = f'#include "api/{access.unit}.h"\n' if access.unit not in ("", unit.name, *unit.uses) else ""
    out += home + "\n"
    for operation in unit.operations:
        out += print_exchange(operation) + print_invoke(operation)
    rows = "".join(print_row(operation) for operation in unit.operations)
    out += f"static const Operation OPERATIONS[] = {{\n{rows}}};\n\n"
    out += (
        f"const OperationTable {name}_OPERATIONS = {{.service = {c_string(unit.name)}, "
        f".operations = OPERATIONS, .count = {len(unit.operations)}}};\n\n"
    )
    for operation in unit.operations:
        if operation.has_client:
            out += print_client(unit, operation)
    return out + print_tools(unit)
