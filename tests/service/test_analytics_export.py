"""What is kept leaves as rows, as CSV and as lines of JSON: each event once, whatever is asked for, and as DuckDB reads
it, which makes Parquet of it."""

import csv
import datetime
import io
import json
import random
import re
import time
import zoneinfo

import pytest

from house import ROOT
from moments import NOON
from people import bearer
from visits import event, visitor

EVENTS, COUNTS = "/api/v1/analytics/events", "/api/v1/analytics/counts/kinds"
DAY_MS = 86_400_000
LINES = "application/x-ndjson"
KINDS = {
    "page.viewed": lambda rng: {"path": rng.choice(["/", "/술/이강주", '/a,"b"', "/shop"])},
    "cart.added": lambda rng: {"product_id": "makgeolli", "quantity": rng.randrange(1, 9)},
    "order.placed": lambda rng: {"amount_minor": rng.randrange(10**9), "currency": "KRW"},
    "talk.started": lambda rng: rng.choice([{}, {"agent": "maeju"}]),
}


def days(before=4, after=1, zone=NOON):
    today = datetime.datetime.now(zoneinfo.ZoneInfo(zone)).date()
    first, last = today - datetime.timedelta(days=before), today + datetime.timedelta(days=after)
    return {"from": first.isoformat(), "to": last.isoformat(), "zone": zone}


def story(rng, events=300):
    now, who = int(time.time() * 1000), [visitor() for _ in range(12)]
    made = []
    for _ in range(events):
        kind = rng.choice(list(KINDS))
        made.append(event(rng.choice(who), kind, now - rng.randrange(int(2.9 * DAY_MS)), properties=KINDS[kind](rng)))
    return made + [event(None, "page.viewed", now - 1000, properties={"path": "/nobody"}) for _ in range(40)]


def sent(site, rng=None):
    rng = rng or random.Random(1)
    events = story(rng)
    for at in range(0, len(events), 200):
        assert site.send(*events[at : at + 200])["refused"] == []
    return events


def export(site, accept, path=EVENTS, **query):
    reply = site.nerdx.get(path, params={**days(), **query}, headers={"Accept": accept})
    assert reply.status_code == 200, reply.text
    assert reply.headers["Content-Type"].split(";")[0] == accept
    return reply.content.decode()


def row_of(item, zone=NOON):
    at = datetime.datetime.fromisoformat(item["occurred_at"])
    day = at.astimezone(zoneinfo.ZoneInfo(zone)).date().isoformat()
    if "visitor" not in item:
        return {"occurred_at": at.replace(minute=0, second=0, microsecond=0), "day": day, "type": item["type"]}
    known = {"id": item["id"], "visitor": item["visitor"]}
    return {"occurred_at": at, "day": day, "type": item["type"], **known, **item.get("properties", {})}


def in_order(rows):
    return sorted(rows, key=lambda row: (row.get("id", ""), row["occurred_at"], row["day"]))


def read(rows):
    return in_order({**row, "occurred_at": datetime.datetime.fromisoformat(row["occurred_at"])} for row in rows)


def of_csv(text):
    rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    numbers = ("quantity", "amount_minor")
    return read({k: int(v) if k in numbers else v for k, v in row.items() if v != ""} for row in rows)


def of_lines(text):
    assert text.endswith("\n")
    return read(map(json.loads, text.splitlines()))


@pytest.mark.parametrize("zone", ["Asia/Seoul", "America/New_York"])
def test_both_forms_have_each_event_once_with_all_that_was_told(site, zone):
    events = in_order(row_of(item, zone) for item in sent(site))
    assert of_lines(export(site, LINES, **days(zone=zone))) == events
    assert of_csv(export(site, "text/csv", **days(zone=zone))) == events


def test_days_begin_and_end_by_the_clock_of_the_zone(site):
    rows = [row_of(item, "Pacific/Auckland") for item in sent(site)]
    for day in {row["day"] for row in rows}:
        found = of_lines(export(site, LINES, **{"from": day, "to": day, "zone": "Pacific/Auckland"}))
        assert found == in_order(row for row in rows if row["day"] == day)


def test_a_row_of_nobodys_events_leaves_whole_however_many_they_are(site):
    """Those without consent lie together by what their ids end with."""
    now, many = int(time.time() * 1000), []
    for at in range(2 * 1024 + 52):
        made = event(None, "page.viewed", now - at, properties={"path": "/nobody"})
        many.append({**made, "id": f"{made['id'][:-2]}7a"})
    for at in range(0, len(many), 500):
        assert site.send(*many[at : at + 500])["refused"] == []
    assert site.rows("visit WHERE length(visitor) = 1") <= 2, "a day's, and near midnight two"
    events = in_order(row_of(item) for item in [*sent(site), *many])
    assert of_lines(export(site, LINES)) == events
    assert of_csv(export(site, "text/csv")) == events


def test_what_is_nobodys_leaves_as_what_is_counted_and_not_as_what_tells_whose_it_was(site):
    """The id of an event is that which services tell webhooks of, with who it was; and so nearly is its moment."""
    now = int(time.time() * 1000)
    nobody, somebody = event(None, "account.made", now), event(visitor(), "account.made", now)
    site.send(nobody, somebody)
    text = export(site, LINES)
    assert somebody["id"] in text and nobody["id"] not in text
    (row,) = [row for row in map(json.loads, text.splitlines()) if "visitor" not in row]
    at = datetime.datetime.fromisoformat(row["occurred_at"])
    assert row.keys() == {"occurred_at", "day", "type"} and at.timestamp() * 1000 == now - now % 3_600_000


def test_csv_is_what_rfc_4180_says_with_a_line_of_names_and_nothing_else_where_there_is_nothing(site):
    names = "id,occurred_at,day,type,visitor,path,agent,product_id,quantity,scene,amount_minor,currency\r\n"
    assert export(site, "text/csv") == names
    assert export(site, LINES) == ""
    sent(site)
    assert export(site, "text/csv").startswith(names)
    assert export(site, "text/csv").count("\r\n") == export(site, "text/csv").count("\n")


def test_who_takes_neither_form_is_told_both_and_who_takes_both_gets_what_they_want_more(site):
    sent(site)
    refused = site.nerdx.get(EVENTS, params=days(), headers={"Accept": "application/json"})
    assert refused.status_code == 406
    assert "text/csv or application/x-ndjson" in refused.json()["detail"]
    for accept, wanted in (("*/*", "text/csv"), (f"text/csv;q=0.5, {LINES}", LINES), ("text/*", "text/csv")):
        got = site.nerdx.get(EVENTS, params=days(), headers={"Accept": accept})
        assert got.headers["Content-Type"].split(";")[0] == wanted


def test_days_in_the_wrong_order_are_refused_before_anything_is_sent(site):
    reply = site.nerdx.get(EVENTS, params={"from": "2026-01-02", "to": "2026-01-01"})
    assert (reply.status_code, reply.json()["pointer"]) == (422, "/to")


def test_only_who_reads_reports_may_take_events_away(start_nerdx, run_nerdx):
    nerdx = start_nerdx(env={"NERDX_IDENTITY": "required"})
    for role, status in (("member", 403), ("operator", 200)):
        token = run_nerdx("token", "--role", role, "--data", nerdx.data).stdout.strip()
        reply = nerdx.get(EVENTS, params=days(), headers=bearer({"access_token": token}))
        assert reply.status_code == status, reply.text
    assert nerdx.get(EVENTS, params=days()).status_code == 401


@pytest.mark.parametrize("accept", ["text/csv", LINES])
def test_what_is_counted_of_each_day_leaves_as_the_report_has_it(site, accept):
    sent(site)
    query = days()
    report = site.count(query["from"], query["to"], query["zone"])
    wanted = [
        {"day": day["day"], "kind": row["kind"], "events": row["events"], "visitors": row["visitors"]}
        for day in report
        for row in day["kinds"]
    ]
    text = export(site, accept, COUNTS)
    rows = map(json.loads, text.splitlines()) if accept == LINES else csv.DictReader(io.StringIO(text, newline=""))
    assert [{**row, "events": int(row["events"]), "visitors": int(row["visitors"])} for row in rows] == wanted
    assert wanted


# --- funnels, and who comes back ---

API, JOURNEY = "/api/v1/analytics", "/api/v1/analytics/funnels/journey"
OWN = {"steps": ["page.viewed", "cart.added", "order.placed"], "window_days": 2}


def get(site, path, accept=None, **query):
    reply = site.nerdx.get(path, params={**days(), **query}, headers={"Accept": accept} if accept else {})
    assert reply.status_code == 200, reply.text
    return reply


def post(site, path, accept=None):
    reply = site.nerdx.post(path, {**days(), **OWN}, headers={"Accept": accept} if accept else {})
    assert reply.status_code == 200, reply.text
    return reply


def steps_of(report):
    kinds = [step["kind"] for step in report["steps"]]
    return [
        {"day": day["day"], "step": at, "kind": kind, "visitors": visitors}
        for day in report["items"]
        for at, (kind, visitors) in enumerate(zip(kinds, day["visitors"], strict=True), 1)
    ]


def cohorts_of(report):
    return [
        {"first_day": cohort["first_day"], "periods_later": later, "visitors": visitors}
        for cohort in report["items"]
        for later, visitors in enumerate(cohort["visitors"])
    ]


def rows_of(reply, accept):
    assert reply.headers["Content-Type"].split(";")[0] == accept
    text = reply.content.decode()
    if accept == LINES:
        return [json.loads(line) for line in text.splitlines()]
    numbers = ("step", "visitors", "periods_later")
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    return [{k: int(v) if k in numbers else v for k, v in row.items()} for row in rows]


@pytest.mark.parametrize("accept", ["text/csv", LINES])
def test_a_funnel_leaves_as_a_row_a_day_and_step_as_the_report_has_it(site, accept):
    sent(site)
    declared, own = steps_of(get(site, JOURNEY).json()), steps_of(post(site, f"{API}/funnels").json())
    assert rows_of(get(site, f"{JOURNEY}/steps", accept), accept) == declared
    assert rows_of(post(site, f"{API}/steps", accept), accept) == own
    assert len(own) == 6 * 3 and any(row["visitors"] for row in own if row["step"] == 3)
    assert any(row["visitors"] == 0 for row in own), "a step that nobody came to has a row, too"


@pytest.mark.parametrize("accept", ["text/csv", LINES])
@pytest.mark.parametrize("period", ["day", "week"])
def test_who_comes_back_leaves_as_a_row_a_cohort_and_period_as_the_report_has_it(site, accept, period):
    sent(site)
    wanted = cohorts_of(get(site, f"{API}/retention", period=period).json())
    assert rows_of(get(site, f"{API}/retention/cohorts", accept, period=period), accept) == wanted
    assert any(row["visitors"] for row in wanted)


def test_rows_of_a_report_are_refused_as_the_report_is(site):
    far = {"from": "2026-01-01", "to": "2026-12-01"}
    for path in (f"{API}/retention", f"{API}/retention/cohorts"):
        reply = site.nerdx.get(path, params={**far, "period": "day"})
        assert (reply.status_code, reply.json()["pointer"]) == (422, "/to")
    for path in (f"{API}/funnels/nowhere", f"{API}/funnels/nowhere/steps"):
        reply = site.nerdx.get(path, params=far)
        assert reply.status_code == 404 and "journey, shop" in reply.json()["detail"]


# --- Parquet, by DuckDB ---

FILES = {"text/csv": "csv", LINES: "ndjson"}


def reader(accept, directory):
    """As docs/analytics.md has it."""
    words = (ROOT / "docs/analytics.md").read_text(encoding="utf-8")
    (found,) = re.findall(rf"read_{FILES[accept]}\('events\.{FILES[accept]}', .*?\}}\)", words)
    return found.replace("'events.", f"'{directory}/events.")


SUMS = (
    "count(*), count(DISTINCT id), count(visitor), sum(amount_minor)::BIGINT, sum(quantity)::BIGINT, "
    "epoch_ms(min(occurred_at)), epoch_ms(max(occurred_at)), min(day), max(day)"
)


def sums_of(rows):
    moments = [round(row["occurred_at"].timestamp() * 1000) for row in rows]
    dates = [row["day"] for row in rows]
    return (
        len(rows), sum("id" in row for row in rows), sum("visitor" in row for row in rows),
        sum(row.get("amount_minor", 0) for row in rows), sum(row.get("quantity", 0) for row in rows),
        min(moments), max(moments), min(dates), max(dates),
    )  # fmt: skip


@pytest.mark.parametrize("accept", FILES)
def test_duckdb_reads_typed_columns_and_writes_parquet_with_the_same_rows(site, duck, tmp_path, accept):
    events = [row_of(item) for item in sent(site)]
    (tmp_path / f"events.{FILES[accept]}").write_text(export(site, accept), encoding="utf-8", newline="")
    source, parquet = reader(accept, tmp_path), f"{tmp_path}/events.parquet"
    copy, sums = f"COPY (FROM {source}) TO '{parquet}'", f"SELECT {SUMS} FROM"
    same = f"SELECT count(*) FROM ((FROM {source} EXCEPT ALL FROM '{parquet}'))"
    described, _, read_sums, parquet_sums, missing = duck.ask(
        f"DESCRIBE SELECT * FROM {source}", copy, f"{sums} {source}", f"{sums} '{parquet}'", same
    )
    assert {name: kind for name, kind, *_ in described} == {
        **dict.fromkeys(("type", "path", "agent", "product_id", "scene", "currency"), "VARCHAR"),
        **{"id": "UUID", "visitor": "UUID", "day": "DATE", "occurred_at": "TIMESTAMP WITH TIME ZONE"},
        **{"quantity": "BIGINT", "amount_minor": "BIGINT"},
    }
    assert read_sums == parquet_sums == [sums_of(events)]
    assert missing == [(0,)]


@pytest.mark.parametrize("accept", FILES)
def test_duckdb_sees_by_itself_what_columns_a_funnel_and_who_comes_back_have(site, duck, tmp_path, accept):
    sent(site)
    steps, cohorts = (tmp_path / f"{name}.{FILES[accept]}" for name in ("steps", "cohorts"))
    steps.write_bytes(post(site, f"{API}/steps", accept).content)
    cohorts.write_bytes(get(site, f"{API}/retention/cohorts", accept, period="day").content)
    parquet = tmp_path / "steps.parquet"
    of_steps, of_cohorts, _, sums, later = duck.ask(
        f"DESCRIBE FROM '{steps}'",
        f"DESCRIBE FROM '{cohorts}'",
        f"COPY (FROM '{steps}') TO '{parquet}'",
        f"SELECT kind, sum(visitors)::BIGINT FROM '{parquet}' GROUP BY step, kind ORDER BY step",
        f"SELECT first_day + periods_later::INTEGER, visitors FROM '{cohorts}' WHERE visitors > 0 ORDER BY ALL",
    )
    kinds = {name: kind for name, kind, *_ in of_steps + of_cohorts}
    assert kinds == {
        **{"day": "DATE", "first_day": "DATE", "kind": "VARCHAR"},
        **dict.fromkeys(("step", "visitors", "periods_later"), "BIGINT"),
    }
    assert sums == [(step["kind"], step["visitors"]) for step in post(site, f"{API}/funnels").json()["steps"]]
    assert later and all(first >= days()["from"] for first, _ in later)
