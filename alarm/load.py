"""Read content/alarm/: signs, word groups, language cues and texts, each mistake named with file, line and mend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from enum import IntEnum
from pathlib import Path
from typing import Any

import yaml

from alarm.patterns import Pattern, PatternError, Phrase, parse
from alarm.scope import SmallWords
from alarm.words import sentences


class Urgency(IntEnum):
    """How fast a doctor is needed; ordered, so that max() gives the most urgent."""

    GEEN = 0
    AFSPRAAK = 1
    VANDAAG = 2
    SPOED_NU = 3
    BEL_112 = 4

    @property
    def code(self) -> str:
        """The name used in content, replies and evaluation."""
        return "112" if self is Urgency.BEL_112 else self.name.lower()

    @classmethod
    def from_code(cls, code: str) -> Urgency:
        """Raises ValueError for a code that is none of geen, afspraak, vandaag, spoed_nu, 112."""
        for urgency in cls:
            if urgency.code == code:
                return urgency
        raise ValueError(code)


CALLS = frozenset(
    ["huisarts_nu", "huisarts_vandaag", "ziekenhuis", "verloskundige", "112", "crisis", "veilig_thuis", "afspraak"]
)
GROUPS = frozenset(
    ["blaas", "darm", "rijbroek", "benen_kracht", "benen_gevoel", "nekmerg", "koorts", "nier", "kanker", "val", "borst"]
    + ["aorta", "beroerte", "bewusteloos", "been_vaat", "buik", "zwanger", "medicijn", "na_ingreep", "reuma", "huid"]
    + ["kind", "leeftijd", "wanhoop", "nu_gevaar", "geweld", "pijn_erg", "beloop"]
)


EXAMPLES = 4  # lines of each kind that a sign needs under `yes` and `no`


class AlarmContentError(ValueError):
    """A mistake in content/alarm/: `path`:`line`, what is wrong and what to do."""

    def __init__(self, path: Path, line: int, problem: str, mend: str) -> None:
        super().__init__(f"{path}:{line}: {problem}. {mend}")
        self.path = path
        self.line = line


@dataclass(frozen=True)
class Sign:
    """One alarm sign. `patterns` raise the alarm, `ask` raise the clarifying question, `unless` are other senses."""

    id: str
    name: str
    urgency: Urgency
    crisis: bool
    text: str
    say: str
    question: str
    patterns: tuple[Pattern, ...]
    ask: tuple[Pattern, ...]
    unless: tuple[Pattern, ...]
    source: str
    basis: str
    review: str
    call: str  # whom to phone, one of CALLS
    group: str = ""  # what the net calls it, one of GROUPS
    net: bool = False  # the sign to take where a group holds several of one urgency
    past: bool = False  # told as past by its nature: cancer in 2019 and now back pain
    heard: str = ""  # as it is quoted: "Je schrijft dat <heard>."
    why: str = ""  # its own reason, one sentence
    yes: tuple[str, ...] = ()  # sentences that raise this sign or its question
    no: tuple[str, ...] = ()  # sentences that raise neither
    file: str = ""  # of content/alarm/signs

    @property
    def calls_for_action(self) -> bool:
        """Whether it is an alarm: somebody must act on it today or now."""
        return self.urgency >= Urgency.VANDAAG or self.crisis

    @property
    def may_be_known(self) -> bool:
        """Whether it weighs less when it is years old and a doctor knows it: an old klapvoet, not a wish to die."""
        return self.urgency < Urgency.BEL_112 and not self.crisis


@dataclass(frozen=True)
class AlarmText:
    """Fixed words for one kind of alarm: what to do first, then why. `after` is said once the patient has called."""

    key: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class AlarmContent:
    """All of content/alarm/."""

    signs: dict[str, Sign]
    texts: dict[str, AlarmText]
    concepts: dict[str, list[Phrase]]
    spellings: dict[str, str]
    cues: dict[str, list[Phrase]]
    small: SmallWords
    lookalikes: frozenset[str]


class _Written(str):
    """A text of a file that knows its line."""

    line = 1


class _LineLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """A safe loader that keeps the line of every mapping under the key "__line__", and of every text."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        mapping: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        mapping["__line__"] = node.start_mark.line + 1
        return mapping

    def construct_written(self, node: Any) -> _Written:
        written = _Written(self.construct_scalar(node))
        written.line = node.start_mark.line + 1
        return written


_LineLoader.add_constructor("tag:yaml.org,2002:str", _LineLoader.construct_written)
# "yes", "no", "on" and "off" are words here, no truth values.
_LineLoader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if tag != "tag:yaml.org,2002:bool" or first in "tTfF"]
    for first, resolvers in _LineLoader.yaml_implicit_resolvers.items()
}


def _line(source: Any, otherwise: int) -> int:
    return getattr(source, "line", otherwise)


def _read(path: Path) -> dict[str, Any]:
    try:
        with path.open(encoding="utf-8") as file:
            data = yaml.load(file, Loader=_LineLoader)  # noqa: S506 - a SafeLoader
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise AlarmContentError(path, line, f"not valid YAML ({error.problem})", "Check indents and quotes") from error
    if not isinstance(data, dict):
        raise AlarmContentError(path, 1, "no keys found", "Start from a copy of another file")
    return data


def _phrases(path: Path, line: int, group: str, sources: Any) -> list[Phrase]:
    if not isinstance(sources, list) or not sources:
        raise AlarmContentError(path, line, f"{group!r} is not a list", "Put every wording on a line with '- '")
    _refuse_twice(path, line, sources)
    phrases = []
    for source in sources:
        at = _line(source, line)
        try:
            element = parse(str(source), set()).elements
        except PatternError as error:
            raise AlarmContentError(path, at, str(error), "Write words, with '..' where others may stand") from error
        if len(element) != 1 or isinstance(element[0], str):
            raise AlarmContentError(path, at, f"{source!r} has a '+'", "A word group holds plain wordings only")
        phrases.append(element[0])
    return phrases


def read_groups(path: Path) -> dict[str, Any]:
    """The groups of a file of wordings, each string knowing its line. Raises AlarmContentError."""
    return {name: found for name, found in _read(path).items() if name != "__line__"}


def wordings(path: Path, groups: Mapping[str, Any], spellings: dict[str, str]) -> dict[str, list[Phrase]]:
    """The wordings of what `read_groups` read. Raises AlarmContentError: one cannot be read, or never be found."""
    refuse = _Refuse(spellings)
    found = {name: _phrases(path, _line(name, 1), name, sources) for name, sources in groups.items()}
    for name, phrases in found.items():
        for source, phrase in zip(groups[name], phrases):
            refuse.dead_words(path, _line(source, 1), phrase)
    return found


def _refuse_twice(path: Path, line: int, sources: list[Any]) -> None:
    seen = set()
    for source in sources:
        if str(source) in seen:
            raise AlarmContentError(path, _line(source, line), f"{source!r} stands twice", "Remove one")
        seen.add(str(source))


_NO_CUES = frozenset({"__line__", "spellings", "compounds", "words"})


def load_alarm_content(folder: Path) -> AlarmContent:
    """Read signs/*.yml, words.yml, language.yml, texts.yml and lookalikes.txt. Raises AlarmContentError."""
    words_file = folder / "words.yml"
    language_file = folder / "language.yml"
    language = _read(language_file)
    spellings = _spellings(language_file, language)
    small = _small_words(language_file, language)
    refuse = _Refuse(spellings)
    concepts = wordings(words_file, read_groups(words_file), spellings)
    rest = {name: found for name, found in language.items() if name not in _NO_CUES}
    cues = wordings(language_file, rest, spellings)
    texts = _load_texts(folder / "texts.yml")
    signs: dict[str, Sign] = {}
    for path in sorted((folder / "signs").glob("*.yml")):
        for entry in _read(path).get("signs") or []:
            sign = _sign(path, entry, set(concepts), texts)
            if sign.id in signs:
                raise AlarmContentError(path, entry["__line__"], f"sign {sign.id} stands twice", "Remove one")
            for key in ("patterns", "ask", "unless"):
                for source, pattern in zip(entry.get(key) or [], getattr(sign, key)):
                    for phrase in (element for element in pattern.elements if isinstance(element, Phrase)):
                        refuse.dead_words(path, _line(source, entry["__line__"]), phrase)
            signs[sign.id] = sign
    used = {e for sign in signs.values() for p in _all_patterns(sign) for e in p.elements if isinstance(e, str)}
    for name in concepts:
        if name not in used:
            raise AlarmContentError(
                words_file, _line(name, 1), f"no sign uses word group <{name}>", "Use it in a pattern or remove it"
            )
    lookalikes = frozenset((folder / "lookalikes.txt").read_text(encoding="utf-8").split())
    return AlarmContent(signs, texts, concepts, spellings, cues, small, lookalikes)


def _all_patterns(sign: Sign) -> Iterator[Pattern]:
    yield from (*sign.patterns, *sign.ask, *sign.unless)


def _spellings(path: Path, language: dict[str, Any]) -> dict[str, str]:
    spellings = {}
    for typed, meant in (language.get("spellings") or {}).items():
        if typed == "__line__":
            continue
        if [word for sentence in sentences(str(typed)) for word in sentence.words] != [typed]:
            raise AlarmContentError(
                path,
                _line(typed, 1),
                f"nobody's text holds {typed!r} as one word",
                "Write it without marks and capitals",
            )
        spellings[str(typed)] = str(meant)
    return spellings | _compounds(path, language)


def _compounds(path: Path, language: dict[str, Any]) -> dict[str, str]:
    """Each compound with its parts before it, found as words of their own.

    The last part comes first: "geen krachtverlies" must not hold "geen kracht".
    """
    written = {}
    for last, firsts in (language.get("compounds") or {}).items():
        if last == "__line__":
            continue
        if not isinstance(firsts, list) or not firsts:
            raise AlarmContentError(
                path, _line(last, 1), f"compounds of {last!r} are not a list", "Put the first parts in brackets"
            )
        for first in firsts:
            for joint in ("", "s", "e"):
                written[f"{first}{joint}{last}"] = f"{last} {first} {first}{joint}{last}"
    return written


def _small_words(path: Path, language: dict[str, Any]) -> SmallWords:
    lists = language.get("words")
    names = [field.name for field in fields(SmallWords)]
    if not isinstance(lists, dict) or set(lists) - {"__line__"} != set(names):
        raise AlarmContentError(
            path, _line(lists, 1), "'words' does not hold the lists that are asked for", f"Use {', '.join(names)}"
        )
    return SmallWords(**{name: frozenset(map(str, lists[name])) for name in names})


@dataclass(frozen=True)
class _Refuse:
    """Refuses words of patterns that no typed text can hold once it was folded and its spelling written out."""

    spellings: dict[str, str]

    def dead_words(self, path: Path, line: int, phrase: Phrase) -> None:
        for word in (word for alternatives in phrase.words for word in alternatives):
            if word == "," or self._lives(word):
                continue
            becomes = " ".join(w for s in sentences(word.strip("*"), self.spellings) for w in s.words)
            eaten = not word.endswith("*") and [w for s in sentences(word) for w in s.words] == [word]
            because = "a spelling in language.yml writes it" if eaten else "typed text is read as"
            raise AlarmContentError(
                path,
                line,
                f"{word!r} can never be found: {because} {becomes!r}",
                f"Write {becomes!r} or remove it" if becomes else "Remove it",
            )

    def _lives(self, word: str) -> bool:
        """Whether some typed word is found by it: as it stands, behind its parts, or with something for its star."""
        for filling in ("", "a", "5") if "*" in word else ("",):
            typed = word.replace("*", filling)
            if [w for s in sentences(typed, self.spellings) for w in s.words][-1:] == [typed]:
                return True
        return False


def _load_texts(path: Path) -> dict[str, AlarmText]:
    texts = {}
    for key, entry in _read(path).items():
        if key == "__line__":
            continue
        paragraphs = entry.get("paragraphs") if isinstance(entry, dict) else None
        if not paragraphs:
            raise AlarmContentError(path, 1, f"text {key!r} has no paragraphs", "Add 'paragraphs:' with a list")
        texts[str(key)] = AlarmText(str(key), tuple(str(p) for p in paragraphs))
    return texts


def _sign(path: Path, entry: dict[str, Any], concepts: set[str], texts: dict[str, AlarmText]) -> Sign:
    line = entry.get("__line__", 1)

    def required(key: str) -> str:
        value = entry.get(key)
        if not isinstance(value, (str, int)) or not str(value).strip():
            raise AlarmContentError(path, line, f"sign without {key!r}", f"Add a line '{key}: ...'")
        return str(value)

    def patterns(key: str) -> tuple[Pattern, ...]:
        sources = entry.get(key) or []
        _refuse_twice(path, line, sources)
        parsed = []
        for source in sources:
            try:
                parsed.append(replace(parse(str(source), concepts), line=_line(source, line)))
            except PatternError as error:
                raise AlarmContentError(
                    path, _line(source, line), str(error), "See the notes on top of content/alarm/words.yml"
                ) from error
        return tuple(parsed)

    known = {"id", "name", "urgency", "crisis", "text", "say", "question", "patterns", "ask", "unless"}
    known |= {"condition", "source", "basis", "review", "__line__"}
    known |= {"call", "group", "net", "past", "heard", "why", "yes", "no"}
    if unknown := set(entry) - known:
        raise AlarmContentError(path, line, f"unknown key {sorted(unknown)[0]!r}", "Correct its spelling or remove it")
    try:
        urgency = Urgency.from_code(required("urgency"))
    except ValueError as error:
        raise AlarmContentError(
            path, line, f"unknown urgency {entry['urgency']!r}", "Use geen, afspraak, vandaag, spoed_nu or 112"
        ) from error
    if required("text") not in texts:
        raise AlarmContentError(path, line, f"unknown text {entry['text']!r}", "Name a text of texts.yml")
    if required("call") not in CALLS:
        raise AlarmContentError(path, line, f"unknown call {entry['call']!r}", f"Use one of {', '.join(sorted(CALLS))}")
    group = str(entry.get("group", ""))
    if group not in GROUPS | {""}:
        raise AlarmContentError(path, line, f"unknown group {group!r}", f"Use one of {', '.join(sorted(GROUPS))}")
    sign = Sign(
        id=required("id"),
        name=required("name"),
        urgency=urgency,
        crisis=bool(entry.get("crisis", False)),
        text=required("text"),
        say=str(entry.get("say", "")),
        question=str(entry.get("question", "")),
        patterns=patterns("patterns"),
        ask=patterns("ask"),
        unless=patterns("unless"),
        source=required("source"),
        basis=required("basis"),
        review=required("review"),
        call=required("call"),
        group=group,
        net=bool(entry.get("net", False)),
        past=bool(entry.get("past", False)),
        heard=required("heard"),
        why=required("why"),
        yes=tuple(str(text) for text in entry.get("yes") or []),
        no=tuple(str(text) for text in entry.get("no") or []),
        file=path.name,
    )
    if sign.ask and not sign.question:
        raise AlarmContentError(path, line, f"sign {sign.id} asks without a question", "Add 'question: ...'")
    for key, examples in (("yes", sign.yes), ("no", sign.no)):
        if (sign.patterns or sign.ask) and len(set(examples)) < EXAMPLES:
            raise AlarmContentError(
                path,
                line,
                f"sign {sign.id} has {len(set(examples))} lines under {key!r}",
                f"Write at least {EXAMPLES}, told as people tell it",
            )
    return sign
