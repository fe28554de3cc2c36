"""tools/cyphergen: what it refuses, with file and line, and that wrong use of what it makes doesn't compile."""

import os
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
GENERATOR = ROOT / "tools/cyphergen/cyphergen.py"
STRICT = ["-std=gnu17", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Wconversion", "-Wmissing-prototypes", "-Werror"]

RIGHT = """// The cellar.

// What is on a shelf.
// name: list_shelf
// in shelf text, limit int
MATCH (b:Bottle {shelf: $shelf}) // a comment that isn't sent
WHERE b.name <> "say \\"hi?\\""
RETURN b.name LIMIT $limit

// let bottle = n:Bottle
// name: put_bottles
// in bottles json, note text null
UNWIND $bottles AS b
CREATE (@bottle) SET n = b, n.note = $note, n:$(b.labels)
"""


class Made:
    def __init__(self, folder, text):
        self.folder = folder
        (folder / "cellar.cypher").write_text(text)
        self.run = subprocess.run(
            [sys.executable, GENERATOR, "cellar.cypher", "--out", ".", "--include", "stores/graph/neo4j"],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        )
        self.error = self.run.stderr.strip()

    def compile(self, body):
        """The compiler's complaints about a use of what was made."""
        include = self.folder / "stores/graph/neo4j"
        include.mkdir(parents=True, exist_ok=True)
        (include / "cellar_cypher.h").write_text((self.folder / "cellar_cypher.h").read_text())
        use = '#include "stores/graph/neo4j/cellar_cypher.h"\nvoid use(CypherRequest *r);\nvoid use(CypherRequest *r)\n'
        (self.folder / "use.c").write_text(f"{use}{{\n{body}\n}}\n")
        run = subprocess.run(
            ["cc", *STRICT, "-fsyntax-only", "-I", self.folder, "-I", ROOT / "src", "use.c", "cellar_cypher.c"],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        return run.stderr


@pytest.fixture
def make(tmp_path):
    return lambda text: Made(tmp_path, text)


def test_right_use_compiles_without_a_warning(make):
    made = make(RIGHT)
    assert made.error == ""
    body = 'cellar_cypher_list_shelf(r, STR("a"), 5); cellar_cypher_put_bottles(r, STR("[]"), (Str){0});'
    assert made.compile(body) == ""


def test_a_named_text_stands_in_the_statement(make):
    assert "CREATE (n:Bottle) SET" in (make(RIGHT).folder / "cellar_cypher.c").read_text()


@pytest.mark.parametrize("arguments", ['5, STR("a")', 'STR("a")', '"a", 5'])
def test_wrong_use_does_not_compile(make, arguments):
    assert "error" in make(RIGHT).compile(f"cellar_cypher_list_shelf(r, {arguments});")


def test_a_comment_above_a_name_becomes_the_functions(make):
    header = (make(RIGHT).folder / "cellar_cypher.h").read_text()
    assert "/* What is on a shelf. */\nvoid cellar_cypher_list_shelf" in header
    assert "The cellar" not in header


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("RETURN 1", "cellar.cypher:1: begin the statement"),
        ("// name: a\nRETURN $x", "cellar.cypher:1: a: $x is undeclared"),
        ("// name: a\n// in x int\nRETURN 1", "cellar.cypher:1: a: $x is unused"),
        ("// name: a\n// in x int, x int\nRETURN $x", "cellar.cypher:2: x is declared twice"),
        ("// name: a\n// in for int\nRETURN $for", "cellar.cypher:2: for is a word of C"),
        ("// name: a\n// in x number\nRETURN $x", 'cellar.cypher:2: "x number"'),
        ("// name: a\nRETURN 1;", "cellar.cypher:1: a should be one statement"),
        ("// name: a\nRETURN 1\n// name: a\nRETURN 2", "cellar.cypher:3: a is there twice"),
        ("// name: a\nRETURN @x", "cellar.cypher:2: @x is not there"),
        ("// name: a\n", "cellar.cypher:1: a should be one statement"),
    ],
)
def test_mistakes_are_refused_with_their_place(make, text, said):
    made = make(text)
    assert made.run.returncode != 0
    assert said in made.error
