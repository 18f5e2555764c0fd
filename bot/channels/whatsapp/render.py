"""A Reply as WhatsApp messages. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.channels.layout import Block, Choice, Picture, blocks, by_reply, pack, picture, size
from content import Reply

# Cloud API reference, "Messages": text, interactive reply buttons, interactive lists, media captions.
MAX_TEXT = 4_096
MAX_INTERACTIVE_TEXT = 1_024
MAX_BUTTONS = 3
MAX_BUTTON_TITLE = 20
MAX_ROWS = 10
MAX_ROW_TITLE = 24
MAX_ROW_DESCRIPTION = 72
MAX_OPENER = 20
MAX_CAPTION = 1_024

OPENER = "Kies hier"
CHOOSE = "Kies hieronder, of typ een nummer:"
TYPE = "Typ het nummer van je keuze:"
MORE = "Wil je verder? Kies hieronder, of typ een nummer:"


@dataclass(frozen=True)
class Row:
    """One line of a list. `description` is empty where the title says all."""

    id: str
    title: str
    description: str = ""


@dataclass(frozen=True)
class Message:
    """A text with either up to 3 buttons (id, title) or a list of up to 10 rows, or neither."""

    text: str
    buttons: tuple[tuple[str, str], ...] = ()
    rows: tuple[Row, ...] = ()


def render(replies: Sequence[Reply]) -> list[Message | Picture]:
    """The replies to one message, in their order: few, long messages."""
    found: list[Message | Picture] = []
    for reply, choices in zip(replies, by_reply(replies), strict=True):
        if reply.image is not None:
            found.append(picture(reply.image, MAX_CAPTION))
        found += _texts(blocks(reply), choices)
    return found


def _texts(said: tuple[Block, ...], choices: tuple[Choice, ...]) -> list[Message]:
    if not choices:
        return [Message(_markup(part)) for part in pack(said, MAX_TEXT)]
    menu = _menu(choices)
    if len(choices) > MAX_ROWS:
        return [Message(_markup(part)) for part in pack((*said, *menu), MAX_TEXT)]
    if size((*said, *menu)) <= MAX_INTERACTIVE_TEXT:
        return [_interactive((*said, *menu), choices)]
    # What stands above buttons must be short: the text goes first, by itself.
    if not menu:
        menu = (Block(MORE),)
    *before, last = pack(menu, MAX_INTERACTIVE_TEXT)
    parts = [*pack(said, MAX_TEXT), *before]
    return [*(Message(_markup(part)) for part in parts), _interactive(last, choices)]


def _menu(choices: tuple[Choice, ...]) -> tuple[Block, ...]:
    """The numbered lines; none for buttons, which are in sight and can be typed as they are."""
    if _as_buttons(choices):
        return ()
    lead = CHOOSE if len(choices) <= MAX_ROWS else TYPE
    return (Block("\n".join([lead, *(f"{choice.number}. {choice.button.title}" for choice in choices)])),)


def _as_buttons(choices: tuple[Choice, ...]) -> bool:
    titles = {choice.button.short for choice in choices}
    return len(choices) <= MAX_BUTTONS and len(titles) == len(choices)


def _interactive(said: tuple[Block, ...], choices: tuple[Choice, ...]) -> Message:
    text = _markup(said)
    if _as_buttons(choices):
        return Message(text, buttons=tuple((choice.button.id, choice.button.short) for choice in choices))
    return Message(text, rows=tuple(_row(choice) for choice in choices))


def _row(choice: Choice) -> Row:
    button = choice.button
    title = f"{choice.number}. {button.short}"
    return Row(button.id, title, "" if button.title == button.short else button.title)


def _markup(said: tuple[Block, ...]) -> str:
    return "\n\n".join(_bold(block.text) if block.bold else block.text for block in said)


def _bold(text: str) -> str:
    # An asterisk within would end the bold too early.
    return f"*{text.replace('*', '').strip()}*"
