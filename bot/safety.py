"""One truth for safety: how urgent each alarm sign is, where texts name it, and which text says it otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from alarm import AlarmContent, Urgency
from content import Library
from content.checks import patient_texts
from content.readability import sentences

_GAP = r"(?:\s+[^\s.?!]+){0,4}\s+"
_LEVELS = (
    (Urgency.BEL_112, re.compile(r"\bbel\b[^.?!]*\b112\b|^112\b")),
    (Urgency.SPOED_NU, re.compile(r"\b(?:bel|bellen)\b[^.?!]*\b(?:nu|meteen|direct)\b|^nu huisarts")),
    (Urgency.VANDAAG, re.compile(r"\bbel\b[^.?!]*\bvandaag\b|^vandaag\b")),
    (Urgency.AFSPRAAK, re.compile(r"\bmaak\b[^.?!]*\bafspraak\b|^afspraak:|\bbespreek (?:dat|dit|het) met\b")),
)
_GOES_ON = re.compile(r"^(?:doe dat ook|of |ook )")
_CALLS = {
    "huisarts_nu": "huisarts, nu", "huisarts_vandaag": "huisarts, vandaag", "ziekenhuis": "ziekenhuis, nu",
    "verloskundige": "verloskundige, nu", "112": "112", "crisis": "crisislijn", "veilig_thuis": "hulp bij geweld",
    "afspraak": "op een afspraak",
}  # fmt: skip


class Cue(BaseModel):
    """Words that name a sign: one entry of content/safety.yml."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    sign: str
    names: tuple[str, ...]
    not_with: tuple[str, ...] = ()

    def named_in(self, text: str) -> bool:
        """Whether a text in lower case names the sign."""
        return any(_pattern(name).search(text) for name in self.names) and not any(
            other in text for other in self.not_with
        )


@dataclass(frozen=True)
class Named:
    """A sign that a text names together with how fast to phone."""

    path: Path
    where: tuple[str | int, ...]
    sign: str
    urgency: Urgency
    words: str


def cues(folder: Path) -> tuple[Cue, ...]:
    """Read content/safety.yml. Raises pydantic's ValidationError."""
    data = yaml.safe_load((folder / "safety.yml").read_text(encoding="utf-8"))
    return TypeAdapter(tuple[Cue, ...]).validate_python(data)


def calls(paragraphs: tuple[str, ...]) -> Iterator[tuple[Urgency, str]]:
    """How fast to phone, and about what: a call with the questions before it, and what goes on after it."""
    for paragraph in paragraphs:
        asked: list[str] = []
        level: Urgency | None = None
        for sentence in (one.lower() for one in sentences(paragraph)):
            found = next((urgency for urgency, pattern in _LEVELS if pattern.search(sentence)), None)
            if found is not None:
                level = found
                yield level, " ".join([*asked, sentence])
                asked = []
            elif sentence.endswith("?"):
                asked.append(sentence)
            elif level is not None and _GOES_ON.search(sentence):
                yield level, sentence
            else:
                asked, level = [], None


def named(library: Library, folder: Path) -> Iterator[Named]:
    """Every sign that a text names together with how fast to phone."""
    known = cues(folder)
    for path, where, paragraphs, _ in patient_texts(library, folder):
        if path.parent.name == "topics" or path.name == "vangnet.yml":
            for urgency, words in calls(paragraphs):
                for cue in known:
                    if cue.named_in(words):
                        yield Named(path, where, cue.sign, urgency, words)


def disagreements(library: Library, alarms: AlarmContent, folder: Path) -> list[str]:
    """Texts that say a sign more or less urgently than the sign itself, and safety nets that leave out their signs."""
    found = []
    in_nets: dict[str, set[str]] = {}
    for one in named(library, folder):
        sign = alarms.signs[one.sign]
        if one.urgency is not sign.urgency:
            place = f"{one.path.name} {'.'.join(map(str, one.where))}"
            found.append(f"{place}: {sign.id} is {sign.urgency.code}, hier {one.urgency.code}: {one.words!r}")
        if one.path.name == "vangnet.yml":
            in_nets.setdefault(str(one.where[0]), set()).add(one.sign)
    for key, net in library.vangnet.items():
        looked_for = {cue.sign for cue in cues(folder)}
        for sign_id in sorted(in_nets.get(key, set()) - set(net.signs)):
            found.append(f"vangnet.yml {key}: noemt {sign_id}, maar het staat niet bij signs")
        for sign_id in sorted((set(net.signs) & looked_for) - in_nets.get(key, set())):
            found.append(f"vangnet.yml {key}: {sign_id} staat bij signs, maar de tekst noemt het niet")
    return found


def table(library: Library, alarms: AlarmContent) -> str:
    """docs/safety-table.md."""
    nets: dict[str, list[str]] = {}
    for key, net in library.vangnet.items():
        for sign_id in net.signs:
            nets.setdefault(sign_id, []).append(key)
    lines = [
        "# Signs, how urgent they are, and where they are named",
        "",
        "Made by `ruggesteun safety-table`; do not edit. The urgency of a sign stands in `content/alarm/signs`, the",
        "words in `content/alarm/texts.yml`. Safety nets (`content/vangnet.yml`) and topics say the same:",
        "`bot/safety.py` reads them by `content/safety.yml`. No line has been signed by a clinician.",
        "",
        "| sign | name | urgency | whom to phone | text | safety nets |",
        "|---|---|---|---|---|---|",
    ]
    for sign in sorted(alarms.signs.values(), key=lambda one: (-one.urgency, one.id)):
        level = f"{sign.urgency.code}, crisis" if sign.crisis else sign.urgency.code
        cells = [
            sign.id, sign.name, level, _CALLS[sign.call], sign.text, ", ".join(nets.get(sign.id, [])),
        ]  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


@lru_cache(maxsize=500)
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(r"\b" + _GAP.join(re.escape(part) for part in name.split(" .. ")))
