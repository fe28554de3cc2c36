"""The subset of ECMA-262 regular expressions that a contract may use.

What is left out either differs between ECMA-262, PCRE2 and Python, or can take exponential time: classes like
\\w and \\b, '.', look-around, back references, captures, and a repeated group that holds a repetition.
"""

from __future__ import annotations

from source import ContractError, Where

ESCAPABLE = set("^$\\.*+?()[]{}|/-")


class Reader:
    """Walks a pattern once and refuses what isn't in the subset."""

    def __init__(self, pattern: str, where: Where) -> None:
        self.pattern = pattern
        self.where = where
        self.at = 0

    def refuse(self, message: str) -> ContractError:
        return ContractError(self.where, f"pattern {self.pattern}: {message} (character {self.at + 1})")

    def peek(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def take(self) -> str:
        character = self.peek()
        self.at += 1
        return character

    def alternatives(self, depth: int) -> bool:
        """True when something in it repeats without a bound."""
        repeats = False
        while self.peek() and self.peek() != ")":
            if self.peek() == "|":
                self.take()
            else:
                repeats |= self.term(depth)
        return repeats

    def term(self, depth: int) -> bool:
        character = self.take()
        inner = False
        if character in "^$":
            return False
        if character == "(":
            inner = self.group(depth + 1)
        elif character == "[":
            self.character_class()
        elif character == "\\":
            self.escape()
        elif character == ".":
            raise self.refuse("'.' means different things to different engines: write a class such as [^\\n]")
        elif character in "*+?{}]":
            raise self.refuse(f"{character} has nothing to stand for: escape it")
        return self.quantifier(inner) or inner

    def group(self, depth: int) -> bool:
        if depth > 8:
            raise self.refuse("groups nest deeper than 8")
        if self.pattern[self.at : self.at + 2] != "?:":
            raise self.refuse("only groups without capture (?:...) are in the subset")
        self.at += 2
        inner = self.alternatives(depth)
        if self.take() != ")":
            raise self.refuse("the group isn't closed")
        return inner

    def escape(self) -> str:
        character = self.take()
        if not character or character not in ESCAPABLE:
            raise self.refuse(f"\\{character} isn't in the subset: write the class out, such as [0-9]")
        return character

    def class_member(self) -> str:
        character = self.take()
        if character == "":
            raise self.refuse("the class isn't closed")
        if character == "[":
            raise self.refuse("escape [ within a class")
        return self.escape() if character == "\\" else character

    def character_class(self) -> None:
        if self.peek() == "^":
            self.take()
        if self.peek() == "]":
            raise self.refuse("an empty class")
        while self.peek() != "]":
            first = self.class_member()
            if self.peek() == "-" and self.pattern[self.at + 1 : self.at + 2] not in ("]", ""):
                self.take()
                if self.class_member() < first:
                    raise self.refuse("the range runs backwards")
        self.take()

    def quantifier(self, inner: bool) -> bool:
        character = self.peek()
        unbounded = character in ("*", "+")
        if character == "{":
            unbounded = self.bounds()
        elif character in ("*", "+", "?") and character:
            self.take()
        else:
            return False
        if self.peek() == "?" or self.peek() == "+":
            raise self.refuse("lazy and possessive repetition isn't in the subset")
        if unbounded and inner:
            raise self.refuse("a repetition within a repetition can take exponential time")
        return unbounded

    def bounds(self) -> bool:
        end = self.pattern.find("}", self.at)
        least, comma, most = self.pattern[self.at + 1 : max(end, 0)].partition(",")
        if end < 0 or not least.isdigit() or (most and not most.isdigit()):
            raise self.refuse("write {n}, {n,} or {n,m}")
        if int(most or least) > 1000 or (most and int(most) < int(least)):
            raise self.refuse("the bounds must rise and stay within 1000")
        self.at = end + 1
        return bool(comma) and not most


def check_pattern(pattern: str, where: Where) -> None:
    reader = Reader(pattern, where)
    reader.alternatives(0)
    if reader.at != len(pattern):
        raise reader.refuse("a ) too many")
