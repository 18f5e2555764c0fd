"""Chats with the running system."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.dialogue.chat import Chat


@pytest.fixture
def chat(base_url: str) -> Chat:
    """A new conversation with the demo practice."""
    return Chat(base_url)


@pytest.fixture
def new_chat(base_url: str) -> Callable[..., Chat]:
    """Start further conversations: `new_chat(practice="vlaanderen")`."""
    return lambda practice="demo": Chat(base_url, practice)
