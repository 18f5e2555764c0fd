"""A message that a bad connection sends again: answered once, and the same to everyone who asks."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from bot.system import System
from tests.dialogue.chat import Chat

QUESTION = "wat is artrose?"


@pytest.fixture
def chat(base_url: str) -> Chat:
    return Chat(base_url)


def test_sent_three_times_at_once_it_is_answered_once(chat: Chat) -> None:
    body = {"text": QUESTION, "client_id": str(uuid4())}
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda _: chat.post(body).json()["messages"], range(3)))
    assert answers[0] == answers[1] == answers[2]
    assert [message["author"] for message in answers[0]] == ["patient", "assistant"]
    assert [message.get("client_id") for message in chat.history()] == [None, body["client_id"], None]


def test_sent_again_later_it_gets_the_same_answer(chat: Chat) -> None:
    body = {"text": QUESTION, "client_id": str(uuid4())}
    first = chat.post(body).json()
    assert chat.post(body).json() == first
    assert len(chat.history()) == 3


def test_a_message_that_a_dying_server_left_behind_is_answered(chat: Chat, system: System) -> None:
    body = {"text": QUESTION, "client_id": str(uuid4())}
    chat.post(body)
    with sqlite3.connect(system.settings.var / "ruggesteun.db", timeout=5) as database:
        database.execute("DELETE FROM messages WHERE client_id = ? AND author = 'assistant'", [body["client_id"]])

    messages = chat.post(body).json()["messages"]

    assert messages[1]["reply"]["topic"] == "artrose_wat"
    assert len(chat.history()) == 3


def test_an_id_that_is_none_is_refused(chat: Chat) -> None:
    assert chat.post({"text": QUESTION, "client_id": "'; DROP TABLE messages"}).status_code == 422


def test_a_thumb_with_a_reason_is_counted_without_the_talk(chat: Chat, system: System) -> None:
    answer = chat.post({"text": QUESTION}).json()["messages"][1]
    address = f"/api/conversations/{chat.id}/feedback"
    thumb = {"message": answer["id"], "helpful": False, "reason": "moeilijk"}

    assert chat._client.post(address, json=thumb, headers=chat.headers).status_code == 204
    assert chat._client.post(address, json=thumb | {"message": 10**6}, headers=chat.headers).status_code == 404
    assert chat._client.post(address, json=thumb | {"reason": "dom"}, headers=chat.headers).status_code == 422

    with sqlite3.connect(system.settings.var / "ruggesteun.db", timeout=5) as database:
        rows = database.execute("SELECT topic, helpful, reason FROM feedback WHERE reason IS NOT NULL").fetchall()
    assert rows == [("artrose_wat", 0, "moeilijk")]
