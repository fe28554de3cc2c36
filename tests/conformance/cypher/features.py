"""Reads the feature files of the openCypher TCK: as much of Gherkin as they use.

A Scenario is a list of steps; a scenario outline gives one scenario for each row of its examples.
"""

import re
from dataclasses import dataclass, field

STEP = re.compile(r"(Given|When|Then|And|But) (.*)")


@dataclass
class Step:
    text: str
    block: str | None = None  # what stood between """ and """
    table: list = field(default_factory=list)


@dataclass
class Scenario:
    name: str  # "clauses/match/Match1: [1] …", with the row of its examples
    steps: list


ESCAPES = {"\\\\": "\\", "\\|": "|", "\\n": "\n"}


def cells(line):
    r"""| a | b \| c | -> ["a", "b | c"]"""
    parts = re.split(r"((?:[^|\\]|\\.)*)\|", line.strip()[1:])[1::2]
    return [re.sub(r"\\[\\|n]", lambda found: ESCAPES[found[0]], part.strip()) for part in parts]


def block(lines):
    """The lines up to the closing quotes, without the indentation of the opening ones."""
    opening = next(lines)
    margin = len(opening) - len(opening.lstrip())
    kept = []
    for line in lines:
        if line.strip() == '"""':
            break
        kept.append(line[margin:] if not line[:margin].strip() else line.lstrip())
    return "\n".join(kept)


class Lines:
    """The lines that say something, one of which can be looked at before it is taken."""

    def __init__(self, text):
        self.rest = text.split("\n")
        self.at = 0

    def peek(self):
        while self.at < len(self.rest) and re.match(r"\s*(#|@|$)", self.rest[self.at]):
            self.at += 1
        return self.rest[self.at].strip() if self.at < len(self.rest) else None

    def __next__(self):
        if self.at >= len(self.rest):
            raise StopIteration
        self.at += 1
        return self.rest[self.at - 1]

    def __iter__(self):
        return self


def read_table(lines):
    rows = []
    while (line := lines.peek()) and line.startswith("|"):
        rows.append(cells(next(lines)))
    return rows


def read_steps(lines):
    steps = []
    while (line := lines.peek()) and (found := STEP.match(line)):
        next(lines)
        step = Step(found[2])
        line = lines.peek()
        if line == '"""':
            step.block = block(lines)
        elif line and line.startswith("|"):
            step.table = read_table(lines)
        steps.append(step)
    return steps


def fill(text, row):
    for name, value in row.items():
        text = text.replace(f"<{name}>", value)
    return text


def filled(step, row):
    block_text = None if step.block is None else fill(step.block, row)
    return Step(fill(step.text, row), block_text, [[fill(cell, row) for cell in line] for line in step.table])


def read_examples(lines):
    rows = []
    while (line := lines.peek()) and line.startswith("Examples:"):
        next(lines)
        head, *body = read_table(lines)
        rows += [dict(zip(head, cells_of_row, strict=True)) for cells_of_row in body]
    return rows


def read_feature(text, name):
    """Every scenario of one file, in its order."""
    lines, background, found = Lines(text), [], []
    while (line := lines.peek()) is not None:
        next(lines)
        kind, _, title = line.partition(":")
        if kind == "Background":
            background = read_steps(lines)
        elif kind in ("Scenario", "Scenario Outline"):
            steps = background + read_steps(lines)
            examples = read_examples(lines)
            title = f"{name}:{title}"
            if not examples:
                found.append(Scenario(title, steps))
            found += [
                Scenario(f"{title} #{number}", [filled(step, row) for step in steps])
                for number, row in enumerate(examples, 1)
            ]
    return found
