"""axe-core in the open page: what it finds wrong for people who use assistive technology."""

import functools
import pathlib
import shutil
import subprocess

import pytest

PINNED = pathlib.Path(__file__).with_name("axe")
FETCHED = pathlib.Path(__file__).resolve().parents[2] / "build/axe"
FETCH_LIMIT_S = 180
RUN = """
const done = arguments[arguments.length - 1];
const options = {resultTypes: ["violations"]};
axe.run(document, options).then((found) => done(found.violations), (error) => done(String(error)));
"""


@functools.cache
def program():
    """axe-core's own text, as pinned in axe/package-lock.json; fetched once into build/axe."""
    stamp, script = FETCHED / "package-lock.json", FETCHED / "node_modules/axe-core/axe.min.js"
    wanted = (PINNED / "package-lock.json").read_text(encoding="utf-8")
    if not script.is_file() or stamp.read_text(encoding="utf-8") != wanted:
        fetch()
    return script.read_text(encoding="utf-8")


def fetch():
    shutil.rmtree(FETCHED, ignore_errors=True)
    FETCHED.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(PINNED / name, FETCHED)
    command = ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    done = subprocess.run(command, cwd=FETCHED, capture_output=True, text=True, timeout=FETCH_LIMIT_S, check=False)
    if done.returncode != 0:
        shutil.rmtree(FETCHED)
        pytest.fail(f"axe-core could not be fetched, so nobody looked at the page: {done.stderr[-2000:]}")


def violations(browser):
    """One line for each element that breaks a rule; all of axe's rules, best practices too."""
    browser.driver.execute_script(program())
    found = browser.driver.execute_async_script(RUN)
    assert isinstance(found, list), found
    return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]
