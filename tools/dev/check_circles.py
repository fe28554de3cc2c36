"""Files that need each other: includes must not lead back. A file has its header with it.

Those there are already are named in KNOWN: none may be added to them, and one that is gone is taken off the list.
"""

import re

from house import ROOT, tracked

INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)
KNOWN = (
    "base: option_kinds options options_inside",
    "http: client client_loop transfer",
    "http: exchange head inside phase request routes server",
    "llm: chunk fragments inside llm thinking",
    "services/agents: agent generator llm/improviser llm/inside record sessions turn wait",
    "services/agents/memory: memory room",
    "services/agents/narrator: narrator parts passages sentences",
    "services/agents/narrator: voice voice_tables",
    "services/world: content content_page",
    "services/world: document segment",
    "services/world: follow recommender room world",
    "services/world: guide guide_making",
    "services/world: search searching",
    "services/world/ingest: ingest intake reader",
    "stores/graph: graph twin",
    "stores/graph/cypher: check checker",
    "stores/graph/cypher: load loader",
    "stores/graph/cypher: print printer",
    "stores/graph/cypher/engine: aggregate evaluate execute fit match parts pipeline",
    "stores/kv: kv listeners twin",
    "stores/sql: sql statement twin",
)


def known_circles():
    for line in KNOWN:
        folder, names = line.split(": ")
        yield frozenset(f"{folder}/{name}" for name in names.split())


def needs_of(texts):
    """{file without its ending: the others it includes}, of {path below src/: its text}."""
    needs = {}
    for path, text in texts.items():
        own = path.rpartition(".")[0]
        others = {header.rpartition(".")[0] for header in INCLUDE.findall(text) if header in texts}
        needs.setdefault(own, set()).update(others - {own})
    return needs


def reached(needs, start):
    """All that the includes of a file lead to."""
    seen, ahead = set(), list(needs[start])
    while ahead:
        name = ahead.pop()
        if name not in seen:
            seen.add(name)
            ahead += needs.get(name, ())
    return seen


def circles(texts):
    needs = needs_of(texts)
    to = {name: reached(needs, name) for name in needs}
    return {frozenset(other for other in to[name] if name in to.get(other, ())) for name in needs if name in to[name]}


def check_texts(texts, known):
    found = circles(texts)
    for circle in sorted(found, key=sorted):
        if not any(circle <= one for one in known):
            yield f"src/: {', '.join(sorted(circle))} include each other: move what they share to a header of its own"
    for one in known:
        if not any(circle <= one for circle in found):
            yield f"tools/dev/check_circles.py: {', '.join(sorted(one))} is no circle any more: take it off the list"


def check():
    texts = {str(path.relative_to(ROOT / "src")): path.read_text() for path in tracked("src/*.c", "src/*.h")}
    return list(check_texts(texts, list(known_circles())))
