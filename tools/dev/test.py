"""./dev test [PART…]: runs the parts, adds their results up, and ends with the line `N passed, N failed`.

What the parts need is compiled first. Then they run side by side, one a core: what waits leaves its core to the others.
What a part printed is shown when it has ended; one that runs alone has all cores, and shows it as it comes.
A part passes when its command succeeds and at least one test ran: a part that lost its tests fails.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from typing import NamedTuple

import counting
import split
from beside import side_by_side
from fuzz import fuzz_all
from house import BUILD, ROOT, Timer, choose, compile_build, python_with, run, say

FUZZ_SECONDS_EACH = 3


def meson_tests(build, cores, without=()):
    """All but some suites, two a core: those of queues wait more than they work."""
    log = BUILD / build / "meson-logs/testlog.json"
    log.unlink(missing_ok=True)
    options = ["--no-rebuild", "--print-errorlogs", "-t", "10", "--num-processes", 2 * cores]
    options += [word for suite in without for word in ("--no-suite", suite)]
    code = run("meson", "test", "-C", f"build/{build}", *options)
    return code, *counting.meson_log(log)


def in_asan(build, cores):
    """The generators are no programs of that build."""
    return meson_tests(build, cores, without=("generators",))


def in_tsan(build, cores):
    return meson_tests(build, cores, without=("generators", "one thread"))


def pytest(build, *places, stores="embedded", how=()):
    report = BUILD / f"test-{build}-{stores}-{places[0].replace('/', '-')}.xml"
    report.unlink(missing_ok=True)
    env = {**os.environ, "NERDX_BIN": str(BUILD / build / "nerdx"), "NERDX_TEST_STORES": stores}
    env |= {"PYTHONPYCACHEPREFIX": str(BUILD / "pycache"), "PYTHONDONTWRITEBYTECODE": ""}  # whatever is the custom here
    command = ("/usr/bin/python3", "-m", "pytest", f"--junitxml={report}", *how, *places)
    code = run(*command, env=env, stdin=subprocess.DEVNULL)
    return code, *counting.pytest_report(report)


def in_turn(*places):
    """Test after test."""
    return lambda build, _: pytest(build, *places)


def spread(*places, a_core=2, dist="loadfile", stores="embedded"):
    """Tests wait more than they work: two files a core at once. Those of a file stay together, with what they share,
    unless `dist` says otherwise."""
    return lambda build, cores: pytest(build, *places, stores=stores, how=("-n", str(a_core * cores), "--dist", dist))


# The wire tests that have many threads at once, for TSan.
RACES = [
    *(f"tests/service/test_http_{name}.py" for name in ("drain", "flow", "requests", "shared_commits")),
    *(f"tests/service/test_http_{name}.py" for name in ("sockets", "streams")),
    "tests/service/test_world_learn.py",
    "tests/service/test_agents_turns.py",
]


# The tests of services whose store may be a server (a model's is none). The fleet has PostgreSQL, too: what it asks
# isn't asked once more.
ON_POSTGRES = split.besides_fleet(
    [
        *(path.name for path in sorted(ROOT.glob("tests/service/test_agents_*.py")) if path.stem != "test_agents_llm"),
        *(path.name for path in sorted(ROOT.glob("tests/service/test_analytics_*.py"))),
        *(path.name for path in sorted(ROOT.glob("tests/service/test_auth_*.py"))),
        "test_backup.py",
        "test_chat_commands.py",
        "test_identity_walk.py",
        "test_jobs.py",
        "test_mail.py",
        "test_migrate_at_once.py",
        "test_notify.py",
        "test_notify_bounces.py",
        "test_notify_consents.py",
        "test_notify_letters.py",
        "test_webhooks.py",
        "test_world_review.py",
    ]
)


def fleet(build, cores):
    """What three processes behind HAProxy must answer as one does."""
    os.environ["NERDX_TEST_FLEET"] = "split"
    try:
        return spread(*split.arguments(), stores="postgres")(build, cores)
    finally:
        del os.environ["NERDX_TEST_FLEET"]


def contract(build, cores):
    python_with(ROOT / "tests/contract/requirements.txt", BUILD / "schemathesis")  # its progress is seen here
    return spread("tests/contract", a_core=1, dist="load")(build, cores)


def fuzz(build, cores):
    return fuzz_all(FUZZ_SECONDS_EACH, cores)


class Part(NamedTuple):
    """run(build, cores) -> (exit code, passed, failed), when these targets of the build are there."""

    build: str
    targets: tuple
    run: Callable
    about: str


ALL = ()
PROGRAMS = ("nerdx", *(f"tests/service/{name}_probe" for name in ("analytics", "http", "tokens")))

# In the order in which they begin: the longest first, so that the last ones end together. Each process that runs tests
# of Neo4j has its own server, so a file needn't stay together but where it says so.
PARTS = {
    "neo4j": Part("release", ALL, spread("tests/neo4j", a_core=1, dist="loadgroup"), "the graph on a real Neo4j"),
    "e2e": Part("release", PROGRAMS, spread("tests/e2e", a_core=1), "the page in a browser"),
    "service": Part("release", PROGRAMS, spread("tests/service"), "the program over HTTP, and broken on purpose"),
    "postgres": Part("release", PROGRAMS, spread(*ON_POSTGRES, stores="postgres"), "services again, on PostgreSQL"),
    "fleet": Part("release", PROGRAMS, fleet, "what asks over HTTP alone, against processes behind HAProxy"),
    "evaluation": Part("release", PROGRAMS, spread("tests/evaluation", a_core=1), "questions with known answers"),
    "tools": Part("release", PROGRAMS, in_turn("tests/tools"), "the helpers of ./dev, and that README tells the truth"),
    "tsan": Part("tsan", ALL, in_tsan, "units and conformance under TSan"),
    "asan": Part("asan", ALL, in_asan, "the same under ASan and UBSan"),
    "fuzz": Part("asan", ALL, fuzz, f"every fuzz target for {FUZZ_SECONDS_EACH} s"),
    "unit": Part("release", ALL, meson_tests, "the same, release build"),
    "contract": Part("release", PROGRAMS, contract, "every operation does what /openapi.json says of it"),
    "races": Part("tsan", PROGRAMS, spread(*RACES), "the program over HTTP, many threads at once, under TSan"),
    "cypher": Part("release", PROGRAMS, in_turn("tests/conformance/cypher"), "the openCypher TCK"),
}


class Result(NamedTuple):
    passed: int
    failed: int
    line: str


def run_part(name, cores):
    timer, part = Timer(), PARTS[name]
    code, passed, failed = part.run(part.build, cores)
    note = ""
    if passed + failed == 0:
        failed, note = 1, "  ran no test"
    elif code != 0 and failed == 0:
        failed, note = 1, f"  ended with exit code {code}"
    return Result(passed, failed, f"{name:12} {passed:5} passed, {failed} failed  ({timer.with_cores()}){note}")


def run_parts(names, cores):
    """By name, what came of each."""
    if len(names) == 1:
        return {name: run_part(name, cores) for name in names}
    results, at_once = {}, min(len(names), cores)
    for done in side_by_side(names, at_once, lambda name: run_part(name, cores // at_once)):
        results[done.name] = done.result or Result(0, 1, f"{done.name:12} did not end: see above")
        say(f"\n== {done.name}: {PARTS[done.name].about}\n{done.printed}\n{results[done.name].line}")
    return results


def compile_for(parts):
    """Before any of them runs: two that compile in one folder at once would spoil it. Lines that say what it took."""
    lines = []
    for build in sorted({part.build for part in parts}):
        wanted = [part.targets for part in parts if part.build == build]
        timer = Timer()
        compile_build(build, *(ALL if ALL in wanted else sorted(set().union(*wanted))))
        lines.append(f"{build:12} compiled  ({timer.with_cores()})")
    return lines


def main():
    parts = choose(PARTS, sys.argv[1:], "part")
    lines = compile_for(parts.values())
    results = run_parts(list(parts), os.cpu_count() or 1)
    failed = sum(result.failed for result in results.values())
    say("\n" + "\n".join([*lines, *(results[name].line for name in parts)]))
    say(f"{sum(result.passed for result in results.values())} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())
