"""One message in, replies out: whatever fails behind this, the patient gets a sentence that helps."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from alarm import OpenAlarm, Scan, Urgency
from bot.alarm_reply import AlarmVoice
from bot.buttons import Press
from bot.privacy import NAME, redact
from bot.rasa import Answer, RasaClient, RasaSilent
from content import Button, Kind, LiveLibrary, Practice, Reply

logger = logging.getLogger(__name__)
MAX_CHARACTERS = 1_000
WELCOME_TOPICS = ("sport", "rug_is_sterk", "wanneer_huisarts", "afspraak_contact")


@dataclass(frozen=True)
class Outcome:
    """`text` is the patient's message as it is kept; `understood` is Rasa's view, for evaluation."""

    text: str
    replies: tuple[Reply, ...]
    understood: dict[str, Any]


class Assistant:
    """Redacts, asks Rasa, renders alarms, and falls back on fixed texts."""

    def __init__(self, library: LiveLibrary, voice: AlarmVoice, rasa: RasaClient, seconds: float) -> None:
        self._library = library
        self._voice = voice
        self._rasa = rasa
        self._seconds = seconds

    def welcome(self, practice: Practice) -> Reply:
        """The greeting: a computer program and not a person, no diagnosis, nobody reads along."""
        library = self._library.current()
        buttons = tuple(
            Button(id=f"topic.{topic.id}", title=topic.title, short=topic.button)
            for name in WELCOME_TOPICS
            if (topic := library.topics.get(name)) and name not in practice.onderwerpen_uit
        )
        own = (practice.begroeting,) if practice.begroeting else ()
        paragraphs = (*own, *practice.fill(library.smalltalk["welkom"][0]))
        return Reply(kind=Kind.SMALLTALK, paragraphs=paragraphs, buttons=buttons)

    def scan(self, text: str) -> Scan:
        """The rules alone: for messages that go no further (too long, too many)."""
        return self._voice.scan(text)

    def kept(self, text: str, press: Press | None = None) -> str:
        """What is kept of a message, and all that the parts behind this one see: redacted, no command of Rasa.

        A word that was taken for a name but that an alarm hangs on stays: the rules must see the same before and after.
        """
        if press is not None:
            return press.title
        redacted = redact(text)
        if NAME in redacted and _signs(self.scan(redacted)) != _signs(self.scan(text)):
            redacted = redact(text, names=False)
        return harmless(redacted)

    def alarm_of(self, text: str, practice: Practice) -> Reply | None:
        """The alarm or question that the rules alone call for."""
        return self._voice.of_text(text, practice)

    def trouble(self, practice: Practice) -> Reply:
        """One text for all failures: practice, huisarts and huisartsenpost, 112, 113."""
        paragraphs = practice.fill(self._library.current().smalltalk["storing"][0])
        return Reply(kind=Kind.FALLBACK, paragraphs=paragraphs)

    async def answer(self, sender: str, practice: Practice, text: str, press: Press | None = None) -> Outcome:
        """Answer a message of at most MAX_CHARACTERS, or a button. Never raises for what fails behind it."""
        kept = self.kept(text, press)
        metadata = {"practice": practice.id, "button": press is not None}
        try:
            async with asyncio.timeout(self._seconds):
                answer = await self._rasa.send(sender, kept, press, metadata)
        except (RasaSilent, TimeoutError) as error:
            logger.warning("rasa was silent: %s", error.args[0] if error.args else "timeout")
            answer = Answer([], {})
        replies = tuple(self._render(custom, practice, answer) for custom in answer.replies)
        if not replies:
            reply = None if press else self.alarm_of(kept, practice)
            replies = (reply or self.trouble(practice),)
        return Outcome(kept, _most_urgent_first(replies), answer.understood)

    def _render(self, custom: dict[str, Any], practice: Practice, answer: Answer) -> Reply:
        open_alarm = OpenAlarm.of(answer.understood.get("open_alarm"))
        if "signs" in custom and "version" not in custom:
            reply = self._voice.of_custom(custom, practice, open_alarm)
            seen = answer.understood.get("alarm") or {}
            return reply.model_copy(update={"topic": seen.get("topic")})
        try:
            reply = Reply.model_validate(custom)
        except ValidationError as error:
            logger.error("an action sent a reply of the wrong shape: %s", error.errors(include_input=False))
            reply = self.trouble(practice)
        return self._voice.keep(reply, practice, open_alarm)


def harmless(text: str) -> str:
    """The text without the slashes that would make Rasa take it for a command. May become empty."""
    text = text.encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair can be typed into JSON, not stored
    return text.lstrip("/ \t\r\n\f\v\u00a0").strip()


def _signs(scan: Scan) -> tuple[list[str], list[str]]:
    return [sign.id for sign in scan.alarms], [sign.id for sign in scan.questions]


CRISIS = 2.5  # as an Urgency: a crisis stands behind "call now", before all else


def _most_urgent_first(replies: tuple[Reply, ...]) -> tuple[Reply, ...]:
    def urgency(reply: Reply) -> float:
        return max(Urgency.from_code(reply.urgency), CRISIS if reply.crisis else 0)

    return tuple(sorted(replies, key=urgency, reverse=True))
