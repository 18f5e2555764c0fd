"""The chat as a patient uses it, and what axe-core says of it."""

from __future__ import annotations

from typing import Self

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Frame, FrameLocator, Locator, Page, expect

AXE = {"resultTypes": ["violations"]}
QUESTION = "mag ik tillen met rugpijn?"
ALARM = "ik kan niet plassen"
ANSWER_MS = 25_000  # a busy machine may take its time


class Chat:
    """In the widget's iframe or (`inside` is the page itself) on its own page."""

    def __init__(self, inside: FrameLocator | Page) -> None:
        self.inside = inside
        self.log = inside.get_by_role("log")
        self.input = inside.get_by_role("textbox", name="Je vraag")
        self.agree = inside.get_by_role("button", name="Akkoord, verder")
        self.replies = self.log.locator("rug-reply")
        self.asked = self.log.locator(".patient")

    def begins(self) -> Self:
        """Agrees to the notice and is greeted."""
        self.agree.click()
        return self.sees_replies(1)

    def sees_replies(self, count: int) -> Self:
        expect(self.replies).to_have_count(count, timeout=ANSWER_MS)
        return self

    def types(self, text: str) -> Self:
        self.input.fill(text)
        self.input.press("Enter")
        return self

    def says(self, text: str) -> Locator:
        """Types a message, sends it, and returns the reply."""
        before = self.replies.count()
        self.types(text).sees_replies(before + 1)
        return self.replies.last

    def clicks(self, button: Locator) -> Locator:
        before = self.replies.count()
        button.click()
        self.sees_replies(before + 1)
        return self.replies.last

    def button(self, name: str) -> Locator:
        return self.inside.get_by_role("button", name=name, exact=True)

    def chooses(self, name: str) -> Self:
        """Something from the menu."""
        self.button("Meer opties").click()
        self.button(name).click()
        return self


def launcher(page: Page, name: str = "Vraag over je rug?") -> Locator:
    return page.get_by_role("button", name=name)


def widget(page: Page) -> Chat:
    return Chat(page.frame_locator("ruggesteun-widget iframe"))


def open_widget(page: Page, url: str) -> Chat:
    page.goto(url)
    launcher(page).click()
    return widget(page).begins()


def open_chat(page: Page, base_url: str, practice: str = "demo") -> Chat:
    page.goto(f"{base_url}/chat/{practice}")
    return Chat(page).begins()


def violations(*frames: Frame) -> list[str]:
    """What axe-core finds in these frames; it looks into none that is not named."""
    found = [violation for frame in frames for violation in Axe().run(frame, options=AXE).response["violations"]]
    return [f"{violation['id']}: {node['target']}" for violation in found for node in violation["nodes"]]


def scrolls_sideways(target: Page | Locator) -> bool:
    script = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
    return bool(target.evaluate(script))
