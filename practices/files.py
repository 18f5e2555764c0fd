"""Practices as YAML files: what staff write, import and export."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from content import Library, OwnText, Practice, PracticeFile
from content.checks import MAX_ANSWER_WORDS, problems
from content.library import ContentError, Mistake, line_of, load_one, unknown_placeholders

_PARTS = ("answer", "more", "simple")
_LIMITS = {"answer": MAX_ANSWER_WORDS, "more": 0, "simple": MAX_ANSWER_WORDS}
_EXAMPLES = {
    "huisartsenpost": 'huisartsenpost: {naam: "huisartsenpost ...", telefoon: "..."}',
    "openingstijden": 'uren: {ma: "8.00-12.30, 13.00-17.00", za: dicht}',
    "vergoeding_geldig_tot": "vergoeding_geldig_tot: jjjj-mm-dd",
}
_MEND = "Kies een naam uit docs/topics.md"
_HEAD = """\
# Gegevens van een praktijk in Ruggesteun. Verander ze, en lees ze dan weer in:
#   ruggesteun praktijk import {name}
"""


def read(path: Path, library: Library) -> PracticeFile:
    """A practice's file, checked against the common content. Raises ContentError that names file, line and mend."""
    if not path.is_file():
        raise ContentError([Mistake(path, 1, "dit bestand is er niet", "Kijk of de naam klopt")])
    found = load_one(path, PracticeFile)
    mistakes = list(_mistakes(path, found, library))
    if mistakes:
        raise ContentError(mistakes)
    return found


def write(practice: Practice, texts: Mapping[str, OwnText]) -> str:
    """The file of a practice, with its own texts; reading it back gives the same."""
    data = practice.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    if texts:
        data["eigen_teksten"] = {topic: body_of(own) for topic, own in texts.items()}
    text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=120)
    missing = "".join(f"# nog in te vullen: {_EXAMPLES.get(name, f'{name}: ...')}\n" for name in practice.missing())
    return _HEAD.format(name=f"{practice.id}.yml") + text + missing


def row_of(practice: Practice) -> dict[str, Any]:
    """A practice as the store keeps it."""
    row = practice.model_dump(mode="json", exclude_none=True)
    return row | {"vergoeding_geldig_tot": practice.vergoeding_geldig_tot}


def body_of(own: OwnText) -> dict[str, list[str]]:
    """An own text as the store keeps it."""
    return {part: list(words) for part in _PARTS if (words := getattr(own, part)) is not None}


def _mistakes(path: Path, found: PracticeFile, library: Library) -> Iterator[Mistake]:
    text = path.read_text(encoding="utf-8")

    def mistake(where: tuple[str | int, ...], problem: str, mend: str) -> Mistake:
        return Mistake(path, line_of(text, where), problem, mend)

    for index, topic in enumerate(found.onderwerpen_uit):
        if topic not in library.topics:
            yield mistake(("onderwerpen_uit", index), f"onderwerp {topic!r} bestaat niet", _MEND)
    for topic, own in found.eigen_teksten.items():
        if topic not in library.topics:
            yield mistake(("eigen_teksten", topic), f"onderwerp {topic!r} bestaat niet", _MEND)
        for part, paragraphs in body_of(own).items():
            where = ("eigen_teksten", topic, part)
            for name in unknown_placeholders(paragraphs):
                yield mistake(where, f"{{{name}}} is geen gegeven van de praktijk", "Kijk in een ander onderwerp")
            for problem, mend in problems(tuple(paragraphs), _LIMITS[part]):
                yield mistake(where, f"{topic}.{part}: {problem}", mend)
