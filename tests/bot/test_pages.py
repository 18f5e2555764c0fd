"""How the pages and files of the chat are sent: who may show them, how long they are kept, how small they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from bot import pages
from bot.app import create_app
from settings import Settings

ROOT = Path(__file__).parents[2]
INLINE = re.compile(r"<style|<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|javascript:", re.IGNORECASE)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The public server alone."""
    chosen = Settings(
        var=tmp_path_factory.mktemp("var"),
        content=ROOT / "content",
        database_url="",
        tracker_url="",
        frame_ancestors="",
    )
    with TestClient(create_app(chosen)) as client:
        yield client


def test_only_the_practices_own_sites_may_show_the_chat(client: TestClient) -> None:
    policy = client.get("/chat/demo").headers["Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["frame-ancestors"] == "'self' https://example.nl https://www.example.nl"
    assert rules["default-src"] == "'none'"
    assert {rules[name] for name in ("script-src", "style-src", "connect-src")} == {"'self'"}


@pytest.mark.parametrize("page", ["/", "/proberen/demo", "/chat/demo", "/chat/vlaanderen"])
def test_no_page_has_inline_script_or_style(client: TestClient, page: str) -> None:
    html = client.get(page).text
    assert not INLINE.search(html)
    for address in re.findall(r'(?:src|href)="(/[^"]+)"', html):
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("page", ["/chat/niemand", "/proberen/niemand", "/chat/niemand/kleuren.css"])
def test_a_practice_that_is_not_there_has_no_page(client: TestClient, page: str) -> None:
    assert client.get(page).status_code == 404


def test_the_widget_gets_the_look_as_a_module(client: TestClient) -> None:
    response = client.get("/widget/vlaanderen.js")
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Content-Type"].startswith("text/javascript")
    assert response.text == 'export default {"launcher": "Stel je rugvraag", "side": "links", "colour": "#7a1f5c"};\n'
    assert client.get("/widget/niemand.js").text == "export default null;\n"


def test_files_are_kept_by_version_and_never_mixed(client: TestClient) -> None:
    now, before = pages.version(), "0" * 12
    assert "immutable" in client.get(f"/static/{now}/chat/chat.js").headers["Cache-Control"]
    old = client.get(f"/static/{before}/chat/chat.js")
    assert (old.status_code, old.headers["Cache-Control"]) == (200, "no-cache")
    assert client.get(f"/static/{now}/..%2f..%2f..%2fpages.py").status_code == 404


def test_pages_are_compressed_and_the_api_is_not(client: TestClient) -> None:
    zipped = {"Accept-Encoding": "gzip"}
    assert client.get("/widget.js", headers=zipped).headers["Content-Encoding"] == "gzip"
    assert client.get("/chat/demo", headers=zipped).headers["Content-Encoding"] == "gzip"
    started = client.post("/api/conversations", json={"practice": "demo", "consent": True}, headers=zipped)
    assert len(started.content) > 1_000
    assert "Content-Encoding" not in started.headers


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/", None),
        ("/chat/demo", "no-cache"),
        ("/widget.js", "max-age=300"),
        ("/api/geen", "no-store"),
        ("/api/conversations/0/messages", "no-store"),
    ],
)
def test_every_response_says_how_browsers_must_treat_it(client: TestClient, path: str, kept: str | None) -> None:
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers.get("Cache-Control") == kept
