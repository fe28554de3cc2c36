"""All contract files as one OpenAPI document, references within it: what is served as /openapi.json."""

from __future__ import annotations

import json
from typing import Any

from access import PUBLIC
from model import Access, Unit
from source import Map

PROBLEM = {
    "description": "Refused; `detail` says what was wrong and what would be right.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}

SCHEMES = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "An access token, or an API key.",
    },
    "cookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": "__Host-nerdx",
        "description": "Of browsers; methods that change something need its X-CSRF-Token beside it.",
    },
}
UNKNOWN = "Who is calling isn't known: WWW-Authenticate says what is needed (RFC 6750)."


def merged(value: Any) -> Any:
    """References lose their file's name: schema names are unique over all files."""
    if isinstance(value, list):
        return [merged(item) for item in value]
    if not isinstance(value, dict):
        return value
    out = {key: merged(item) for key, item in value.items()}
    if isinstance(out.get("$ref"), str):
        out["$ref"] = "#" + out["$ref"].partition("#")[2]
    if "x-exactly-one" in out:  # for readers that don't know the extension
        out["oneOf"] = [{"required": [name]} for name in out["x-exactly-one"]]
    return out


def refusals(operation: dict[str, Any]) -> dict[str, Any]:
    """What is answered to whom may not call it."""
    permission = operation.get("x-permission", PUBLIC)
    if permission == PUBLIC:
        return {}
    forbidden = f"The caller may not: it needs {permission}"
    forbidden += f", and {operation['x-owner']} is the caller's own." if "x-owner" in operation else "."
    return {"401": {"description": UNKNOWN}, "403": {"description": forbidden}}


def security(operation: dict[str, Any]) -> list[dict[str, list[str]]]:
    permission = operation.get("x-permission", PUBLIC)
    return [] if permission == PUBLIC else [{name: [permission]} for name in SCHEMES]


def operation_item(unit: Unit, operation: dict[str, Any], problems: bool) -> dict[str, Any]:
    responses = refusals(operation) | dict(operation["responses"])
    if problems:
        for status, response in responses.items():
            if not status.startswith("2"):
                responses[status] = response | {"content": PROBLEM["content"]}
        responses["default"] = PROBLEM
    return operation | {"tags": [unit.name], "security": security(operation), "responses": responses}


def bundle(units: list[Unit], access: Access, documents: dict[str, Map]) -> str:
    paths: dict[str, Any] = {}
    schemas: dict[str, Any] = {}
    for unit in units:
        schemas |= merged(documents[unit.name].get("components", {})).get("schemas", {})
    for unit in units:
        for path, item in merged(documents[unit.name].get("paths", {})).items():
            operations = {method: operation_item(unit, it, "Problem" in schemas) for method, it in item.items()}
            paths[path] = paths.get(path, {}) | operations
    services = [unit for unit in units if unit.operations]
    document = {
        "openapi": "3.1.0",
        "info": {
            "title": "NERDX",
            "version": services[0].version if services else units[0].version,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "tags": [{"name": unit.name, "description": unit.description} for unit in services],
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": SCHEMES},
        "x-permissions": access.permissions,
        "x-roles": access.roles,
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
