"""Fixtures that several rooms share: one running system for the whole test run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.system import System, temporary_system
from bot.training import is_trained
from settings import Settings


@pytest.fixture(scope="session")
def system() -> Iterator[System]:
    """Rasa, actions and public server on free ports with databases of their own. `make test` trains before it."""
    chosen = Settings()
    if not is_trained(chosen):
        pytest.skip("no model made from the present data: run `make train` first")
    # The browser tests serve a practice's site on localhost: another site than the chat's 127.0.0.1.
    with temporary_system(chosen, frame_ancestors="http://localhost:*") as running:
        yield running


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests go behind the rest, the tests that stop parts of the system last.

    Playwright's synchronous interface keeps an event loop in this thread, and pytest-asyncio wants one of its own.
    """
    items.sort(key=lambda item: (item.path.name == "test_failures.py", item.path.parent.name == "browser"))


@pytest.fixture(scope="session")
def base_url(system: System) -> str:
    """Address of the public server, without a slash at the end."""
    return system.url
