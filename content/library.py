"""Load content/ as a whole, name every mistake by file and line, and keep the last good content while running."""

from __future__ import annotations

import logging
import string
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError

from content.model import (
    PLACEHOLDERS,
    PRIVACY_PLACEHOLDERS,
    Answer,
    Basis,
    ChannelTexts,
    Drawing,
    ForFact,
    OwnText,
    Paragraphs,
    Practice,
    Privacy,
    Source,
    Text,
    Topic,
    Vangnet,
    VangnetKey,
    Word,
)
from content.talk import TALK_PLACEHOLDERS, Heard, Said, Talk

logger = logging.getLogger(__name__)
ROOT = Path(__file__).parent
# Seconds. Looking at every message took an eighth of the public server's time, and grows with the number of files.
LOOK_EVERY = 1.0
_Model = TypeVar("_Model", bound=BaseModel)
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Mistake:
    """One mistake in a content file. `line` counts from 1; `mend` says what to do."""

    path: Path
    line: int
    problem: str
    mend: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.problem}. {self.mend}"


class ContentError(ValueError):
    """Content that cannot be used; `mistakes` lists every one."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = mistakes


@dataclass(frozen=True)
class Library:
    """All content, checked. `follow_ups` maps talk intents to topics; `drawings` are those of content/media.

    `rare_words` maps each rare word that may stand in a text to the reason why it may.
    """

    topics: dict[str, Topic]
    reassurance: dict[str, tuple[str, ...]]
    smalltalk: dict[str, tuple[tuple[str, ...], ...]]
    languages: dict[str, tuple[str, ...]]
    sources: dict[str, Source]
    practices: dict[str, Practice]
    follow_ups: dict[str, dict[str, str]] = field(default_factory=dict)
    drawings: dict[str, Drawing] = field(default_factory=dict)
    rare_words: dict[str, str] = field(default_factory=dict)
    privacy: Privacy | None = None
    channels: dict[str, tuple[str, ...]] = field(default_factory=dict)  # said in WhatsApp and Telegram only
    vangnet: dict[str, Vangnet] = field(default_factory=dict)
    # The same for all practices that speak from one reading of the files.
    edition: object = field(default_factory=object, compare=False)
    talk: Talk = field(default_factory=Talk)

    @classmethod
    def load(cls, root: Path = ROOT) -> Library:
        """Read every file below `root`. Raises ContentError with all mistakes."""
        return _Reader(root).read()

    def for_practice(self, practice: Practice, texts: Mapping[str, OwnText]) -> Library:
        """What this practice says: without the topics it switched off, with its own texts."""
        off = frozenset(practice.onderwerpen_uit)
        topics = {
            name: (texts[name].on(topic) if name in texts else topic).model_copy(
                update={
                    "follow_up": tuple(other for other in topic.follow_up if other not in off),
                    "answers": tuple(self._without(answer, off) for answer in topic.answers),
                }
            )
            for name, topic in self.topics.items()
            if name not in off
        }
        follow_ups = {
            intent: {running: target for running, target in targets.items() if target not in off}
            for intent, targets in self.follow_ups.items()
        }
        return replace(self, topics=topics, follow_ups=follow_ups)

    def answer(self, ref: str) -> Answer | None:
        """The answer that "topic.answer" names; None for the general text of a topic, and for what does not exist."""
        topic, _, name = ref.partition(".")
        found = self.topics.get(topic)
        return found.find(name) if found else None

    def source(self, basis: Basis) -> Source | None:
        """The source text or guideline that an answer rests on; None for general knowledge."""
        if basis.bron is not None:
            return self.sources.get(basis.bron)
        return next(
            (one for one in self.sources.values() if basis.richtlijn and one.richtlijn == basis.richtlijn), None
        )

    def _without(self, answer: Answer, off: frozenset[str]) -> Answer:
        """The answer for who switched off topics: what is said instead stays said, as words of its own."""
        if not any(other.say_instead and other.say_instead.partition(".")[0] in off for other in answer.for_facts):
            return answer
        return answer.model_copy(update={"for_facts": tuple(self._said(other, off) for other in answer.for_facts)})

    def _said(self, other: ForFact, off: frozenset[str]) -> ForFact:
        if other.say_instead is None or other.say_instead.partition(".")[0] not in off:
            return other
        target = self.answer(other.say_instead)
        words = target.answer if target else self.topics[other.say_instead].answer
        return ForFact(fact=other.fact, answer=words, step=target.step if target else None)


def load_one[Model: BaseModel](path: Path, model: type[Model]) -> Model:
    """One YAML file outside the content folder, such as a practice to import. Raises ContentError."""
    return _Reader(path.parent).one(path, model)


def unknown_placeholders(paragraphs: Iterable[str]) -> list[str]:
    """The names between braces that no practice has; "{" where braces do not pair."""
    found: set[str] = set()
    for paragraph in paragraphs:
        try:
            found |= {name for _, name, _, _ in string.Formatter().parse(paragraph) if name is not None}
        except ValueError:
            found.add("{")
    return sorted(found - PLACEHOLDERS)


class LiveLibrary:
    """The content as it stands on disk: reread when a file changed, the last good kept when it has a mistake."""

    def __init__(self, root: Path = ROOT, look_every: float = LOOK_EVERY) -> None:
        """Raises ContentError when the content cannot be used at the start."""
        self._root = root
        self._look_every = look_every
        self._looked = time.monotonic()
        self._stamp = _stamp(root)
        self._library = Library.load(root)

    def current(self) -> Library:
        """The library to answer this message from: at most LOOK_EVERY seconds behind the files."""
        now = time.monotonic()
        if now - self._looked < self._look_every:
            return self._library
        self._looked = now
        stamp = _stamp(self._root)
        if stamp != self._stamp:
            self._stamp = stamp
            try:
                self._library = Library.load(self._root)
                logger.info("content reloaded")
            except ContentError as error:
                logger.error("content has mistakes, the last good content stays in use:\n%s", error)
        return self._library


@lru_cache(maxsize=4)
def live(root: Path = ROOT) -> LiveLibrary:
    """The library of this process for a content folder."""
    return LiveLibrary(root)


def _stamp(root: Path) -> tuple[tuple[str, int, int], ...]:
    found = []
    for folder in (root, root / "topics", root / "practices", root / "media"):
        for path in folder.glob("*.yml"):
            status = path.stat()
            found.append((str(path), status.st_mtime_ns, status.st_size))
    return tuple(sorted(found))


def line_of(text: str, where: tuple[str | int, ...]) -> int:
    """The line of a value in a YAML text; of the nearest parent where the value itself is missing."""
    node = yaml.compose(text, Loader=LOADER)
    line = 1
    for key in where:
        if isinstance(node, yaml.MappingNode):
            # The last one: of a line that stands there twice that is the value in use.
            pair = next((p for p in reversed(node.value) if p[0].value == str(key)), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
            node = node.value[key]
            line = node.start_mark.line + 1
        else:
            break
    return line


def _scalars(text: str) -> Iterator[tuple[int, str]]:
    """Each value of a YAML text with its line; none of a text that is not YAML."""
    try:
        open_nodes = [yaml.compose(text, Loader=LOADER)]
    except yaml.YAMLError:
        return
    while open_nodes:
        node = open_nodes.pop()
        if isinstance(node, yaml.ScalarNode):
            yield node.start_mark.line + 1, node.value
        elif isinstance(node, yaml.SequenceNode):
            open_nodes += reversed(node.value)
        elif isinstance(node, yaml.MappingNode):
            open_nodes += reversed([value for _, value in node.value])


_PROBLEMS = {
    "missing": ("{where} ontbreekt", "Voeg deze regel toe"),
    "extra_forbidden": ("{where} is geen bekende regel", "Kijk of het goed gespeld is, of haal het weg"),
    "string_too_long": ("{where} is te lang", "Houd het bij hoogstens {max_length} tekens"),
    "string_too_short": ("{where} is leeg", "Vul tekst in"),
    "too_short": ("{where} heeft te weinig regels", "Vul minstens {min_length} in"),
    "too_long": ("{where} heeft te veel regels", "Houd het bij hoogstens {max_length}"),
    "tuple_type": ("{where} hoort een lijst te zijn", "Zet elke alinea op een eigen regel met '- '"),
    "string_type": ("{where} hoort tekst te zijn", 'Zet er aanhalingstekens omheen: "..."'),
    "literal_error": ("{where} heeft een onbekende waarde", "Kies uit: {expected}"),
    "date_from_datetime_parsing": ("{where} is geen datum", "Schrijf jjjj-mm-dd"),
    "date_type": ("{where} is geen datum", "Schrijf jjjj-mm-dd"),
    "value_error": ("{where}: {error}", "Verbeter deze regel"),
    "string_pattern_mismatch": ("{where} mag alleen kleine letters, cijfers en _ hebben", "Schrijf het anders"),
}


# What a file may hold beside the practice's own words: who fills it in knows them.
_MORE_PLACEHOLDERS = {"privacy.yml": PRIVACY_PLACEHOLDERS, "acts.yml": TALK_PLACEHOLDERS}


class _Reader:
    """Reads one content folder and collects its mistakes."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._mistakes: list[Mistake] = []
        self._texts: dict[Path, str] = {}

    def read(self) -> Library:
        topics = self._folder("topics", Topic)
        practices = self._folder("practices", Practice)
        sources = self._mapping("sources.yml", dict[str, Source])
        reassurance = self._mapping("reassurance.yml", dict[str, Paragraphs])
        talk = self._raw("smalltalk.yml")
        languages = self._values("smalltalk.yml", ("andere_taal",), talk.pop("andere_taal", {}), dict[str, Paragraphs])
        smalltalk = self._values("smalltalk.yml", (), talk, dict[str, tuple[Paragraphs, ...]])
        follow_ups = self._mapping("follow_ups.yml", dict[str, dict[str, str]])
        drawings = self._mapping("media/media.yml", dict[str, Drawing])
        words = self._mapping("words.yml", dict[Word, Text])
        channels = dict(self._mapping("channels.yml", ChannelTexts))
        privacy = self._values("privacy.yml", (), self._raw("privacy.yml"), Privacy) or None
        vangnet = self._mapping("vangnet.yml", dict[VangnetKey, Vangnet])
        library = Library(
            topics,
            reassurance,
            smalltalk,
            languages,
            sources,
            practices,
            follow_ups,
            drawings,
            words,
            privacy,
            channels,
            vangnet,
            talk=self._talk(),
        )
        self._check_practices(practices)
        self._check_references(library)
        self._check_placeholders()
        if self._mistakes:
            raise ContentError(self._mistakes)
        return library

    def one(self, path: Path, model: type[_Model]) -> _Model:
        data = self._raw(path.name)
        entry = self._values(path.name, (), data, model) if data else None
        if self._mistakes or not isinstance(entry, model):
            raise ContentError(self._mistakes)
        return entry

    def _talk(self) -> Talk:
        heard = self._mapping("facts.yml", Heard) or Heard()
        said = self._mapping("acts.yml", Said) or Said()
        return Talk(heard=heard, said=said, phrases=self._mapping("phrases.yml", dict[str, Text]))

    def _raw(self, name: str | Path) -> Any:
        path = self._root / name
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            self._mistakes.append(Mistake(path, 1, "dit bestand ontbreekt", "Zet het terug uit de laatste versie"))
            return {}
        except UnicodeDecodeError:
            self._mistakes.append(Mistake(path, 1, "dit bestand is geen UTF-8", "Bewaar het als UTF-8"))
            return {}
        self._texts[path] = text
        try:
            data = yaml.load(text, Loader=LOADER)  # noqa: S506 - a safe loader
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            self._mistakes.append(
                Mistake(
                    path,
                    line,
                    f"dit is geen geldige YAML ({error.problem})",
                    "Kijk naar inspringing en aanhalingstekens",
                )
            )
            return {}
        if not isinstance(data, dict):
            self._mistakes.append(
                Mistake(path, 1, "dit bestand is leeg of geen lijst van regels", "Kijk naar een ander bestand")
            )
            return {}
        return data

    def _values(self, name: str | Path, inside: tuple[str, ...], data: Any, shape: Any) -> Any:
        try:
            return TypeAdapter(shape).validate_python(data)
        except ValidationError as error:
            self._add_validation(self._root / name, inside, error)
            return {}

    def _mapping(self, name: str, shape: Any) -> Any:
        return self._values(name, (), self._raw(name), shape)

    def _folder(self, name: str, model: type[_Model]) -> dict[str, _Model]:
        found: dict[str, _Model] = {}
        for path in sorted((self._root / name).glob("*.yml")):
            data = self._raw(path.relative_to(self._root))
            if not data:
                continue
            try:
                entry = model.model_validate(data)
            except ValidationError as error:
                self._add_validation(path, (), error)
                continue
            if data["id"] != path.stem:
                self._add(path, ("id",), f"id {data['id']!r} is anders dan de bestandsnaam", "Maak ze gelijk")
            found[path.stem] = entry
        return found

    def _check_practices(self, practices: dict[str, Practice]) -> None:
        # A file of the content folder is live as soon as it is saved, so it must be whole; the store may hold less.
        for name, practice in practices.items():
            for lacking in practice.missing():
                path = self._root / "practices" / f"{name}.yml"
                self._add(path, (lacking,), f"{lacking} ontbreekt", "Voeg deze regel toe")

    def _add_validation(self, path: Path, inside: tuple[str, ...], error: ValidationError) -> None:
        for problem in error.errors():
            where = (*inside, *problem["loc"])
            pattern, mend = _PROBLEMS.get(
                problem["type"], ("{where} klopt niet: " + problem["msg"], "Verbeter deze regel")
            )
            words = {"where": ".".join(map(str, where)), **problem.get("ctx", {})}
            self._add(path, where, pattern.format_map(words), mend.format_map(words))

    def _add(self, path: Path, where: tuple[str | int, ...], problem: str, mend: str) -> None:
        self._mistakes.append(Mistake(path, line_of(self._texts[path], where), problem, mend))

    def _check_references(self, library: Library) -> None:
        for topic in library.topics.values():
            path = self._root / "topics" / f"{topic.id}.yml"
            for key, known, names in (
                ("follow_up", library.topics, topic.follow_up),
                ("sources", library.sources, topic.sources),
                ("reassurance", library.reassurance, topic.reassurance),
            ):
                for index, name in enumerate(names):
                    if name not in known:
                        self._add(
                            path,
                            (key, index),
                            f"{key} noemt {name!r}, maar dat bestaat niet",
                            "Kies een bestaande naam",
                        )
            self._check_answers(path, topic, library)
            if topic.image and topic.image not in library.drawings:
                self._add(
                    path, ("image",), f"tekening {topic.image!r} bestaat niet", "Kies een naam uit media/media.yml"
                )
        for intent, targets in library.follow_ups.items():
            for key, target in targets.items():
                if target not in {*library.topics, "more", "simple"}:
                    where = (intent, key)
                    self._add(
                        self._root / "follow_ups.yml",
                        where,
                        f"{target!r} is geen onderwerp",
                        "Kies een bestaand onderwerp",
                    )

        if library.vangnet:
            for lacking in sorted(set(get_args(VangnetKey)) - set(library.vangnet)):
                self._add(self._root / "vangnet.yml", (), f"{lacking} ontbreekt", "Voeg deze regel toe")

    def _check_answers(self, path: Path, topic: Topic, library: Library) -> None:
        ids = [answer.id for answer in topic.answers]
        guidelines = sorted(source.richtlijn for source in library.sources.values() if source.richtlijn)
        texts = sorted(key for key, source in library.sources.items() if not source.richtlijn)
        for index, answer in enumerate(topic.answers):
            if ids.index(answer.id) != index:
                self._add(path, ("answers", index, "id"), f"id {answer.id!r} staat er twee keer", "Kies een ander id")
            for number, basis in enumerate(answer.basis):
                where = ("answers", index, "basis", number)
                if basis.bron is not None and basis.bron not in texts:
                    self._add(path, where, f"bron {basis.bron!r} bestaat niet", f"Kies uit: {', '.join(texts)}")
                if basis.richtlijn is not None and basis.richtlijn not in guidelines:
                    problem = f"richtlijn {basis.richtlijn!r} staat niet in sources.yml"
                    self._add(path, where, problem, f"Kies uit: {'; '.join(guidelines)}")
            for number, other in enumerate(answer.for_facts):
                ref = other.say_instead
                if ref is not None and ref not in library.topics and library.answer(ref) is None:
                    where = ("answers", index, "for", number)
                    self._add(
                        path, where, f"say_instead noemt {ref!r}, maar dat bestaat niet", "Kies een bestaand antwoord"
                    )

    def _check_placeholders(self) -> None:
        for path, text in self._texts.items():
            if path.parent.name == "practices" or path.name in {"sources.yml", "follow_ups.yml", "facts.yml"}:
                continue
            known = _MORE_PLACEHOLDERS.get(path.name, frozenset())
            for number, value in _scalars(text):
                for name in unknown_placeholders([value]):
                    if name in known:
                        continue
                    self._mistakes.append(
                        Mistake(
                            path,
                            number,
                            f"{{{name}}} is geen gegeven van de praktijk",
                            f"Kies uit: {', '.join(sorted(PLACEHOLDERS | known))}",
                        )
                    )
