"""Requests that fit an operation's contract, made from the served OpenAPI document: for tests that walk all of it."""

import re

TEXTS = [
    *("maeju", "a1", "A_1", "A", "api:walk", "walker@example.com", "https://example.com/", "000000", "ne_" + "0" * 64),
    *("nerdx.auth.*", "00000000-0000-4000-8000-000000000000", "2026-01-31T09:30:00Z", "2026-01-31", "22:00"),
]


class Samples:
    """document: of /openapi.json; known: values for members of these names."""

    def __init__(self, document, known):
        self.document, self.known = document, known

    def resolve(self, schema):
        schema = {} if schema is True else schema  # anything fits
        while "$ref" in schema:
            schema = {**self.named(schema["$ref"]), **{k: v for k, v in schema.items() if k != "$ref"}}
        return schema

    def named(self, reference):
        found = self.document
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
        return found

    def text(self, schema):
        if schema.get("format") in ("date-time", "date", "uuid", "uri"):
            wanted = {"date-time": "T", "date": "2026-01-31", "uuid": "0000", "uri": "https://"}[schema["format"]]
            return next(text for text in reversed(TEXTS) if wanted in text)
        least = schema.get("minLength", 0)
        for text in TEXTS:
            padded = text + "a" * max(0, least - len(text))
            if len(padded) <= schema.get("maxLength", 4096) and re.search(schema.get("pattern", ""), padded):
                return padded
        raise AssertionError(f"no sample fits {schema}: add one to TEXTS")

    def value(self, schema, name=""):
        """The least that fits; a member that is known by name is what it is known as."""
        schema = self.resolve(schema)
        if name in self.known and schema.get("type") == "string":
            return self.known[name]
        if "default" in schema or "const" in schema or "enum" in schema:
            return schema.get("default", schema.get("const", schema.get("enum", [None])[0]))
        kind = schema["type"][0] if isinstance(schema.get("type"), list) else schema.get("type")
        if kind == "object":
            return self.object(schema)
        if kind == "array":
            return [self.value(schema["items"]) for _ in range(max(1, schema.get("minItems", 1)))]
        number = schema.get("minimum", 0)
        return {"string": lambda: self.text(schema), "boolean": lambda: False}.get(kind, lambda: number)()

    def object(self, schema, more=()):
        wanted = [*schema.get("required", []), *schema.get("x-exactly-one", [])[:1], *more]
        return {name: self.value(schema["properties"][name], name) for name in wanted}

    def request(self, path, operation, more=()):
        """(path with its query, body or None); more: optional members to use."""
        query, body = {}, None
        for parameter in operation.get("parameters", []):
            value = self.value(parameter["schema"], parameter["name"])
            if parameter["in"] == "path":
                path = path.replace("{" + parameter["name"] + "}", str(value))
            elif parameter.get("required") or parameter["name"] in more:
                query[parameter["name"]] = value
        if "requestBody" in operation:
            content = operation["requestBody"]["content"]
            schema = self.resolve(next(iter(content.values()))["schema"])
            one_of = schema.get("x-exactly-one", [])
            chosen = [name for name in more if name in schema.get("properties", {})]
            if any(name in one_of for name in chosen):
                schema = {**schema, "x-exactly-one": [name for name in chosen if name in one_of]}
            body = self.object(schema, [name for name in chosen if name not in one_of])
        return path, query, body


def is_form(operation):
    return "application/json" not in operation.get("requestBody", {"content": {"application/json": {}}})["content"]
