"""axe-core in the open page: what it finds wrong for people who use assistive technology."""

import functools
import pathlib

from fetched import npm_packages
from house import BUILD

PINNED = pathlib.Path(__file__).with_name("axe")
RUN = """
const done = arguments[arguments.length - 1];
const options = {resultTypes: ["violations"]};
axe.run(document, options).then((found) => done(found.violations), (error) => done(String(error)));
"""


@functools.cache
def program():
    """axe-core's own text, as pinned in axe/package-lock.json; fetched once into build/axe."""
    script = npm_packages(PINNED, BUILD / "axe") / "node_modules/axe-core/axe.min.js"
    return script.read_text(encoding="utf-8")


def violations(browser):
    """One line for each element that breaks a rule; all of axe's rules, best practices too."""
    browser.driver.execute_script(program())
    found = browser.driver.execute_async_script(RUN)
    assert isinstance(found, list), found
    return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]
