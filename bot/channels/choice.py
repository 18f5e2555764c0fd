"""Typed text as the answer to the choices under the last message: a number, a label, its beginning, with typos."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

from rapidfuzz.distance import OSA

from bot.channels.layout import Choice
from content import Button

_NUMBERS = ["een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien"]
_ORDINALS = ["eerste", "tweede", "derde", "vierde", "vijfde", "zesde", "zevende", "achtste", "negende", "tiende"]
_WORDS = {word: number for words in (_NUMBERS, _ORDINALS) for number, word in enumerate(words, start=1)}
_NUMBERED = re.compile(
    r"(?:(?:nummer|nr|no|optie|keuze|antwoord|de|het) )?(?P<number>\d{1,2}(?=(?:e|de|ste)?$)|[a-z]+)(?:e|de|ste)?"
)
# What people put round a number to be polite: "doe maar 2", "2 graag", "ik kies nummer twee alsjeblieft".
_POLITE_BEFORE = re.compile(
    r"^(?:(?:ik|wil|kies|neem|pak|doe|geef|graag|maar|mij|me|dan|die|liever|ok|oke|ja|gewoon|voor|ga) )+(?=\S)"
)
_POLITE_BEHIND = re.compile(
    r"(?: (?:graag|maar|dan|aub|ajb|svp|alsjeblieft|alstublieft|a u b|s v p|hoor|dank|je|u|wel|bedankt|is|goed))+$"
)
# A label with one of these means the opposite without it: then only the whole label will do.
_TURNING = frozenset({"niet", "niets", "niks", "nee", "neen", "geen", "niemand", "nooit", "zonder", "wel"})
# Words that many questions begin with: alone they choose nothing ("wat?").
_ASKING = frozenset(
    {"aan", "als", "dan", "dat", "de", "die", "dit", "een", "en", "er", "heb", "heeft"}
    | {"help", "het", "hoe", "ik", "in", "is", "je", "kan", "kun", "mag", "met", "mijn"}
    | {"moet", "op", "van", "waar", "waarom", "wanneer", "wat", "welk", "welke", "wie", "wil", "zal"}
)
SHORTEST_BEGINNING = 3  # letters of a word that tells more than that something is asked
SHORTEST_WITH_TYPO = 5  # letters; below that one letter makes another word
LETTERS_A_TYPO = 5  # one typo in so many letters is forgiven


def chosen(text: str, choices: Sequence[Choice], alarming: Callable[[str], bool]) -> Button | None:
    """The choice that `text` stands for, or None when it is a message of its own.

    `alarming` says whether a text holds an alarm sign: then only a number or a whole label counts as a choice.
    """
    said = _plain(text)
    if not said:
        return None
    number = _number(said)
    if number is not None:
        return next((choice.button for choice in choices if choice.number == number), None)
    labels = [(choice.button, label) for choice in choices for label in _labels(choice.button)]
    for matches in (_whole, _beginning, _mistyped):
        if matches is not _whole and alarming(text):
            return None
        found = {button.id: button for button in matches(said, labels)}
        if len(found) == 1:
            return next(iter(found.values()))
        if found:
            return None
    return None


def _plain(text: str) -> str:
    """Lower case, without accents, signs and the box around a number emoji, spaces made one."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    letters = "".join(c if c.isalnum() else " " for c in letters if not unicodedata.category(c).startswith("M"))
    return " ".join(letters.split())


def _number(said: str) -> int | None:
    found = _NUMBERED.fullmatch(_POLITE_BEHIND.sub("", _POLITE_BEFORE.sub("", said)))
    if found is None:
        return None
    number = found["number"]
    return int(number) if number.isdecimal() else _WORDS.get(number)


def _labels(button: Button) -> Iterable[str]:
    return dict.fromkeys((_plain(button.title), _plain(button.short)))


def _whole(said: str, labels: list[tuple[Button, str]]) -> list[Button]:
    return [button for button, label in labels if said == label]


def _beginning(said: str, labels: list[tuple[Button, str]]) -> list[Button]:
    if not any(len(word) >= SHORTEST_BEGINNING and word not in _ASKING for word in said.split()):
        return []
    return [button for button, label in labels if label.startswith(said) and _same_turn(said, label)]


def _mistyped(said: str, labels: list[tuple[Button, str]]) -> list[Button]:
    if len(said) < SHORTEST_WITH_TYPO:
        return []
    near = []
    for button, label in labels:
        allowed = min(len(said), len(label)) // LETTERS_A_TYPO
        distance = OSA.distance(said, label, score_cutoff=allowed)
        if distance <= allowed and _same_turn(said, label):
            near.append((distance, button))
    least = min((distance for distance, _ in near), default=0)
    return [button for distance, button in near if distance == least]


def _same_turn(said: str, label: str) -> bool:
    """Whether the words that turn a meaning round are the same: "dit klopt" is no beginning of "dit klopt niet"."""
    return _turning(said) == _turning(label)


def _turning(text: str) -> list[str]:
    return [word for word in text.split() if word in _TURNING]
