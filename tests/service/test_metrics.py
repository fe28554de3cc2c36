"""What /metrics says: Prometheus's own tool reads it, the names of the specification are there, and its numbers are
right."""

import re
import subprocess

import pytest
import requests

from conversation import until
from metrics import metric, metric_in
from people import bearer, begin_guest, sign_up

PATH = "/api/v1/world-model/entity/maeju-ai"
OPENMETRICS = "application/openmetrics-text"
PROMETHEUS = f"{OPENMETRICS};version=1.0.0,{OPENMETRICS};version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
SPECIFIED = {
    "http_request_duration_seconds": "histogram",
    "sora_generation_duration_seconds": "histogram",
    "world_model_query_duration_seconds": "histogram",
    "cameo_videos_generated_total": "counter",
    "acp_orders_completed_total": "counter",
    "ar_experiences_activated_total": "counter",
    "user_signups_total": "counter",
    "service_up": "gauge",
    "database_connections_active": "gauge",
    "redis_cache_hit_rate": "gauge",
}


@pytest.fixture(scope="module")
def nerdx(start_shared_nerdx):
    env = {"NERDX_IDENTITY": "required", "NERDX_RATE_LIMITS": "default 100000/minute 100000/hour"}
    return start_shared_nerdx("--kv", "redis://127.0.0.1:1", env=env)


def text_of(nerdx, accept=None):
    reply = nerdx.get("/metrics", headers={"Accept": accept} if accept else {})
    assert reply.status_code == 200
    return reply.text


def test_promtool_has_nothing_to_say_against_it(nerdx):
    checked = subprocess.run(
        ["promtool", "check", "metrics"], input=text_of(nerdx), capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")


def test_the_ten_metrics_of_the_specification_have_their_names_and_types(nerdx):
    types = dict(re.findall(r"^# TYPE (\S+) (\S+)$", text_of(nerdx), re.MULTILINE))
    assert {name: types.get(name) for name in SPECIFIED} == SPECIFIED
    assert all(types[name] == "counter" for name in types if name.endswith("_total"))


def test_a_request_is_counted_and_timed_by_what_it_asked_for(nerdx):
    before = metric(nerdx, 'nerdx_requests_total{operation="world_get_entity",status="4xx"}')
    assert nerdx.get("/api/v1/world-model/entity/nobody", headers=bearer(begin_guest(nerdx))).status_code == 404
    after = 'nerdx_requests_total{operation="world_get_entity",status="4xx"}'
    until(lambda: metric(nerdx, after) == before + 1)
    timed = 'http_request_duration_seconds_count{operation="world_get_entity"}'
    until(lambda: metric(nerdx, timed) >= before + 1)  # which follows the counting


def test_a_question_to_the_world_is_timed_by_how_it_was_asked(nerdx):
    guest = bearer(begin_guest(nerdx))
    for body in ({"query": "nuruk"}, {"cypher": "MATCH (n) RETURN count(n)"}):
        assert nerdx.post("/api/v1/world-model/query", body, headers=guest).status_code in (200, 403)
    assert metric(nerdx, 'world_model_query_duration_seconds_count{kind="intent"}') == 1


@pytest.mark.parametrize("accept", [None, "*/*", "text/plain", "text/html,*/*;q=0.8"])
def test_who_does_not_ask_for_openmetrics_gets_no_exemplars(nerdx, accept):
    reply = nerdx.get("/metrics", headers={"Accept": accept} if accept else {})
    assert reply.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert "trace_id" not in reply.text
    assert "# EOF" not in reply.text


def test_openmetrics_shows_the_trace_of_a_late_request_in_its_bucket(nerdx):
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    headers = {**bearer(begin_guest(nerdx)), "traceparent": f"00-{trace}-00f067aa0ba902b7-01"}
    assert nerdx.get("/api/v1/world-model/entity/nuruk", headers=headers).status_code in (200, 404)
    series = r'http_request_duration_seconds_bucket{operation="\w+",le="[^"]+"}'
    pattern = rf'^{series} \d+ # {{trace_id="{trace}"}} \S+ \S+$'
    until(lambda: re.search(pattern, text_of(nerdx, PROMETHEUS), re.MULTILINE) or ask_again(nerdx, headers))
    reply = nerdx.get("/metrics", headers={"Accept": PROMETHEUS})
    assert reply.headers["Content-Type"] == f"{OPENMETRICS}; version=1.0.0; charset=utf-8"
    assert reply.text.endswith("\n# EOF\n")
    assert "# TYPE nerdx_requests counter\n" in reply.text, "a counter's name there is without _total"


def ask_again(nerdx, headers):
    """An exemplar younger than a second isn't replaced."""
    nerdx.get("/api/v1/world-model/entity/nuruk", headers=headers)


def test_each_metric_is_told_once_and_each_series_once(nerdx):
    text = text_of(nerdx)
    heads = re.findall(r"^# TYPE (\S+)", text, re.MULTILINE)
    series = [line.rsplit(" ", 1)[0] for line in text.splitlines() if not line.startswith("#")]
    assert len(heads) == len(set(heads))
    assert len(series) == len(set(series))


def test_a_service_is_up_and_one_whose_store_is_gone_is_down(nerdx):
    until(lambda: metric(nerdx, 'service_up{service="auth"}') == 1)
    assert metric(nerdx, 'service_up{service="world"}') == 1
    assert metric(nerdx, 'service_up{service="limits"}') == 0, "its Redis isn't there"


def test_stores_and_pools_show_what_is_used_what_waits_and_what_failed(start_nerdx):
    nerdx = start_nerdx()
    text = text_of(nerdx)
    for store in ("auth", "agents", "world"):
        assert f'database_connections_active{{store="{store}"}} ' in text
        assert f'nerdx_store_waiting{{store="{store}"}} 0' in text
    assert 'nerdx_pool_workers{pool="http"} 64' in text
    assert 'nerdx_pool_queue_limit{pool="http"} 1024' in text
    assert re.search(r'nerdx_store_calls_total{call="read",outcome="ok",store="auth"} [1-9]', text)


def test_a_value_that_is_there_makes_the_hit_rate_rise(start_nerdx):
    nerdx = start_nerdx(env={"NERDX_IDENTITY": "required"})
    assert metric(nerdx, 'redis_cache_hit_rate{use="accounts"}') == 0
    sign_up(nerdx)
    text = text_of(nerdx)  # of one moment: jobs look into it, too
    hits = metric_in(text, 'nerdx_kv_gets_total{result="hit",use="accounts"}')
    misses = metric_in(text, 'nerdx_kv_gets_total{result="miss",use="accounts"}')
    assert hits + misses > 0
    assert metric_in(text, 'redis_cache_hit_rate{use="accounts"}') == pytest.approx(hits / (hits + misses), abs=1e-5)
    assert metric(nerdx, 'user_signups_total{way="letter"}') == 1


def test_the_program_says_what_it_is_and_what_it_takes(nerdx):
    text = text_of(nerdx)
    assert re.search(r'^nerdx_build_info{compiler="[^"]+",version="\d[^"]*"} 1$', text, re.MULTILINE)
    assert metric(nerdx, "process_resident_memory_bytes") == pytest.approx(nerdx.memory_kb() * 1024, rel=0.2)
    assert metric(nerdx, "process_open_fds") > 5
    assert metric(nerdx, "process_cpu_seconds_total") > 0


def test_a_worker_shows_itself_where_it_is_told_to(nerdx_bin, nerdx_environment, tmp_path):
    command = [nerdx_bin, "worker", "--data", str(tmp_path), "--metrics-listen", "127.0.0.1:0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=nerdx_environment
    ) as worker:
        url = re.search(r"http://localhost:(\d+)", worker.stdout.readline())
        base = f"http://127.0.0.1:{url.group(1)}"
        assert requests.get(f"{base}/healthz", timeout=60).status_code == 200
        assert requests.get(f"{base}/readyz", timeout=60).json()["checks"] == {"auth": "ok"}
        text = requests.get(f"{base}/metrics", timeout=60).text
        assert "nerdx_jobs_ended_total" in text
        assert "nerdx_build_info" in text
        worker.terminate()
        assert worker.wait() == 0
