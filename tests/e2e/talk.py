"""The page at `/`, by the roles and names that assistive technology sees."""

from selenium.webdriver.common.keys import Keys


class Talk:
    """An open page. `say` has a turn; `open_card` opens what an answer rests on, down to its graph."""

    def __init__(self, browser, url):
        self.browser, self.url = browser, url
        browser.driver.get(url + "/")
        self.come_of_age()
        browser.until(self.box, "there is no text box")

    def come_of_age(self):
        """The first visit asks; Enter on the focused button answers yes."""
        self.browser.until(lambda: self.browser.all("dialog[open]"), "nobody is asked for their age")
        self.browser.press(Keys.ENTER)
        self.browser.until(lambda: not self.browser.all("dialog[open]"), "the answer isn't taken")

    def box(self):
        boxes = [found for found in self.browser.all("textarea, input") if found.aria_role == "textbox"]
        return boxes[0] if boxes else None

    def log(self):
        return self.browser.driver.find_element("css selector", "[role=log]")

    def page_text(self):
        return self.browser.driver.find_element("tag name", "body").text

    def language(self):
        return self.browser.driver.execute_script("return document.documentElement.lang")

    def citations(self):
        return self.browser.all("[role=log] [data-citation], [role=log] details, [role=log] a[href], [role=log] button")

    def say(self, words):
        """Tab to the text box, type, Enter, and wait until the answer is whole."""
        before = len(self.log().text)
        self.browser.tab_to(lambda focused: focused == self.box())
        self.browser.press(words, Keys.ENTER)
        self.browser.until(lambda: len(self.log().text) > before + len(words), "nothing was answered")
        self.browser.until(self.at_rest, "the answer doesn't end")
        return self.log().text[before:]

    def at_rest(self):
        return not self.browser.all("[aria-busy=true]") and self.box().is_enabled()

    def switch_language(self):
        """By keyboard, with whatever control offers the other language by its own name."""
        other = {"ko": "English", "en": "한국어"}[self.language()]
        old = self.language()
        control = self.browser.tab_to(lambda focused: other in (focused.accessible_name + focused.text))
        if control.tag_name == "select":
            self.browser.press(other[0])
        else:
            self.browser.press(Keys.ENTER if control.tag_name in ("a", "button") else Keys.SPACE)
        self.browser.until(lambda: self.language() != old, "the language didn't change")

    def open_card(self, name):
        """The card of a citation, by keyboard, until its graph is drawn."""
        self.browser.tab_to(lambda focused: focused.tag_name == "summary" and name in focused.text)
        self.browser.press(Keys.ENTER)
        return self.browser.until(self.graph, "no graph is drawn")

    def at_ease(self):
        """Nothing moves or fades any more."""
        return self.browser.driver.execute_script("return document.getAnimations().length") == 0

    def graph(self):
        groups = self.browser.all("[role=log] [role=group]")
        return groups[0] if groups else None
