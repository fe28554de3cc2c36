"""How many tests passed and failed, read from what the runners leave behind."""

import json
import re
import xml.etree.ElementTree as ElementTree

CMOCKA_LINE = re.compile(r"^\[\s*(OK|FAILED)\s*\] ([A-Za-z_]\w*)", re.MULTILINE)


def meson_entry(entry):
    """(passed, failed) of one meson test: its cmocka functions by name, or the program itself when it has none."""
    text = entry.get("stdout", "") + "\n" + entry.get("stderr", "")
    verdicts = {name: verdict for verdict, name in CMOCKA_LINE.findall(text)}
    failed = sum(verdict == "FAILED" for verdict in verdicts.values())
    passed = len(verdicts) - failed
    if entry["result"] not in ("OK", "EXPECTEDFAIL"):
        return passed, max(failed, 1)  # a crash, a hang or a leak is said by no function
    return max(passed, 1), failed


def meson_log(path):
    """(passed, failed) of a testlog.json; nothing ran when there is none."""
    entries = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    counts = [meson_entry(entry) for entry in entries]
    return sum(passed for passed, _ in counts), sum(failed for _, failed in counts)


def pytest_report(path):
    """(passed, failed) of a JUnit file; a test that was skipped is neither."""
    if not path.exists():
        return 0, 0
    suite = ElementTree.parse(path).getroot().find("testsuite")
    total, failures, errors, skipped = (int(suite.get(key)) for key in ("tests", "failures", "errors", "skipped"))
    return max(total - failures - errors - skipped, 0), failures + errors
