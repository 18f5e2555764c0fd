"""Where the practice lets a patient have the talk kept longer: the choice, and the talk on another day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from settings import Settings
from tests.browser.chat import open_chat, violations
from tests.browser.conftest import public_server

ROOT = Path(__file__).parents[2]
DAYS = 14


@pytest.fixture(scope="module")
def keeping_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a server that offers it."""
    chosen = Settings(
        var=tmp_path_factory.mktemp("var"), content=ROOT / "content", database_url="", tracker_url="",
        keep_longer_days=DAYS,
    )  # fmt: skip
    with public_server(chosen) as address:
        yield address


def test_a_talk_that_is_kept_longer_outlives_its_tab(browser_page: Page, keeping_url: str) -> None:
    chat = open_chat(browser_page, keeping_url)
    with browser_page.expect_response("**/keep") as kept:
        chat.chooses("Bewaar 14 dagen")
    until = datetime.fromisoformat(kept.value.json()["kept_until"])
    assert abs(until - datetime.now(UTC) - timedelta(days=DAYS)) < timedelta(minutes=5)
    expect(browser_page.get_by_role("status")).to_contain_text("We bewaren dit gesprek 14 dagen")

    other = browser_page.context.new_page()
    browser_page.close()
    other.goto(f"{keeping_url}/chat/demo")
    chat = type(chat)(other).sees_replies(1)
    expect(chat.agree).to_be_hidden()
    chat.button("Meer opties").click()
    expect(chat.button("Bewaar 14 dagen")).to_have_attribute("aria-pressed", "true")
    assert violations(other.main_frame) == []
    chat.button("Bewaar 14 dagen").click()
    expect(chat.inside.get_by_role("status")).to_contain_text("24 uur")
    assert other.evaluate("() => [localStorage.length, sessionStorage.length]") == [0, 1]


def test_wiping_takes_it_from_the_browser_too(browser_page: Page, keeping_url: str) -> None:
    chat = open_chat(browser_page, keeping_url).chooses("Bewaar 14 dagen")
    expect(browser_page.get_by_role("status")).to_contain_text("14 dagen")
    chat.button("Wis mijn gesprek").click()
    chat.button("Ja, wissen").click()
    expect(chat.agree).to_be_focused()
    assert browser_page.evaluate("() => [localStorage.length, sessionStorage.length]") == [0, 0]


def test_the_privacy_window_tells_of_it(browser_page: Page, keeping_url: str) -> None:
    browser_page.goto(f"{keeping_url}/chat/demo")
    browser_page.get_by_role("button", name="Privacy").click()
    expect(browser_page.get_by_role("dialog", name="Privacy")).to_contain_text("Dan bewaren we je gesprek 14 dagen.")


def test_where_it_is_not_offered_there_is_no_choice(browser_page: Page, base_url: str) -> None:
    chat = open_chat(browser_page, base_url)
    chat.button("Meer opties").click()
    expect(chat.button("Nieuw gesprek")).to_be_visible()
    expect(browser_page.get_by_role("button", name="Bewaar 14 dagen")).to_have_count(0)
    expect(browser_page.locator("#longer")).to_have_count(0)
