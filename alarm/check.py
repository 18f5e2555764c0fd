"""What a therapist should know of the rules: which do nothing, which are not needed, which silence an alarm.

Everything here is counted over lines that people wrote: the training lines of the net and the `yes` and `no` lines of
the signs. The command `ruggesteun check-alarms` prints it.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import yaml

from alarm.decide import ALARM_INTENTS
from alarm.detector import Detector
from alarm.load import AlarmContent, Sign
from alarm.patterns import Pattern, Phrase

KINDS = ("patterns", "ask", "unless")


class Remark(Enum):
    """What may be said of a pattern or an example."""

    WRONG = "voorbeeld klopt niet"
    KILLED = "altijd weggenomen door een uitzondering"
    IMPLIED = "overbodig naast een andere"
    NEVER = "nooit geraakt"
    SILENCES = "neemt een alarm weg"


@dataclass(frozen=True)
class Line:
    """A sentence that somebody wrote, and whether it was labelled as an alarm."""

    text: str
    is_alarm: bool


@dataclass(frozen=True)
class Report:
    """One remark about one pattern or example of a sign; `count` lines bear it out, `example` is one of them."""

    remark: Remark
    sign: Sign
    line: int  # of the file of the sign, 0 where it is not known
    source: str
    count: int = 0
    example: str = ""

    def __str__(self) -> str:
        where = f"{self.sign.file}:{self.line}" if self.line else self.sign.file
        about = f" ({self.count} regels, zoals: {self.example!r})" if self.count else f" ({self.example})"
        return f"{where} {self.sign.id}: {self.source!r}: {self.remark.value}{about if self.example else ''}"


_ENTITY = re.compile(r"\[([^]]+)\][({][^)}]*[)}]")  # [rug](lichaamsdeel)


def training_lines(folder: Path) -> Iterator[Line]:
    """The lines of data/nlu, without the marks of their entities."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for path in sorted(folder.glob("*.yml")):
        for entry in yaml.load(path.read_text(encoding="utf-8"), Loader=loader)["nlu"]:  # noqa: S506 - a safe loader
            for line in str(entry.get("examples", "")).splitlines() if "intent" in entry else ():
                if text := _ENTITY.sub(r"\1", line.removeprefix("- ").strip()):
                    yield Line(text, entry["intent"] in ALARM_INTENTS)


def check(content: AlarmContent, detector: Detector, lines: Iterable[Line]) -> list[Report]:
    """All remarks, the gravest kind first. Some 0.4 ms a line."""
    examples = [Line(text, True) for sign in content.signs.values() for text in sign.yes]
    examples += [Line(text, False) for sign in content.signs.values() for text in sign.no]
    reports = [*wrong_examples(content, detector), *_without_effect(content)]
    reports += _counted(content, detector, [*lines, *examples])
    return sorted(reports, key=lambda report: (list(Remark).index(report.remark), -report.count))


def wrong_examples(content: AlarmContent, detector: Detector) -> Iterator[Report]:
    """The `yes` lines that do not raise their sign, and the `no` lines that do."""
    for sign in content.signs.values():
        for key, texts in (("yes", sign.yes), ("no", sign.no)):
            for text in texts:
                scan = detector.scan(text)
                raised = sign.id in {found.id for found in (*scan.alarms, *scan.questions)}
                if raised is not (key == "yes"):
                    yield Report(Remark.WRONG, sign, 0, text, example=f"staat onder {key}")


def _counted(content: AlarmContent, detector: Detector, lines: list[Line]) -> Iterator[Report]:
    """Patterns that no line touches, and exceptions that take away the only match of an alarm line."""
    touched: Counter[tuple[str, str, str]] = Counter()
    silenced: Counter[tuple[str, str]] = Counter()
    example: dict[tuple[str, str], str] = {}
    for line in lines:
        seen = set(detector.touched(line.text))
        touched.update(seen)
        if not line.is_alarm:
            continue
        for key in set(detector.silenced(line.text)):
            silenced[key] += 1
            example.setdefault(key, line.text)
    for sign in content.signs.values():
        for kind in KINDS:
            for pattern in getattr(sign, kind):
                if not touched[sign.id, kind, pattern.source]:
                    yield Report(Remark.NEVER, sign, pattern.line, pattern.source)
        for pattern in sign.unless:
            key = (sign.id, pattern.source)
            if silenced[key]:
                yield Report(Remark.SILENCES, sign, pattern.line, pattern.source, silenced[key], example[key])


def _without_effect(content: AlarmContent) -> Iterator[Report]:
    """Patterns that another of their sign makes needless, or that an exception always takes away."""
    implies = _Implication(content.concepts, content.small.gap_ends)
    for sign in content.signs.values():
        for kind in ("patterns", "ask"):  # an exception beside a shorter one still covers more words
            patterns: tuple[Pattern, ...] = getattr(sign, kind)
            for number, pattern in enumerate(patterns):
                for other_number, other in enumerate(patterns):
                    both = other_number > number and implies.pattern(other, pattern)
                    if number != other_number and not both and implies.pattern(pattern, other):
                        yield Report(Remark.IMPLIED, sign, pattern.line, pattern.source, example=other.source)
                        break
                for other in sign.unless:
                    if implies.whole(pattern, other):
                        yield Report(Remark.KILLED, sign, pattern.line, pattern.source, example=other.source)
                        break


@dataclass(frozen=True)
class _Implication:
    """Whether one pattern can only be found where another is found too. It may say no where the answer is yes."""

    concepts: dict[str, list[Phrase]]
    gap_ends: frozenset[str]

    def pattern(self, pattern: Pattern, other: Pattern) -> bool:
        """Whether each element of `other` is implied by an element of its own of `pattern`."""
        if len(other.elements) > len(pattern.elements):
            return False
        return any(
            all(self._element(pattern.elements[i], element) for i, element in zip(chosen, other.elements))
            for chosen in itertools.permutations(range(len(pattern.elements)), len(other.elements))
        )

    def whole(self, pattern: Pattern, other: Pattern) -> bool:
        """Whether all of `other` stands within the words of `pattern`."""
        return all(any(self._element(element, part) for element in pattern.elements) for part in other.elements)

    def _element(self, element: str | Phrase, other: str | Phrase) -> bool:
        if element == other:
            return True
        ones = self.concepts[element] if isinstance(element, str) else [element]
        others = self.concepts[other] if isinstance(other, str) else [other]
        return all(any(_phrase_implies(one, another, self.gap_ends) for another in others) for one in ones)


def _phrase_implies(phrase: Phrase, other: Phrase, gap_ends: frozenset[str]) -> bool:
    if other.ends and not phrase.ends:
        return False

    def fits(start: int, number: int, last: int) -> bool:
        if number == len(other.words):
            return not other.ends or last == len(phrase.words) - 1
        for place in range(start, len(phrase.words)):
            if not all(_covers(word, other.words[number]) for word in phrase.words[place]):
                continue
            between = phrase.words[last + 1 : place]
            if number and any(not gap_ends.isdisjoint(words) for words in between):
                return False
            skipped = sum(phrase.gaps[last + 1 : place + 1]) + len(between)
            if (number == 0 or skipped <= other.gaps[number]) and fits(place + 1, number + 1, place):
                return True
        return False

    return fits(0, 0, -1)


def _covers(word: str, forms: tuple[str, ...]) -> bool:
    """Whether whatever `word` finds, one of the forms finds too."""
    return any(
        word == form
        or (form.endswith("*") and not form.startswith("*") and word.startswith(form[:-1]) and word[0] != "*")
        or (form.startswith("*") and not form.endswith("*") and word.endswith(form[1:]) and word[-1] != "*")
        for form in forms
    )
