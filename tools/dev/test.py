"""./dev test [PART…]: runs the parts, adds their results up, and ends with the line `N passed, N failed`.

A part passes when its command succeeds and at least one test ran: a part that lost its tests fails.
"""

import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

from fuzz import fuzz_all
from house import BUILD, ROOT, Timer, choose, compile_build, run, say

CMOCKA_LINE = re.compile(r"^\[\s*(OK|FAILED)\s*\] ([A-Za-z_]\w*)", re.MULTILINE)
FUZZ_SECONDS_EACH = 5


def counts_of(entry):
    """(passed, failed) of one meson test: its cmocka functions by name, or the program itself when it has none."""
    text = entry.get("stdout", "") + "\n" + entry.get("stderr", "")
    verdicts = {name: verdict for verdict, name in CMOCKA_LINE.findall(text)}
    failed = sum(verdict == "FAILED" for verdict in verdicts.values())
    passed = len(verdicts) - failed
    if entry["result"] not in ("OK", "EXPECTEDFAIL"):
        return passed, max(failed, 1)  # a crash, a hang or a leak is said by no function
    return max(passed, 1), failed


def meson_tests(build, *options):
    log = BUILD / build / "meson-logs/testlog.json"
    log.unlink(missing_ok=True)
    compile_build(build)
    code = run("meson", "test", "-C", f"build/{build}", "--no-rebuild", "--print-errorlogs", *options)
    entries = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
    counts = [counts_of(entry) for entry in entries]
    return code, sum(passed for passed, _ in counts), sum(failed for _, failed in counts)


def pytest(build, *folders):
    compile_build(build, "nerdx")
    report = BUILD / f"test-{build}-{folders[0].replace('/', '-')}.xml"
    report.unlink(missing_ok=True)
    env = {**os.environ, "NERDX_BIN": str(BUILD / build / "nerdx"), "PYTHONDONTWRITEBYTECODE": "1"}
    code = run("/usr/bin/python3", "-m", "pytest", f"--junitxml={report}", *folders, env=env, stdin=subprocess.DEVNULL)
    if not report.exists():
        return code, 0, 0
    suite = ElementTree.parse(report).getroot().find("testsuite")
    total, failures, errors, skipped = (int(suite.get(key)) for key in ("tests", "failures", "errors", "skipped"))
    if skipped:
        say(f"{skipped} skipped in {folders[0]}")
    return code, max(total - failures - errors - skipped, 0), failures + errors


PARTS = {
    "unit": (lambda: meson_tests("release"), "units and conformance, release build"),
    "tools": (lambda: pytest("release", "tests/tools"), "the helpers of ./dev, and that README tells the truth"),
    "service": (lambda: pytest("release", "tests/service"), "the program over HTTP, and broken on purpose"),
    "evaluation": (lambda: pytest("release", "tests/evaluation"), "answers against questions with known answers"),
    "e2e": (lambda: pytest("release", "tests/e2e"), "the page in a browser"),
    "asan": (lambda: meson_tests("asan"), "the same units under ASan and UBSan"),
    "tsan": (lambda: meson_tests("tsan"), "the same units under TSan"),
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
        lines.append(f"{name:12} {passed:5} passed, {failed} failed  ({timer}){note}")
    say("\n" + "\n".join(lines))
    say(f"{totals[0]} passed, {totals[1]} failed")
    return 1 if totals[1] else 0


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())
