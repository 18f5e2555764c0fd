"""What a patient does in the chat: ask, keep, rate, wipe, lose the network, come back."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from playwright.sync_api import Page, Route, expect
from sqlalchemy import NullPool, create_engine, text

from bot.system import System
from store.url import sync_url
from tests.browser.chat import ALARM, QUESTION, Chat, open_chat, open_widget


def talk_of(system: System, conversation: str) -> dict[str, Any]:
    """A conversation as the database has it."""
    engine = create_engine(sync_url(system.settings.store_url), poolclass=NullPool)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT * FROM conversations WHERE id = :id"), {"id": conversation})
        return dict(found.mappings().one())


def test_nothing_is_kept_before_the_patient_agrees(browser_page: Page, base_url: str, system: System) -> None:
    asked: list[str] = []
    browser_page.on("request", lambda request: asked.append(request.url) if "/api/" in request.url else None)
    browser_page.goto(f"{base_url}/chat/demo")
    chat = Chat(browser_page)
    expect(chat.agree).to_be_visible()
    expect(chat.input).to_be_hidden()
    expect(browser_page.get_by_role("contentinfo").get_by_role("link", name="Bel 112")).to_be_visible()
    expect(browser_page.get_by_role("banner").get_by_text("Proef")).to_be_visible()
    words = browser_page.locator("#notice-text").inner_text().split()
    assert len(words) <= 40
    assert asked == []

    chat.button("Privacy").click()
    expect(browser_page.get_by_role("dialog", name="Privacy")).to_contain_text("24 uur")
    expect(browser_page.get_by_role("heading", name="Privacy", exact=True)).to_be_focused()  # read from the top
    browser_page.keyboard.press("Escape")
    with browser_page.expect_response("**/api/conversations") as started:
        chat.begins()
    assert talk_of(system, started.value.json()["id"])["consent_at"] is not None
    expect(chat.log.get_by_role("group", name="Vragen die je kunt kiezen").get_by_role("button")).to_have_count(4)


def test_a_talk_that_the_server_has_no_yes_for_asks_for_it(browser_page: Page, base_url: str, system: System) -> None:
    """As one that was begun before the notice had these words."""
    chat = open_chat(browser_page, base_url)
    talk = httpx.post(f"{base_url}/api/conversations", json={"practice": "demo"}).json()
    browser_page.evaluate(
        "(kept) => sessionStorage.setItem('ruggesteun:chat:demo', JSON.stringify(kept))",
        {"agreed": True, "session": {"id": talk["id"], "token": talk["token"]}, "queue": []},
    )
    browser_page.reload()
    expect(chat.agree).to_be_focused()
    expect(chat.log).to_be_hidden()
    browser_page.reload()
    chat.begins()
    assert talk_of(system, talk["id"])["consent_at"] is not None
    expect(chat.says(QUESTION)).to_have_attribute("data-kind", "answer")


def test_a_yes_that_got_lost_is_asked_for_again_and_the_question_kept(browser_page: Page, base_url: str) -> None:
    chat = open_chat(browser_page, base_url)
    refused = {"error": {"code": "consent_needed", "message": "Druk eerst op de knop."}}
    browser_page.route("**/messages", lambda route: route.fulfill(status=409, json=refused))
    chat.types(QUESTION)
    expect(chat.agree).to_be_focused()
    browser_page.unroute("**/messages")
    chat.agree.click()
    chat.sees_replies(2)
    expect(chat.asked).to_have_count(1)


def test_a_question_a_follow_up_and_a_reload(browser_page: Page, base_url: str) -> None:
    chat = open_widget(browser_page, f"{base_url}/")

    answer = chat.says(QUESTION)
    expect(answer).to_have_attribute("data-kind", "answer")
    expect(answer.get_by_role("listitem")).to_have_count(0)
    answer.get_by_role("button", name="Bronnen").click()
    expect(answer.get_by_role("list", name="Bronnen").get_by_role("listitem").first).to_be_visible()

    follow_up = chat.clicks(answer.get_by_role("button", name="Vertel meer"))
    expect(follow_up).to_have_attribute("data-kind", "answer")
    expect(chat.asked.last).to_contain_text("Vertel meer")

    talk = chat.log.locator(".bubble p, .patient p").all_inner_texts()
    browser_page.reload()
    expect(chat.agree).to_be_hidden()
    chat.sees_replies(3)
    assert chat.log.locator(".bubble p, .patient p").all_inner_texts() == talk


def test_a_thumb_can_say_why(browser_page: Page, base_url: str) -> None:
    chat = open_chat(browser_page, base_url)
    answer = chat.says(QUESTION)

    answer.get_by_role("button", name="Dit helpt mij niet").click()
    reason = answer.get_by_role("group", name="Wat kon er beter?").get_by_role("button", name="Te moeilijk")
    expect(reason).to_be_focused()
    with browser_page.expect_response("**/feedback") as sent:
        reason.click()

    assert sent.value.status == 204
    assert (sent.value.request.post_data_json or {})["reason"] == "moeilijk"
    expect(answer.get_by_text("Dank je. Daar leren we van.")).to_be_focused()
    expect(answer.get_by_role("button", name="Dit helpt mij niet")).to_have_count(0)


def test_an_answer_can_be_copied_printed_and_mailed(browser_page: Page, base_url: str) -> None:
    browser_page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    browser_page.add_init_script(
        "window.print = () => { window.printed = document.querySelectorAll('.to-print').length }"
    )
    chat = open_chat(browser_page, base_url)
    answer = chat.says(QUESTION)
    first = answer.locator(".bubble p").first.inner_text()
    answer.get_by_role("button", name="Bewaren").click()

    answer.get_by_role("button", name="Kopieer").click()
    expect(browser_page.get_by_role("status")).to_have_text("Gekopieerd.")
    assert browser_page.evaluate("() => navigator.clipboard.readText()").startswith(first)

    mail = answer.get_by_role("link", name="Mail naar jezelf").get_attribute("href") or ""
    assert mail.startswith("mailto:?")
    assert parse_qs(urlsplit(mail).query)["body"][0].startswith(first)

    answer.get_by_role("button", name="Print").click()
    assert browser_page.evaluate("() => window.printed") == 1
    browser_page.emulate_media(media="print")
    expect(answer).to_be_visible()
    expect(chat.replies.first).to_be_hidden()
    expect(chat.input).to_be_hidden()


VOICES = """
  const voices = [
    { name: "net", lang: "nl-NL", localService: false },
    ...(%s ? [{ name: "eigen", lang: "nl-NL", localService: true }] : []),
  ];
  window.spoken = [];
  window.SpeechSynthesisUtterance = function (text) { this.text = text; };
  const speech = { getVoices: () => voices, addEventListener() {}, speak: (one) => spoken.push(one), cancel() {} };
  Object.defineProperty(window, "speechSynthesis", { value: speech });
"""


def test_an_answer_is_read_aloud_by_a_voice_of_the_device(browser_page: Page, base_url: str) -> None:
    browser_page.add_init_script(VOICES % "true")
    listen = open_chat(browser_page, base_url).says(QUESTION).get_by_role("button", name="Lees voor")
    listen.click()
    expect(listen).to_have_attribute("aria-pressed", "true")
    assert browser_page.evaluate("() => spoken.map((one) => one.voice.name)") == ["eigen"]
    listen.click()
    expect(listen).to_have_attribute("aria-pressed", "false")


def test_a_voice_from_the_network_is_not_used(browser_page: Page, base_url: str) -> None:
    browser_page.add_init_script(VOICES % "false")
    answer = open_chat(browser_page, base_url).says(QUESTION)
    expect(answer.get_by_role("button", name="Bewaren")).to_be_visible()
    expect(answer.get_by_role("button", name="Lees voor")).to_be_hidden()


def test_larger_text_stays_and_a_new_talk_begins_empty(browser_page: Page, base_url: str) -> None:
    chat = open_chat(browser_page, base_url)
    size = "() => parseFloat(getComputedStyle(document.documentElement).fontSize)"
    before = browser_page.evaluate(size)
    chat.chooses("Grotere letters")
    assert browser_page.evaluate(size) > 1.2 * before
    expect(chat.button("Meer opties")).to_be_focused()

    chat.says(QUESTION)
    chat.chooses("Nieuw gesprek").sees_replies(1)
    expect(chat.asked).to_have_count(0)
    browser_page.reload()
    chat.sees_replies(1)
    assert browser_page.evaluate(size) > 1.2 * before


def test_wiping_empties_the_talk_and_asks_again(browser_page: Page, base_url: str) -> None:
    chat = open_chat(browser_page, base_url)
    chat.says(QUESTION)

    chat.button("Wis mijn gesprek").click()
    with browser_page.expect_response(lambda response: response.request.method == "DELETE") as wiped:
        chat.button("Ja, wissen").click()

    assert wiped.value.status == 204
    expect(chat.agree).to_be_focused()
    assert browser_page.evaluate("() => sessionStorage.length") == 0
    browser_page.reload()
    expect(chat.agree).to_be_visible()
    chat.begins()
    expect(chat.asked).to_have_count(0)


def test_an_alarm_can_be_called_and_does_not_interrupt_again(browser_page: Page, base_url: str) -> None:
    chat = open_chat(browser_page, base_url)
    chat.says(ALARM)
    alarm = chat.log.get_by_role("alert")
    expect(alarm).to_be_in_viewport()
    expect(alarm.locator('a[href="tel:112"]')).to_be_visible()
    expect(alarm.locator('a[href="tel:0300000099"]')).to_be_visible()

    browser_page.reload()

    chat.sees_replies(2)
    expect(chat.replies.last.locator('a[href="tel:112"]')).to_be_visible()
    expect(chat.log.get_by_role("alert")).to_have_count(0)


def test_without_network_nothing_typed_is_lost_not_even_by_a_reload(browser_page: Page, base_url: str) -> None:
    chat = open_chat(browser_page, base_url)
    offline = "**/api/**"
    browser_page.route(offline, lambda route: route.abort("internetdisconnected"))

    chat.types(QUESTION)
    expect(chat.button("Opnieuw proberen")).to_be_visible()
    expect(chat.log.locator('.notice a[href^="tel:0"]')).to_be_visible()
    browser_page.reload()
    expect(chat.asked).to_contain_text(QUESTION)
    expect(chat.button("Opnieuw proberen")).to_be_visible()

    browser_page.unroute(offline)  # and nobody clicks: it goes by itself

    chat.sees_replies(2)
    expect(chat.button("Opnieuw proberen")).to_have_count(0)
    expect(chat.asked).to_have_count(1)


def test_an_answer_that_got_lost_on_its_way_is_not_asked_for_twice(browser_page: Page, base_url: str) -> None:
    chat = open_chat(browser_page, base_url)
    sent: list[str] = []

    def lose_the_first(route: Route) -> None:
        sent.append((route.request.post_data_json or {})["client_id"])
        if len(sent) > 1:
            return route.continue_()
        route.fetch()  # the server has it, and answers
        return route.abort("connectionreset")

    browser_page.route("**/messages", lose_the_first)
    chat.types(QUESTION).sees_replies(2)
    browser_page.unroute("**/messages")

    assert len(sent) == 2
    assert len(set(sent)) == 1
    browser_page.reload()
    chat.sees_replies(2)
    expect(chat.asked).to_have_count(1)


def test_an_expired_conversation_starts_anew_in_silence(browser_page: Page, base_url: str) -> None:
    chat = open_chat(browser_page, base_url)
    browser_page.evaluate("""() => sessionStorage.setItem('ruggesteun:chat:demo',
        JSON.stringify({ agreed: true, session: { id: 'weg', token: 'weg' }, queue: [] }))""")

    browser_page.reload()

    chat.sees_replies(1)
    expect(chat.log.locator(".notice")).to_have_count(0)
    expect(chat.says(QUESTION)).to_have_attribute("data-kind", "answer")


def test_a_long_text_is_counted_and_not_cut(browser_page: Page, base_url: str) -> None:
    chat = open_chat(browser_page, base_url)
    counter = browser_page.locator("#counter")
    chat.input.fill("a" * 900)
    expect(counter).to_be_hidden()
    chat.input.fill("a" * 990)
    expect(counter).to_have_text("Nog 10 tekens")

    chat.types("a" * 1003)

    expect(counter).to_contain_text("3 tekens te veel")
    expect(chat.input).to_have_value("a" * 1003)
    expect(chat.asked).to_have_count(0)


def test_a_practice_has_its_own_look(browser_page: Page, base_url: str) -> None:
    chat = open_chat(browser_page, base_url, "vlaanderen")
    expect(browser_page.get_by_role("heading", name="De Leie helpt")).to_be_visible()
    expect(chat.replies.first).to_contain_text("Welkom bij De Leie!")
    expect(browser_page.locator(".top")).to_have_css("background-color", "rgb(122, 31, 92)")
