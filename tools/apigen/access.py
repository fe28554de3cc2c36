"""Who may call what: the permissions and roles of a contract, and what each operation asks for.

One file declares `x-permissions` (name: what it allows) and `x-roles` (name: its permissions). Every operation has
`x-permission`; `x-permission-with` and `x-owner` look at its input, so they are read once that is known. One
whose input names a user says whose that is (`x-owner`), or why it may be anybody (`x-any-owner`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from model import Access, Field, Operation, Schema
from source import ContractError, Map, Sequence

PUBLIC = "public"
ANY_USER = "users:any"
USER = "user_id"
MOST_PERMISSIONS = 64
NAME = r"[a-z][a-z-]{0,22}(:[a-z][a-z-]{0,22})?"


def read_permissions(access: Access, unit: str, document: Map) -> None:
    declared = document["x-permissions"]
    if access.permissions:
        raise ContractError(document.at("x-permissions"), f"x-permissions: {access.unit}.yaml has declared them")
    if not isinstance(declared, Map) or not 1 <= len(declared) <= MOST_PERMISSIONS:
        raise ContractError(document.at("x-permissions"), f"x-permissions: 1 to {MOST_PERMISSIONS} names with texts")
    for name, text in declared.items():
        if not re.fullmatch(NAME, name) or name == PUBLIC:
            raise ContractError(declared.at(name), f"{name}: a permission is called subject or subject:verb")
        if not isinstance(text, str):
            raise ContractError(declared.at(name), f"{name}: say what it allows")
        access.permissions[name] = text
    access.unit = unit


def known(access: Access, name: str, mapping: Map, key: str) -> str:
    if name not in access.permissions:
        names = ", ".join(access.permissions) or "none"
        raise ContractError(mapping.at(key), f"{key}: {name!r} is no permission; x-permissions are {names}")
    return name


def read_roles(access: Access, document: Map) -> None:
    for name, permissions in document["x-roles"].items():
        if not re.fullmatch(r"[a-z][a-z-]{0,22}", name):
            raise ContractError(document["x-roles"].at(name), f"{name}: a role is one word")
        if not isinstance(permissions, Sequence):
            raise ContractError(document["x-roles"].at(name), f"{name}: a role is a list of permissions")
        access.roles[name] = [known(access, permission, document["x-roles"], name) for permission in permissions]


def read_access(documents: dict[str, Map]) -> Access:
    access = Access()
    for unit, document in documents.items():
        if "x-permissions" in document:
            read_permissions(access, unit, document)
    for document in documents.values():
        if "x-roles" in document:
            read_roles(access, document)
    return access


def read_permission(access: Access, source: Map) -> str:
    """The permission of an operation; empty for a public one."""
    name = source.get("x-permission")
    if name is None:
        choices = ", ".join([PUBLIC, *access.permissions])
        raise ContractError(source.where, f"an operation needs x-permission: one of {choices}")
    return "" if name == PUBLIC else known(access, str(name), source, "x-permission")


def places(operation: Operation) -> Iterator[tuple[str, Field]]:
    """The members of an operation's input, and how C gets at them."""
    for field in operation.parameters.fields if operation.parameters else []:
        yield "in->", field
    if operation.body and operation.body_required:
        for field in operation.body.fields:
            yield "in->" if operation.input is operation.body else "in->body.", field


def find(operation: Operation, name: str, source: Map, key: str) -> tuple[str, Field]:
    for place, field in places(operation):
        if field.name == name:
            return place, field
    raise ContractError(source.at(key), f"{key}: {name} is no parameter and no property of a body that is required")


def read_permission_with(access: Access, operation: Operation, source: Map) -> None:
    wanted = source.get("x-permission-with", Map(source.where))
    if not isinstance(wanted, Map):
        raise ContractError(source.at("x-permission-with"), "x-permission-with: names with a permission each")
    for name, permission in wanted.items():
        place, field = find(operation, name, wanted, name)
        if field.required or (field.default is not None and field.schema.kind not in ("integer", "boolean")):
            raise ContractError(wanted.at(name), f"{name}: what needs a permission of its own is optional")
        operation.permission_with.append((place, field, known(access, str(permission), wanted, name)))


def owner_field(fields: list[Field], name: str) -> Field | None:
    return next((field for field in fields if field.name == name and field.schema.kind == "string"), None)


def list_of_owned(schema: Schema) -> list[Field]:
    return schema.item.fields if schema.kind == "list" and schema.item else []


def names_user(operation: Operation) -> bool:
    fields = [field for shape in (operation.parameters, operation.body) if shape for field in shape.fields]
    return any(owner_field([field, *list_of_owned(field.schema)], USER) for field in fields)


def read_any_owner(access: Access, operation: Operation, source: Map) -> None:
    """Only for who may act for any user anyhow: no role has the permission without that one."""
    where = source.at("x-any-owner")
    if "x-owner" in source or not isinstance(source["x-any-owner"], str):
        raise ContractError(where, "x-any-owner: say why it may be anybody, in place of x-owner")
    if not names_user(operation):
        raise ContractError(where, f"x-any-owner: the input has no {USER}")
    if not operation.permission:
        raise ContractError(where, "x-any-owner: then everybody could act for anybody: it needs a permission")
    for role, held in access.roles.items():
        if operation.permission in held and ANY_USER not in held:
            raise ContractError(where, f"x-any-owner: {role} has {operation.permission} without {ANY_USER}")


def read_owner(access: Access, operation: Operation, source: Map) -> None:
    """`user_id`, or `events.user_id` for each of a list."""
    if "x-any-owner" in source:
        read_any_owner(access, operation, source)
        return
    if "x-owner" not in source:
        if names_user(operation):
            raise ContractError(source.where, f"{USER}: say x-owner: {USER}, or x-any-owner with why it may be anybody")
        return
    name = str(source["x-owner"])
    head, _, inner = name.partition(".")
    known(access, ANY_USER, source, "x-owner")
    place, field = find(operation, head, source, "x-owner")
    owner = owner_field(list_of_owned(field.schema), inner) if inner else owner_field([field], head)
    if owner is None or owner.schema.nullable:
        raise ContractError(source.at("x-owner"), f"x-owner: {name} is no text, nor one in a list's items")
    if not operation.permission:
        raise ContractError(source.at("x-owner"), "x-owner: a public operation knows no caller")
    operation.owner, operation.owner_place, operation.owner_list = owner, place, field if inner else None
