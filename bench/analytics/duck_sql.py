"""What analytics counts, as SQL of DuckDB that says it as literally as its contract does. Events are a table e: visitor
(NULL: nobody in particular), at_ms, place (their order), kind, and day, by the clock of a zone."""

IDLE_MS = 30 * 60_000
DAY_MS = 86_400_000


def day_of(zone, at_ms="at_ms"):
    return f"CAST(timezone('{zone}', make_timestamptz({at_ms} * 1000)) AS DATE)"


def funnel_steps(kinds, window_days, days):
    """Makes s1, s2, … of who came to each step: from each first one the earliest next, again and again."""
    yield (
        f"CREATE OR REPLACE TEMP TABLE s1 AS SELECT visitor, day, at_ms AS began, place FROM e "
        f"WHERE visitor IS NOT NULL AND kind = '{kinds[0]}' AND day BETWEEN {days}"
    )
    for number, kind in enumerate(kinds[1:], 1):
        yield (
            f"CREATE OR REPLACE TEMP TABLE s{number + 1} AS SELECT s.visitor, s.day, s.began, n.place FROM s{number} s "
            f"ASOF JOIN (SELECT * FROM e WHERE kind = '{kind}') n ON s.visitor = n.visitor AND s.place < n.place "
            f"WHERE n.at_ms - s.began <= {window_days * DAY_MS}"
        )


def funnel_days(step):
    """Visitors by the day they began on; of all of them those who came that far on their deepest way."""
    return f"SELECT day, count(DISTINCT visitor) FROM s{step} GROUP BY day ORDER BY day"


KINDS = "SELECT day, kind, count(*), count(DISTINCT visitor) FROM e GROUP BY day, kind ORDER BY day, kind"
VISITORS = "SELECT day, count(DISTINCT visitor) FROM e GROUP BY day ORDER BY day"
SESSIONS = (
    "SELECT day, count(*) FROM (SELECT day, at_ms - lag(at_ms) OVER (PARTITION BY visitor ORDER BY place) AS idle "
    f"FROM e WHERE visitor IS NOT NULL) WHERE idle IS NULL OR idle >= {IDLE_MS} GROUP BY day ORDER BY day"
)


def cohorts(first, last, period_days):
    """(period first seen in, periods later, visitors). first, last: dates as SQL has them."""
    period = f"(day - {first}) // {period_days}"
    return (
        f"WITH came AS (SELECT DISTINCT visitor, {period} AS p FROM e "
        f"WHERE visitor IS NOT NULL AND day <= {last}), "
        "began AS (SELECT visitor, min(p) AS p FROM came GROUP BY visitor) "
        "SELECT began.p, came.p - began.p, count(*) FROM came JOIN began USING (visitor) "
        "WHERE began.p >= 0 GROUP BY ALL ORDER BY ALL"
    )
