"""Find the alarm signs in a message. Pure: text in, findings out."""

from __future__ import annotations

from dataclasses import dataclass

from alarm.load import AlarmContent, Sign, Urgency
from alarm.patterns import Matcher, Pattern, Phrase, Span
from alarm.scope import Status, judge
from alarm.words import Sentence, sentences

MAX_SENTENCES = 100
SHORT = 4  # words of a question that the next sentence answers with a bare no
_BARE_NO = frozenset({"nee", "neen", "nope"})
MAX_CHARACTERS = 5_000  # longer text is scanned in its first and last half of this


@dataclass(frozen=True)
class Finding:
    """One sign that a message names and how it is meant."""

    sign: Sign
    status: Status

    @property
    def is_alarm(self) -> bool:
        return self.status is Status.ASSERTED

    @property
    def is_question(self) -> bool:
        return self.status is Status.UNSURE


@dataclass(frozen=True)
class Scan:
    """What one message holds. `alarms` and `questions` are ordered, the most urgent first; one entry a sign."""

    findings: tuple[Finding, ...]
    about_subject: bool = False  # a knowledge question or a hypothesis stands in it
    words: int = 0  # of the message

    @property
    def alarms(self) -> tuple[Sign, ...]:
        return _ranked(finding.sign for finding in self.findings if finding.is_alarm)

    @property
    def questions(self) -> tuple[Sign, ...]:
        raised = {sign.id for sign in self.alarms}
        return _ranked(f.sign for f in self.findings if f.is_question and f.sign.id not in raised)

    @property
    def dismissed(self) -> bool:
        """Whether a sign was named but denied, asked about as knowledge, or past, and none was meant."""
        return bool(self.findings) and not any(f.is_alarm or f.is_question for f in self.findings)

    @property
    def urgency(self) -> Urgency:
        return max((sign.urgency for sign in self.alarms), default=Urgency.GEEN)

    @property
    def crisis(self) -> bool:
        return any(sign.crisis for sign in self.alarms)


def _ranked(signs) -> tuple[Sign, ...]:  # type: ignore[no-untyped-def]
    unique = {sign.id: sign for sign in signs}
    return tuple(sorted(unique.values(), key=lambda sign: (-sign.urgency, not sign.crisis, sign.id)))


@dataclass(frozen=True)
class _Rule:
    sign: Sign
    names: tuple[str, ...]
    asks: bool


class Detector:
    """The compiled rules of content/alarm/. Thread-safe after construction apart from a word cache."""

    def __init__(self, content: AlarmContent) -> None:
        self._signs = content.signs
        self._spellings = content.spellings
        self._matcher = Matcher(dict(content.concepts), content.lookalikes)
        self._cues = {name: f"cue:{name}" for name in content.cues}
        for name, phrases in content.cues.items():
            self._matcher.add(f"cue:{name}", phrases)
        self._rules: dict[str, list[_Rule]] = {}  # by their first element
        self._unless: dict[str, list[tuple[str, ...]]] = {}
        for sign in content.signs.values():
            for patterns, asks in ((sign.patterns, False), (sign.ask, True)):
                for pattern in patterns:
                    rule = _Rule(sign, self._names(pattern), asks)
                    self._rules.setdefault(rule.names[0], []).append(rule)
            self._unless[sign.id] = [self._names(pattern) for pattern in sign.unless]

    def sign(self, name: str) -> Sign | None:
        """A sign of the content by its id."""
        return self._signs.get(name)

    def _names(self, pattern: Pattern) -> tuple[str, ...]:
        names = []
        for element in pattern.elements:
            if isinstance(element, Phrase):
                name = f"phrase:{element.words}:{element.gaps}"
                if name not in self._matcher.concepts:
                    self._matcher.add(name, [element])
                names.append(name)
            else:
                names.append(element)
        return tuple(names)

    def scan(self, text: str) -> Scan:
        """Scan a message of any length; time grows linearly with it and stops at MAX_CHARACTERS."""
        if len(text) > MAX_CHARACTERS:
            half = MAX_CHARACTERS // 2
            text = f"{text[:half]}\n{text[-half:]}"
        findings: dict[tuple[str, Status], Finding] = {}
        split = sentences(text, self._spellings)
        if len(split) > MAX_SENTENCES:  # pieces of a word or two: each costs a scan, so they are taken together
            size = -(-len(split) // MAX_SENTENCES)
            split = [
                Sentence(tuple(word for part in split[i : i + size] for word in part.words))
                for i in range(0, len(split), size)
            ]
        about_subject = False
        for index, sentence in enumerate(split):
            follows = split[index + 1].words if index + 1 < len(split) else ()
            words = sentence.words
            if follows and follows[0] in _BARE_NO and len(words) <= SHORT and _asks_another(sentence):
                words = (*words, *follows)  # "Koorts? Nee."
            found, about = self._scan_sentence(words)
            about_subject = about_subject or about
            for finding in found:
                findings.setdefault((finding.sign.id, finding.status), finding)
            if follows and words == sentence.words and len(words) + len(follows) <= 14:
                # A sign may stand over two short sentences: "Plassen? Lukt niet."
                comma = () if len(words) <= 3 else (",",)
                joined = (*words, *comma, *follows)
                for finding in self._scan_sentence(joined)[0]:
                    if finding.is_alarm or finding.is_question:
                        findings.setdefault((finding.sign.id, finding.status), finding)
        return Scan(tuple(findings.values()), about_subject, sum(len(sentence.words) for sentence in split))

    def _scan_sentence(self, words: tuple[str, ...]) -> tuple[list[Finding], bool]:
        """What one sentence holds, and whether it asks about the subject rather than tells of oneself."""
        spans = self._matcher.find(words)
        cues = {name: spans[key] for name, key in self._cues.items() if key in spans}
        found = []
        for rule in (rule for name in spans for rule in self._rules.get(name, ())):
            matches = self._matcher.match(rule.names, spans)
            if not matches:
                continue
            excluded = [m for names in self._unless[rule.sign.id] for m in self._matcher.match(names, spans)]
            for match in matches:
                if any(_overlaps(match, other) for other in excluded):
                    continue
                status = judge(words, match, cues)
                if rule.asks and status is Status.ASSERTED:
                    status = Status.UNSURE
                found.append(Finding(rule.sign, status))
        return found, "hypothese" in cues or ("kennis" in cues and "zelf" not in cues)


def _asks_another(sentence: Sentence) -> bool:
    """Whether it repeats a question that was put to the writer: "Koorts? Nee." Not "ik denk aan zelfmoord. Nee."."""
    return sentence.asks and not {"ik", "mijn"} & set(sentence.words)


def _overlaps(a: Span, b: Span) -> bool:
    return a[0] <= b[1] and b[0] <= a[1]
