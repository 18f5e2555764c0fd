"""/inhoud in a real browser: for everyone, on a small screen and on paper. The public server alone runs behind it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from settings import Settings
from tests.browser.conftest import public_server

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the page."""
    chosen = Settings(var=tmp_path_factory.mktemp("var"), content=ROOT / "content", database_url="", tracker_url="")
    with public_server(chosen) as address:
        yield f"{address}/inhoud"


def test_it_works_for_everyone_on_a_small_screen_and_on_paper(browser_page: Page, url: str) -> None:
    browser_page.goto(url)
    found = Axe().run(browser_page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [f"{violation['id']}: {node['target']}" for violation in found for node in violation["nodes"]] == []

    topic = browser_page.get_by_role("article", name="Mag ik sporten met rugpijn?")
    browser_page.get_by_role("navigation", name="Inhoudsopgave").get_by_role("link", name="Mag ik sporten").click()
    expect(topic).to_be_in_viewport()
    expect(topic.get_by_text("Handtekening")).to_be_hidden()
    pictures = browser_page.locator("figure img")
    expect(pictures.first).to_be_attached()
    assert pictures.evaluate_all("(all) => all.every((one) => one.complete && one.naturalWidth > 0)")

    browser_page.set_viewport_size({"width": 320, "height": 640})
    assert browser_page.evaluate("() => document.documentElement.scrollWidth") <= 320

    browser_page.emulate_media(media="print")
    expect(topic.get_by_text("Handtekening")).to_be_visible()

    browser_page.emulate_media(media="screen")
    browser_page.get_by_role("link", name="Kinepraktijk De Leie").click()
    expect(browser_page.get_by_role("link", name="Kinepraktijk De Leie")).to_have_attribute("aria-current", "page")
