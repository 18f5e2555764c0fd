"""Deleting what is too old: by the public server every ten minutes, and by `ruggesteun opruimen`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.rasa import RasaClient, RasaSilent
from settings import Settings
from store import Deleted, Store, Terms

ACTOR = "opruimen"  # in the audit log


@dataclass(frozen=True)
class Report:
    """What one round deleted. `talks` are Rasa's, None when it gave no answer; `waiting` are wipes it has yet to do."""

    at: datetime
    settings: Settings
    deleted: Deleted
    talks: int | None
    waiting: int

    @property
    def complete(self) -> bool:
        return self.talks is not None and self.waiting == 0

    def lines(self) -> list[str]:
        """The report for people, in Dutch."""
        settings, deleted = self.settings, self.deleted
        found = [
            f"Opgeruimd op {self.at.astimezone():%d-%m-%Y om %H:%M}.",
            f"Gesprekken, ouder dan {_number(settings.keep_hours)} uur: {deleted.conversations} verwijderd.",
            f"Onbeantwoorde vragen, ouder dan {_number(settings.keep_unanswered_days)} dagen: "
            f"{deleted.unanswered} verwijderd.",
            f"Sleutels van berichten, ouder dan {_number(settings.keep_deliveries_days)} dagen: "
            f"{deleted.deliveries} verwijderd.",
        ]
        if self.talks is None:
            found.append("Geheugen van Rasa: NIET opgeruimd, want Rasa gaf geen antwoord. Probeer het straks nog eens.")
        else:
            found.append(f"Gesprekken in het geheugen van Rasa: {self.talks} verwijderd.")
        if self.waiting:
            found.append(
                f"Gewiste gesprekken die Rasa nog moet vergeten: {self.waiting}. Dat gaat vanzelf zodra Rasa antwoordt."
            )
        return found


async def clean(
    settings: Settings,
    store: Store,
    rasa: RasaClient,
    now: datetime,
    without_rasa: Callable[[datetime], Awaitable[int]] | None = None,
) -> Report:
    """Delete what is older than its term, here and in Rasa, and have Rasa forget what patients wiped.

    `without_rasa` deletes Rasa's talks before a moment when Rasa itself does not run. Raises SQLAlchemyError or OSError
    when our own database fails.
    """
    hours = timedelta(hours=settings.keep_hours)
    terms = Terms(
        conversations=hours,
        unanswered=timedelta(days=settings.keep_unanswered_days),
        deliveries=timedelta(days=settings.keep_deliveries_days),
    )
    deleted = await store.delete_expired(terms, now)
    talks: int | None
    if without_rasa is not None:
        talks = await without_rasa(now - hours)
    else:
        try:
            talks = await rasa.expire(now - hours)
        except RasaSilent:
            talks = None
    waiting = await forget_wiped(store, rasa)
    if deleted.any or talks:
        # Proof for a supervisor that the terms are kept: numbers only.
        await store.audit.add(
            ACTOR,
            "opgeruimd",
            conversations=deleted.conversations,
            unanswered=deleted.unanswered,
            deliveries=deleted.deliveries,
            rasa=talks,
        )
    return Report(now, settings, deleted, talks, waiting)


async def forget_wiped(store: Store, rasa: RasaClient) -> int:
    """Have Rasa forget the talks that patients wiped; how many it has yet to."""
    waiting = await store.wipes()
    done: list[str] = []
    for conversation in waiting:
        try:
            await rasa.forget(conversation)
        except RasaSilent:
            break
        done.append(conversation)
    if done:
        await store.wiped(done)
    return len(waiting) - len(done)


def _number(value: float) -> str:
    return f"{value:g}".replace(".", ",")
