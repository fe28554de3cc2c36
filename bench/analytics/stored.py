"""What a SQLite file of analytics has, copied into PostgreSQL: into our own tables, and into a table as Umami has it,
with the query of its funnel (both written anew from what its documentation and issues show of them)."""

import io
import sqlite3
import time

import psycopg2

KIND_OF_CODE = {
    **{1: "page.viewed", 2: "talk.started", 3: "product.viewed"},
    **{5: "cameo.requested", 7: "order.placed", 8: "ar.opened"},
}
SITE = "00000000-0000-4000-8000-000000000001"


class Lines(io.RawIOBase):
    """Bytes of lines, for COPY."""

    def __init__(self, lines):
        self.lines, self.left = lines, b""

    def readable(self):
        return True

    def readinto(self, room):
        while len(self.left) < len(room):
            line = next(self.lines, None)
            if line is None:
                break
            self.left += line
        taken, self.left = self.left[: len(room)], self.left[len(room) :]
        room[: len(taken)] = taken
        return len(taken)


def copy(cursor, table, lines):
    cursor.copy_expert(f"COPY {table} FROM STDIN", io.BufferedReader(Lines(lines), 1 << 16))


def copy_ours(path, url, schema):
    """Visits and days, as they lie."""
    store, connection = sqlite3.connect(path), psycopg2.connect(url, options=f"-c search_path={schema}")
    visits = "SELECT day, hex(visitor), hex(events), replace(details, char(10), '\\n') FROM visit ORDER BY day, visitor"
    with connection, connection.cursor() as cursor:
        cursor.execute("TRUNCATE visit, day, roll_up")
        lines = ("{}\t\\\\x{}\t\\\\x{}\t{}\n".format(*row).encode() for row in store.execute(visits))
        copy(cursor, "visit (day, visitor, events, details)", lines)
        days = store.execute("SELECT day, version FROM day")
        copy(cursor, "day (day, version)", ("{}\t{}\n".format(*row).encode() for row in days))
    connection.autocommit = True
    connection.cursor().execute("VACUUM ANALYZE visit")


INDEXES = ["website_id, created_at, event_name", "website_id, session_id, created_at", "session_id", "created_at"]


def make_umami(path, url):
    connection = psycopg2.connect(url)
    kinds = " ".join(f"WHEN {code} THEN '{kind}'" for code, kind in KIND_OF_CODE.items())
    with connection, connection.cursor() as cursor, open(path, encoding="ascii") as events:
        cursor.execute("CREATE TEMP TABLE came (visitor bigint, ms bigint, place bigint, code int)")
        cursor.copy_expert("COPY came FROM STDIN CSV", events)
        cursor.execute(
            "CREATE TABLE website_event (website_id uuid NOT NULL, session_id uuid NOT NULL, created_at timestamptz "
            "NOT NULL, url_path varchar(500) NOT NULL, event_name varchar(50))"
        )
        cursor.execute(
            f"INSERT INTO website_event SELECT '{SITE}'::uuid, md5(visitor::text)::uuid, "
            f"to_timestamp(ms / 1000.0), '/', CASE code {kinds} END FROM came"
        )
        for columns in INDEXES:
            cursor.execute(f"CREATE INDEX ON website_event ({columns})")
    connection.autocommit = True
    connection.cursor().execute("VACUUM ANALYZE website_event")


def umami_funnel(kinds, window_minutes, first, last):
    levels = [
        f"level1 AS (SELECT DISTINCT session_id, created_at FROM website_event WHERE website_id = '{SITE}' "
        f"AND created_at BETWEEN '{first}' AND '{last}' AND event_name = '{kinds[0]}')"
    ]
    for number, kind in enumerate(kinds[1:], 2):
        levels.append(
            f"level{number} AS (SELECT DISTINCT we.session_id, we.created_at FROM level{number - 1} l "
            f"JOIN website_event we ON we.session_id = l.session_id WHERE we.website_id = '{SITE}' AND we.created_at "
            f"BETWEEN l.created_at AND l.created_at + interval '{window_minutes} minute' "
            f"AND we.event_name = '{kind}' AND we.created_at <= '{last}')"
        )
    counts = [f"SELECT {n} AS level, count(DISTINCT session_id) FROM level{n}" for n in range(1, len(kinds) + 1)]
    return f"WITH {', '.join(levels)} {' UNION ALL '.join(counts)} ORDER BY level"


def ask_umami(url, kinds, window_minutes, first, last):
    """Seconds, and sessions by step."""
    connection = psycopg2.connect(url)
    with connection.cursor() as cursor:
        begin = time.perf_counter()
        cursor.execute(umami_funnel(kinds, window_minutes, first, last))
        reached = [count for _, count in cursor.fetchall()]
        return time.perf_counter() - begin, reached
