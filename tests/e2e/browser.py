"""Chromium without a window: a keyboard, a camera, and what assistive technology would be told about a page."""

import contextlib
import json
import os
import pathlib
import shutil
from urllib.parse import urlsplit

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from server_process import free_port

ROOT = pathlib.Path(__file__).resolve().parents[2]
PICTURES = pathlib.Path(os.environ.get("NERDX_PICTURES", ROOT / "build/e2e"))
# Of Debian, past its script of that name, which ends before what it started does.
WITHOUT_WINDOW = "/usr/lib/chromium/chromium-headless-shell"
SIZES = {"phone": (390, 844, True), "desktop": (1280, 800, False)}
SCHEMES = ("light", "dark")
WAIT_LIMIT_S = 60  # a bound for a machine that hangs, not a promise about speed
TAB_LIMIT = 60
LEFT_THE_PAGE = (StaleElementReferenceException,)
INSIDE = ("data:", "blob:", "about:", "chrome:", "chrome-untrusted:")  # addresses that no network sees
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--force-color-profile=srgb",
)
MEASURE = pathlib.Path(__file__).with_name("measure.js").read_text(encoding="utf-8")


class Browser:
    """One Chromium with a profile of its own; agent: what it says it is. `close` ends it.

    It is the one that has no window, which starts with a quarter of the work; `whole`: one that has what it lacks
    (push)."""

    def __init__(self, language="en-US", agent=None, whole=False):
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium") if whole else WITHOUT_WINDOW
        for flag in (*FLAGS, *["--headless=new"] * whole, f"--lang={language}", f"--accept-lang={language}"):
            options.add_argument(flag)
        if agent:
            options.add_argument(f"--user-agent={agent}")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        service = webdriver.chrome.service.Service(shutil.which("chromedriver"), port=free_port())
        self.driver = webdriver.Chrome(service=service, options=options)
        self.driver.set_page_load_timeout(WAIT_LIMIT_S)
        self.driver.set_script_timeout(WAIT_LIMIT_S)
        self.console, self.requested = [], []
        self.driver.get("about:blank")
        self.forget()  # what the browser's own first tab did

    def close(self):
        self.driver.quit()

    def look_through(self, width, height, mobile=False):
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def prefer(self, **features):
        """prefer(color_scheme="dark"): what the system asks of pages."""
        wanted = [{"name": f"prefers-{name.replace('_', '-')}", "value": value} for name, value in features.items()]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": wanted})

    def live_in(self, zone):
        """Where its clock is."""
        self.driver.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": zone})

    def picture(self, name):
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.driver.save_screenshot(str(PICTURES / f"{name}.png"))

    # --- the keyboard

    def press(self, *keys):
        ActionChains(self.driver).send_keys(*keys).perform()

    def tab_to(self, wanted, backwards=False):
        """Presses Tab until `wanted(element)` holds for the focused element, as somebody without a mouse would."""
        for _ in range(TAB_LIMIT):
            if focused := self.focused(wanted):
                return focused
            if backwards:
                ActionChains(self.driver).key_down(Keys.SHIFT).send_keys(Keys.TAB).key_up(Keys.SHIFT).perform()
            else:
                self.press(Keys.TAB)
        raise AssertionError(f"{TAB_LIMIT} presses of Tab didn't lead there; last at {self.describe()}")

    def focused(self, wanted):
        """The focused element if it is wanted. One that left the page while it was looked at isn't focused any more."""
        with contextlib.suppress(*LEFT_THE_PAGE):
            found = self.driver.switch_to.active_element
            if found.tag_name != "body" and wanted(found):
                return found
        return None

    def describe(self):
        focused = self.driver.switch_to.active_element
        return f"{focused.aria_role} “{focused.accessible_name}”"

    # --- the mouse

    def double_click(self, element):
        """Two clicks that the system takes for one, however long the browser was about the first."""
        x, y = self.measure("middleOf", element)
        for nth in (1, 2):
            click = {"x": x, "y": y, "button": "left", "clickCount": nth}
            for kind in ("mousePressed", "mouseReleased"):
                self.driver.execute_cdp_cmd("Input.dispatchMouseEvent", {"type": kind, **click})

    # --- what is there

    def all(self, selector):
        """The elements that are seen, in one step: asked one by one, some may have left the page in between."""
        return self.measure("allShown", selector)

    def until(self, condition, what):
        """Waits for `condition`. An element that left the page while it was looked at is a change: it looks again."""
        wait = WebDriverWait(self.driver, WAIT_LIMIT_S, poll_frequency=0.05, ignored_exceptions=LEFT_THE_PAGE)
        return wait.until(lambda _: condition(), what)

    def measure(self, question, *arguments):
        """Asks one of the functions in measure.js."""
        return self.driver.execute_script(f"{MEASURE}\nreturn {question}(...arguments);", *arguments)

    def tree(self):
        """The accessibility tree: (role, name) of everything that isn't ignored."""
        nodes = self.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
        return [
            (node["role"]["value"], (node.get("name") or {}).get("value", "").strip())
            for node in nodes
            if not node.get("ignored") and "role" in node
        ]

    # --- what it did behind the scenes

    def read_logs(self):
        """Moves what Chromium noted since the last call into `console` and `requested`."""
        self.console += self.driver.get_log("browser")
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] in ("Network.requestWillBeSent", "Network.webSocketCreated"):
                parameters = message["params"]
                self.requested.append(parameters.get("url") or parameters["request"]["url"])

    def forget(self):
        self.read_logs()
        self.console.clear()
        self.requested.clear()

    def complaints(self):
        self.read_logs()
        return [f"{entry['level']}: {entry['message']}" for entry in self.console if entry["level"] != "DEBUG"]

    def requests_leaving(self, origin):
        self.read_logs()
        own = urlsplit(origin).netloc
        return [
            url
            for url in self.requested
            if urlsplit(url).scheme not in ("data", "blob") and urlsplit(url).netloc != own
        ]
