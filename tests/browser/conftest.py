"""A real browser for the tests of the web pages; `base_url` (the running system) comes from tests/conftest.py."""

from __future__ import annotations

import contextlib
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from bot.app import create_app
from bot.system import free_port
from settings import Settings

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

SERVER_SECONDS = 20


def find_chromium() -> str | None:
    """Path of the browser: the CHROMIUM environment variable, else the first known name on the PATH."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium found: install it, or set CHROMIUM to its path")
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        except Error as error:
            pytest.skip(f"Chromium at {path} does not start: {error.message.splitlines()[0]}")
        yield browser
        browser.close()


@pytest.fixture
def trouble() -> list[str]:
    """What went wrong in the pages: uncaught errors and violations of a CSP. Must stay empty."""
    return []


@pytest.fixture
def context(browser: Browser, trouble: list[str]) -> Iterator[BrowserContext]:
    """A browser with storage of its own."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="nl-NL")
    context.set_default_timeout(20_000)
    context.on("weberror", lambda error: trouble.append(str(error.error)))
    context.on("console", lambda line: trouble.append(line.text) if "Content Security Policy" in line.text else None)
    yield context
    context.close()
    assert trouble == []


@pytest.fixture
def browser_page(context: BrowserContext) -> Page:
    """A page. The test fails on an uncaught error or a violation of a CSP."""
    return context.new_page()


@contextlib.contextmanager
def public_server(settings: Settings) -> Iterator[str]:
    """The public server without Rasa, for what needs other settings than the running system; gives its address."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(create_app(settings), port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + SERVER_SECONDS
    while not server.started and time.monotonic() < until and thread.is_alive():
        thread.join(0.05)
    assert server.started, "the public server did not start"
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(SERVER_SECONDS)


class _Site(SimpleHTTPRequestHandler):
    """One page, sent with the headers of a careful site."""

    def __init__(self, *args: object, page: str, policy: str, **more: object) -> None:
        self._page, self._policy = page.encode(), policy
        super().__init__(*args, **more)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", self._policy)
        self.end_headers()
        self.wfile.write(self._page)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[Callable[[str, str], str]]:
    """`site(html, policy)` serves a page on an origin of its own, as a practice's site does; gives its address."""
    servers: list[ThreadingHTTPServer] = []

    def serve(page: str, policy: str) -> str:
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Site, page=page, policy=policy, directory=str(Path())))
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://localhost:{server.server_port}"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()
