"""./dev test [PART…]: runs the parts, adds their results up, and ends with the line `N passed, N failed`.

A part passes when its command succeeds and at least one test ran: a part that lost its tests fails.
"""

import os
import subprocess
import sys

import counting
import split
from fuzz import fuzz_all
from house import BUILD, ROOT, Timer, choose, compile_build, python_with, run, say

FUZZ_SECONDS_EACH = 5


def meson_tests(build, *options):
    log = BUILD / build / "meson-logs/testlog.json"
    log.unlink(missing_ok=True)
    compile_build(build)
    code = run("meson", "test", "-C", f"build/{build}", "--no-rebuild", "--print-errorlogs", "-t", "10", *options)
    return code, *counting.meson_log(log)


# The wire tests that have many threads at once, for TSan.
RACES = [
    *(f"tests/service/test_http_{name}.py" for name in ("drain", "flow", "requests", "shared_commits")),
    *(f"tests/service/test_http_{name}.py" for name in ("sockets", "streams")),
    "tests/service/test_world_learn.py",
    "tests/service/test_agents_turns.py",
]


# The tests of services whose store may be a server.
ON_POSTGRES = [
    *(str(path.relative_to(ROOT)) for path in sorted(ROOT.glob("tests/service/test_agents_*.py"))),
    *(str(path.relative_to(ROOT)) for path in sorted(ROOT.glob("tests/service/test_analytics_*.py"))),
    *(str(path.relative_to(ROOT)) for path in sorted(ROOT.glob("tests/service/test_auth_*.py"))),
    "tests/service/test_backup.py",
    "tests/service/test_chat_commands.py",
    "tests/service/test_identity_walk.py",
    "tests/service/test_jobs.py",
    "tests/service/test_mail.py",
    "tests/service/test_migrate_at_once.py",
    "tests/service/test_notify.py",
    "tests/service/test_notify_letters.py",
    "tests/service/test_webhooks.py",
    "tests/service/test_world_review.py",
]


PROGRAMS = ("nerdx", "tests/service/http_probe", "tests/service/tokens_probe")


def pytest(build, *places, targets=PROGRAMS, stores="embedded", how=()):
    compile_build(build, *targets)
    report = BUILD / f"test-{build}-{stores}-{places[0].replace('/', '-')}.xml"
    report.unlink(missing_ok=True)
    env = {**os.environ, "NERDX_BIN": str(BUILD / build / "nerdx"), "PYTHONDONTWRITEBYTECODE": "1"}
    env["NERDX_TEST_STORES"] = stores
    command = ("/usr/bin/python3", "-m", "pytest", f"--junitxml={report}", *how, *places)
    code = run(*command, env=env, stdin=subprocess.DEVNULL)
    return code, *counting.pytest_report(report)


def side_by_side(build, *places, a_core=2, dist="loadfile", **options):
    """Tests wait more than they work: two files a core at once. Those of a file stay together, with what they share,
    unless `dist` says otherwise."""
    how = ("-n", str(a_core * (os.cpu_count() or 1)), "--dist", dist)
    return pytest(build, *places, how=how, **options)


def fleet():
    """What three processes behind HAProxy must answer as one does."""
    os.environ["NERDX_TEST_FLEET"] = "split"
    try:
        return side_by_side("release", *split.arguments(), stores="postgres")
    finally:
        del os.environ["NERDX_TEST_FLEET"]


def contract():
    python_with(ROOT / "tests/contract/requirements.txt", BUILD / "schemathesis")  # once, before several ask for it
    return side_by_side("release", "tests/contract", a_core=1, dist="load")


def neo4j():
    """Each process has its own server, so a file needn't stay together but where it says so."""
    return side_by_side("release", "tests/neo4j", a_core=1, dist="loadgroup", targets=())


def evaluation():
    return side_by_side("release", "tests/evaluation", a_core=1)


PARTS = {
    "unit": (lambda: meson_tests("release"), "units and conformance, release build"),
    "tools": (lambda: pytest("release", "tests/tools"), "the helpers of ./dev, and that README tells the truth"),
    "service": (lambda: side_by_side("release", "tests/service"), "the program over HTTP, and broken on purpose"),
    "postgres": (lambda: side_by_side("release", *ON_POSTGRES, stores="postgres"), "services again, on PostgreSQL"),
    "contract": (contract, "every operation does what /openapi.json says of it"),
    "fleet": (fleet, "what asks over HTTP alone, against services in processes of their own behind HAProxy"),
    "cypher": (lambda: pytest("release", "tests/conformance/cypher"), "the openCypher TCK"),
    "neo4j": (neo4j, "the graph and the world on a real Neo4j"),
    "evaluation": (evaluation, "answers against questions with known answers"),
    "e2e": (lambda: side_by_side("release", "tests/e2e", a_core=1), "the page in a browser"),
    "asan": (lambda: meson_tests("asan"), "the same units under ASan and UBSan"),
    "tsan": (lambda: meson_tests("tsan"), "the same units under TSan"),
    "races": (lambda: side_by_side("tsan", *RACES), "the program over HTTP, many threads at once, under TSan"),
    "fuzz": (lambda: fuzz_all(FUZZ_SECONDS_EACH), f"every fuzz target for {FUZZ_SECONDS_EACH} s"),
}


def main():
    totals, lines = [0, 0], []
    for name, (part, about) in choose(PARTS, sys.argv[1:], "part").items():
        say(f"\n== {name}: {about}")
        timer = Timer()
        code, passed, failed = part()
        note = ""
        if passed + failed == 0:
            failed, note = 1, "  ran no test"
        elif code != 0 and failed == 0:
            failed, note = 1, f"  ended with exit code {code}"
        totals = [totals[0] + passed, totals[1] + failed]
        lines.append(f"{name:12} {passed:5} passed, {failed} failed  ({timer.with_cores()}){note}")
    say("\n" + "\n".join(lines))
    say(f"{totals[0]} passed, {totals[1]} failed")
    return 1 if totals[1] else 0


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())
