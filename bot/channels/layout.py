"""What the renderings of a Reply share: its blocks of text, packed into few, long messages, and its choices."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from content import Button, Image, Kind, Reply

_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")
VANGNET = "Let op"  # the title of the safety net, here and in reply.js
_BETWEEN = 2  # characters between two blocks: an empty line
_BOLD = 7  # characters that the longest mark-up around a bold block takes (<b></b>)


@dataclass(frozen=True)
class Block:
    """A paragraph. Bold ones are the lines of an alarm."""

    text: str
    bold: bool = False

    @property
    def size(self) -> int:
        """Its length as the platforms count at most: UTF-16 units, mark-up included."""
        return length(self.text) + (_BOLD if self.bold else 0)


@dataclass(frozen=True)
class Choice:
    """A button with the number that can be typed for it; numbers run on over all replies to one message."""

    number: int
    button: Button


def length(text: str) -> int:
    """UTF-16 code units: what Telegram counts, and never less than the characters that WhatsApp counts."""
    return len(text.encode("utf-16-le", "replace")) // 2


def blocks(reply: Reply) -> tuple[Block, ...]:
    """The text of a reply. Bold: what to do in an alarm, the safety lines under a question about one, a reminder."""
    found = [Block(reply.reminder, bold=True)] if reply.reminder else []
    found += _plain(reply.heard)
    if reply.kind is Kind.ALARM and reply.paragraphs:
        found += [Block(reply.paragraphs[0], bold=True), *map(Block, reply.paragraphs[1:])]
    elif reply.kind is Kind.ALARM_QUESTION and reply.paragraphs:
        found += [Block(reply.paragraphs[0]), *(Block(text, bold=True) for text in reply.paragraphs[1:])]
    else:
        found += map(Block, reply.paragraphs)
    found += _plain(reply.step) + _plain(reply.reassurance)
    if reply.vangnet:
        found.append(Block(f"{VANGNET}: {' '.join(reply.vangnet)}"))
    if reply.sources:
        named = (f"{source.title}: {source.url}" if source.url else source.title for source in reply.sources)
        found.append(Block(f"{'Bronnen' if len(reply.sources) > 1 else 'Bron'}: {'; '.join(named)}"))
    return (*found, *_plain(reply.question))


def _plain(text: str | None) -> list[Block]:
    return [Block(text)] if text else []


def offered(replies: Iterable[Reply]) -> tuple[Choice, ...]:
    """All choices under the replies to one message, numbered on; a button that comes twice counts once."""
    found: dict[str, Button] = {}
    for reply in replies:
        for button in reply.buttons:
            found.setdefault(button.id, button)
    return tuple(Choice(number, button) for number, button in enumerate(found.values(), start=1))


def by_reply(replies: Sequence[Reply]) -> tuple[tuple[Choice, ...], ...]:
    """The choices to show under each reply; one that comes twice stands under the first."""
    left = {choice.button.id: choice for choice in offered(replies)}
    return tuple(tuple(left.pop(button.id) for button in reply.buttons if button.id in left) for reply in replies)


def pack(found: Iterable[Block], limit: int) -> list[tuple[Block, ...]]:
    """The blocks in as few messages of at most `limit` units as their order allows.

    A block that is too long by itself is cut between sentences, then between words, then anywhere.
    """
    messages: list[list[Block]] = []
    room = 0
    for block in found:
        for piece in _fitting(block, limit):
            if not messages or piece.size + _BETWEEN > room:
                messages.append([])
                room = limit + _BETWEEN
            messages[-1].append(piece)
            room -= piece.size + _BETWEEN
    return [tuple(message) for message in messages]


def size(found: Iterable[Block]) -> int:
    """The length of blocks in one message."""
    return sum(block.size + _BETWEEN for block in found) - _BETWEEN


def _fitting(block: Block, limit: int) -> list[Block]:
    if block.size <= limit:
        return [block]
    room = limit - (block.size - length(block.text))
    return [Block(text, block.bold) for text in _split(block.text, room, (_SENTENCE_END, re.compile(r"\s+")))]


def _split(text: str, limit: int, ends: tuple[re.Pattern[str], ...]) -> list[str]:
    """Pieces of at most `limit` units, joined greedily with a space between."""
    if length(text) <= limit:
        return [text]
    if not ends:
        half = max(1, len(text) // 2)
        return [*_split(text[:half], limit, ()), *_split(text[half:], limit, ())] if len(text) > 1 else [text]
    pieces = [piece for part in ends[0].split(text) for piece in _split(part, limit, ends[1:])]
    joined = pieces[:1]
    for piece in pieces[1:]:
        together = f"{joined[-1]} {piece}"
        if length(together) <= limit:
            joined[-1] = together
        else:
            joined.append(piece)
    return joined


@dataclass(frozen=True)
class Picture:
    """A drawing of content/media; `url` is its path on the public server. The caption is plain text."""

    url: str
    caption: str


def picture(image: Image, limit: int) -> Picture:
    """A drawing with its description as the caption, cut behind a sentence where it is longer than `limit`."""
    return Picture(image.url, "\n\n".join(block.text for block in pack([Block(image.alt)], limit)[0]))
