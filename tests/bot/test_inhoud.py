"""/inhoud shows a therapist every text that patients read, with whose it is, how it fits and who has read it."""

from __future__ import annotations

import datetime
import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from alarm import load_alarm_content
from bot.app import create_app
from bot.inhoud import GROUPS, SPACES, TELEGRAM_TEXT, WHATSAPP_WITH_BUTTONS, Part, date, grouped, sheet, state
from content import Library, Practice
from content.model import Review
from content.talk import TALK_PLACEHOLDERS
from settings import Settings
from tests.actions.talk import BARE, Talk

ROOT = Path(__file__).parents[2]
LIBRARY = Library.load()
ALARMS = load_alarm_content(ROOT / "content" / "alarm")
PRACTICES = sorted(LIBRARY.practices)
DEMO = LIBRARY.practices["demo"]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The public server alone: this page needs no Rasa."""
    chosen = Settings(var=tmp_path_factory.mktemp("var"), content=ROOT / "content", database_url="", tracker_url="")
    with TestClient(create_app(chosen)) as client:
        yield client


@pytest.fixture(scope="module")
def pages(client: TestClient) -> dict[str, str]:
    """The page of each practice, as plain characters."""
    return {name: html.unescape(client.get("/inhoud", params={"praktijk": name}).text) for name in PRACTICES}


def missing(page: str, practice: Practice, *texts: tuple[str, ...]) -> list[str]:
    return [line for paragraphs in texts for line in practice.fill(paragraphs, **SPACES) if line not in page]


@pytest.mark.parametrize("name", PRACTICES)
def test_every_text_of_every_topic_is_there(pages: dict[str, str], name: str) -> None:
    page, practice = pages[name], LIBRARY.practices[name]
    for topic in LIBRARY.topics.values():
        variants = [variant.answer for variant in topic.variants]
        assert missing(page, practice, topic.answer, topic.more, topic.simple, *variants) == [], topic.id
        assert f'id="{topic.id}"' in page
        assert missing(page, practice, (topic.title, topic.button)) == []


@pytest.mark.parametrize("name", PRACTICES)
def test_every_answer_is_there_with_its_wordings_and_what_it_rests_on(pages: dict[str, str], name: str) -> None:
    page, practice = pages[name], LIBRARY.practices[name]
    for topic in LIBRARY.topics.values():
        assert missing(page, practice, topic.told or ()) == [], topic.id
        for answer in topic.answers:
            words = [answer.answer, (answer.step or "",), *(other.answer or () for other in answer.for_facts)]
            assert missing(page, practice, *words) == [], (topic.id, answer.id)
            assert [ask for ask in answer.asks if ask not in page] == []
            assert [basis.deel for basis in answer.basis if basis.deel and basis.deel not in page] == []


@pytest.mark.parametrize("name", PRACTICES)
def test_every_safety_net_is_there_before_the_topics(pages: dict[str, str], name: str) -> None:
    page, practice = pages[name], LIBRARY.practices[name]
    assert missing(page, practice, *(net.text for net in LIBRARY.vangnet.values())) == []
    assert page.index('id="alarmen"') < page.index('id="vangnet"') < page.index('id="groep-1"')


def test_what_is_said_in_a_talk_is_there(pages: dict[str, str]) -> None:
    said = LIBRARY.talk.said
    lines = [(line,) for echo in said.heard.values() for line in echo.lines]
    texts = [text for texts in said.texts.values() for text in texts]
    filled = SPACES | {name: f"[{name}]" for name in TALK_PLACEHOLDERS}
    for paragraphs in (*lines, *texts):
        assert [line for line in DEMO.fill(paragraphs, **filled) if line not in pages["demo"]] == []


def test_every_reassurance_small_talk_and_language_is_there(pages: dict[str, str]) -> None:
    replies = [reply for replies in LIBRARY.smalltalk.values() for reply in replies]
    assert missing(pages["demo"], DEMO, *LIBRARY.reassurance.values(), *replies, *LIBRARY.languages.values()) == []


def test_every_alarm_text_and_sign_is_there(pages: dict[str, str]) -> None:
    page = pages["demo"]
    assert missing(page, DEMO, *(text.paragraphs for text in ALARMS.texts.values())) == []
    for sign in ALARMS.signs.values():
        assert [words for words in (sign.id, sign.name, sign.question, sign.say) if words not in page] == []


def test_sources_and_drawings_are_there(pages: dict[str, str]) -> None:
    page = pages["demo"]
    for topic in LIBRARY.topics.values():
        assert all(LIBRARY.sources[name].titel in page for name in topic.sources), topic.id
        assert topic.image is None or f'src="/media/{topic.image}.png"' in page, topic.id


@pytest.mark.parametrize("name", PRACTICES)
def test_nothing_is_left_to_fill_in(pages: dict[str, str], name: str) -> None:
    assert re.findall(r"\{\w*\}", pages[name]) == []
    assert LIBRARY.practices[name].telefoon in pages[name]


def test_each_practice_has_its_own_words(pages: dict[str, str]) -> None:
    assert "1733" in pages["vlaanderen"]
    assert "1733" not in pages["demo"]


def test_the_practice_of_the_installation_is_shown_without_a_choice(client: TestClient, pages: dict[str, str]) -> None:
    assert html.unescape(client.get("/inhoud").text) == pages["demo"]


def test_a_practice_that_is_not_known_is_a_404(client: TestClient) -> None:
    assert client.get("/inhoud", params={"praktijk": "bestaat-niet"}).status_code == 404


def test_nothing_inline_and_no_script(client: TestClient) -> None:
    answer = client.get("/inhoud")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert re.findall(r"<script|<style|\sstyle=|\son\w+=", answer.text) == []


def test_the_table_of_contents_leads_somewhere(pages: dict[str, str]) -> None:
    page = pages["demo"]
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


def test_every_topic_stands_in_one_group() -> None:
    named = [topic for topics in GROUPS.values() for topic in topics]
    assert sorted(named) == sorted(LIBRARY.topics)


def test_a_topic_without_a_group_is_not_left_out() -> None:
    new = LIBRARY.topics["sport"].model_copy(update={"id": "nieuw"})
    library = Library({"nieuw": new}, {}, {}, {}, {}, {})
    assert [(name, [topic.id for topic in topics]) for name, topics in grouped(library)] == [
        ("Andere onderwerpen", ["nieuw"])
    ]


@pytest.mark.parametrize("name", ["sport", "slaap", "wanneer_huisarts"])
def test_the_buttons_and_sources_are_those_of_the_reply(name: str) -> None:
    topic = BARE.topics[name]
    talk, shown = Talk(), sheet(BARE, DEMO, topic)
    said = []
    for button in (f"topic.{name}", f"more.{name}", f"simple.{name}"):
        talk.presses(button)
        said.append(talk.reply)
    assert [reply.buttons for reply in said] == [part.buttons for part in shown.parts[:3]]
    assert (shown.sources, shown.image) == (said[0].sources, said[0].image)


@pytest.mark.parametrize("topic", LIBRARY.topics.values(), ids=lambda topic: str(topic.id))
def test_a_length_counts_the_whole_message(topic: object) -> None:
    shown = sheet(LIBRARY, DEMO, topic)  # type: ignore[arg-type]
    for part in shown.parts:
        assert part.length >= len("\n\n".join(part.paragraphs)) + sum(len(source.title) for source in shown.sources)


@pytest.mark.parametrize(
    ("length", "channels"),
    [
        (WHATSAPP_WITH_BUTTONS, ()),
        (WHATSAPP_WITH_BUTTONS + 1, ("WhatsApp",)),
        (TELEGRAM_TEXT + 1, ("WhatsApp", "Telegram")),
    ],
)
def test_a_text_that_is_too_long_is_said_per_channel(length: int, channels: tuple[str, ...]) -> None:
    assert Part("Antwoord", ("x",), (), length).too_long == channels


def test_the_buttons_in_whatsapp() -> None:
    buttons = sheet(LIBRARY, DEMO, LIBRARY.topics["sport"]).parts[0].buttons
    assert Part("Antwoord", ("x",), buttons[:3], 1).whatsapp_buttons == "3 knoppen"
    assert Part("Antwoord", ("x",), buttons[:4], 1).whatsapp_buttons == "een lijst van 4 regels"
    assert Part("Antwoord", ("x",), buttons * 3, 1).whatsapp_buttons == "te veel: 15 regels"


def test_the_state_is_dutch(pages: dict[str, str]) -> None:
    day = datetime.date(2026, 3, 1)
    assert state(Review(date=day, state="unreviewed", by=None)) == "nog niet nagekeken door een zorgverlener"
    assert state(Review(date=day, state="reviewed", by="A. de Vries")) == "nagekeken door A. de Vries"
    assert date(day) == "1 maart 2026"
    assert "not yet reviewed" not in pages["demo"]


def test_every_topic_has_a_line_to_sign(pages: dict[str, str]) -> None:
    assert pages["demo"].count("Handtekening</span>") > len(LIBRARY.topics) + len(ALARMS.texts)
