"""A message as both platforms' webhooks hand it on: who, where, when and what, and nothing of either platform."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

ChannelName = Literal["whatsapp", "telegram"]


class Said(StrEnum):
    """What kind of message it is. Reactions, read receipts and the like are none: they ask for nothing."""

    TEXT = "text"  # typed, also when edited afterwards
    PRESS = "press"  # a button or a line of a list; `text` is its id
    MEDIA = "media"  # photo, film, voice, sticker, document; `text` is the caption
    LOCATION = "location"
    CONTACT = "contact"
    OTHER = "other"
    GROUP = "group"  # anything in a chat of more than one person
    LEFT = "left"  # the person blocked us


class Incoming(BaseModel):
    """One message. `person`, `chat` and `id` are the platform's own and may hold a phone number: never log or keep them
    unencrypted. `id` is unique within practice and channel; `chat` is where to answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    channel: ChannelName
    practice: str
    id: str = Field(min_length=1, repr=False)
    person: str = Field(min_length=1, repr=False)
    chat: str = Field(min_length=1, repr=False)
    sent_at: datetime
    said: Said
    text: str = Field(default="", repr=False)
    reference: str = Field(default="", repr=False)  # what the platform wants to be told: message or callback query id
