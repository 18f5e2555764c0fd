"""The public server without Rasa: what happens before a patient agrees, which practice answers, and its pages."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from alarm import load_alarm_content
from bot import consent
from bot.app import create_app
from bot.services import Services
from bot.system import free_port
from practices import files
from practices.signing import subjects
from settings import Settings
from store import upgrade

ROOT = Path(__file__).parents[2]
PASSING_WATER = "ik kan sinds gisteren niet meer plassen"
PLANTED = "zwartwitgeruit"


@dataclass
class Server:
    """The running application and its database file."""

    client: TestClient
    app: FastAPI
    database: Path

    def start(self, practice: str = "demo", agreed: bool = False) -> dict[str, Any]:
        response = self.client.post("/api/conversations", json={"practice": practice, "consent": agreed})
        assert response.status_code == 201, response.text
        started: dict[str, Any] = response.json()
        return started

    def send(self, talk: dict[str, Any], **body: Any) -> Any:
        return self.client.post(f"/api/conversations/{talk['id']}/messages", json=body, headers=self.headers(talk))

    def headers(self, talk: dict[str, Any]) -> dict[str, str]:
        return {"Authorization": f"Bearer {talk['token']}"}

    def kept_of(self, talk: dict[str, Any]) -> list[tuple[Any, ...]]:
        """What the patient wrote in a talk, as the database has it."""
        sql = "SELECT body FROM messages WHERE conversation_id = ? AND author = 'patient'"
        with sqlite3.connect(self.database) as connection:
            return list(connection.execute(sql, (talk["id"],)))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("var")
    settings = Settings(
        var=folder, content=ROOT / "content", rasa_port=free_port(), actions_port=free_port(), messages_per_minute=0,
        conversations_per_minute=0, keep_hours=12, keep_unanswered_days=1,
    )  # fmt: skip
    upgrade(settings.store_url)
    app = create_app(settings)
    with TestClient(app) as client:
        yield Server(client, app, folder / "ruggesteun.db")


# ---------------------------------------------------------------- consent


def test_the_notice_says_what_is_kept_as_it_is_set(server: Server) -> None:
    talk = server.start()
    assert talk["consent"] is False
    said = " ".join(talk["notice"]["paragraphs"])
    assert "computer" in said
    assert "12 uur" in said
    assert "1 dag." in said
    assert len(said.replace("Praktijk Rugzicht", "x").split()) <= 40
    assert server.client.get(talk["notice"]["privacy"]).status_code == 200


def test_free_text_before_the_yes_is_neither_answered_nor_kept(server: Server) -> None:
    talk = server.start()
    refused = server.send(talk, text=f"mag ik sporten in een {PLANTED} pak")
    assert refused.status_code == 409
    assert refused.json()["error"]["code"] == "consent_needed"
    assert "knop" in refused.json()["error"]["message"]
    assert server.kept_of(talk) == []
    files = [file for file in server.database.parent.rglob("*") if file.is_file()]
    assert not [file for file in files if PLANTED.encode() in file.read_bytes()]


def test_an_alarm_before_the_yes_is_answered_and_not_kept(server: Server) -> None:
    talk = server.start()
    sent = server.send(talk, text=f"{PASSING_WATER} {PLANTED}")
    assert sent.status_code == 200
    reply = sent.json()["messages"][1]["reply"]
    assert (reply["kind"], reply["urgency"]) == ("alarm", "spoed_nu")
    after = server.send(talk, button="alarm.nobody")
    assert after.status_code == 200
    assert "112" in str(after.json())
    assert server.kept_of(talk) == []


def test_other_buttons_wait_for_the_yes_too(server: Server) -> None:
    assert server.send(server.start(), button="topic.sport").status_code == 409


def test_after_the_yes_the_talk_goes_on_and_is_kept(server: Server) -> None:
    talk = server.start()
    for _ in range(2):
        agreed = server.client.post(f"/api/conversations/{talk['id']}/consent", headers=server.headers(talk))
        assert agreed.status_code == 204
    assert server.send(talk, text="mag ik sporten").status_code == 200
    kept = server.client.get(f"/api/conversations/{talk['id']}/messages", headers=server.headers(talk)).json()
    assert kept["consent"] is True
    assert [m["text"] for m in kept["messages"] if m["author"] == "patient"] == ["mag ik sporten"]


def test_who_agreed_before_the_talk_began_is_not_asked_again(server: Server) -> None:
    talk = server.start(agreed=True)
    assert talk["consent"] is True
    assert server.send(talk, text="mag ik sporten").status_code == 200


def test_nobody_agrees_for_another(server: Server) -> None:
    mine, other = server.start(), server.start()
    refused = server.client.post(f"/api/conversations/{other['id']}/consent", headers=server.headers(mine))
    assert refused.status_code == 401
    assert server.client.post("/api/conversations", json={"practice": "demo", "consent": "ja"}).status_code == 422


def test_the_notice_bears_the_practices_name(server: Server) -> None:
    services: Services = server.app.state.services
    said = consent.notice(services.installed("vlaanderen"), services.settings)
    assert "Kinepraktijk De Leie" in said.paragraphs[0]


def test_the_chat_page_shows_the_words_of_the_api(server: Server) -> None:
    page = server.client.get("/chat/demo").text
    notice = server.start()["notice"]
    for words in (*notice["paragraphs"], f">{notice['button']}</button>", f'href="{notice["privacy"]}"'):
        assert words in page
    for section in server.app.state.services.library.current().privacy.pagina:
        assert (section.kop in page) == (section.kort and not section.langer)


# ---------------------------------------------------------------- practices


@pytest.fixture
def add_practice(server: Server) -> Callable[..., None]:
    """Put a practice in the store, as another process would, and have the server look."""

    def add(**fields: Any) -> None:
        services: Services = server.app.state.services
        whole = {"naam": "De Linde", "beroep": "fysiotherapie", "land": "NL", "telefoon": "030 - 765 43 21"} | fields

        async def work() -> None:
            await services.store.practices.save(whole, "test")
            await services.book.refresh()

        assert server.client.portal is not None
        server.client.portal.call(work)

    return add


def test_a_practice_that_is_not_whole_is_visibly_tried_out(server: Server, add_practice: Callable[..., None]) -> None:
    add_practice(id="linde")
    talk = server.start("linde")
    assert talk["trial"] is True
    said = talk["messages"][0]["reply"]["paragraphs"]
    assert "dit is een proef" in said[0]
    assert "030 - 765 43 21" in said[1]
    assert "De Linde" in said[2]


def test_a_trial_is_seen_before_the_yes_and_over_when_all_is_signed(
    server: Server, add_practice: Callable[..., None]
) -> None:
    services: Services = server.app.state.services
    demo = files.row_of(services.library.current().practices["demo"])
    add_practice(**demo | {"id": "beuk"})
    page = server.client.get("/chat/beuk").text
    assert "dit is een proef" in page
    assert 'id="trial">Proef<' in page

    library = services.installed("beuk").library
    texts = list(subjects(library, load_alarm_content(services.settings.content / "alarm")))

    async def sign() -> None:
        await services.store.practices.sign(texts, "A. Arts", "12345678901", date(2026, 1, 2), "beuk", "test")
        await services.book.refresh()

    assert server.client.portal is not None
    server.client.portal.call(sign)
    page = server.client.get("/chat/beuk").text
    assert "dit is een proef" not in page
    assert 'id="trial" hidden>' in page
    talk = server.start("beuk")
    assert talk["trial"] is False
    assert "proef" not in str(talk["messages"])


def test_a_practice_in_the_store_has_its_own_look(server: Server, add_practice: Callable[..., None]) -> None:
    add_practice(
        id="iep", kleuren={"hoofd": "#7a1f5c"}, websites=["https://iep.example"], chat_naam="De Iep helpt",
        chat_knop="Vraag maar", chat_plaats="links",
    )  # fmt: skip
    page = server.client.get("/chat/iep")
    assert "De Iep helpt</h1>" in page.text
    assert page.headers["content-security-policy"].endswith("frame-ancestors 'self' https://iep.example")
    assert "--brand: #7a1f5c" in server.client.get("/chat/iep/kleuren.css").text
    assert '"launcher": "Vraag maar", "side": "links"' in server.client.get("/widget/iep.js").text
    assert "links onder in beeld" in server.client.get("/proberen/iep").text


def test_without_a_huisartsenpost_an_alarm_still_says_whom_to_call(
    server: Server, add_practice: Callable[..., None]
) -> None:
    add_practice(id="linde")
    said = str(server.send(server.start("linde"), text=PASSING_WATER).json())
    assert "Bel nu je huisarts" in said
    assert "huisartsenpost" in said
    assert "niet ingevuld" not in said


def test_what_is_switched_off_is_not_offered(server: Server, add_practice: Callable[..., None]) -> None:
    add_practice(id="eik", onderwerpen_uit=["sport"])
    talk = server.start("eik", agreed=True)
    assert "topic.sport" not in [button["id"] for button in talk["messages"][-1]["reply"]["buttons"]]
    assert server.send(talk, button="topic.sport").status_code == 422


def test_each_talk_keeps_its_own_practice_when_all_else_fails(
    server: Server, add_practice: Callable[..., None]
) -> None:
    add_practice(id="linde")
    demo, linde = server.start("demo", agreed=True), server.start("linde", agreed=True)
    for talk, phone, other in (
        (demo, "030 - 000 00 00", "030 - 765 43 21"),
        (linde, "030 - 765 43 21", "030 - 000 00 00"),
    ) * 2:
        said = str(server.send(talk, text="mag ik sporten").json())
        assert phone in said
        assert other not in said


def test_a_token_of_one_practice_opens_no_talk_of_another(server: Server) -> None:
    talk = server.start("demo", agreed=True)
    services: Services = server.app.state.services
    forged = talk | {"token": services.tokens.make(talk["id"], "vlaanderen")}
    assert server.send(forged, text="mag ik sporten").status_code == 401


def test_what_is_said_reads_the_same_later(server: Server) -> None:
    """What was just written down is shown as it was made, what is read back as it was validated."""
    talk = server.start("demo", agreed=True)
    said = server.send(talk, text="mag ik sporten").json()["messages"]
    said += server.send(talk, text=PASSING_WATER, client_id="een-id-01").json()["messages"]
    assert server.send(talk, text=PASSING_WATER, client_id="een-id-01").json()["messages"] == said[2:]
    talk_so_far = f"/api/conversations/{talk['id']}/messages"
    assert server.client.get(talk_so_far, headers=server.headers(talk)).json()["messages"][1:] == said


# ---------------------------------------------------------------- /privacy


@pytest.mark.parametrize(
    ("practice", "name", "regulator", "other"),
    [
        ("demo", "Praktijk Rugzicht", "Autoriteit Persoonsgegevens", "Gegevensbeschermingsautoriteit"),
        ("vlaanderen", "Kinepraktijk De Leie", "Gegevensbeschermingsautoriteit", "Autoriteit Persoonsgegevens"),
    ],
)
def test_the_privacy_page_is_the_practices_own(
    server: Server, practice: str, name: str, regulator: str, other: str
) -> None:
    page = server.client.get(f"/privacy/{practice}")
    assert page.status_code == 200
    for words in (name, regulator, "12 uur", "1 dag", "wis mijn gesprek"):
        assert words in page.text
    assert other not in page.text
    assert "{" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_there_is_no_privacy_page_of_nobody(server: Server) -> None:
    assert server.client.get("/privacy/nergens").status_code == 404
