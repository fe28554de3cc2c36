"""The funnel of on_analytics.py by DuckDB on the same events, as literally as its contract says it: from each first
step the earliest next one, again and again (ASOF JOIN), the deepest of a visitor's day. Prints seconds and how many
came to each step."""

import json
import sys
import time

import duckdb

STEPS, WINDOW_MS = (2, 5, 7, 8), 7 * 86_400_000  # codes of src/services/analytics/kinds.c
DAY = "(at_ms + 9 * 3600000) // 86400000"  # Asia/Seoul has no summer time
FIRST, LAST = 20758, 20788


def steps(connection):
    yield connection.execute(
        f"CREATE TEMP TABLE s1 AS SELECT visitor, {DAY} AS day, at_ms AS began, place FROM e WHERE code = {STEPS[0]} "
        f"AND {DAY} BETWEEN {FIRST} AND {LAST}"
    )
    for number, code in enumerate(STEPS[1:], 1):
        yield connection.execute(
            f"CREATE TEMP TABLE s{number + 1} AS SELECT s.visitor, s.day, s.began, n.place FROM s{number} s "
            f"ASOF JOIN (SELECT * FROM e WHERE code = {code}) n ON s.visitor = n.visitor AND s.place < n.place "
            f"WHERE n.at_ms - s.began <= {WINDOW_MS}"
        )


def main():
    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    connection.execute(
        f"CREATE TABLE e AS SELECT * FROM read_csv('{sys.argv[1]}', header = false, "
        "columns = {'visitor': 'BIGINT', 'at_ms': 'BIGINT', 'place': 'BIGINT', 'code': 'INTEGER'})"
    )
    begin = time.perf_counter()
    for _ in steps(connection):
        pass
    reached = [
        connection.execute(f"SELECT COUNT(*) FROM (SELECT DISTINCT visitor, day FROM s{number})").fetchone()[0]
        for number in range(1, len(STEPS) + 1)
    ]
    print(json.dumps({"duckdb_s": round(time.perf_counter() - begin, 3), "reached": reached}))


main()
