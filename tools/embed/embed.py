#!/usr/bin/env python3
"""Puts a folder of files into the program: writes a C file with a sorted AssetTable (src/base/asset.h).

usage: embed.py SYMBOL OUTPUT.c DEPFILE FOLDER [SUFFIX…]

SYMBOL is the name of the table. Only files that end in one of the SUFFIXes are taken (all, when none is given); names
that begin with a dot are left out. The output depends on the files' names and bytes alone.
"""

import gzip
import hashlib
import pathlib
import sys

MIME = {
    ".bin": "application/octet-stream",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".tsv": "text/tab-separated-values; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
    ".yaml": "application/yaml",
}
LINE_LENGTH = 96  # characters of a file on one line of C
PAYS_BELOW = 0.9  # a compressed form is kept when it is smaller than this part of the file


def taken(folder, suffixes):
    for path in sorted(folder.rglob("*"), key=lambda path: path.relative_to(folder).as_posix().encode()):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden and path.name.endswith(suffixes or ("",)):
            yield path


def escape(byte):
    return f"\\{byte:03o}"


def escape_character(char):
    if char in '"\\?':  # "?" because of trigraphs
        return "\\" + char
    if char == "\n":
        return "\\n"
    return char if char.isprintable() else "".join(map(escape, char.encode()))


def text_lines(text):
    """Pieces of C for the lines of a text, as they are: who reads the C file reads the text."""
    for line in text.splitlines(keepends=True):
        for i in range(0, len(line), LINE_LENGTH):
            yield "".join(map(escape_character, line[i : i + LINE_LENGTH]))


def byte_lines(data):
    for i in range(0, len(data), LINE_LENGTH // 4):
        yield "".join(map(escape, data[i : i + LINE_LENGTH // 4]))


def literal(data):
    try:
        lines = list(text_lines(data.decode()))
    except UnicodeDecodeError:
        lines = list(byte_lines(data))
    return "\n".join(f'        "{line}"' for line in lines or [""])


def text(data):
    return f"{{\n{literal(data)},\n        {len(data)}}}"


def asset(path, folder):
    data = path.read_bytes()
    packed = gzip.compress(data, 9, mtime=0)
    mime = MIME.get(path.suffix)
    if mime is None:
        sys.exit(f"embed: {path}: no media type is known for it: add its ending to MIME")
    fields = [
        f'    {{.path = "{path.relative_to(folder).as_posix()}"',
        f'     .mime = "{mime}"',
        f"     .bytes = {text(data)}",
        f'     .etag = "{hashlib.sha256(data).hexdigest()[:32]}"',
    ]
    if len(packed) < PAYS_BELOW * len(data):
        fields.insert(3, f"     .gzip = {text(packed)}")
    return ",\n".join(fields) + "},\n"


def main(symbol, output, depfile, folder, *suffixes):
    folder = pathlib.Path(folder)
    paths = list(taken(folder, suffixes))
    if not paths:
        sys.exit(f"embed: {folder} holds no file to put in")
    with open(output, "w", encoding="utf-8") as out:
        out.write('/* Made by tools/embed. */\n#include "base/asset.h"\n\n')
        out.write(f"extern const AssetTable {symbol};\n\nstatic const Asset FILES[] = {{\n")
        out.writelines(asset(path, folder) for path in paths)
        out.write(f"}};\n\nconst AssetTable {symbol} = {{FILES, {len(paths)}}};\n")
    folders = {path.parent for path in paths} | {folder}
    needed = " ".join(str(path).replace(" ", "\\ ") for path in sorted(set(paths) | folders))
    pathlib.Path(depfile).write_text(f"{output}: {needed}\n", encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
