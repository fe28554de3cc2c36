#!/usr/bin/env python3
"""Makes a typed C function of each statement in a file of annotated Cypher. README.md has the format."""

import argparse
import dataclasses
import json
import pathlib
import re
import sys

C_TYPES = {"text": "Str", "int": "int64_t", "json": "Json"}
TAKEN = re.compile(
    "auto|bool|break|case|char|const|continue|default|do|double|else|enum|extern|false|float|for|goto|if|inline|int|long"
    "|register|restrict|return|short|signed|sizeof|static|struct|switch|true|typedef|typeof|union|unsigned|void|volatile"
    "|while|request|text"
)
LINE = 90  # characters of a statement on one line of C


class Problem(Exception):
    """What is wrong, with file and line."""


@dataclasses.dataclass
class Statement:
    name: str
    where: str
    about: list
    parameters: list = dataclasses.field(default_factory=list)  # (name, type, nullable)
    lines: list = dataclasses.field(default_factory=list)

    @property
    def text(self):
        return " ".join(re.sub(r"\s+// .*", "", line).strip() for line in self.lines)


def parse_parameters(text, where):
    parameters = []
    for part in text.split(","):
        words = part.split()
        nullable = words[2:] == ["null"]
        if not (len(words) == 2 or nullable) or words[1] not in C_TYPES or not re.fullmatch(r"[a-z]\w*", words[0]):
            kinds = ", ".join(C_TYPES)
            raise Problem(f'{where}: "{part.strip()}" should be like "key text" or "note text null": {kinds}')
        if TAKEN.fullmatch(words[0]):
            raise Problem(f"{where}: {words[0]} is a word of C: choose another name")
        if any(words[0] == name for name, _, _ in parameters):
            raise Problem(f"{where}: {words[0]} is declared twice")
        parameters.append((words[0], words[1], nullable))
    return parameters


def with_texts(line, texts, where):
    """The line with its @names replaced."""
    for name in re.findall(r"@(\w+)", line):
        if name not in texts:
            raise Problem(f"{where}: @{name} is not there: write // let {name} = … above")
    return re.sub(r"@(\w+)", lambda found: texts[found.group(1)], line)


def parse(path):
    statements, about, texts = [], [], {}
    for number, line in enumerate(path.read_text().splitlines(), 1):
        where = f"{path}:{number}"
        if found := re.fullmatch(r"// name: ([a-z]\w*)", line):
            statements.append(Statement(found.group(1), where, about))
            about = []
        elif found := re.fullmatch(r"// in (.*)", line):
            statements[-1].parameters = parse_parameters(found.group(1), where)
        elif found := re.fullmatch(r"// let ([a-z]\w*) = (.*)", line):
            texts[found.group(1)] = found.group(2)
        elif found := re.fullmatch(r"//( .*|)", line):
            about.append(found.group(1).strip())
        elif not line.strip():
            about = []
        elif not statements:
            raise Problem(f"{where}: begin the statement with // name: verb_noun")
        else:
            statements[-1].lines.append(with_texts(line, texts, where))
            about = []
    return statements


def check(statements):
    seen = set()
    for statement in statements:
        declared = {name for name, _, _ in statement.parameters}
        used = set(re.findall(r"\$([A-Za-z]\w*)", statement.text))
        if statement.name in seen:
            raise Problem(f"{statement.where}: {statement.name} is there twice")
        if not statement.text or statement.text.endswith(";"):
            raise Problem(f"{statement.where}: {statement.name} should be one statement, without a semicolon")
        if declared != used:
            odd = sorted(declared ^ used)[0]
            fault = "unused" if odd in declared else "undeclared"
            raise Problem(f"{statement.where}: {statement.name}: ${odd} is {fault}")
        seen.add(statement.name)


def signature(module, statement):
    parameters = "".join(f", {C_TYPES[kind]} {name}" for name, kind, _ in statement.parameters)
    return f"void {module}_cypher_{statement.name}(CypherRequest *request{parameters})"


def literal(text):
    """C strings of the statement as JSON, a few words a line."""
    quoted = json.dumps(text).replace("\\", "\\\\").replace('"', '\\"').replace("?", "\\?")
    pieces = re.findall(rf".{{1,{LINE}}}(?:\s|$)|.+", quoted)
    return "\n".join(f'        "{piece}"' for piece in pieces)


def header(module, source, include, statements):
    guard = f"NERDX_{module.upper()}_CYPHER_H"
    yield f"/* Made by tools/cyphergen from {source}. */\n#ifndef {guard}\n#define {guard}\n"
    yield f'#include "{include}/request.h"\n'
    for statement in statements:
        if statement.about:
            yield "/* " + "\n * ".join(statement.about) + " */"
        yield signature(module, statement) + ";\n"
    yield "#endif"


def body(module, source, include, statements):
    yield f"/* Made by tools/cyphergen from {source}. */"
    yield f'#include "{include}/{module}_cypher.h"\n'
    for statement in statements:
        yield signature(module, statement) + "\n{"
        yield f"    static const char text[] =\n{literal(statement.text)};\n"
        yield "    cypher_begin(request, (Str){text, sizeof(text) - 1});"
        for name, kind, nullable in statement.parameters:
            yield f'    cypher_put_{kind}{"_or_null" if nullable else ""}(request, "{name}", {name});'
        yield "    cypher_end(request);\n}\n"


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("source", type=pathlib.Path, help="the .cypher file")
    arguments.add_argument("--out", type=pathlib.Path, required=True, help="where to write <module>_cypher.h and .c")
    arguments.add_argument("--include", required=True, help="folder of the header as included: stores/graph/neo4j")
    options = arguments.parse_args()
    module = options.source.stem
    try:
        statements = parse(options.source)
        check(statements)
    except Problem as problem:
        sys.exit(str(problem))
    for suffix, make in (("h", header), ("c", body)):
        lines = make(module, options.source.name, options.include, statements)
        (options.out / f"{module}_cypher.{suffix}").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
