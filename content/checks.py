"""Checks on what patients read, beyond the shape of the files: readability, rare words, blame, promises, doses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from content.library import LOADER, Library, Mistake, line_of
from content.model import Answer
from content.readability import (
    MAX_LIX,
    MAX_MEAN_SENTENCE_WORDS,
    MAX_SENTENCE_WORDS,
    MIN_FLESCH_DOUMA,
    measure,
    rare_words,
    words,
)

MAX_ANSWER_WORDS = 60
MAX_WELCOME_WORDS = 40
MAX_ONE_ANSWER_WORDS = 50
MAX_TOLD_WORDS = 45
MAX_HEARD_WORDS = 12
FEWEST_ANSWERS = 5
MOST_ANSWERS = 9
# What is in a guideline and in no source text: figures on course and sleep, and when to phone a doctor.
_GUIDELINE_FACT = re.compile(
    r"\b\d+ (?:tot \d+ )?(?:op|van) de \d+\b|\b\d+ ?%|\bprocent\b|\b\d+ tot \d+ (?:weken|maanden|uur slaap)\b"
    r"|\bna \d+ maanden?\b|\b21e\b|\b(?:bel|ga naar)\b[^.?!]*\b(?:huisarts|112|ziekenhuis)\b",
    re.IGNORECASE,
)
_RARE_MEND = "Kies een gewoner woord, of zet het met de reden in content/words.yml"
# Where it says what may not be said: pattern, problem, mend.
_FORBIDDEN = (
    (r"\bverkeerde? (houding|beweging|manier)\b", "dit klinkt als een verwijt", "Zeg wat wel helpt"),
    (r"\b(eigen schuld|je had moeten|had je maar)\b", "dit klinkt als een verwijt", "Zeg wat wel helpt"),
    (r"\b(versleten|je rug slijt|slijtageproces)\b", "slijtage als feit", "Zeg: het hoort bij ouder worden"),
    (r"\bje hebt (een )?(hernia|artrose|breuk|stenose)\b", "dit is een diagnose", "Laat dat aan een arts"),
    (r"\b\d+\s?(mg|milligram|gram|tabletten|pillen)\b", "dit is een dosis", "Verwijs naar apotheek of huisarts"),
    (r"\b(geneest altijd|gegarandeerd|zeker genezen|altijd pijnvrij)\b", "dit belooft genezing", "Zeg wat vaak helpt"),
    (r"\b(u|uw)\b", "hier staat 'u'", "Schrijf 'je' en 'jouw'"),
    (r"\bonze bron(nen)?\b", "dit praat over bronnen", "Zeg wat de richtlijn zegt; noem de bron bij sources of basis"),
)  # fmt: skip


def check_texts(root: Path) -> list[Mistake]:
    """Every problem in what patients read: rare words anywhere, the rest in topics, reassurance and small talk.

    Raises ContentError.
    """
    library = Library.load(root)
    found: list[Mistake] = []
    for path, where, paragraphs, limit in patient_texts(library, root):
        for problem, mend in problems(paragraphs, limit):
            found.append(_mistake(path, where, f"{'.'.join(map(str, where))}: {problem}", mend))
    for path, where, paragraphs in read_texts(library, root):
        for word in rare_words(_plain(paragraphs)):
            if word not in library.rare_words:
                problem = f"{'.'.join(map(str, where))}: {word!r} is een zeldzaam woord"
                found.append(_mistake(path, where, problem, _RARE_MEND))
    for path, where, problem, mend in (*_answer_problems(library, root), *_vangnet_problems(library, root)):
        found.append(_mistake(path, where, problem, mend))
    return found


def _mistake(path: Path, where: tuple[str | int, ...], problem: str, mend: str) -> Mistake:
    return Mistake(path, line_of(path.read_text(encoding="utf-8"), where), problem, mend)


def _answer_problems(library: Library, root: Path) -> Iterator[tuple[Path, tuple[str | int, ...], str, str]]:
    for topic in library.topics.values():
        if not topic.answers:
            continue
        path = root / "topics" / f"{topic.id}.yml"
        if not FEWEST_ANSWERS <= len(topic.answers) <= MOST_ANSWERS:
            many = f"{FEWEST_ANSWERS} tot {MOST_ANSWERS}"
            yield path, ("answers",), f"{len(topic.answers)} antwoorden", f"Schrijf er {many}"
        if topic.told is None:
            yield path, ("id",), "told ontbreekt", "Schrijf wat je zegt tegen wie vertelt en niets vraagt"
        if "vangnet" not in topic.model_fields_set:
            yield path, ("id",), "vangnet ontbreekt", "Kies een naam uit vangnet.yml, of geen"
        seen: dict[str, str] = {}
        for index, answer in enumerate(topic.answers):
            for number, ask in enumerate(answer.asks):
                where = ("answers", index, "asks", number)
                if (plain := " ".join(words(ask.lower()))) in seen:
                    yield path, where, f"deze vraag staat ook bij {seen[plain]}: {ask!r}", "Haal er een weg"
                seen.setdefault(plain, answer.id)
            yield from ((path, ("answers", index, *where), problem, mend) for where, problem, mend in _basis(answer))


def _basis(answer: Answer) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """A fact that only guidelines hold stands under a guideline, or says that it is yet to be confirmed."""
    if any(basis.bron is None for basis in answer.basis):
        return
    said = [("answer",), *((("for", number, "answer")) for number in range(len(answer.for_facts)))]
    texts = [answer.answer, *(other.answer or () for other in answer.for_facts)]
    for where, paragraphs in zip(said, texts, strict=True):
        if match := _GUIDELINE_FACT.search(" ".join(paragraphs)):
            problem = f"{match.group()!r} staat in geen bron van een praktijk"
            yield where, problem, "Noem bij basis de richtlijn, of algemeen: te bevestigen"


def _vangnet_problems(library: Library, root: Path) -> Iterator[tuple[Path, tuple[str | int, ...], str, str]]:
    signs = {sign["id"] for path in (root / "alarm" / "signs").glob("*.yml") for sign in _read(path).get("signs") or []}
    for key, vangnet in library.vangnet.items():
        for index, sign in enumerate(vangnet.signs):
            if signs and sign not in signs:
                mend = "Kies een id uit alarm/signs"
                yield root / "vangnet.yml", (key, "signs", index), f"{key} noemt {sign!r}, maar dat bestaat niet", mend


def patient_texts(library: Library, root: Path) -> Iterator[tuple[Path, tuple[str | int, ...], tuple[str, ...], int]]:
    """File, place in it, paragraphs and the most words allowed (0: no limit)."""
    for topic in library.topics.values():
        path = root / "topics" / f"{topic.id}.yml"
        yield path, ("answer",), topic.answer, MAX_ANSWER_WORDS
        yield path, ("more",), topic.more, 0
        yield path, ("simple",), topic.simple, MAX_ANSWER_WORDS
        for index, variant in enumerate(topic.variants):
            yield path, ("variants", index, "answer"), variant.answer, MAX_ANSWER_WORDS
        if topic.told:
            yield path, ("told",), topic.told, MAX_TOLD_WORDS
        for index, answer in enumerate(topic.answers):
            yield path, ("answers", index, "answer"), answer.answer, MAX_ONE_ANSWER_WORDS
            if answer.step:
                yield path, ("answers", index, "step"), (answer.step,), 0
            for number, other in enumerate(answer.for_facts):
                if other.answer:
                    yield path, ("answers", index, "for", number, "answer"), other.answer, MAX_ONE_ANSWER_WORDS
                if other.step:
                    yield path, ("answers", index, "for", number, "step"), (other.step,), 0
    for key, vangnet in library.vangnet.items():
        yield root / "vangnet.yml", (key, "text"), vangnet.text, 0
    for key, wordings in library.reassurance.items():
        for index, wording in enumerate(wordings):
            yield root / "reassurance.yml", (key, index), (wording,), 0
    if library.privacy is not None:
        path = root / "privacy.yml"
        yield path, ("melding",), library.privacy.melding, MAX_WELCOME_WORDS
        yield path, ("eerst_akkoord",), library.privacy.eerst_akkoord, 0
        yield path, ("proef",), library.privacy.proef, 0
        for index, section in enumerate(library.privacy.pagina):
            yield path, ("pagina", index, "tekst"), section.tekst, 0
    for key, replies in library.smalltalk.items():
        for index, reply in enumerate(replies):
            limit = MAX_WELCOME_WORDS if key == "welkom" else 0
            yield root / "smalltalk.yml", (key, index), reply, limit
    for key, text in library.channels.items():
        yield root / "channels.yml", (key,), text, 0
    yield from _talk_texts(library, root / "acts.yml")


def _talk_texts(library: Library, path: Path) -> Iterator[tuple[Path, tuple[str | int, ...], tuple[str, ...], int]]:
    """What is said to what a patient does."""
    said = library.talk.said
    for key, echo in said.heard.items():
        for name, lines in (("lines", echo.lines), ("other", echo.other)):
            for index, line in enumerate(lines):
                yield path, ("heard", key, name, index), (line,), MAX_HEARD_WORDS
    for mood, helps in said.helps.items():
        for index, text in enumerate(helps.texts):
            yield path, ("helps", mood, "texts", index), text, MAX_ONE_ANSWER_WORDS
        for index, text in enumerate(helps.with_care):
            yield path, ("helps", mood, "with_care", index), text, MAX_ONE_ANSWER_WORDS
        if helps.question:
            yield path, ("helps", mood, "question"), (helps.question,), MAX_HEARD_WORDS
    fixed = [("care", str(fact), texts) for fact, texts in said.care.items()]
    fixed += [("texts", key, texts) for key, texts in said.texts.items()]
    for name, key, wordings in fixed:
        for index, text in enumerate(wordings):
            yield path, (name, key, index), text, MAX_ONE_ANSWER_WORDS


def read_texts(library: Library, root: Path) -> Iterator[tuple[Path, tuple[str | int, ...], tuple[str, ...]]]:
    """File, place in it and paragraphs of all that patients read: also titles, buttons, drawings and alarms."""
    for path, where, paragraphs, _ in patient_texts(library, root):
        yield path, where, paragraphs
    for topic in library.topics.values():
        path = root / "topics" / f"{topic.id}.yml"
        yield path, ("title",), (topic.title,)
        yield path, ("button",), (topic.button,)
    for name, drawing in library.drawings.items():
        yield root / "media" / "media.yml", (name, "alt"), (drawing.alt,)
    yield from _alarm_texts(root / "alarm")


def _alarm_texts(folder: Path) -> Iterator[tuple[Path, tuple[str | int, ...], tuple[str, ...]]]:
    """The fixed texts, and of each sign what is shown of it. alarm/ checks their shape."""
    path = folder / "texts.yml"
    for key, text in _read(path).items():
        yield path, (key, "paragraphs"), tuple(text["paragraphs"])
    for path in sorted((folder / "signs").glob("*.yml")):
        for index, sign in enumerate(_read(path).get("signs") or []):
            for key in ("name", "question", "say", "heard", "why"):
                if sign.get(key):
                    yield path, ("signs", index, key), (sign[key],)


def _read(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    return yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER) or {}  # noqa: S506 - a safe loader


def _plain(paragraphs: tuple[str, ...]) -> str:
    """One text to measure. A phone number or an address that is filled in reads as one word."""
    return re.sub(r"\{\w+\}", "Naam", "\n".join(paragraphs))


def problems(paragraphs: tuple[str, ...], limit: int) -> Iterator[tuple[str, str]]:
    """What is wrong with one text, and what to do about it."""
    text = _plain(paragraphs)
    reading = measure(text)
    if limit and reading.words > limit:
        yield f"{reading.words} woorden, hoogstens {limit}", "Maak het korter"
    if reading.max_words > MAX_SENTENCE_WORDS:
        yield f"een zin van {reading.max_words} woorden: {reading.longest!r}", f"Houd het bij {MAX_SENTENCE_WORDS}"
    if reading.words >= 20:  # figures on less say nothing
        if reading.mean_words > MAX_MEAN_SENTENCE_WORDS:
            yield f"gemiddeld {reading.mean_words:.1f} woorden een zin", f"Houd het bij {MAX_MEAN_SENTENCE_WORDS}"
        if reading.flesch_douma < MIN_FLESCH_DOUMA:
            yield f"Flesch-Douma {reading.flesch_douma:.0f}, minstens {MIN_FLESCH_DOUMA}", "Kies kortere woorden"
        if reading.lix > MAX_LIX:
            yield f"LIX {reading.lix:.0f}, hoogstens {MAX_LIX}", "Kies kortere woorden en zinnen"
    for pattern, problem, mend in _FORBIDDEN:
        if match := re.search(pattern, text, re.IGNORECASE):
            yield f"{problem}: {match.group()!r}", mend
