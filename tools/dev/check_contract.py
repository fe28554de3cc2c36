"""The contract as YAML: no key twice, every $ref leads somewhere, every operation is named once and described;
no event type that was released is broken (check_events.py)."""

import pathlib

import yaml

import check_events
from house import ROOT, tracked

METHODS = {"get", "put", "post", "delete", "patch", "head", "options"}


class Strict(yaml.SafeLoader):
    """Refuses a key that comes twice, which YAML libraries let the last one win."""

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{key!r} comes twice", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


def references(value):
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def leads_somewhere(reference, own, documents):
    file, _, pointer = reference.partition("#")
    value = documents.get(own.parent / file if file else own)
    for part in pointer.strip("/").split("/"):
        value = value.get(part.replace("~1", "/").replace("~0", "~")) if isinstance(value, dict) else None
    return value is not None


def operations(document):
    for path, item in (document.get("paths") or {}).items():
        for method, operation in item.items():
            if method in METHODS:
                yield f"{method.upper()} {path}", operation


def check():
    found, documents, owners = [], {}, {}
    for path in tracked("api/*.yaml", "tests/apigen/*.yaml", "bench/*.yaml"):
        try:
            documents[path] = yaml.load(path.read_text(), Strict)
        except yaml.YAMLError as error:
            found.append(f"{path.relative_to(ROOT)}: {error}")
    for path, document in documents.items():
        where = pathlib.Path(path).relative_to(ROOT)
        found += [
            f"{where}: {r} leads nowhere" for r in references(document) if not leads_somewhere(r, path, documents)
        ]
        for name, operation in operations(document):
            found += [
                f"{where}: {name} has no {key}"
                for key in ("operationId", "summary", "responses")
                if not operation.get(key)
            ]
            first = owners.setdefault((where.parts[0], operation.get("operationId")), name)
            if first != name:
                found.append(f"{where}: {name} and {first} are both called {operation.get('operationId')}")
    return found + check_events.check()
