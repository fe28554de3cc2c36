"""The schema that the migrations make, in SQLite's memory; statements are prepared against it, never run.

The library is called through ctypes because Python's sqlite3 can only learn a statement's columns by running
it."""

import ctypes
import re

from parse import Problem

OK = 0
AFFINITIES = (("INT", "int"), ("CHAR|CLOB|TEXT", "text"), ("BLOB|BYTEA", "blob"), ("REAL|FLOA|DOUB", "real"))


def load_sqlite():
    lib = ctypes.CDLL("libsqlite3.so.0")
    for name in ("errmsg", "column_name", "column_decltype", "column_table_name", "column_origin_name"):
        getattr(lib, f"sqlite3_{name}").restype = ctypes.c_char_p
    return lib


def type_of(declared):
    """SQLite's type of a declared column (https://www.sqlite.org/datatype3.html, 3.1), None when unsure."""
    for pattern, name in AFFINITIES:
        if re.search(pattern, declared.upper()):
            return name
    return None


class Schema:
    def __init__(self, migrations):
        self.lib = load_sqlite()
        self.db = ctypes.c_void_p()
        self.lib.sqlite3_open(b":memory:", ctypes.byref(self.db))
        for migration in migrations:
            if self.lib.sqlite3_exec(self.db, migration.text["sqlite"].encode(), None, None, None) != OK:
                raise Problem(migration.path, 1, self.error())

    def error(self):
        return self.lib.sqlite3_errmsg(self.db).decode()

    def check(self, query):
        """Refuses what SQLite can't prepare, and columns that aren't the declared ones; notes whether it writes."""
        statement, tail = ctypes.c_void_p(), ctypes.c_char_p()
        text = query.text["sqlite"].encode()
        if self.lib.sqlite3_prepare_v2(self.db, text, -1, ctypes.byref(statement), ctypes.byref(tail)) != OK:
            raise query.problem(self.error())
        try:
            query.writes = not self.lib.sqlite3_stmt_readonly(statement)
            self.check_columns(query, statement)
        finally:
            self.lib.sqlite3_finalize(statement)
        if query.kind == "exec" and not query.writes:
            raise query.problem(":exec is for statements that write; this one reads nothing and changes nothing")

    def check_columns(self, query, statement):
        count = self.lib.sqlite3_column_count(statement)
        names = [self.lib.sqlite3_column_name(statement, i).decode() for i in range(count)]
        declared = query.row.columns if query.row else []
        if names != [column.name for column in declared]:
            raise query.problem(
                f"gives the columns ({', '.join(names)}), but -- out declares ({', '.join(c.name for c in declared)})"
            )
        for i, column in enumerate(declared):
            self.check_column(query, statement, i, column)

    def check_column(self, query, statement, i, column):
        declared = self.lib.sqlite3_column_decltype(statement, i)
        if declared is None:
            return  # an expression: its type is checked when the row is read
        found = type_of(declared.decode())
        if found and found != column.type:
            raise query.problem(f"{column.name} is declared {column.type}, but the table has {declared.decode()}")
        if not column.nullable and self.may_be_null(statement, i):
            raise query.problem(
                f'{column.name} may be NULL in the table: declare "{column.name} {column.type} null", '
                "or make the table's column NOT NULL"
            )

    def may_be_null(self, statement, i):
        table = self.lib.sqlite3_column_table_name(statement, i)
        origin = self.lib.sqlite3_column_origin_name(statement, i)
        if not table or not origin:
            return False
        not_null, key = ctypes.c_int(), ctypes.c_int()
        self.lib.sqlite3_table_column_metadata(
            self.db, None, table, origin, None, None, ctypes.byref(not_null), ctypes.byref(key), None
        )
        return not not_null.value and not key.value
