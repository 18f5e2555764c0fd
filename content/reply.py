"""Reply: the one thing an action emits and every channel renders. Versioned; validated on both sides."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

MAX_BUTTON_ID = 64  # bytes; as Telegram's callback_data, WhatsApp's ids may have 256
MAX_BUTTON_SHORT = 20  # characters; WhatsApp's reply button
MAX_BUTTON_TITLE = 72  # characters; WhatsApp's list description


class Kind(StrEnum):
    """What a reply is, so that a channel can give it the right look."""

    ANSWER = "answer"
    ALARM = "alarm"
    ALARM_QUESTION = "alarm_question"
    SUGGESTION = "suggestion"
    SMALLTALK = "smalltalk"
    DECLINED = "declined"
    FALLBACK = "fallback"


UrgencyCode = Literal["geen", "afspraak", "vandaag", "spoed_nu", "112"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Button(_Part):
    """`id` is opaque ASCII that the server resolves; `short` is for channels with 20 characters."""

    id: str = Field(pattern=r"^[a-z0-9_.-]+$", max_length=MAX_BUTTON_ID)
    title: str = Field(min_length=1, max_length=MAX_BUTTON_TITLE)
    short: str = Field(min_length=1, max_length=MAX_BUTTON_SHORT)


class SourceLink(_Part):
    """A source named under an answer. `url` is None where the source has no public address that we know."""

    title: str
    url: str | None = None


class Image(_Part):
    """A drawing. `url` is a path on the public server."""

    url: str
    alt: str = Field(min_length=1)


class Reply(_Part):
    """One reply to the patient, in plain text.

    Shown in this order: reminder, heard, paragraphs, step, reassurance, vangnet, question, buttons. A reply kept in a
    talk may be of version 1, which has none of the fields marked 2.
    """

    version: Literal[1, 2] = 2
    kind: Kind
    topic: str | None = None
    urgency: UrgencyCode = "geen"
    crisis: bool = False
    reminder: str | None = None  # 2: one line that keeps an open alarm in sight, before everything else
    heard: str | None = None  # 2: what was heard, at most 12 words
    paragraphs: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()  # 2: which answers of the content stand in `paragraphs`: "sport.hoe_vaak", "sport"
    step: str | None = None  # 2: one thing to do today
    vangnet: tuple[str, ...] = ()  # 2: when to call a doctor after all; a calm block of its own
    vangnet_signs: tuple[str, ...] = ()  # 2: the alarm signs that `vangnet` names
    question: str | None = None  # 2: one question, at the end
    kept: tuple[str, ...] = ()  # 2: the open alarm signs that this reply keeps in sight
    reassurance: str | None = None
    image: Image | None = None
    sources: tuple[SourceLink, ...] = ()
    buttons: tuple[Button, ...] = ()
    lang: str = "nl"
    signs: tuple[str, ...] = ()  # alarm signs behind an alarm or alarm_question
    effect: Literal["forget"] | None = None  # what the public server does beside showing the reply
    confidence: float | None = None  # of the intent behind it; for evaluation, not for patients

    @model_validator(mode="after")
    def _says_something(self) -> Reply:
        if not (self.paragraphs or self.heard or self.step or self.question):
            raise ValueError("a reply without words: fill paragraphs, heard, step or question")
        return self

    @property
    def words(self) -> tuple[str, ...]:
        """All that is said, in the order in which it is shown; `vangnet` as one paragraph."""
        said = [self.reminder, self.heard, *self.paragraphs, self.step, self.reassurance]
        return tuple(text for text in (*said, " ".join(self.vangnet), self.question) if text)

    def to_json(self) -> dict[str, object]:
        """The reply as JSON values, for Rasa's `custom` and for the channels."""
        return self.model_dump(mode="json")
