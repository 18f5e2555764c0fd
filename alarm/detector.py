"""Find the alarm signs in a message. Pure: text in, findings out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from alarm.load import AlarmContent, Sign, Urgency
from alarm.patterns import Matcher, Pattern, Phrase, Span
from alarm.scope import Cues, Status, clauses, judge, long_known, looked_at
from alarm.words import Sentence, sentences

MAX_SENTENCES = 24
JOINED = 14  # words that two sentences may hold to be read as one
SHORT = 4  # words of a question that the next sentence answers with a bare no
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
    source: str
    names: tuple[str, ...]
    asks: bool = False


@dataclass(frozen=True)
class _Part:
    """One sentence, and what stands where in it."""

    words: tuple[str, ...]
    spans: dict[str, list[Span]]
    cues: Cues


class Detector:
    """The compiled rules of content/alarm/. Thread-safe after construction apart from a word cache."""

    def __init__(self, content: AlarmContent) -> None:
        self._signs = content.signs
        self._spellings = content.spellings
        self._small = content.small
        self._matcher = Matcher(dict(content.concepts), content.lookalikes, content.small.gap_ends)
        self._cues = {name: f"cue:{name}" for name in content.cues}
        for name, phrases in content.cues.items():
            self._matcher.add(f"cue:{name}", phrases)
        self._rules: dict[str, list[_Rule]] = {}  # by their first element
        self._unless: dict[str, list[_Rule]] = {}  # by the id of their sign
        for sign in content.signs.values():
            for patterns, asks in ((sign.patterns, False), (sign.ask, True)):
                for pattern in patterns:
                    rule = _Rule(sign, pattern.source, self._names(pattern), asks)
                    self._rules.setdefault(rule.names[0], []).append(rule)
            self._unless[sign.id] = [_Rule(sign, pattern.source, self._names(pattern)) for pattern in sign.unless]

    def sign(self, name: str) -> Sign | None:
        """A sign of the content by its id."""
        return self._signs.get(name)

    def _names(self, pattern: Pattern) -> tuple[str, ...]:
        names = []
        for element in pattern.elements:
            if isinstance(element, Phrase):
                name = f"phrase:{element.words}:{element.gaps}:{element.ends}"
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
        split = self._answered(_few(sentences(text, self._spellings)))
        parts = [self._part(words) for words in split]
        findings: dict[tuple[str, Status], Finding] = {}
        about_subject = False
        for index, part in enumerate(parts):
            beside = [*parts[max(index - 1, 0) : index], *parts[index + 1 : index + 2]]
            around = frozenset(name for other in beside for name in other.cues)
            found = self._find(part, around)
            about_subject = about_subject or _about_subject(part.cues)
            joined = self._joined(part, parts[index + 1]) if index + 1 < len(parts) else None
            if joined:
                found += [f for f in self._find(joined, frozenset()) if f.is_alarm or f.is_question]
            for finding in found:
                findings.setdefault((finding.sign.id, finding.status), finding)
        return Scan(tuple(findings.values()), about_subject, sum(len(words) for words in split))

    def _answered(self, split: list[Sentence]) -> list[tuple[str, ...]]:
        """The words of each sentence; a question that the writer repeats takes its bare no with it: "Koorts? Nee."."""
        taken = []
        for index, sentence in enumerate(split):
            words = sentence.words
            follows = split[index + 1].words if index + 1 < len(split) else ()
            repeats = sentence.asks and not self._small.zelf & set(words)
            if follows and follows[0] in self._small.nee and len(words) <= SHORT and repeats:
                words = (*words, *follows)
            taken.append(words)
        return taken

    def _part(self, words: tuple[str, ...]) -> _Part:
        spans = self._matcher.find(words)
        return _Part(words, spans, {name: spans[key] for name, key in self._cues.items() if key in spans})

    def _find(self, part: _Part, around: frozenset[str]) -> list[Finding]:
        """What one sentence holds. `around` names the cues of the sentences beside it."""
        found = []
        certain: set[str] = set()  # signs that need no second look
        judged: dict[tuple[Span, bool], Status] = {}
        numbers = clauses(part.words, self._small)
        for rule in (rule for name in part.spans for rule in self._rules.get(name, ())):
            if rule.sign.id in certain:
                continue
            matches = self._matcher.match(rule.names, part.spans)
            if not matches:
                continue
            excluded = self._exceptions(rule.sign, part)
            for match in matches:
                if any(_silences(other, match, numbers) for _, other in excluded):
                    continue
                past = rule.sign.past
                if (match, past) not in judged:
                    judged[match, past] = judge(part.words, match, part.cues, around, self._small, past=past)
                status = judged[match, past]
                if rule.sign.crisis and status is Status.KNOWLEDGE and _may_be_meant(part.cues):
                    status = Status.UNSURE
                if rule.asks:
                    status = _ASKED.get(status, status)
                if status in (Status.ASSERTED, Status.UNSURE) and self._is_known(rule.sign, part, match, around):
                    status = Status.KNOWN
                found.append(Finding(rule.sign, status))
                if status is Status.ASSERTED:
                    certain.add(rule.sign.id)
                    break
        return found

    def _exceptions(self, sign: Sign, part: _Part) -> list[tuple[_Rule, Span]]:
        rules = self._unless[sign.id]
        return [(rule, match) for rule in rules for match in self._matcher.match(rule.names, part.spans)]

    def touched(self, text: str) -> Iterator[tuple[str, str, str]]:
        """Of each pattern and exception that is found in a text: sign, `patterns`, `ask` or `unless`, and source."""
        for part in self._read(text):
            for rule in (rule for name in part.spans for rule in self._rules.get(name, ())):
                if self._matcher.match(rule.names, part.spans):
                    yield rule.sign.id, "ask" if rule.asks else "patterns", rule.source
            for rule in (rule for rules in self._unless.values() for rule in rules):
                if rule.names[0] in part.spans and self._matcher.match(rule.names, part.spans):
                    yield rule.sign.id, "unless", rule.source

    def silenced(self, text: str) -> Iterator[tuple[str, str]]:
        """Sign and source of each exception that takes a sign away in a text in which nothing else is found."""
        scan = self.scan(text)
        if scan.alarms or scan.questions:
            return
        for part in self._read(text):
            numbers = clauses(part.words, self._small)
            for rule in (rule for name in part.spans for rule in self._rules.get(name, ())):
                for match in self._matcher.match(rule.names, part.spans):
                    for other, span in self._exceptions(rule.sign, part):
                        if _silences(span, match, numbers):
                            yield rule.sign.id, other.source

    def _read(self, text: str) -> list[_Part]:
        """The sentences of a text, and each two short ones that follow one another as one."""
        alone = [self._part(words) for words in self._answered(_few(sentences(text, self._spellings)))]
        return [*alone, *(joined for joined in map(self._joined, alone, alone[1:]) if joined)]

    def _joined(self, part: _Part, follows: _Part) -> _Part | None:
        """A sign may stand over two short sentences: "Plassen? Lukt niet."."""
        if len(part.words) + len(follows.words) > JOINED:
            return None
        comma = () if len(part.words) <= 3 else (",",)
        return self._part((*part.words, *comma, *follows.words))

    def _is_known(self, sign: Sign, part: _Part, match: Span, around: frozenset[str]) -> bool:
        if sign.crisis:
            return False
        if looked_at(match, part.cues, around):
            return True
        return sign.may_be_known and long_known(part.words, match, part.cues, around, self._small)


# What is only asked about when it is said, is not asked about when it is told as past.
_ASKED = {Status.ASSERTED: Status.UNSURE, Status.UNSURE: Status.PAST}


def _few(split: list[Sentence]) -> list[Sentence]:
    """At most MAX_SENTENCES: each costs a scan, so pieces of a word or two are taken together."""
    if len(split) <= MAX_SENTENCES:
        return split
    size = -(-len(split) // MAX_SENTENCES)
    return [
        Sentence(tuple(word for part in split[i : i + size] for word in part.words)) for i in range(0, len(split), size)
    ]


def _may_be_meant(cues: Cues) -> bool:
    """Whether what is only supposed or asked may yet be meant: "als ik morgen niet meer wakker word"."""
    return "zelf" in cues and bool({"hypothese", "gevraagd"} & cues.keys())


def _about_subject(cues: Cues) -> bool:
    """Whether a sentence asks about the subject rather than tells of oneself."""
    return "hypothese" in cues or ("kennis" in cues and "zelf" not in cues)


def _silences(other: Span, match: Span, numbers: tuple[int, ...]) -> bool:
    """Whether an exception takes a sign away: it stands within one clause, and over words of the sign."""
    return other[0] <= match[1] and match[0] <= other[1] and numbers[other[0]] == numbers[other[1]]
