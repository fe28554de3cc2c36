"""The funnel of on_analytics.py by DuckDB on the same events (duck_sql.py). Prints seconds and how many came to each
step."""

import json
import sys
import time

import duckdb

from duck_sql import day_of, funnel_steps

KINDS, WINDOW_DAYS = ("2", "5", "7", "8"), 7  # codes of src/services/analytics/kinds.c
DAYS = "DATE '2026-11-01' AND DATE '2026-12-01'"


def main():
    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    connection.execute(
        f"CREATE TABLE e AS SELECT *, {day_of('Asia/Seoul')} AS day FROM read_csv('{sys.argv[1]}', header = false, "
        "columns = {'visitor': 'BIGINT', 'at_ms': 'BIGINT', 'place': 'BIGINT', 'kind': 'INTEGER'})"
    )
    begin = time.perf_counter()
    for statement in funnel_steps(KINDS, WINDOW_DAYS, DAYS):
        connection.execute(statement)
    reached = [
        connection.execute(f"SELECT COUNT(*) FROM (SELECT DISTINCT visitor, day FROM s{number})").fetchone()[0]
        for number in range(1, len(KINDS) + 1)
    ]
    print(json.dumps({"duckdb_s": round(time.perf_counter() - begin, 3), "reached": reached}))


main()
