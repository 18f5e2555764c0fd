"""What is said to a message of WhatsApp or Telegram: commands, choices, what cannot be read, and the assistant."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from bot.assistant import MAX_CHARACTERS, Outcome, harmless
from bot.buttons import resolve
from bot.channels.choice import chosen
from bot.channels.commands import Command, command
from bot.channels.incoming import Incoming, Said
from bot.channels.layout import Choice, offered
from bot.channels.outlet import Blocked, Outlet
from bot.consent import as_trial
from bot.privacy import pseudonym
from bot.services import Services
from content import Kind, Reply
from practices.book import Installed
from store.database import UnknownConversation
from store.models import Message

logger = logging.getLogger(__name__)
STALE = timedelta(hours=1)  # a message that comes later than this gets no answer, unless it holds an alarm
WINDOW = timedelta(hours=24)  # WhatsApp lets us answer no later than this
ARRIVAL_SECONDS = 1.0
_CANNOT_READ = {
    Said.MEDIA: "niet_horen_of_zien",
    Said.LOCATION: "locatie",
    Said.CONTACT: "contact",
    Said.OTHER: "onbekend",
}


@dataclass(frozen=True)
class _Talk:
    """Where a conversation stands: its id, whether it is new, and the choices under the last replies."""

    id: str
    new: bool = False
    kept: bool = True  # False while the database is dead
    choices: tuple[Choice, ...] = ()


class Dialogue:
    """Answers one message at a time; the lanes see to the order within a conversation."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._secret = services.settings.shared_secret().encode()
        self._warned: dict[str, datetime] = {}

    def conversation(self, incoming: Incoming) -> str:
        """The pseudonym of the person at this practice, or of the group: the only trace of either that is kept."""
        who = f"chat/{incoming.chat}" if incoming.said is Said.GROUP else incoming.person
        return pseudonym(f"{incoming.channel}/{incoming.practice}/{who}", self._secret)

    async def answer(self, incoming: Incoming, installed: Installed, outlet: Outlet) -> None:
        """Work off one message. Raises Undelivered."""
        conversation = self.conversation(incoming)
        if incoming.said is Said.LEFT:
            await self._services.forget(conversation)
            return
        try:
            if datetime.now(UTC) - incoming.sent_at > STALE:
                await self._too_late(incoming, installed, outlet)
            elif incoming.said is Said.GROUP:
                await self._group(conversation, incoming, installed, outlet)
            else:
                await self._person(conversation, incoming, installed, outlet)
        except Blocked:
            await self._services.forget(conversation)
            raise

    async def _person(self, conversation: str, incoming: Incoming, installed: Installed, outlet: Outlet) -> None:
        arrival = asyncio.create_task(outlet.receive(incoming))
        try:
            talk = await self._talk(conversation, incoming)
            outcome = await self._outcome(incoming, installed, talk)
        finally:
            # Not for long: a slow platform must not hold up the answer, and "typing" makes no sense behind it.
            await asyncio.wait([arrival], timeout=ARRIVAL_SECONDS)
            arrival.cancel()
        replies = outcome.replies
        if talk.new and command(incoming.text) is not Command.START:
            replies = _introduced(self._introduction(incoming, installed), replies)
        if any(reply.effect == "forget" for reply in replies):
            await self._services.forget(talk.id)
            await outlet.show(incoming.chat, replies)
            return
        await outlet.show(incoming.chat, replies)
        # Who has not yet seen the first message has not agreed: answered, for it may be urgent, but not kept. What was
        # not delivered is not kept either: taken up again, it must still be the first.
        await self._keep(talk, "" if talk.new else outcome.text, replies)

    async def _outcome(self, incoming: Incoming, installed: Installed, talk: _Talk) -> Outcome:
        text = incoming.text.strip()
        if incoming.said is Said.PRESS:
            press = resolve(text, installed.library)
            if press is None:
                return Outcome("", (self._text("oude_knop", installed),), {})
            return await self._services.assistant.answer(talk.id, installed.practice, "", press)
        if incoming.said is not Said.TEXT:
            return await self._beside_text(incoming, installed, talk)
        found = command(text)
        if found is not None:
            return await self._commanded(found, text, installed, incoming)
        return await self._typed(text, installed, talk)

    async def _typed(self, text: str, installed: Installed, talk: _Talk) -> Outcome:
        assistant = self._services.assistant
        if not harmless(text):
            return Outcome("", (self._text("hulp", installed),), {})
        too_long = len(text) > MAX_CHARACTERS
        if too_long or not self._services.messages.allows(talk.id):
            # A message that goes no further is still looked through for alarm signs.
            alarm = assistant.alarm_of(text, installed.practice)
            if alarm is None and not too_long and not self._may_warn(talk.id):
                return Outcome("", (), {})
            reply = alarm or self._text("te_lang" if too_long else "te_snel", installed)
            return Outcome(assistant.kept(text[:MAX_CHARACTERS]), (reply,), {})
        button = chosen(text, talk.choices, self._alarming)
        press = resolve(button.id, installed.library) if button else None
        return await assistant.answer(talk.id, installed.practice, "" if press else text, press)

    async def _beside_text(self, incoming: Incoming, installed: Installed, talk: _Talk) -> Outcome:
        """A photo, a voice message and so on: what stands under it is read, the thing itself cannot be."""
        caption = incoming.text.strip()
        if not harmless(caption):
            return Outcome("", (self._text(_CANNOT_READ[incoming.said], installed),), {})
        outcome = await self._typed(caption, installed, talk)
        return Outcome(outcome.text, (*outcome.replies, self._text("alleen_tekst", installed)), outcome.understood)

    async def _commanded(self, found: Command, text: str, installed: Installed, incoming: Incoming) -> Outcome:
        if found is Command.START:
            welcome = self._services.assistant.welcome(installed.practice)
            reply = self._introduction(incoming, installed).model_copy(update={"buttons": welcome.buttons})
        elif found is Command.FORGET:
            wording = installed.library.smalltalk["wis_gesprek"][0]
            reply = Reply(kind=Kind.SMALLTALK, paragraphs=installed.practice.fill(wording), effect="forget")
        else:
            reply = self._text(found, installed)
        return Outcome(harmless(text), (reply,), {})

    async def _too_late(self, incoming: Incoming, installed: Installed, outlet: Outlet) -> None:
        """Dropped, unless it holds an alarm: then the emergency text, if the platform still lets us."""
        logger.warning("%s: a message came %s too late", incoming.channel, datetime.now(UTC) - incoming.sent_at - STALE)
        if incoming.said not in {Said.TEXT, Said.MEDIA}:
            return
        alarm = self._services.assistant.alarm_of(incoming.text, installed.practice)
        if alarm is None or (incoming.channel == "whatsapp" and datetime.now(UTC) - incoming.sent_at > WINDOW):
            return
        late = installed.practice.fill(installed.library.channels["te_laat"])
        await outlet.show(incoming.chat, (alarm.model_copy(update={"paragraphs": (*alarm.paragraphs, *late)}),))

    async def _group(self, conversation: str, incoming: Incoming, installed: Installed, outlet: Outlet) -> None:
        """One polite line, and then silence: nobody's health belongs in a group."""
        talk = await self._talk(conversation, incoming)
        if talk.new or not talk.kept:
            await outlet.show(incoming.chat, (self._text("groep", installed),))

    async def _talk(self, conversation: str, incoming: Incoming) -> _Talk:
        """Where the conversation stands. While the database is dead people are answered all the same."""
        store = self._services.store
        try:
            known = await store.get_conversation(conversation)
            if known is None:
                await store.start_conversation(incoming.practice, incoming.channel, conversation)
                return _Talk(conversation, new=True)
            if incoming.said is Said.GROUP:
                return _Talk(conversation)
            said = await store.messages(conversation)
            if said and known.consent_at is None:
                await store.give_consent(conversation)  # the first message said that going on means agreeing
            return _Talk(conversation, new=not said, choices=_last_choices(said))
        except UnknownConversation:  # wiped at this very moment
            return _Talk(conversation, kept=False)
        except (SQLAlchemyError, OSError) as error:
            logger.error("a conversation could not be read: %s", type(error).__name__)
            return _Talk(conversation, kept=False)

    async def _keep(self, talk: _Talk, text: str, replies: Sequence[Reply]) -> None:
        """Write the turn down, after it was seen. A dead database costs no answer."""
        if not talk.kept or not replies:
            return
        turns = [("assistant", reply.to_json()) for reply in replies]
        try:
            with contextlib.suppress(UnknownConversation):  # wiped meanwhile: then nothing is to be kept
                await self._services.store.add_messages(talk.id, [("patient", {"text": text}), *turns])  # type: ignore[list-item]
        except (SQLAlchemyError, OSError) as error:
            logger.error("a turn was not kept: %s", type(error).__name__)

    def _alarming(self, text: str) -> bool:
        scan = self._services.assistant.scan(text)
        return bool(scan.alarms or scan.questions)

    def _may_warn(self, conversation: str) -> bool:
        """Whether to say again that it goes too fast: once a minute, or two programs could talk for ever."""
        now = datetime.now(UTC)
        self._warned = {name: at for name, at in self._warned.items() if now - at < timedelta(minutes=1)}
        return self._warned.setdefault(conversation, now) == now

    def _introduction(self, incoming: Incoming, installed: Installed) -> Reply:
        first = self._text(f"eerste_{incoming.channel}", installed)
        return as_trial(installed, first) if installed.tried_out else first

    def _text(self, key: str, installed: Installed) -> Reply:
        paragraphs = installed.practice.fill(installed.library.channels[key])
        return Reply(kind=Kind.SMALLTALK, paragraphs=paragraphs)


def _introduced(introduction: Reply, replies: tuple[Reply, ...]) -> tuple[Reply, ...]:
    """The introduction before an answer, but behind an alarm."""
    urgent = replies and replies[0].kind in {Kind.ALARM, Kind.ALARM_QUESTION}
    return (*replies, introduction) if urgent else (introduction, *replies)


def _last_choices(messages: Sequence[Message]) -> tuple[Choice, ...]:
    """The choices under the replies to the last message."""
    replies: list[Reply] = []
    for message in reversed(messages):
        if message.author == "patient":
            break
        replies.insert(0, Reply.model_validate(message.body))
    return offered(replies)
