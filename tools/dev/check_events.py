"""Event types that were released: api/events.lock.json has each with the schema of its data.

Others read what was told yesterday, and yesterday's programs what is told today. So the only change of a released
type is another optional property; whatever else is a new type, one version on.

    check_events.py --write     takes what is new into the lock, once nothing that was released is broken
"""

import json
import sys

from house import ROOT, run

sys.path.insert(0, str(ROOT / "tools/apigen"))
from apigen import read_units
from events import event_schema
from model import Access
from source import read

CONTRACT, LOCK = ROOT / "api/events.yaml", ROOT / "api/events.lock.json"
PARTS = {"properties", "required", "items"}  # looked at one by one


def quoted(value):
    return "absent" if value is None else json.dumps(value, ensure_ascii=False)


def rules(old, new, pointer):
    for key in sorted((old.keys() | new.keys()) - PARTS):
        if old.get(key) != new.get(key):
            yield pointer or "/", f"{key} was {quoted(old.get(key))} and is {quoted(new.get(key))}"


def properties(old, new, pointer):
    before, now = old.get("properties", {}), new.get("properties", {})
    must_before, must_now = set(old.get("required", [])), set(new.get("required", []))
    for name in sorted(before.keys() - now.keys()):
        yield f"{pointer}/{name}", "was removed"
    for name in sorted(must_now - before.keys()):
        yield f"{pointer}/{name}", "is new and required: programs that tell without it are about yet"
    for name in sorted(before.keys() & now.keys()):
        if (name in must_before) != (name in must_now):
            yield f"{pointer}/{name}", "was required" if name in must_before else "wasn't required"
        yield from changes(before[name], now[name], f"{pointer}/{name}")


def changes(old, new, pointer=""):
    """What of a released schema is broken: where, and how."""
    yield from rules(old, new, pointer)
    yield from properties(old, new, pointer)
    if "items" in old and "items" in new:
        yield from changes(old["items"], new["items"], f"{pointer}/items")


def next_version(name):
    stem, _, version = name.rpartition(".v")
    return f"{stem}.v{int(version) + 1}"


def broken(lock, types):
    for name, old in lock.items():
        if name not in types:
            yield f"api/events.yaml: {name} is gone, though it was released: somebody may listen for it"
            continue
        for pointer, why in changes(old, types[name]):
            yield f"api/events.yaml: {name}, {pointer}: {why}; leave it as it is and make {next_version(name)}"


def bare(schema):
    """Without words, which may change."""
    out = {key: value for key, value in schema.items() if key != "description"}
    if "properties" in out:
        out["properties"] = {name: bare(value) for name, value in out["properties"].items()}
    return out | ({"items": bare(out["items"])} if isinstance(out.get("items"), dict) else {})


def of_contract(document):
    """The JSON Schema of each type's data."""
    (unit,) = read_units([CONTRACT], {"events": document}, Access())
    return {event.name: bare(event_schema(event)) for event in unit.event_types}


def faults(lock, types):
    found = list(broken(lock, types))
    if not found and lock != types:
        found.append("api/events.lock.json differs from api/events.yaml: tools/dev/check_events.py --write takes it in")
    return found


def check():
    return faults(json.loads(LOCK.read_text()) if LOCK.exists() else {}, of_contract(read(CONTRACT)))


def main():
    types = of_contract(read(CONTRACT))
    found = list(broken(json.loads(LOCK.read_text()) if LOCK.exists() else {}, types))
    for line in found:
        print(line)
    if not found:
        LOCK.write_text(json.dumps(types, ensure_ascii=False, indent=1) + "\n")
        run("git", "diff", "--stat", "--", LOCK)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main() if sys.argv[1:] == ["--write"] else "usage: check_events.py --write")
