"""The questions in one message: "mag ik fietsen en wordt dat vergoed?" holds two."""

from __future__ import annotations

import re

# What a Dutch question begins with: a question word, or the verb. Second-language and phone spelling included.
_WORDS = "wat hoe hoeveel hoelang hoevaak wanneer wnr waarom wrm waar wie welke welk waarvoor waarmee wa"
_VERBS = (
    "mag mogen magk kan kun kunt kunnen kank moet moeten moek is zijn ben heeft heb hebben helpt helpen wordt word "
    "worden krijg krijgt zal zullen zou zouden doe doet doen komt komen gaat gaan ga geeft geven vergoeden vergoedt "
    "betaalt betalen werkt werken heet bestaat duurt maakt weten weet hebt gebruiken gebruik vinden vind raden raad"
)
_STARTERS = frozenset(f"{_WORDS} {_VERBS}".split())
_LINKS = frozenset({"en", "maar", "of", "ook", "dan", "nog", "verder", "daarnaast"})
_SENTENCE = re.compile(r"[^.?!\n]+[.?!\n]*")
_LINK = re.compile(r"(?:,|\s)\s*(?:en|maar|of)\s+(?:ook\s+|verder\s+|dan\s+)?(?=\w)", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
LEAST_WORDS = 3


def questions(text: str) -> list[str]:
    """The parts of a message that ask something, in order; fewer than two where there is nothing to take apart."""
    found = []
    for sentence in _SENTENCE.findall(text):
        for part in _clauses(sentence):
            words = _WORD.findall(part.lower())
            if len(words) >= LEAST_WORDS and (part.rstrip().endswith("?") or _asks(words)):
                found.append(part.strip())
    return found


def _clauses(sentence: str) -> list[str]:
    """A sentence cut at every "en", "maar" or "of" behind which a question begins."""
    parts, start = [], 0
    for link in _LINK.finditer(sentence):
        behind = _WORD.match(sentence, link.end())
        before = _WORD.findall(sentence[start : link.start()].lower())
        if behind and behind.group().lower() in _STARTERS and len(before) >= LEAST_WORDS and _asks(before):
            parts.append(sentence[start : link.start()])
            start = link.end()
    return [*parts, sentence[start:]]


def _asks(words: list[str]) -> bool:
    first = next((word for word in words if word not in _LINKS), "")
    return first in _STARTERS
