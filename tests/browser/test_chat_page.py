"""What a patient meets on a practice's site: the launcher, the chat, and that it works for everyone."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import FrameLocator, Locator, Page, expect

AXE = {"resultTypes": ["violations"]}


class Chat:
    """The chat as a patient uses it, in the widget's iframe or (`inside` is the page itself) on its own page."""

    def __init__(self, inside: FrameLocator | Page) -> None:
        self.inside = inside
        self.log = inside.get_by_role("log")
        self.input = inside.get_by_role("textbox", name="Je vraag")
        self.replies = self.log.locator(".assistant")

    def has_greeted(self) -> "Chat":
        expect(self.replies).to_have_count(1)
        return self

    def says(self, text: str) -> Locator:
        """Types a message, sends it, and returns the reply."""
        before = self.replies.count()
        self.input.fill(text)
        self.input.press("Enter")
        expect(self.replies.nth(before)).to_be_visible()
        return self.replies.last

    def clicks(self, button: Locator) -> Locator:
        before = self.replies.count()
        button.click()
        expect(self.replies.nth(before)).to_be_visible()
        return self.replies.last


def launcher(page: Page) -> Locator:
    return page.get_by_role("button", name="Vraag over je rug?")


def open_widget(page: Page, base_url: str) -> Chat:
    page.goto(f"{base_url}/")
    launcher(page).click()
    return Chat(page.frame_locator("ruggesteun-widget iframe")).has_greeted()


def open_chat(page: Page, base_url: str) -> Chat:
    page.goto(f"{base_url}/chat/demo")
    return Chat(page).has_greeted()


def violations(page: Page) -> list[str]:
    """What axe-core finds in the page and in each iframe: it only enters those in which it has been loaded."""
    found = [violation for frame in page.frames for violation in Axe().run(frame, options=AXE).response["violations"]]
    return [f"{violation['id']}: {node['target']}" for violation in found for node in violation["nodes"]]


def scrolls_sideways(target: Page | Locator) -> bool:
    return target.evaluate("() => document.documentElement.scrollWidth > document.documentElement.clientWidth")


def test_a_question_a_follow_up_and_a_reload(browser_page: Page, base_url: str) -> None:
    chat = open_widget(browser_page, base_url)

    answer = chat.says("mag ik sporten met rugpijn?")
    expect(answer).to_have_attribute("data-kind", "answer")
    answer.get_by_text(re.compile("^Bron")).click()
    expect(answer.locator("details li").first).to_be_visible()

    chip = answer.get_by_role("group", name="Vragen die je kunt kiezen").get_by_role("button").first
    title = chip.inner_text()
    follow_up = chat.clicks(chip)
    expect(follow_up).to_have_attribute("data-kind", "answer")
    expect(chat.log.locator(".patient").last).to_contain_text(title)

    talk = chat.log.locator(".message p").all_inner_texts()
    browser_page.reload()
    expect(launcher(browser_page)).to_have_attribute("aria-expanded", "true")
    expect(chat.replies).to_have_count(3)
    assert chat.log.locator(".message p").all_inner_texts() == talk


def test_escape_closes_and_gives_the_focus_back(browser_page: Page, base_url: str) -> None:
    chat = open_widget(browser_page, base_url)
    expect(launcher(browser_page)).to_have_attribute("aria-expanded", "true")
    expect(chat.input).to_be_focused()

    chat.input.press("Escape")

    expect(launcher(browser_page)).to_have_attribute("aria-expanded", "false")
    expect(launcher(browser_page)).to_be_focused()
    expect(browser_page.locator("ruggesteun-widget iframe")).to_be_hidden()


def test_the_site_cannot_close_the_chat_by_a_message(browser_page: Page, base_url: str) -> None:
    open_widget(browser_page, base_url)

    browser_page.evaluate("""() => new Promise((done) => {
        addEventListener("message", () => done(), { once: true });
        postMessage({ ruggesteun: "close" }, "*");
    })""")

    expect(launcher(browser_page)).to_have_attribute("aria-expanded", "true")


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_nothing(browser_page: Page, base_url: str, colours: str) -> None:
    browser_page.emulate_media(color_scheme=colours, reduced_motion="reduce")
    chat = open_widget(browser_page, base_url)
    assert violations(browser_page) == []
    chat.says("mag ik sporten met rugpijn?")
    chat.says("ik kan niet plassen")
    assert violations(browser_page) == []


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_nothing_on_the_page_of_its_own(browser_page: Page, base_url: str, colours: str) -> None:
    browser_page.emulate_media(color_scheme=colours, reduced_motion="reduce")
    chat = open_chat(browser_page, base_url)
    chat.says("mag ik sporten met rugpijn?")
    chat.says("ik kan niet plassen")
    assert violations(browser_page) == []

    browser_page.get_by_role("button", name="Wis mijn gesprek").click()
    assert violations(browser_page) == []


@pytest.mark.parametrize("height", [640, 256], ids=["small phone", "400 % zoom"])
def test_320_pixels_wide_is_enough(browser_page: Page, base_url: str, height: int) -> None:
    browser_page.set_viewport_size({"width": 320, "height": height})
    chat = open_widget(browser_page, base_url)
    chat.says("mag ik sporten met rugpijn?")
    chat.says("ik kan niet plassen")

    assert not scrolls_sideways(browser_page)
    assert not scrolls_sideways(chat.inside.locator("html"))
    expect(chat.inside.get_by_role("contentinfo").get_by_role("link", name="Bel 112")).to_be_in_viewport()
    expect(chat.input).to_be_in_viewport()


def test_all_of_it_by_keyboard(browser_page: Page, base_url: str) -> None:
    browser_page.goto(f"{base_url}/")
    keys = browser_page.keyboard
    launcher(browser_page).focus()
    keys.press("Enter")
    chat = Chat(browser_page.frame_locator("ruggesteun-widget iframe")).has_greeted()
    expect(chat.input).to_be_focused()

    keys.type("mag ik sporten met rugpijn?")
    keys.press("Enter")
    expect(chat.replies).to_have_count(2)

    # Back from the input: the thumbs, then the follow-up questions of the newest answer.
    chip = chat.replies.last.locator(".chips button").last
    for _ in range(6):
        keys.press("Shift+Tab")
        if chip.evaluate("(button) => button === document.activeElement"):
            break
    expect(chip).to_be_focused()
    keys.press("Enter")
    expect(chat.replies).to_have_count(3)

    keys.press("Escape")
    expect(launcher(browser_page)).to_be_focused()


@pytest.mark.parametrize("name", ["Wis mijn gesprek", "Chat sluiten", "Verstuur", "Bel 112"])
def test_targets_are_at_least_24_pixels(browser_page: Page, base_url: str, name: str) -> None:
    chat = open_widget(browser_page, base_url)
    target = chat.inside.locator("button:visible, footer a").and_(
        chat.inside.get_by_role("link" if name.startswith("Bel") else "button", name=name)
    )

    box = target.bounding_box()

    assert box is not None
    assert min(box["width"], box["height"]) >= 24


def test_an_alarm_interrupts_and_can_be_called(browser_page: Page, base_url: str) -> None:
    chat = open_chat(browser_page, base_url)

    chat.says("ik kan niet plassen")

    alarm = chat.log.get_by_role("alert")
    expect(alarm).to_be_visible()
    expect(alarm.locator('a[href="tel:112"]')).to_be_visible()


def test_an_alarm_of_before_the_reload_is_shown_but_does_not_interrupt_again(browser_page: Page, base_url: str) -> None:
    chat = open_chat(browser_page, base_url)
    chat.says("ik kan niet plassen")

    browser_page.reload()

    expect(chat.replies).to_have_count(2)
    expect(chat.replies.last.locator('a[href="tel:112"]')).to_be_visible()
    expect(chat.log.get_by_role("alert")).to_have_count(0)


def test_wiping_empties_the_talk(browser_page: Page, base_url: str) -> None:
    chat = open_chat(browser_page, base_url)
    chat.says("mag ik sporten met rugpijn?")

    browser_page.get_by_role("button", name="Wis mijn gesprek").click()
    browser_page.get_by_role("button", name="Ja, wissen").click()

    expect(chat.log.locator(".patient")).to_have_count(0)
    expect(chat.replies).to_have_count(1)
    browser_page.reload()
    expect(chat.replies).to_have_count(1)
    expect(chat.log.locator(".patient")).to_have_count(0)


def test_without_network_nothing_typed_is_lost(browser_page: Page, base_url: str) -> None:
    chat = open_chat(browser_page, base_url)
    browser_page.context.set_offline(True)

    chat.input.fill("mag ik sporten met rugpijn?")
    chat.input.press("Enter")
    retry = browser_page.get_by_role("button", name="Opnieuw proberen")
    expect(retry).to_be_visible()
    expect(chat.log.locator('.notice a[href^="tel:0"]')).to_be_visible()
    expect(chat.log.locator(".patient")).to_contain_text("mag ik sporten met rugpijn?")

    browser_page.context.set_offline(False)
    retry.click()

    expect(chat.replies).to_have_count(2)
    expect(retry).to_have_count(0)
    expect(chat.log.locator(".patient")).to_have_count(1)


def test_an_expired_conversation_starts_anew_in_silence(browser_page: Page, base_url: str) -> None:
    chat = open_chat(browser_page, base_url)
    browser_page.evaluate(
        "() => sessionStorage.setItem('ruggesteun:chat:demo', JSON.stringify({ id: 'weg', token: 'weg' }))"
    )

    browser_page.reload()

    chat.has_greeted()
    expect(chat.log.locator(".notice")).to_have_count(0)
    expect(chat.says("mag ik sporten met rugpijn?")).to_have_attribute("data-kind", "answer")


def test_a_long_text_is_counted_and_not_cut(browser_page: Page, base_url: str) -> None:
    chat = open_chat(browser_page, base_url)
    counter = browser_page.locator("#counter")
    chat.input.fill("a" * 900)
    expect(counter).to_be_hidden()
    chat.input.fill("a" * 990)
    expect(counter).to_have_text("Nog 10 tekens")

    chat.input.fill("a" * 1003)
    chat.input.press("Enter")

    expect(counter).to_contain_text("3 tekens te veel")
    expect(chat.input).to_have_value("a" * 1003)
    expect(chat.log.locator(".patient")).to_have_count(0)
