"""Nothing that was acknowledged is lost: not by a kill in the middle of a write, not by a full disk."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.storage import advice
from store import Store, Terms, upgrade

WRITER = Path(__file__).with_name("writer.py")
TERMS = Terms(conversations=timedelta(hours=24), unanswered=timedelta(days=30), deliveries=timedelta(days=7))
FOREVER = datetime(2100, 1, 1, tzinfo=UTC)
TINY = 2  # MB


class Writer:
    """writer.py in a process of its own, and what it said it kept."""

    def __init__(self, url: str, limit: int | None = None) -> None:
        command = [sys.executable, str(WRITER), url, *([] if limit is None else [str(limit)])]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True)
        self.talk = self._line("talk")
        self.kept: list[int] = []

    def until_kept(self, number: int) -> None:
        while not self.kept or self.kept[-1] < number:
            self.kept.append(int(self._line("kept")))

    def until_full(self) -> str:
        """The advice."""
        while True:
            kind, _, rest = self._read().partition(" ")
            if kind == "full":
                return rest
            self.kept.append(int(rest))

    def goes_on(self) -> None:
        """There is room again."""
        assert self.process.stdin
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        self.kept.append(int(self._line("kept")))
        assert self.process.wait(20) == 0

    def kill(self) -> None:
        """And read what it still said before."""
        self.process.kill()
        rest = self.process.communicate()[0].splitlines()
        self.kept += [int(line.split()[1]) for line in rest if line.startswith("kept ")]

    def _line(self, kind: str) -> str:
        said, _, rest = self._read().partition(" ")
        assert said == kind, (said, rest)
        return rest

    def _read(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()


async def numbers(url: str, talk: str) -> list[tuple[str, int]]:
    async with Store.open(url) as store:
        return [(message.author, message.body["n"]) for message in await store.messages(talk)]


def whole(count: int) -> list[tuple[str, int]]:
    return [(author, number) for number in range(count) for author in ("patient", "assistant")]


async def test_a_kill_in_the_middle_of_writing_loses_nothing_said_to_be_kept(url: str) -> None:
    upgrade(url)
    for _ in range(2):
        writer = Writer(url)
        writer.until_kept(40)
        writer.kill()
        found = await numbers(url, writer.talk)
        assert found == whole(len(found) // 2), "a turn is there whole or not at all"
        assert len(found) // 2 >= len(writer.kept) > 40


async def test_a_file_that_cannot_grow_loses_nothing_and_heals(sqlite_url: str, tmp_path: Path) -> None:
    upgrade(sqlite_url)
    writer = Writer(sqlite_url, limit=300_000)
    assert "schijf van de database is vol" in writer.until_full()
    assert writer.kept
    assert await numbers(sqlite_url, writer.talk) == whole(len(writer.kept))
    writer.goes_on()
    assert await numbers(sqlite_url, writer.talk) == whole(len(writer.kept))
    with sqlite3.connect(tmp_path / "ruggesteun.db") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of TINY MB."""
    folder = tmp_path / "klein"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={TINY}m", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small tmpfs needs root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def files_with(folder: Path, words: bytes) -> list[str]:
    return [file.name for file in folder.iterdir() if words in file.read_bytes()]


async def test_a_full_disk_loses_nothing_and_the_deletion_is_made_up_for(tiny_disk: Path) -> None:
    url = f"sqlite:///{tiny_disk / 'ruggesteun.db'}"
    upgrade(url)
    ballast = tiny_disk / "ballast"
    ballast.write_bytes(b"x" * (TINY * 1_000_000 - 1_000_000))
    writer = Writer(url)
    assert "Maak ruimte" in writer.until_full()
    assert await numbers(url, writer.talk) == whole(len(writer.kept))
    assert files_with(tiny_disk, b"rug rug rug"), "the control: the text can be found"
    ballast.unlink()
    writer.goes_on()
    assert await numbers(url, writer.talk) == whole(len(writer.kept))
    async with Store.open(url) as store:
        await store.delete_expired(TERMS, FOREVER)
    assert files_with(tiny_disk, b"rug rug rug") == []


async def test_a_crash_between_our_deletion_and_rasas_leaves_the_promise_written_down(url: str) -> None:
    upgrade(url)
    async with Store.open(url) as store:
        conversation = await store.start_conversation("demo", "web")
        await store.forget_conversation(conversation.id)
    async with Store.open(url) as after_the_crash:
        assert await after_the_crash.wipes() == [conversation.id]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(28, "No space left on device"), "Maak ruimte"),
        (OSError("database is locked"), "over een minuut"),
        (OSError("connection refused"), "Start hem"),
        (OSError("attempt to write a readonly database"), "van wie de map"),
        (OSError("iets anders met rugpijn"), "logboek"),
    ],
)
def test_what_to_do_is_said_in_dutch_and_without_what_was_written(error: OSError, words: str) -> None:
    assert words in advice(error)
    assert "rugpijn" not in advice(error)
