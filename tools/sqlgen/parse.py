"""Reads the .sql files: annotations in comments, statements below them. README.md describes the format."""

import dataclasses
import re

KINDS = ("one", "optional", "many", "each", "exec")
TYPES = ("int", "real", "text", "blob")
DATABASES = ("sqlite", "postgres")

QUERY_WORDS = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "VALUES")
PROCEDURE_WORDS = ("CALL",)

MAX_COLUMNS = 32  # as in src/stores/sql/statement.h
MAX_MIGRATIONS = 128  # as in src/stores/sql/sql.h
SHARED_FROM = 9001  # the first migration of a store that keeps tables in a service's database

# Names that the generated functions use themselves, which a parameter can't have.
OWN_NAMES = re.compile("sql|tx|arena|out|rows|count|found|changed|on_row|context|parameters|walk|all")

C_KEYWORDS = re.compile(
    "auto|bool|break|case|char|const|continue|default|do|double|else|enum|extern|false|float|for|goto|if|inline|int|long"
    "|register|restrict|return|short|signed|sizeof|static|struct|switch|true|typedef|typeof|union|unsigned|void|volatile"
    "|while"
)

TOKEN = re.compile(
    r"""(?P<keep>'(?:[^']|'')*'|"(?:[^"]|"")*"|::)
      | (?P<comment>--[^\n]*|/\*.*?\*/)
      | :(?P<parameter>[A-Za-z_]\w*)
      | (?P<foreign>\?\d*|\$\d+|[@$][A-Za-z_]\w*)
      | (?P<space>\s+)
      | (?P<end>;)
      | (?P<word>\w+|.)""",
    re.X | re.S,
)


class Problem(Exception):
    """What is wrong, with file and line."""

    def __init__(self, path, line, text):
        super().__init__(f"{path}:{line}: {text}")


@dataclasses.dataclass
class Column:
    name: str
    type: str
    nullable: bool


@dataclasses.dataclass
class Row:
    """A row struct; shared when it was declared by `-- row`."""

    name: str
    columns: list


@dataclasses.dataclass
class Query:
    path: object
    line: int
    name: str
    kind: str
    doc: list
    parameters: list = dataclasses.field(default_factory=list)
    row: Row = None
    lines: dict = dataclasses.field(default_factory=lambda: {d: [] for d in DATABASES})
    text: dict = dataclasses.field(default_factory=dict)
    writes: bool = False

    def problem(self, text):
        return Problem(self.path, self.line, f"{self.name}: {text}")


@dataclasses.dataclass
class Migration:
    path: object
    version: int
    name: str
    text: dict


def parse_columns(text, path, line):
    columns = []
    for part in text.split(","):
        words = part.split()
        nullable = len(words) == 3 and words[2] == "null"
        if not (len(words) == 2 or nullable) or words[1] not in TYPES or not re.fullmatch(r"[a-z]\w*", words[0]):
            raise Problem(
                path,
                line,
                f'"{part.strip()}" should be a name in lower case, one of '
                f'{", ".join(TYPES)}, and perhaps null: "sku text null"',
            )
        if C_KEYWORDS.fullmatch(words[0]):
            raise Problem(path, line, f"{words[0]} is a word of C: choose another name (for a column: AS other_name)")
        if any(column.name == words[0] for column in columns):
            raise Problem(path, line, f"{words[0]} is declared twice")
        columns.append(Column(words[0], words[1], nullable))
    if len(columns) > MAX_COLUMNS:
        raise Problem(path, line, f"has {len(columns)} columns, {MAX_COLUMNS} are allowed")
    return columns


def tidy(lines, number_of=None, prefix="?", fail=None):
    """The statement without comments and needless space, one entry a line; parameters by their number."""
    out = []
    for match in TOKEN.finditer("\n".join(lines)):
        kind, token = match.lastgroup, match.group()
        if kind == "comment":
            token = " "
        elif kind == "space":
            token = "\n" if "\n" in token else " "
        elif kind == "parameter" and number_of:
            token = f"{prefix}{number_of(match.group('parameter'))}"
        elif kind == "foreign" and fail:
            raise fail(f'"{token}" is not a parameter here: write :name and declare it with -- in')
        out.append(token)
    text = re.sub(r"[ \n]*\n[ \n]*", "\n", re.sub(r" +", " ", "".join(out))).strip()
    return text


def first_words(lines):
    """Of each statement in the lines, in capitals."""
    text = "".join(
        "x" if m.lastgroup == "keep" else " " if m.lastgroup == "comment" else m.group()
        for m in TOKEN.finditer("\n".join(lines))
    )
    return [part.split()[0].upper() for part in text.split(";") if part.strip()]


class QueryParser:
    def __init__(self, path):
        self.path = path
        self.rows = {}
        self.queries = []
        self.query = None
        self.targets = DATABASES
        self.doc = []
        self.line = 0

    def problem(self, text):
        return Problem(self.path, self.line, text)

    def parse(self):
        for text in self.path.read_text().splitlines():
            self.line += 1
            self.take(text.rstrip())
        self.finish()
        return self.queries

    def take(self, text):
        for pattern, action in ANNOTATIONS:
            match = pattern.fullmatch(text.strip())
            if match:
                action(self, *match.groups())
                return
        if text.strip().startswith("--"):
            if self.query is None or self.complete():
                self.finish()
                self.doc.append(text.strip()[2:].strip())
        elif not text.strip():
            self.doc = []
        elif self.query is None or self.complete():
            raise self.problem("this statement has no name: put `-- name: verb_noun :kind` above it")
        else:
            for database in self.targets:
                self.query.lines[database].append(text)

    def complete(self):
        lines = [self.query.lines[d] for d in DATABASES]
        return all(part and part[-1].endswith(";") for part in lines)

    def on_name(self, name, kind):
        self.finish()
        if kind not in KINDS:
            raise self.problem(f":{kind} is not one of {', '.join(':' + k for k in KINDS)}")
        if any(query.name == name for query in self.queries):
            raise self.problem(f"{name} is already the name of another query")
        self.query = Query(self.path, self.line, name, kind, self.doc)
        self.doc, self.targets = [], DATABASES

    def on_row(self, name, columns):
        self.finish()
        if name in self.rows:
            raise self.problem(f"row {name} is declared twice")
        self.rows[name] = Row(name, parse_columns(columns, self.path, self.line))

    def on_in(self, columns):
        query = self.need_query("in")
        query.parameters += parse_columns(columns, self.path, self.line)
        names = [parameter.name for parameter in query.parameters]
        if len(set(names)) != len(names):
            raise self.problem("a parameter is declared twice")
        taken = [name for name in names if OWN_NAMES.fullmatch(name)]
        if taken:
            raise self.problem(f":{taken[0]} is a name the C function needs itself: choose another")

    def on_out(self, columns):
        query = self.need_query("out")
        if query.row:
            raise self.problem(f"{query.name} has two -- out lines: name them in one, or declare a -- row")
        if re.fullmatch(r"\w+", columns.strip()):
            query.row = self.rows.get(columns.strip())
            if not query.row:
                raise self.problem(f"there is no -- row {columns.strip()} above")
        else:
            query.row = Row(query.name, parse_columns(columns, self.path, self.line))

    def on_section(self, target):
        self.need_query(target)
        self.targets = DATABASES if target == "both" else (target,)

    def need_query(self, what):
        if self.query is None:
            raise self.problem(f"-- {what} belongs below a -- name line")
        return self.query

    def finish(self):
        query, self.query = self.query, None
        if query is None:
            return
        if (query.kind == "exec") != (query.row is None):
            raise query.problem("gives rows, so it needs -- out" if query.row is None else ":exec gives no rows")
        for database, prefix in (("sqlite", "?"), ("postgres", "$")):
            query.text[database] = number_parameters(query, database, prefix)
        self.queries.append(query)


ANNOTATIONS = [
    (re.compile(r"-- name: *([a-z]\w*) +:(\w+)"), QueryParser.on_name),
    (re.compile(r"-- row +([a-z]\w*): *(.+)"), QueryParser.on_row),
    (re.compile(r"-- in +(.+)"), QueryParser.on_in),
    (re.compile(r"-- out +(.+)"), QueryParser.on_out),
    (re.compile(r"-- (sqlite|postgres|both)"), QueryParser.on_section),
]


def number_parameters(query, database, prefix):
    names = [parameter.name for parameter in query.parameters]
    used = set()

    def number_of(name):
        if name not in names:
            raise query.problem(f":{name} is not declared: add it to -- in")
        used.add(name)
        return names.index(name) + 1

    words = first_words(query.lines[database])
    if len(words) != 1:
        raise query.problem(f"has {len(words)} statements for {database}; it must be one")
    allowed = QUERY_WORDS + PROCEDURE_WORDS if database == "postgres" else QUERY_WORDS
    if words[0] not in allowed:
        raise query.problem(f"begins with {words[0]}; a query begins with {', '.join(allowed)}")
    text = tidy(query.lines[database], number_of, prefix, query.problem)
    unused = [name for name in names if name not in used]
    if unused:
        raise query.problem(f":{unused[0]} is declared but not used for {database}")
    return text.rstrip(";").rstrip()


def parse_queries(path):
    return QueryParser(path).parse()


def check_migration(path, lines):
    """It runs within a transaction of the store; and whether a row is right must show at its statement, for a commit
    is shared."""
    for word in first_words(lines):
        if word in ("COMMIT", "ROLLBACK", "PRAGMA", "VACUUM", "ATTACH"):
            raise Problem(path, 1, f"{word} can't be in a migration: it runs within a transaction")
    if re.search(r"\bINITIALLY\s+DEFERRED\b", tidy(lines), re.I):
        raise Problem(path, 1, "a deferred constraint would fail the commits of others too: leave it immediate")


def parse_migration(path):
    match = re.fullmatch(r"(\d{4})_([a-z0-9_]+)\.sql", path.name)
    if not match:
        raise Problem(path, 1, "a migration is named 0001_what_it_does.sql")
    lines = {database: [] for database in DATABASES}
    targets = DATABASES
    for text in path.read_text().splitlines():
        section = re.fullmatch(r"\s*-- (sqlite|postgres|both)\s*", text)
        if section:
            targets = DATABASES if section[1] == "both" else (section[1],)
            continue
        for database in targets:
            lines[database].append(text)
    for database in DATABASES:
        check_migration(path, lines[database])
    text = {database: tidy(lines[database]) for database in DATABASES}
    text["postgres"] = compare_bytes(text["postgres"])
    return Migration(path, int(match[1]), match[2], text)


def compare_bytes(text):
    """Text is compared byte by byte, as SQLite does it, whatever the collation of the database."""
    parts = re.split(r"('(?:[^']|'')*')", text)
    return "".join(
        part if part[:1] == "'" else re.sub(r"\bTEXT\b", 'TEXT COLLATE "C"', part, flags=re.I) for part in parts
    )


def parse_migrations(*folders):
    """Those of each folder count up without gaps, from 1, or of a store's tables in a service's database from 9001."""
    migrations = [migration for folder in folders for migration in parse_folder(folder)]
    versions = [migration.version for migration in migrations]
    if len(migrations) > MAX_MIGRATIONS:
        raise Problem(folders[0], 1, f"has {len(migrations)} migrations, {MAX_MIGRATIONS} are allowed")
    if len(set(versions)) != len(versions):
        raise Problem(folders[-1], 1, "has a number that is taken: a store's migrations count from 9001")
    return sorted(migrations, key=lambda migration: migration.version)


def parse_folder(folder):
    migrations = [parse_migration(path) for path in sorted(folder.glob("*.sql"))]
    if not migrations:
        raise Problem(folder, 1, "holds no migrations (0001_name.sql)")
    first = SHARED_FROM if migrations[0].version >= SHARED_FROM else 1
    for number, migration in enumerate(migrations, first):
        if migration.version != number:
            raise Problem(
                migration.path,
                1,
                f"is number {migration.version}, but the next number is {number}: "
                "migrations count 0001, 0002, … without gaps",
            )
    return migrations
