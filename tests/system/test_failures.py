"""What a patient gets when a part is down: stopped, frozen, killed, or without its database."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from bot.system import System
from tests.dialogue.chat import Chat

ALARM = "ik kan sinds gisteren niet meer plassen en mijn rug doet zeer"
QUESTION, TOPIC = "wat is artrose?", "artrose_wat"
PHONE, POST = "030 - 000 00 00", "030 - 000 00 99"
PATIENCE = 3.0  # seconds a patient may wait for the fixed text
HEALED = 60.0  # seconds for a process to be back; Rasa needs most of them


@pytest.fixture
def broken(system: System) -> System:
    """The system of all tests: what is stopped here is working again at the end, and these tests go last."""
    return system


@pytest.fixture
def chat(broken: System) -> Chat:
    return Chat(broken.url)


def until(true: Callable[[], bool], what: str, seconds: float = HEALED) -> None:
    """Wait for something to become true. Fails when it does not."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"not after {seconds} s: {what}"
        time.sleep(0.1)


def healthy(system: System) -> bool:
    try:
        return httpx.get(f"{system.url}/health", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


def answers(system: System) -> bool:
    """Whether a new patient gets a real answer."""
    try:
        return bool(Chat(system.url).says(QUESTION).replies[0]["kind"] == "answer")
    except httpx.HTTPError:
        return False


def pid(system: System, name: str) -> int:
    return int(system.control("pid", name))


@contextmanager
def stopped(system: System, name: str) -> Iterator[None]:
    """A program stopped by its supervisor, started again and back to work at the end."""
    system.control("stop", name)
    try:
        yield
    finally:
        system.control("start", name)
        until(lambda: answers(system), f"answers after {name} was started again")


@contextmanager
def frozen(system: System, name: str) -> Iterator[None]:
    """A program that still listens and says nothing."""
    process = pid(system, name)
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)
        until(lambda: answers(system), f"answers after {name} was woken")


@contextmanager
def without_table(database: Path, table: str) -> Iterator[None]:
    """A database whose table cannot be found."""

    def rename(old: str, new: str) -> None:
        connection = sqlite3.connect(database, timeout=5)
        connection.execute("PRAGMA legacy_alter_table = ON")
        connection.execute(f"ALTER TABLE {old} RENAME TO {new}")
        connection.commit()
        connection.close()

    rename(table, f"{table}_away")
    try:
        yield
    finally:
        rename(f"{table}_away", table)


def in_time(chat: Chat, text: str) -> Chat:
    """Say something and get a reply before the patient loses patience."""
    started = time.monotonic()
    chat.says(text)
    assert time.monotonic() - started < PATIENCE
    return chat


def sees_trouble(chat: Chat) -> None:
    chat.sees("gaat bij mij iets mis", PHONE, POST, "112", "113", kind="fallback", urgency="geen")
    with_112, with_113 = ([p for p in chat.replies[0]["paragraphs"] if number in p] for number in ("112", "113"))
    assert not set(with_112) & set(with_113)


def sees_alarm(chat: Chat) -> None:
    chat.sees("bel nu je huisarts", POST, "112", kind="alarm", urgency="spoed_nu")
    assert chat.replies[0]["buttons"]


def logs(system: System) -> dict[str, str]:
    files = (system.settings.var / "logs").iterdir()
    return {file.name: file.read_text(encoding="utf-8", errors="replace") for file in files}


# ---------------------------------------------------------------- the action server


def test_without_the_action_server(broken: System, chat: Chat) -> None:
    chat.says(QUESTION).sees(topic=TOPIC)
    with stopped(broken, "actions"):
        sees_trouble(in_time(chat, "hoe lang duurt rugpijn?"))
        sees_trouble(in_time(Chat(broken.url), "hoi"))
        sees_alarm(in_time(chat, ALARM))
        sees_alarm(in_time(Chat(broken.url), ALARM))
        crisis = in_time(Chat(broken.url), "ik wil niet meer leven")
        crisis.sees("113", "112", kind="alarm", crisis=True)
        chat.presses("Ik krijg niemand").sees("bel dan 112", kind="alarm")
        flemish = in_time(Chat(broken.url, "vlaanderen"), "mag ik sporten?")
        flemish.sees("09 000 00 00", "1733", "1813", kind="fallback")
    chat.presses("Ik heb gebeld").sees("goed dat je gebeld hebt")
    chat.says("vertel meer").sees(topic=TOPIC, kind="answer")
    typed = [m["text"] for m in chat.history() if m["author"] == "patient"]
    assert typed[:3] == [QUESTION, "hoe lang duurt rugpijn?", ALARM], "what was said in the bad time is kept too"


def test_with_a_frozen_action_server(broken: System, chat: Chat) -> None:
    with frozen(broken, "actions"):
        sees_trouble(in_time(chat, QUESTION))
        sees_alarm(in_time(chat, ALARM))
        sees_alarm(in_time(Chat(broken.url), ALARM))
    # A practical question: under the alarm of this talk nothing else is answered.
    until(lambda: chat.says("waar kan ik parkeren?").replies[0]["kind"] == "answer", "the same talk goes on", 15)


# ---------------------------------------------------------------- Rasa


def test_with_a_frozen_rasa(broken: System, chat: Chat) -> None:
    chat.says(QUESTION).sees(topic=TOPIC)
    with frozen(broken, "rasa"):
        sees_trouble(in_time(chat, "hoe lang duurt rugpijn?"))
        sees_alarm(in_time(chat, ALARM))
        sees_alarm(in_time(Chat(broken.url), ALARM))
        patients = [Chat(broken.url) for _ in range(6)]
        with ThreadPoolExecutor(len(patients)) as pool:
            for patient in pool.map(in_time, patients, [ALARM] * len(patients)):
                sees_alarm(patient)
    until(lambda: chat.says("wat is spit?").replies[0]["kind"] == "answer", "the same talk goes on", 15)


def test_without_rasa(broken: System, chat: Chat) -> None:
    """Stopped, started, and killed while it starts: supervisord heals that too, and talks go on where they were."""
    chat.says(QUESTION).sees(topic=TOPIC)
    with stopped(broken, "rasa"):
        assert not healthy(broken)
        sees_alarm(in_time(Chat(broken.url), ALARM))
        in_time(Chat(broken.url), "ik wil niet meer leven").sees("113", "112", kind="alarm", crisis=True)
        in_time(Chat(broken.url), "ik heb pijn op mijn borst en kan niet ademen").sees(
            "112", kind="alarm", urgency="112"
        )
        in_time(Chat(broken.url, "vlaanderen"), ALARM).sees("1733", kind="alarm")
        sees_trouble(in_time(chat, "hoe lang duurt rugpijn?"))
        sees_trouble(in_time(chat, "geen koorts, plassen gaat goed. mag ik sporten?"))
        sees_alarm(in_time(chat, ALARM))
        for title in ("Ik krijg niemand", "Ik durf niet te bellen"):
            other = Chat(broken.url).says(ALARM).presses(title)
            other.sees("112", "huisarts")
        gone = Chat(broken.url).says(ALARM)
        assert gone._client.delete(f"/api/conversations/{gone.id}", headers=gone.headers).status_code == 204
        broken.control("start", "rasa")
        os.kill(pid(broken, "rasa"), signal.SIGKILL)
    until(lambda: healthy(broken), "health after Rasa came back")
    chat.says("vertel meer").sees(topic=TOPIC, kind="answer")
    assert [m["text"] for m in chat.history() if m["author"] == "patient"][-1] == "vertel meer"


# ---------------------------------------------------------------- killed


def test_killed_processes_come_back(broken: System, chat: Chat) -> None:
    """Rasa itself is killed in the test above."""
    chat.says(QUESTION).sees(topic=TOPIC)
    before = {name: pid(broken, name) for name in ("actions", "bot")}
    for process in before.values():
        os.kill(process, signal.SIGKILL)
    until(lambda: answers(broken), f"answers after {list(before)} were killed")
    assert all(pid(broken, name) != process for name, process in before.items())
    chat.says("vertel meer").sees(topic=TOPIC, kind="answer")


# ---------------------------------------------------------------- databases


def test_without_our_database_there_is_still_an_answer(broken: System, chat: Chat) -> None:
    word = "snoffelblik"
    with without_table(broken.settings.var / "ruggesteun.db", "conversations"):
        sees_alarm(in_time(chat, f"{ALARM} {word}"))
        chat.presses("Ik heb gebeld").sees("goed dat je gebeld hebt")
        in_time(chat, f"wat is artrose? {word}").sees(topic=TOPIC)
        refused = chat._client.post("/api/conversations", json={"practice": "demo"})
        assert refused.status_code == 503
        assert "112" in refused.json()["error"]["message"]
    chat.says("vertel meer").sees(topic=TOPIC, kind="answer")
    assert not [name for name, text in logs(broken).items() if word in text]


def test_without_rasas_database_there_is_still_an_answer(broken: System, chat: Chat) -> None:
    with without_table(broken.settings.var / "rasa.db", "rasa_talks"):
        sees_alarm(in_time(chat, ALARM))
        in_time(Chat(broken.url), QUESTION).sees(topic=TOPIC)


def test_a_failing_save_puts_no_words_in_a_log(broken: System, chat: Chat) -> None:
    """Rasa and SQLAlchemy would both like to show the parameters of a failed INSERT: the whole talk."""
    word = "plonkerzwets"
    with without_table(broken.settings.var / "rasa.db", "rasa_talks"):
        chat.says(f"wat is artrose? {word}")
    assert not [name for name, text in logs(broken).items() if word in text]
