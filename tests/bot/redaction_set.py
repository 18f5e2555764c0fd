"""The development set of the redaction, and what the redaction makes of it."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path

from bot.privacy import redact

FILE = Path(__file__).parent / "redaction_heldout.tsv"
_MARK = re.compile(r"\{(\w+):([^}]*)\}")
_LABEL = re.compile(r"\[(?:telefoon|e-mail|bsn|rekening|postcode|geboortedatum|link|naam)\]")
_WORD = re.compile(r"\w+(?:[.,'’-]\w+)*")


@dataclass(frozen=True)
class Line:
    """`text` as typed, the (kind, text) of its identifiers, and the words that are none."""

    text: str
    identifiers: tuple[tuple[str, str], ...]
    ordinary: tuple[str, ...]


def lines() -> list[Line]:
    """Every line of the set."""
    rows = csv.DictReader(FILE.read_text("utf-8").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return [
        Line(
            text=_MARK.sub(r"\2", row["marked"]),
            identifiers=tuple(_MARK.findall(row["marked"])),
            ordinary=tuple(_WORD.findall(_MARK.sub(" ", row["marked"]))),
        )
        for row in rows
    ]


def left(line: Line) -> list[tuple[str, str]]:
    """The identifiers of which any word is still in the redacted text (particles such as "van de" aside)."""
    redacted = set(_WORD.findall(_LABEL.sub(" ", redact(line.text))))
    ordinary = set(line.ordinary)
    return [
        (kind, text)
        for kind, text in line.identifiers
        if any(len(word) > 1 and word in redacted and word not in ordinary for word in _WORD.findall(text))
    ]


def lost(line: Line) -> list[str]:
    """The ordinary words that are gone."""
    still = _WORD.findall(_LABEL.sub(" ", redact(line.text)))
    gone = []
    for word in line.ordinary:
        if word in still:
            still.remove(word)
        else:
            gone.append(word)
    return gone
