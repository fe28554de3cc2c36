"""From the contract's names to C's."""

import re
import textwrap

WIDTH = 104

C_WORDS = frozenset(
    {
        "auto",
        "bool",
        "break",
        "case",
        "char",
        "const",
        "continue",
        "default",
        "do",
        "double",
        "else",
        "enum",
        "extern",
        "false",
        "float",
        "for",
        "goto",
        "if",
        "inline",
        "int",
        "long",
        "register",
        "restrict",
        "return",
        "short",
        "signed",
        "sizeof",
        "static",
        "struct",
        "switch",
        "true",
        "typedef",
        "union",
        "unsigned",
        "void",
        "volatile",
        "while",
        "asm",
        "typeof",
        "linux",
        "unix",
        "errno",
        "stdin",
        "stdout",
        "stderr",
        "NULL",
    }
)


def snake(name: str) -> str:
    """QueryInput, queryInput and query-input are query_input."""
    name = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name)
    name = re.sub(r"([A-Z])([A-Z][a-z])", r"\1_\2", name)
    return re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_").lower()


def upper(name: str) -> str:
    return snake(name).upper()


def camel(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in snake(name).split("_"))


def member(name: str) -> str:
    """The name of a struct's member."""
    result = snake(name)
    if not result or result[0].isdigit():
        result = "_" + result
    return result + "_" if result in C_WORDS else result


def c_string(text: str) -> str:
    """A C string literal; bytes above ASCII stay as they are (UTF-8)."""
    out = []
    for character in text:
        if character in '"\\':
            out.append("\\" + character)
        elif character == "\n":
            out.append("\\n")
        elif ord(character) < 32:
            out.append(f"\\{ord(character):03o}")
        else:
            out.append(character)
    return '"' + "".join(out).replace("??", '?""?') + '"'


def comment(text: str, indent: str = "") -> str:
    """A block comment, wrapped; empty for empty text."""
    text = " ".join(text.replace("*/", "* /").replace("/*", "/ *").split())
    if not text:
        return ""
    lines = textwrap.wrap(text, WIDTH - len(indent) - 6)
    return indent + "/* " + f"\n{indent} * ".join(lines) + " */\n"
