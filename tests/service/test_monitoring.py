"""deploy/monitoring: Prometheus's own tool passes its rules and their tests, each alert has a runbook, each panel asks
for what the program exposes, and a real Prometheus with these files sees a real NERDX."""

import contextlib
import json
import pathlib
import re
import subprocess

import pytest
import requests
import yaml

from conversation import until
from server_process import free_port

ROOT = pathlib.Path(__file__).resolve().parents[2]
MONITORING = ROOT / "deploy/monitoring"
ALERTS = [
    rule for group in yaml.safe_load((MONITORING / "rules/alerts.yml").read_text())["groups"] for rule in group["rules"]
]
RECORDED = [
    rule
    for group in yaml.safe_load((MONITORING / "rules/recording.yml").read_text())["groups"]
    for rule in group["rules"]
]
BOARDS = {
    path.stem: json.loads(path.read_text()) for path in sorted((MONITORING / "grafana/dashboards").glob("*.json"))
}
WORDS = {"by", "on", "and", "or", "unless", "without", "ignoring", "bool", "offset", "vector"}
SCRAPED = {"up"}  # what Prometheus itself says of a target


@pytest.fixture(scope="module")
def nerdx(start_shared_nerdx, tmp_path_factory):
    """With all that can be watched."""
    env = {"NERDX_LLM_URL": "http://127.0.0.1:1", "NERDX_LLM_MODEL": "m", "NERDX_TRACE_URL": "http://127.0.0.1:1"}
    return start_shared_nerdx("--archive", str(tmp_path_factory.mktemp("archive")), env=env)


def promtool(*arguments, **options):
    return subprocess.run(
        ["promtool", *map(str, arguments)], capture_output=True, text=True, check=False, timeout=60, **options
    )


def metrics_in(expression):
    """The names of metrics of an expression: what is no word of the language, no function, no label and no text."""
    bare = re.sub(r'"[^"]*"', "", expression)
    bare = re.sub(r"\{[^}]*\}|\[[^\]]*\]", " ", bare)
    bare = re.sub(r"\b(by|on|without|ignoring)\s*\([^)]*\)", " ", bare)
    names = re.findall(r"[a-zA-Z_:][a-zA-Z0-9_:]*(?!\s*\(|[a-zA-Z0-9_:])", bare)
    return {name for name in names if name not in WORDS and not re.fullmatch(r"\d+\w|e\d+", name)}


def exposed_by(nerdx):
    """Every name that a scrape makes: of a histogram its three."""
    text = nerdx.get("/metrics").text
    return {line.split("{")[0].split(" ")[0] for line in text.splitlines() if line and not line.startswith("#")}


def expressions():
    for board in BOARDS.values():
        for panel in board["panels"]:
            for target in panel["targets"]:
                yield f"{board['title']}: {panel['title']}", target["expr"]
    for rule in ALERTS + RECORDED:
        yield rule.get("alert") or rule["record"], rule["expr"]


def test_promtool_passes_the_rules_and_their_tests():
    for arguments in (
        ("check", "rules", MONITORING / "rules/recording.yml", MONITORING / "rules/alerts.yml"),
        ("test", "rules", MONITORING / "rules/tests.yml"),
        ("check", "config", MONITORING / "prometheus.yml"),
    ):
        done = promtool(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("alert", ALERTS, ids=lambda rule: rule["alert"])
def test_each_alert_has_a_severity_and_a_runbook_that_is_there(alert):
    anchors = {
        line[3:].strip().lower() for line in (ROOT / "docs/runbooks.md").read_text().splitlines() if line[:3] == "## "
    }
    assert alert["labels"]["severity"] in ("page", "ticket")
    assert alert["annotations"]["runbook"] == f"docs/runbooks.md#{alert['alert'].lower()}"
    assert alert["alert"].lower() in anchors


def test_each_runbook_is_of_an_alert():
    headings = re.findall(r"^## (\S+)$", (ROOT / "docs/runbooks.md").read_text(), re.MULTILINE)
    assert sorted(headings) == sorted(rule["alert"] for rule in ALERTS)


def test_dashboards_and_rules_ask_only_for_what_is_exposed(nerdx):
    known = exposed_by(nerdx) | {rule["record"] for rule in RECORDED} | SCRAPED
    unknown = {(where, name) for where, what in expressions() for name in metrics_in(what) - known}
    assert unknown == set()


def test_a_name_that_is_not_exposed_is_found():
    assert metrics_in('sum by (le) (rate(a_total{b="c"}[5m])) / d:e > 0.5') == {"a_total", "d:e"}


def test_the_expressions_of_panels_are_promql(tmp_path):
    rules = [{"record": f"panel:{number}", "expr": what} for number, (_, what) in enumerate(expressions())]
    file = tmp_path / "panels.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": rules}]}))
    done = promtool("check", "rules", file)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", BOARDS)
def test_a_dashboard_has_what_grafana_wants(name):
    board = BOARDS[name]
    assert {"uid", "title", "schemaVersion", "panels", "time"} <= board.keys()
    ids = [panel["id"] for panel in board["panels"]]
    assert len(ids) == len(set(ids))
    for panel in board["panels"]:
        assert panel["type"] and panel["title"] and panel["gridPos"].keys() == {"x", "y", "w", "h"}
        assert all(target["datasource"]["uid"] == "prometheus" for target in panel["targets"])


def test_compose_pins_every_image_and_has_no_password():
    text = (MONITORING / "compose.yml").read_text()
    compose = yaml.safe_load(text)
    for name, service in compose["services"].items():
        assert re.fullmatch(r"[a-z]+/[a-z]+:v?\d+\.\d+\.\d+", service["image"]), name
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ())), f"{name}: of this machine alone"
        for bound in service.get("volumes", ()):
            source = bound.split(":")[0]
            assert not source.startswith("./") or (MONITORING / source).exists(), source
    assert compose["secrets"]["grafana_password"]["file"].startswith("${GRAFANA_PASSWORD_FILE:?")
    assert "ADMIN_PASSWORD:" not in text
    assert "GRAFANA_PASSWORD_FILE=$PWD/" in (MONITORING / "README.md").read_text(), "Compose looks beside its own file"
    assert {"prometheus", "grafana", "loki", "tempo", "jaeger"} <= compose["services"].keys()


@contextlib.contextmanager
def prometheus_of(folder, nerdx):
    """Prometheus with the files as they are, but for whom it asks and how often."""
    config = yaml.safe_load((MONITORING / "prometheus.yml").read_text())
    config["global"] = {"scrape_interval": "200ms", "evaluation_interval": "200ms"}
    config["rule_files"] = [str(MONITORING / name) for name in config["rule_files"]]
    [job] = config["scrape_configs"]
    job["scrape_timeout"] = "200ms"
    (folder / "targets.yml").write_text(yaml.safe_dump([{"targets": [f"127.0.0.1:{nerdx.port}"]}]))
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config))
    port = free_port()
    command = ["prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data"]
    command += [f"--web.listen-address=127.0.0.1:{port}", "--enable-feature=exemplar-storage"]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(60)


def asked(url, path, **parameters):
    """What Prometheus answers; nothing while it isn't there yet."""
    with contextlib.suppress(requests.ConnectionError):
        reply = requests.get(f"{url}/api/v1/{path}", params=parameters, timeout=60)
        if reply.ok:
            return reply.json()["data"]
    return None


def value_of(url, query):
    found = asked(url, "query", query=query)
    return float(found["result"][0]["value"][1]) if found and found["result"] else None


def test_a_real_prometheus_scrapes_a_real_nerdx_and_knows_its_rules(tmp_path, nerdx):
    nerdx.get("/api/v1/world-model/entity/maeju-ai")
    with prometheus_of(tmp_path, nerdx) as url:
        until(lambda: value_of(url, 'up{job="nerdx"}') == 1)
        until(lambda: value_of(url, 'nerdx_requests_total{operation="world_get_entity",status="2xx"}'))
        until(lambda: value_of(url, 'service_up{service="world"}') == 1)
        until(lambda: value_of(url, "sum(operation:nerdx_requests:rate5m)") is not None)
        groups = asked(url, "rules")["groups"]
        assert {rule["name"] for group in groups for rule in group["rules"]} == {
            rule.get("alert") or rule["record"] for rule in ALERTS + RECORDED
        }
        until(lambda: all(rule["health"] == "ok" for group in asked(url, "rules")["groups"] for rule in group["rules"]))
