"""The chat on a practice's own site: the launcher, the panel, and that neither harms the other."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat import QUESTION, launcher, open_widget, widget

Site = Callable[[str, str], str]

# A site that styles everything it can reach, moves its body, and has another chat in the same corner.
HOSTILE = """<!doctype html><html lang="nl"><head><title>Praktijk</title>
<style nonce="n0nce">
  * {{ display: block !important; font: 40px/3 cursive !important; color: lime !important; position: static !important;
      background: black !important; opacity: .2 !important; transform: rotate(3deg) !important;
      visibility: hidden !important;
      direction: rtl !important; pointer-events: none !important }}
  button, iframe, dialog {{ width: 900px !important; height: 3px !important; border: 9px solid red !important }}
  body {{ filter: blur(2px); transform: translate(300px, 90px) !important }}
  ruggesteun-widget {{ display: none !important }}
  #other {{ position: fixed !important; right: 0; bottom: 0; z-index: 2147483647; width: 400px !important;
      height: 400px !important; visibility: visible !important; pointer-events: auto !important }}
</style>
<script src="{origin}/widget.js" data-practice="demo" defer></script>
</head><body><p><a id="link" href="#ruggesteun">Chat</a></p><div id="other">Een andere chat</div></body></html>"""

PLAIN = """<!doctype html><html lang="nl"><head><title>Praktijk</title>
<script src="{origin}/widget.js" data-practice="{practice}" defer></script></head>
<body><main><h1>Praktijk</h1><p><a href="#ruggesteun">Stel je vraag</a></p></main></body></html>"""

POLICY = "default-src 'none'; script-src {origin}; frame-src {origin}; style-src 'nonce-n0nce'"


def serve(site: Site, base_url: str, page: str = PLAIN, practice: str = "demo") -> str:
    return site(page.format(origin=base_url, practice=practice), POLICY.format(origin=base_url))


def test_it_works_on_a_hostile_site_with_a_strict_policy(browser_page: Page, base_url: str, site: Site) -> None:
    browser_page.goto(serve(site, base_url, HOSTILE))
    button = launcher(browser_page)
    box = button.bounding_box()
    assert box is not None
    assert (box["x"] + box["width"], box["y"] + box["height"]) == pytest.approx((1260, 780), abs=1)
    assert 50 < box["height"] < 70
    expect(button).to_have_css("color", "rgb(255, 255, 255)")
    expect(button).to_have_css("opacity", "1")

    button.click()  # fails when the other chat lies over it
    chat = widget(browser_page).begins()
    panel = browser_page.locator("ruggesteun-widget iframe").bounding_box()
    assert panel is not None
    assert panel["width"] == pytest.approx(438, abs=1)
    expect(chat.says(QUESTION)).to_have_attribute("data-kind", "answer")


def test_the_site_gets_one_element_and_no_more(browser_page: Page, base_url: str, site: Site) -> None:
    browser_page.goto(serve(site, base_url))
    expect(launcher(browser_page)).to_be_visible()
    assert browser_page.evaluate("() => [...document.body.children].map((one) => one.localName)") == [
        "main",
        "ruggesteun-widget",
    ]
    assert browser_page.evaluate("() => document.querySelectorAll('style, link').length") == 0
    assert browser_page.evaluate("() => document.cookie") == ""
    launcher(browser_page).click()
    expect(widget(browser_page).agree).to_be_visible()
    # Another origin: the site's scripts cannot look inside.
    assert (
        browser_page.evaluate(
            "() => document.querySelector('ruggesteun-widget').shadowRoot.querySelector('iframe').contentDocument"
        )
        is None
    )


def test_a_link_opens_it_and_gets_the_focus_back(browser_page: Page, base_url: str, site: Site) -> None:
    browser_page.goto(serve(site, base_url))
    expect(launcher(browser_page)).to_be_visible()
    link = browser_page.get_by_role("link", name="Stel je vraag")
    link.click()
    expect(widget(browser_page).agree).to_be_focused()
    widget(browser_page).agree.press("Escape")
    expect(launcher(browser_page)).to_have_attribute("aria-expanded", "false")
    expect(link).to_be_focused()


def test_an_address_with_the_link_opens_it(browser_page: Page, base_url: str, site: Site) -> None:
    browser_page.goto(serve(site, base_url) + "/#ruggesteun")
    expect(launcher(browser_page)).to_have_attribute("aria-expanded", "true")
    expect(widget(browser_page).agree).to_be_visible()


def test_a_site_that_the_practice_did_not_name_cannot_show_it(
    browser_page: Page, base_url: str, site: Site, trouble: list[str]
) -> None:
    browser_page.goto(serve(site, base_url).replace("localhost", "127.0.0.1"))
    launcher(browser_page).click()
    expect(browser_page.get_by_role("link", name="Open de chat in een nieuw venster")).to_be_visible(timeout=10_000)
    browser_page.get_by_role("button", name="Sluiten").click()
    expect(launcher(browser_page)).to_be_focused()
    assert [line for line in trouble if "frame-ancestors" in line]
    trouble.clear()


def test_a_practice_that_is_not_there_shows_nothing(browser_page: Page, base_url: str, site: Site) -> None:
    with browser_page.expect_console_message(lambda line: "there is no practice" in line.text):
        browser_page.goto(serve(site, base_url, practice="onbekend"))
    expect(browser_page.locator("ruggesteun-widget")).to_have_count(0)


def test_each_practice_has_its_own_launcher(browser_page: Page, base_url: str) -> None:
    browser_page.goto(f"{base_url}/proberen/vlaanderen")
    button = launcher(browser_page, "Stel je rugvraag")
    expect(button).to_have_css("background-color", "rgb(122, 31, 92)")
    box = button.bounding_box()
    assert box is not None
    assert box["x"] < 30
    expect(browser_page.get_by_role("region", name="Regel om te kopiëren")).to_contain_text(
        f'<script src="{base_url}/widget.js" data-practice="vlaanderen" defer></script>'
    )
    browser_page.get_by_role("link", name="Stel je vraag over je rug").click()
    expect(widget(browser_page).agree).to_be_focused()


def test_the_site_cannot_close_the_chat_by_a_message(browser_page: Page, base_url: str) -> None:
    open_widget(browser_page, f"{base_url}/")
    browser_page.evaluate("""() => new Promise((done) => {
        addEventListener("message", () => done(), { once: true });
        postMessage({ ruggesteun: "close" }, "*");
    })""")
    expect(launcher(browser_page)).to_have_attribute("aria-expanded", "true")


def test_after_a_reload_the_panel_is_as_it_was_without_taking_the_focus(browser_page: Page, base_url: str) -> None:
    chat = open_widget(browser_page, f"{base_url}/")
    browser_page.reload()
    expect(launcher(browser_page)).to_have_attribute("aria-expanded", "true")
    chat.sees_replies(1)
    assert browser_page.evaluate("() => document.activeElement.localName") == "body"
