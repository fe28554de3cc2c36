"""Words that don't belong in the repository: paths of one machine, registry hosts, notes to oneself, stray bytes."""

import re

from house import ROOT, tracked

# Written in pieces, so that this file passes its own check.
FORBIDDEN = (
    (re.compile(r"(?<![\w.])/(?:wor" + r"k|ro" + r"ot|ho" + r"me/\w+)/"), "a path of one machine"),
    (
        re.compile(
            r"(?:py" + r"pi\.org|pythonhos" + r"ted|deb\.deb" + r"ian\.org|registry\.np" + r"mjs|proxy\.gol" + r"ang)"
        ),
        "a registry's host",
    ),
    (re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b"), "a note to oneself: do it, or say it in the issue"),
    (re.compile(r"[ \t]+$"), "white space at the end"),
    (re.compile(r"\r"), "a carriage return"),
)
TEXT = (
    ".c",
    ".h",
    ".py",
    ".sh",
    ".md",
    ".yaml",
    ".yml",
    ".sql",
    ".cypher",
    ".java",
    ".xml",
    ".build",
    ".txt",
    ".toml",
    ".html",
    ".css",
    ".js",
    ".go",
    ".lua",
    "",
)


def faults_in(line):
    return [why for pattern, why in FORBIDDEN if pattern.search(line)]


def check():
    found = []
    for path in tracked():
        where = path.relative_to(ROOT)
        if path.suffix not in TEXT or "corpus" in where.parts:
            continue
        text = path.read_bytes().decode("utf-8", "replace")
        for number, line in enumerate(text.split("\n"), 1):
            found += [f"{where}:{number}: {why}" for why in faults_in(line)]
        if text and not text.endswith("\n"):
            found.append(f"{where}: no new line at its end")
    return found
