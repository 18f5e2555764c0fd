"""WCAG 2.2 AA: axe-core in every state, the keyboard alone, the focus, and what a screen reader meets."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from content import Button, Kind, Reply
from tests.browser.chat import (
    ALARM,
    QUESTION,
    Chat,
    launcher,
    open_chat,
    open_widget,
    scrolls_sideways,
    violations,
    widget,
)

# Made here and checked as a Reply: which words lead to them changes with every training.
SUGGESTION = Reply(
    kind=Kind.SUGGESTION,
    paragraphs=("Bedoel je een van deze vragen?",),
    buttons=(
        Button(id="topic.sport", title="Mag ik sporten met rugpijn?", short="Sporten"),
        Button(id="talk.anders", title="Iets anders", short="Iets anders"),
    ),
)
ALARM_QUESTION = Reply(
    kind=Kind.ALARM_QUESTION,
    urgency="spoed_nu",
    paragraphs=("Heb je koorts?", "Is het ja, of twijfel je? Bel dan nu je huisarts: 030 - 000 00 99."),
    buttons=(Button(id="alarm.yes", title="Ja", short="Ja"), Button(id="alarm.no", title="Nee", short="Nee")),
)
MIN_TARGET = 24  # CSS pixels: WCAG 2.2, 2.5.8


def answer_with(page: Page, reply: Reply) -> None:
    made = {"id": 10**9, "author": "assistant", "reply": reply.to_json()}
    page.route("**/messages", lambda route: route.fulfill(json={"messages": [made]}))


@pytest.mark.timeout(300)  # thirteen states, each looked through by axe-core
@pytest.mark.parametrize(
    ("colours", "width", "practice"),
    [("light", 1280, "demo"), ("dark", 1280, "demo"), ("light", 320, "demo"), ("dark", 320, "vlaanderen")],
)
def test_axe_finds_nothing_in_any_state(
    browser_page: Page, base_url: str, colours: str, width: int, practice: str
) -> None:
    browser_page.set_viewport_size({"width": width, "height": 720})
    browser_page.emulate_media(color_scheme="dark" if colours == "dark" else "light", reduced_motion="reduce")
    found: dict[str, list[str]] = {}

    def look(state: str) -> None:
        found[state] = violations(browser_page.frames[-1])
        found[f"{state}: too wide"] = ["scrolls sideways"] if scrolls_sideways(chat.inside.locator("html")) else []

    browser_page.goto(f"{base_url}/proberen/{practice}")
    button = launcher(browser_page, "Stel je rugvraag" if practice == "vlaanderen" else "Vraag over je rug?")
    expect(button).to_be_visible()
    chat = widget(browser_page)
    found["closed"] = violations(browser_page.main_frame)
    button.click()
    expect(chat.agree).to_be_visible()
    look("notice")
    found["site with the chat open"] = violations(browser_page.main_frame)
    chat.button("Privacy").click()
    look("privacy")
    chat.button("Sluiten").click()
    chat.begins()
    look("open")
    chat.button("Meer opties").click()
    look("menu")
    chat.button("Meer opties").click()
    answer = chat.says(QUESTION)
    for name in ("Bronnen", "Bewaren", "Dit helpt mij niet"):
        answer.get_by_role("button", name=name, exact=True).click()
    look("answer")
    for state, reply in (("suggestions", SUGGESTION), ("alarm question", ALARM_QUESTION)):
        answer_with(browser_page, reply)
        chat.says(state)
        browser_page.unroute("**/messages")
        look(state)
    chat.says(ALARM)
    look("alarm")
    browser_page.route("**/api/**", lambda route: route.abort("internetdisconnected"))
    chat.types("mag ik zwemmen?")
    expect(chat.button("Opnieuw proberen")).to_be_visible()
    look("offline")
    browser_page.unroute("**/api/**")
    expect(chat.button("Opnieuw proberen")).to_have_count(0, timeout=30_000)
    browser_page.route(
        "**/messages",
        lambda route: route.fulfill(
            status=422, json={"error": {"code": "invalid", "message": "Dit kan ik niet lezen."}}
        ),
    )
    chat.types("x" * 950)
    expect(chat.log.get_by_text("Dit kan ik niet lezen.")).to_be_visible()
    look("error")
    chat.button("Wis mijn gesprek").click()
    look("wipe")

    assert {state: list_ for state, list_ in found.items() if list_} == {}


def test_the_whole_talk_by_keyboard_alone(browser_page: Page, base_url: str) -> None:
    browser_page.goto(f"{base_url}/")
    keys = browser_page.keyboard
    expect(launcher(browser_page)).to_be_visible()
    launcher(browser_page).focus()
    keys.press("Enter")
    chat = widget(browser_page)
    expect(chat.agree).to_be_focused()
    keys.press("Enter")
    chat.sees_replies(1)
    expect(chat.input).to_be_focused()

    keys.type(QUESTION)
    keys.press("Enter")
    chat.sees_replies(2)
    expect(chat.input).to_be_focused()

    def tab_back_to(name: str) -> None:
        target = chat.replies.last.get_by_role("button", name=name, exact=True)
        for _ in range(12):
            keys.press("Shift+Tab")
            if target.evaluate("(button) => button === document.activeElement"):
                return
        expect(target).to_be_focused()

    tab_back_to("Dit helpt mij niet")
    keys.press("Enter")
    expect(chat.button("Te moeilijk")).to_be_focused()
    keys.press("Enter")
    expect(chat.log.get_by_text("Dank je. Daar leren we van.")).to_be_focused()
    tab_back_to("Bewaren")
    keys.press("Space")
    expect(chat.button("Kopieer")).to_be_visible()
    chat.input.focus()
    tab_back_to("Vertel meer")
    keys.press("Enter")
    chat.sees_replies(3)

    chat.button("Meer opties").focus()
    keys.press("Enter")
    keys.press("Tab")
    expect(chat.button("Nieuw gesprek")).to_be_focused()
    keys.press("Escape")  # closes the menu, not the chat
    expect(chat.button("Meer opties")).to_be_focused()
    chat.button("Wis mijn gesprek").focus()
    keys.press("Enter")
    expect(chat.button("Ja, wissen")).to_be_focused()
    keys.press("Escape")
    expect(chat.button("Wis mijn gesprek")).to_be_focused()

    keys.press("Escape")
    expect(launcher(browser_page)).to_be_focused()
    expect(launcher(browser_page)).to_have_attribute("aria-expanded", "false")
    keys.press("Enter")
    expect(chat.input).to_be_focused()


def test_a_screen_reader_meets_the_parts_in_this_order(browser_page: Page, base_url: str) -> None:
    browser_page.goto(f"{base_url}/chat/demo")
    chat = Chat(browser_page)
    expect(chat.agree).to_have_accessible_description(
        re.compile("^Let op: dit is een proef.*Je praat met een computer van Praktijk Rugzicht")
    )
    expect(browser_page.locator("body")).to_match_aria_snapshot("""
      - banner "Chat":
        - heading "Praktijk Rugzicht" [level=1]
        - paragraph:
          - text: Computerprogramma, geen mens
          - strong: Proef
      - main "Chat":
        - region "Voor je begint":
          - heading "Voor je begint" [level=2]
          - paragraph: /dit is een proef/
          - paragraph
          - paragraph: /Je praat met een computer/
          - paragraph
          - paragraph
          - paragraph:
            - button "Akkoord, verder"
            - button "Privacy"
        - status
      - contentinfo "Bellen":
        - paragraph:
          - text: Spoed?
          - link "Bel 112":
            - /url: tel:112
        - paragraph:
          - text: "Praktijk:"
          - link "030 - 000 00 00":
            - /url: tel:0300000000
    """)

    chat.begins().says(QUESTION)
    expect(chat.log).to_match_aria_snapshot(r"""
      - log "Gesprek":
        - text: "Assistent:"
        - paragraph: /Ik ben een computerprogramma/
        - paragraph
        - group "Vragen die je kunt kiezen"
        - text: "Jij:"
        - paragraph: mag ik tillen met rugpijn?
        - text: "Assistent:"
        - paragraph: /tillen mag meestal/
        - group "Bij dit antwoord":
          - button "Bronnen"
          - button "Bewaren"
          - button "Dit helpt mij"
          - button "Dit helpt mij niet"
        - group "Vragen die je kunt kiezen":
          - button "Vertel meer"
    """)

    chat.says(ALARM)
    expect(chat.log).to_match_aria_snapshot("""
      - text: "Assistent:"
      - alert:
        - paragraph: Belangrijk
        - paragraph: Bel nu je huisarts.
        - paragraph:
          - link "030 - 000 00 99"
        - paragraph:
          - link "112"
      - group "Vragen die je kunt kiezen":
        - button "Ik heb gebeld"
    """)


def test_new_replies_are_announced_and_old_ones_are_not(browser_page: Page, base_url: str) -> None:
    chat = open_chat(browser_page, base_url)
    expect(chat.log).to_have_attribute("aria-live", "polite")
    chat.says(QUESTION)
    expect(chat.asked.first).to_have_attribute("aria-live", "off")

    browser_page.add_init_script("""
        window.live = [];
        document.addEventListener("DOMContentLoaded", () => new MutationObserver((changes) => {
            for (const change of changes) for (const node of change.addedNodes) {
                if (node.localName === "rug-reply") live.push(node.parentElement.getAttribute("aria-live"));
            }
        }).observe(document.getElementById("log"), { childList: true }));
    """)
    browser_page.reload()
    chat.sees_replies(2)
    expect(chat.log).to_have_attribute("aria-live", "polite")
    chat.says(QUESTION)
    assert browser_page.evaluate("() => live") == ["off", "off", "polite"]


def test_a_slow_answer_is_said_to_be_coming(browser_page: Page, base_url: str) -> None:
    chat = open_chat(browser_page, base_url)
    held: list[Route] = []
    browser_page.route("**/messages", lambda route: held.append(route))
    chat.types(QUESTION)
    expect(chat.log.locator(".typing")).to_be_visible()
    expect(browser_page.get_by_role("status")).to_have_text("Een ogenblik, het antwoord komt eraan.")
    held[0].continue_()
    chat.sees_replies(2)
    expect(chat.log.locator(".typing")).to_have_count(0)


@pytest.mark.parametrize("height", [640, 256], ids=["small phone", "400 % zoom"])
def test_320_pixels_wide_is_enough(browser_page: Page, base_url: str, height: int) -> None:
    browser_page.set_viewport_size({"width": 320, "height": height})
    chat = open_widget(browser_page, f"{base_url}/")
    chat.says(QUESTION)
    chat.says(ALARM)

    assert not scrolls_sideways(browser_page)
    assert not scrolls_sideways(chat.inside.locator("html"))
    expect(chat.inside.get_by_role("contentinfo").get_by_role("link", name="Bel 112")).to_be_in_viewport()
    expect(chat.input).to_be_in_viewport()

    chat.chooses("Grotere letters")
    assert not scrolls_sideways(chat.inside.locator("html"))


def test_targets_are_large_enough(browser_page: Page, base_url: str) -> None:
    chat = open_widget(browser_page, f"{base_url}/")
    answer = chat.says(QUESTION)
    for name in ("Bronnen", "Bewaren", "Dit helpt mij niet"):
        answer.get_by_role("button", name=name, exact=True).click()
    chat.button("Meer opties").click()
    small = chat.inside.locator("body").evaluate(
        """(body, least) => [...body.querySelectorAll("button, footer a, .keep a")]
            .filter((node) => node.checkVisibility())
            .map((node) => ({ name: node.ariaLabel || node.innerText, box: node.getBoundingClientRect() }))
            .filter(({ box }) => Math.min(box.width, box.height) < least).map(({ name }) => name)""",
        MIN_TARGET,
    )
    assert small == []
