"""A Reply as Telegram messages. Pure functions."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

from telegram.constants import InlineKeyboardButtonLimit, MessageLimit

from bot.channels.layout import Block, Choice, Picture, blocks, by_reply, pack, picture
from content import Reply

MAX_TEXT = int(MessageLimit.MAX_TEXT_LENGTH)
MAX_CAPTION = int(MessageLimit.CAPTION_LENGTH)
MAX_CALLBACK_DATA = int(InlineKeyboardButtonLimit.MAX_CALLBACK_DATA)  # bytes
READABLE_TITLE = 36  # characters that a narrow phone shows of a button; a longer title gives way to the short one


@dataclass(frozen=True)
class Message:
    """A text as HTML and as plain text, with buttons (callback data, title), one a row."""

    html: str
    plain: str
    buttons: tuple[tuple[str, str], ...] = ()


def render(replies: Sequence[Reply]) -> list[Message | Picture]:
    """The replies to one message, in their order: few, long messages."""
    found: list[Message | Picture] = []
    for reply, choices in zip(replies, by_reply(replies), strict=True):
        if reply.image is not None:
            found.append(picture(reply.image, MAX_CAPTION))
        parts = pack(blocks(reply), MAX_TEXT)
        found += [_message(part, choices if part is parts[-1] else ()) for part in parts]
    return found


def _message(said: tuple[Block, ...], choices: tuple[Choice, ...]) -> Message:
    return Message(
        html="\n\n".join(f"<b>{_escape(block.text)}</b>" if block.bold else _escape(block.text) for block in said),
        plain="\n\n".join(block.text for block in said),
        buttons=tuple((choice.button.id, _title(choice)) for choice in choices),
    )


def _title(choice: Choice) -> str:
    title = choice.button.title
    return title if len(title) <= READABLE_TITLE else choice.button.short


def _escape(text: str) -> str:
    return html.escape(text, quote=False)
