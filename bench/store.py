"""What a full store costs: 1,000,000 turns of 200 practices in PostgreSQL, beside an empty one.

`python -m bench.store [--system]` fills a database of its own on RUGGESTEUN_BENCH_POSTGRES (by default
postgresql://postgres@127.0.0.1:5432/postgres, as a superuser) and drops it afterwards. It measures what the store does
for one answer, in turns on the empty and on the full database, so that a busy machine slows both alike; then the
deletion of one day's conversations, and of all. With --system also whole answers, of two systems beside each other.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
from sqlalchemy import NullPool, create_engine, make_url, text

from bot.system import temporary_system
from settings import settings
from store import Store, Terms, upgrade
from store.url import sync_url

SERVER = os.environ.get("RUGGESTEUN_BENCH_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
TURNS, PRACTICES, DAYS = 1_000_000, 200, 30
IN_A_TALK = 8
TALKS = TURNS // IN_A_TALK
ANSWERS = 600
SYSTEM_ANSWERS = 200
TERMS = Terms(conversations=timedelta(hours=24), unanswered=timedelta(days=30), deliveries=timedelta(days=7))
REPLY = {"kind": "answer", "topic": "sport", "paragraphs": ["Bewegen mag. Je rug is sterk. " * 8] * 3}

# The rows fit together, so that PostgreSQL need not look up each parent again.
_FILL = (
    "SET LOCAL session_replication_role = replica",
    # Spread over the days and the practices; the patients agreed to thirty days, so that all are still there.
    f"""INSERT INTO conversations (id, practice, channel, created_at, last_at, kept_until)
        SELECT md5(n::text), 'praktijk-' || n % {PRACTICES}, 'web', :now - n * interval '1 day' * {DAYS} / {TALKS},
               :now - n * interval '1 day' * {DAYS} / {TALKS}, :now + interval '{DAYS} days'
               - n * interval '1 day' * {DAYS} / {TALKS}
        FROM generate_series(1, {TALKS}) AS n""",  # noqa: S608 - our own numbers
    f"""INSERT INTO messages (conversation_id, created_at, author, body)
        SELECT md5(n::text), :now, CASE m % 2 WHEN 0 THEN 'patient' ELSE 'assistant' END,
               json_build_object('text', repeat('mag ik sporten met rugpijn? ', 4 + m * 3))
        FROM generate_series(1, {TALKS}) AS n, generate_series(0, {IN_A_TALK - 1}) AS m""",  # noqa: S608
    f"""INSERT INTO unanswered (created_at, practice, text, suggested, conversation_id)
        SELECT :now - n * interval '1 day' * {DAYS} / {TALKS}, 'praktijk-' || n % {PRACTICES}, 'iets met liggen', '[]',
               md5(n::text)
        FROM generate_series(1, {TALKS}, 10) AS n""",  # noqa: S608
)


@contextmanager
def database() -> Iterator[str]:
    """An empty database with our tables, dropped at the end."""
    name = f"ruggesteun_bench_{uuid4().hex[:12]}"
    server = create_engine(sync_url(SERVER), poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        url = make_url(SERVER).set(database=name).render_as_string(hide_password=False)
        upgrade(url)
        yield url
    finally:
        with server.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


def fill(url: str, now: datetime) -> None:
    """Put everything in, and let PostgreSQL count what it has, as its autovacuum would."""
    engine = create_engine(sync_url(url), poolclass=NullPool)
    with engine.begin() as connection:
        for statement in _FILL:
            connection.execute(text(statement), {"now": now} if ":now" in statement else {})
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


async def answer(store: Store, talk: str) -> float:
    """Milliseconds of what the public server asks of the store for one answer."""
    started = time.perf_counter()
    assert await store.get_conversation(talk) is not None
    await store.add_messages(talk, [("patient", {"text": "mag ik hardlopen?"}), ("assistant", REPLY)])
    return (time.perf_counter() - started) * 1000


async def answers(empty: str, full: str) -> tuple[list[float], list[float]]:
    """Milliseconds of answers on each, taken in turns; a new talk every ten answers."""
    async with Store.open(empty) as one, Store.open(full) as other:
        times: tuple[list[float], list[float]] = ([], [])
        talks: list[str] = []
        for number in range(ANSWERS + 50):
            if number % 10 == 0:
                talks = [(await store.start_conversation("praktijk-7", "web")).id for store in (one, other)]
            for store, talk, found in zip((one, other), talks, times, strict=True):
                found.append(await answer(store, talk))
        return times[0][50:], times[1][50:]


async def deletion(url: str, now: datetime) -> tuple[int, float]:
    """How many conversations went, and in how many seconds; PostgreSQL's VACUUM is in it."""
    async with Store.open(url) as store:
        started = time.perf_counter()
        deleted = await store.delete_expired(TERMS, now)
        return deleted.conversations, time.perf_counter() - started


def whole_answers(empty: str, full: str) -> tuple[list[float], list[float]]:
    """Milliseconds from message to answer of two systems, one on each database, taken in turns."""
    with ExitStack() as stack:
        clients = []
        for url in (empty, full):
            system = stack.enter_context(temporary_system(settings(), database_url=url, tracker_url=url))
            clients.append(stack.enter_context(httpx.Client(base_url=system.url, timeout=20)))
        times: tuple[list[float], list[float]] = ([], [])
        talks: list[dict[str, str]] = [{}, {}]
        for number in range(SYSTEM_ANSWERS + 10):
            for which, client in enumerate(clients):
                if number % 10 == 0:
                    talks[which] = client.post("/api/conversations", json={"practice": "demo"}).json()
                path = f"/api/conversations/{talks[which]['id']}/messages"
                headers = {"Authorization": f"Bearer {talks[which]['token']}"}
                started = time.perf_counter()
                client.post(path, json={"text": f"mag ik {number} km hardlopen?"}, headers=headers).raise_for_status()
                times[which].append((time.perf_counter() - started) * 1000)
        return times[0][10:], times[1][10:]


def report(what: str, empty: list[float], full: list[float]) -> None:
    for name, of in (("median", statistics.median), ("p95", lambda times: statistics.quantiles(times, n=20)[-1])):
        print(
            f"{what} {name}: empty {of(empty):.2f} ms, full {of(full):.2f} ms, ratio {of(full) / of(empty):.3f}",
            flush=True,
        )


def main() -> None:
    """Measure and print."""
    now = datetime.now(UTC)
    with database() as empty, database() as full:
        started = time.perf_counter()
        fill(full, now)
        seconds = time.perf_counter() - started
        print(f"{TURNS:,} turns in {TALKS:,} talks of {PRACTICES} practices; filled in {seconds:.0f} s", flush=True)
        report("store work of an answer,", *asyncio.run(answers(empty, full)))
        if "--system" in sys.argv:
            report("whole answer,", *whole_answers(empty, full))
        for what, moment in (("a day", now + timedelta(days=1)), ("all that is left", now + timedelta(days=99))):
            count, seconds = asyncio.run(deletion(full, moment))
            print(f"deletion of {what}: {count:,} talks, {count * IN_A_TALK:,} turns, {seconds:.1f} s", flush=True)


if __name__ == "__main__":
    main()
