"""The house, and every include against its arrows:
base <- http <- stores <- mail <- push <- llm <- services <- gateway <- app.

Services never include each other, and of a store only its interface is seen from outside its folder.
"""

import re

import check_circles
from house import ROOT, tracked

LAYERS = ("base", "http", "stores", "mail", "push", "llm", "services", "gateway", "app")
GENERATED_RANK = LAYERS.index("stores")  # api/*.h: used by services and above, uses http and base
LANGUAGE = ("stores", "graph", "cypher")  # a language, no twin: what speaks it may see these of it
LANGUAGE_HEADERS = ("cypher.h", "load.h")
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)


def rank(parts):
    return GENERATED_RANK if parts[0] == "api" else LAYERS.index(parts[0])


def complaint(own, header):
    """Why the file at own (its path's parts below src/) must not include the header (the same), or None."""
    if header[0] not in (*LAYERS, "api"):
        return "is no layer of the house"
    if rank(header) > rank(own):
        return f"points upward: {own[0]} may use {', '.join(LAYERS[: rank(own) + 1])}"
    if own[0] == header[0] == "services" and own[1] != header[1]:
        return "is another service: meet it through its generated client"
    if header[:3] == LANGUAGE and header[3:] in [(name,) for name in LANGUAGE_HEADERS]:
        return None
    if header[0] == "stores" and own[:2] != header[:2] and header[2:] != (f"{header[1]}.h",):
        return f"is a twin's inside: outside its folder only stores/{header[1]}/{header[1]}.h is seen"
    return None


def check_text(own, text):
    for header in INCLUDE.findall(text):
        why = complaint(own, tuple(header.split("/")))
        if why:
            yield f'src/{"/".join(own)}: "{header}" {why}'


def check():
    found = []
    for path in tracked("src/*.c", "src/*.h"):
        own = path.relative_to(ROOT / "src").parts
        found += check_text(own, path.read_text())
    return found + check_circles.check()
