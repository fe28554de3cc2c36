"""tools/sqlgen: what it refuses, with file and line, and that wrong use of what it makes doesn't compile."""

import os
import pathlib
import shutil
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SQLGEN = ROOT / "tools" / "sqlgen" / "sqlgen.py"
STRICT = [
    "-std=gnu17",
    "-D_GNU_SOURCE",
    "-Wall",
    "-Wextra",
    "-Wconversion",
    "-Wshadow",
    "-Wmissing-prototypes",
    "-Werror",
    "-fsyntax-only",
]

SCHEMA = """
CREATE TABLE stock (
    sku text NOT NULL PRIMARY KEY,
    on_hand bigint NOT NULL,
    price double precision NOT NULL,
    note text, -- a comment; with a semicolon
    photo blob
);
"""

EVERY_KIND = """
-- row item: sku text, on_hand int, price real, note text null, photo blob null

-- Takes from the shelf.
-- name: take :exec
-- in sku text, quantity int, price real
UPDATE stock SET on_hand = on_hand - :quantity, price = :price WHERE sku = :sku AND on_hand >= :quantity;

-- name: get :optional
-- in sku text
-- out item
SELECT sku, on_hand, price, note, photo FROM stock WHERE sku = :sku;

-- name: list :many
-- out item
SELECT sku, on_hand, price, note, photo FROM stock ORDER BY sku;

-- name: scan :each
-- in least int null
-- out item
SELECT sku, on_hand, price, note, photo FROM stock WHERE on_hand >= coalesce(:least, 0);

-- name: count :one
-- out items int
SELECT count(*) AS items FROM stock;

-- name: list_notes :many
-- out note text null
SELECT note FROM stock;

-- name: add :one
-- in sku text, on_hand int, price real, note text null, photo blob null
-- out on_hand int
INSERT INTO stock VALUES (:sku, :on_hand, :price, :note, :photo) RETURNING on_hand;
"""


class Made:
    """One run of the generator in a folder of its own."""

    def __init__(self, folder, queries, migrations=None, shared=None):
        self.folder = folder
        (folder / "migrations").mkdir()
        for name, text in (migrations or {"0001_shop.sql": SCHEMA}).items():
            (folder / "migrations" / name).write_text(text)
        if shared:
            (folder / "shared").mkdir()
            for name, text in shared.items():
                (folder / "shared" / name).write_text(text)
        (folder / "shop.sql").write_text(queries)
        self.run = subprocess.run(
            [
                sys.executable,
                SQLGEN,
                "shop.sql",
                "--migrations",
                "migrations",
                *(["--migrations", "shared"] if shared else []),
                "--out",
                ".",
                "--depfile",
                "shop.d",
            ],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        )
        self.error = self.run.stderr.strip()

    def read(self, name):
        return (self.folder / name).read_text()

    def compile(self, name):
        """The compiler's complaints, "" when it takes the file."""
        run = subprocess.run(
            ["cc", *STRICT, "-I", self.folder, "-I", ROOT / "src", self.folder / name],
            capture_output=True,
            text=True,
            check=False,
        )
        return run.stderr

    def compile_use(self, body):
        (self.folder / "use.c").write_text(
            '#include "shop_sql.h"\n'
            f"Err use(Sql *sql, Tx *tx, Arena *arena);\nErr use(Sql *sql, Tx *tx, Arena *arena)\n{{\n{body}\n}}\n"
        )
        return self.compile("use.c")


@pytest.fixture
def make(tmp_path):
    def run(queries, migrations=None, shared=None):
        return Made(tmp_path, queries, migrations, shared)

    return run


def test_every_kind_compiles_without_a_warning(make):
    made = make(EVERY_KIND)
    assert made.error == ""
    assert made.compile("shop_sql.c") == ""


@pytest.mark.skipif(not shutil.which("clang-format-19"), reason="clang-format-19 is not here")
def test_what_is_made_is_formatted_like_ours(make):
    made = make(EVERY_KIND)
    formatted = subprocess.run(
        ["clang-format-19", f"--style=file:{ROOT}/.clang-format", made.folder / "shop_sql.h"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert made.read("shop_sql.h") == formatted
    # In the source a table has an entry a line, which clang-format would put into columns.
    assert max(len(line) for line in made.read("shop_sql.c").splitlines()) <= 110


def test_parameters_are_numbered_as_declared_for_both_databases(make):
    source = make(EVERY_KIND).read("shop_sql.c")
    assert "on_hand - ?2, price = ?3 WHERE sku = ?1 AND on_hand >= ?2" in source
    assert "on_hand - $2, price = $3 WHERE sku = $1 AND on_hand >= $2" in source


def test_a_comment_above_a_name_becomes_the_function_s(make):
    assert "/* Takes from the shelf." in make(EVERY_KIND).read("shop_sql.h")


RIGHT = '    (void)sql;\n    (void)arena;\n    return shop_sql_take(tx, STR("a"), 2, 9.5, NULL);'


def test_right_use_compiles(make):
    assert make(EVERY_KIND).compile_use(RIGHT) == ""


@pytest.mark.parametrize(
    "wrong, right",
    [
        ('2, STR("a"), 9.5', 'STR("a"), 2, 9.5'),  # text and int swapped
        ('STR("a"), 9.5, 2', 'STR("a"), 2, 9.5'),  # int and real swapped
        ('STR("a"), 2', 'STR("a"), 2, 9.5'),  # one missing
        ("sql, STR", "tx, STR"),  # a write without a transaction
    ],
)
def test_wrong_use_does_not_compile(make, wrong, right):
    assert right in RIGHT
    assert "error" in make(EVERY_KIND).compile_use(RIGHT.replace(right, wrong))


def query(text, annotations="-- name: get :optional\n-- in sku text\n-- out on_hand int\n"):
    return annotations + text


@pytest.mark.parametrize(
    "queries, message",
    [
        (query("SELECT on_hands FROM stock WHERE sku = :sku;"), "shop.sql:1: get: no such column: on_hands"),
        (query("SELECT on_hand FROM stocks WHERE sku = :sku;"), "shop.sql:1: get: no such table: stocks"),
        (query("SELECT on_hand FORM stock WHERE sku = :sku;"), 'shop.sql:1: get: near "stock": syntax error'),
        (query("PRAGMA user_version;", "-- name: get :one\n-- out user_version int\n"), "get: begins with PRAGMA"),
        (query("COMMIT;", "-- name: end :exec\n"), "end: begins with COMMIT"),
        (query("CALL clear();", "-- name: clear :exec\n"), "clear: begins with CALL"),
        (
            query("SELECT on_hand, sku FROM stock WHERE sku = :sku;"),
            "gives the columns (on_hand, sku), but -- out declares (on_hand)",
        ),
        (
            query("SELECT price AS on_hand FROM stock WHERE sku = :sku;"),
            "on_hand is declared int, but the table has double precision",
        ),
        (query("SELECT on_hand FROM stock WHERE sku = :skuu;"), "get: :skuu is not declared"),
        (query("SELECT on_hand FROM stock;"), "get: :sku is declared but not used"),
        (query("SELECT on_hand FROM stock WHERE sku = ?1;"), '"?1" is not a parameter here: write :name'),
        (query("SELECT on_hand FROM stock WHERE sku = :sku; DELETE FROM stock;"), "has 2 statements for sqlite"),
        (query("-- sqlite\nSELECT on_hand FROM stock WHERE sku = :sku;"), "has 0 statements for postgres"),
        (query("SELECT note FROM stock;", "-- name: get :many\n-- out note text\n"), 'declare "note text null"'),
        (query("SELECT sku FROM stock;", "-- name: get :many\n"), "gives rows, so it needs -- out"),
        (query("DELETE FROM stock;", "-- name: clear :exec\n-- out n int\n"), ":exec gives no rows"),
        (query("SELECT sku FROM stock;", "-- name: get :exec\n"), "gives the columns (sku), but -- out declares ()"),
        (
            query("SELECT sku FROM stock;", "-- name: get :all\n-- out sku text\n"),
            "shop.sql:1: :all is not one of :one",
        ),
        (
            query("SELECT sku FROM stock;", "\n\n-- name: get :many\n-- out thing\n"),
            "shop.sql:4: there is no -- row thing above",
        ),
        (
            query("SELECT sku FROM stock;", "-- name: get :many\n-- out sku string\n"),
            'shop.sql:2: "sku string" should be a name',
        ),
        (
            query("SELECT sku FROM stock WHERE sku = :tx;", "-- name: get :many\n-- in tx text\n-- out sku text\n"),
            "shop.sql:2: :tx is a name the C function needs",
        ),
        (
            query("SELECT sku FROM stock WHERE sku = :long;", "-- name: get :many\n-- in long text\n-- out sku text\n"),
            "shop.sql:2: long is a word of C",
        ),
        (
            query(
                "SELECT sku FROM stock WHERE sku = :a;",
                "-- name: get :many\n-- in a text\n-- in a text\n-- out sku text\n",
            ),
            "shop.sql:3: a parameter is declared twice",
        ),
        ("SELECT sku FROM stock;\n", "shop.sql:1: this statement has no name"),
        ("-- in sku text\n", "shop.sql:1: -- in belongs below a -- name line"),
        (
            "-- name: a :exec\nDELETE FROM stock;\n-- name: a :exec\nDELETE FROM stock;\n",
            "shop.sql:3: a is already the name",
        ),
    ],
)
def test_a_mistake_is_refused_with_file_and_line(make, queries, message):
    made = make(queries)
    assert made.run.returncode != 0
    assert message in made.error
    assert made.error.startswith("shop.sql:")


@pytest.mark.parametrize(
    "migrations, message",
    [
        ({"0001_shop.sql": "CREATE TABLE stock (sku text"}, "migrations/0001_shop.sql:1: incomplete input"),
        ({"0001_a.sql": SCHEMA, "0003_b.sql": ""}, "migrations/0003_b.sql:1: is number 3, but the next number is 2"),
        ({"0001_shop.sql": SCHEMA + "COMMIT;"}, "migrations/0001_shop.sql:1: COMMIT can't be in a migration"),
        (
            {"0001_shop.sql": SCHEMA.replace("text,", "text REFERENCES stock DEFERRABLE INITIALLY  DEFERRED,")},
            "migrations/0001_shop.sql:1: a deferred constraint would fail the commits of others too",
        ),
        ({"shop.sql": SCHEMA}, "migrations/shop.sql:1: a migration is named 0001_what_it_does.sql"),
    ],
)
def test_a_wrong_migration_is_refused_with_its_file(make, migrations, message):
    assert message in make(EVERY_KIND, migrations).error


def test_literals_and_comments_are_not_parameters(make):
    made = make(
        "-- name: get :many\n-- out a text, b text\n"
        "SELECT ':x -- not a comment' AS a, /* :y */ 'it''s; \"x\"' AS b; -- :z\n"
    )
    assert made.error == ""
    assert made.compile("shop_sql.c") == ""
    assert "':x -- not a comment' AS a, 'it''s; \\\"x\\\"' AS b\"" in made.read("shop_sql.c")


def test_one_text_for_each_database(make):
    source = make(
        "-- name: now :one\n-- out at int\n-- sqlite\nSELECT unixepoch() AS at;\n"
        "-- postgres\nSELECT extract(epoch FROM now())::bigint AS at;\n"
    ).read("shop_sql.c")
    assert 'sqlite = "SELECT unixepoch() AS at"' in source
    assert 'postgres = "SELECT extract(epoch FROM now())::bigint AS at"' in source


def test_a_new_migration_is_noticed_by_the_build(make):
    depends = make(EVERY_KIND).read("shop.d").split()
    assert "migrations" in depends
    assert "migrations/0001_shop.sql" in depends


def test_a_stores_tables_lie_in_a_services_database(make):
    """Its migrations come behind the service's own, under numbers that those never reach."""
    shared = {"9001_jobs.sql": "CREATE TABLE job (job_id TEXT NOT NULL PRIMARY KEY);"}
    made = make("-- name: list :many\n-- out job_id text\nSELECT job_id FROM job;\n", shared=shared)
    assert made.error == ""
    assert made.compile("shop_sql.c") == ""
    source = made.read("shop_sql.c")
    assert source.index(".version = 1,") < source.index(".version = 9001,")
    assert '{"job", ' in source and '{"stock", ' in source
    assert "shared/9001_jobs.sql" in made.read("shop.d").split()


def test_a_stores_migrations_that_take_the_services_numbers_are_refused(make):
    made = make(EVERY_KIND, shared={"0001_jobs.sql": "CREATE TABLE job (job_id TEXT NOT NULL PRIMARY KEY);"})
    assert "a store's migrations count from 9001" in made.error


def test_every_table_of_the_migrations_can_be_moved_by_its_key(make):
    later = "CREATE TABLE tag (name TEXT NOT NULL UNIQUE, loud TEXT GENERATED ALWAYS AS (upper(name)) STORED);"
    count = "CREATE TABLE tally (last BIGINT NOT NULL); INSERT INTO tally VALUES (0);"
    made = make(EVERY_KIND, {"0001_shop.sql": SCHEMA, "0002_more.sql": later + count})
    assert made.error == ""
    assert made.compile("shop_sql.c") == ""
    source = made.read("shop_sql.c")
    assert '.sqlite = "INSERT INTO \\"tag\\" (\\"name\\") VALUES (?1)"' in source
    assert "TABLE_STOCK_KEY, 1, true, 0}" in source
    assert "TABLE_TAG_KEY, 1, true, 0}" in source
    assert "TABLE_TALLY_KEY, 1, false, 1}" in source


def test_a_table_whose_rows_cannot_be_told_apart_is_refused(make):
    made = make(EVERY_KIND, {"0001_shop.sql": SCHEMA, "0002_note.sql": "CREATE TABLE note (words TEXT);"})
    assert "note has no key: give it a PRIMARY KEY" in made.error
