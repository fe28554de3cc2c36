"""Permissions and roles in C: bits, tables, and the check that calls from outside pass before a handler runs."""

from __future__ import annotations

from access import ANY_USER
from model import Access, Field, Operation
from names import c_string, comment, upper


def bit(permission: str) -> str:
    return f"PERMISSION_{upper(permission)}"


def print_access_header(access: Access) -> str:
    out = "/* What a caller may do: bits of Identity.permissions. */\n"
    for i, (name, text) in enumerate(access.permissions.items()):
        out += f"{comment(f'{name}: {text}')}#define {bit(name)} (UINT64_C(1) << {i})\n"
    out += f"\nenum {{ PERMISSION_COUNT = {len(access.permissions)} }};\n"
    out += "extern const Str PERMISSION_TEXT[PERMISSION_COUNT]; /* in the order of the bits */\n\n"
    if access.roles:
        roles = "".join(f"    ROLE_{upper(name)},\n" for name in access.roles)
        out += f"typedef enum Role {{\n{roles}}} Role;\n\nenum {{ ROLE_COUNT = {len(access.roles)} }};\n"
        out += "extern const Str ROLE_TEXT[ROLE_COUNT];\n"
        out += "extern const uint64_t ROLE_PERMISSIONS[ROLE_COUNT];\n\n"
    return out


def print_access_source(access: Access) -> str:
    texts = ", ".join(f"STR({c_string(name)})" for name in access.permissions)
    out = f"const Str PERMISSION_TEXT[PERMISSION_COUNT] = {{{texts}}};\n\n"
    if access.roles:
        texts = ", ".join(f"STR({c_string(name)})" for name in access.roles)
        rows = "".join(
            f"    [ROLE_{upper(name)}] = {' | '.join(map(bit, permissions)) or '0'},\n"
            for name, permissions in access.roles.items()
        )
        out += f"const Str ROLE_TEXT[ROLE_COUNT] = {{{texts}}};\n\n"
        out += f"const uint64_t ROLE_PERMISSIONS[ROLE_COUNT] = {{\n{rows}}};\n\n"
    return out


def is_used(place: str, field: Field) -> str:
    """Whether a member was given, or differs from what stands for nothing."""
    member = f"{place}{field.member}"
    if field.default is not None:
        default = {True: "true", False: "false"}[field.default] if isinstance(field.default, bool) else field.default
        return f"{member} != {default}"
    if field.has_flag:
        return f"{place}has_{field.member}"
    if field.pointer:
        return f"{member} != NULL"
    return f"{member}.{'items' if field.schema.kind in ('list', 'map') else 'data'} != NULL"


def is_checked(operation: Operation) -> bool:
    """Whether what it was given says more about who may call it."""
    return bool(operation.permission_with or operation.owner)


def print_owner_check(operation: Operation) -> str:
    assert operation.owner is not None
    any_user = bit(ANY_USER)
    if operation.owner_list is None:
        owner = f"{operation.owner_place}{operation.owner.member}"
        return f"    TRY(identity_check_owner(&call->identity, {owner}, {any_user}));\n"
    items = f"{operation.owner_place}{operation.owner_list.member}"
    owner = f"{items}.items[i].{operation.owner.member}"
    return (
        f"    for (size_t i = 0; i < {items}.count; i++)\n"
        f"        TRY(identity_check_owner(&call->identity, {owner}, {any_user}));\n"
    )


def print_check(operation: Operation) -> str:
    """The function that looks at the input; callers in this process pass it by, those in others of ours, too."""
    if not is_checked(operation) or operation.input is None:
        return ""
    out = f"static Err may_{operation.id}(const Call *call, const {operation.input.name} *in)\n{{\n"
    out += "    if (call->from_node)\n        return OK;\n"
    for place, field, permission in operation.permission_with:
        out += f"    if ({is_used(place, field)})\n"
        out += f"        TRY(identity_check(&call->identity, {bit(permission)}, {c_string(permission)}));\n"
    out += print_owner_check(operation) if operation.owner else ""
    return out + "    return OK;\n}\n\n"


def check_call(operation: Operation, given: str) -> str:
    return f"    TRY(may_{operation.id}(call, {given}));\n" if is_checked(operation) else ""


def print_row_parts(operation: Operation) -> list[str]:
    if not operation.permission:
        return []
    return [f".permission = {bit(operation.permission)}", f".permission_name = {c_string(operation.permission)}"]
