"""What people say once an alarm stands in the talk: the wordings of content/alarm/talk.yml, found in what is typed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from alarm.load import AlarmContent, AlarmContentError, read_groups, wordings
from alarm.patterns import Matcher
from alarm.words import sentences

CUES = frozenset(
    ["geen_gehoor", "nog_niet", "gezien", "eerder", "gebeld", "durf_niet", "wacht", "bagatel", "gaat_bellen"]
    + ["klopt_niet", "waarom", "ja", "ontkent", "tekort", "twijfel", "wie_zegt", "ik_zelf"]
)
_LISTS = frozenset({"nee", "nee_meer", "vraagwoord", "mag_wel"})
_MEND = "Name it as in the comment of that file"


class Ear:
    """The wordings of talk.yml, found in what is typed. Thread-safe after construction apart from a word cache."""

    def __init__(self, path: Path, content: AlarmContent) -> None:
        """Raises AlarmContentError: a group is missing, is not known, or holds a wording that cannot be read."""
        groups = read_groups(path)
        needed = {*CUES, *_LISTS, "wie"}
        if wrong := sorted(needed ^ set(groups)):
            raise AlarmContentError(path, 1, f"group {wrong[0]!r} is missing or not known", _MEND)
        for name in _LISTS:
            if wrong := [word for word in groups[name] if not isinstance(word, str)]:
                raise AlarmContentError(path, 1, f"{name} holds {wrong[0]!r}, which is no word", "Put quotes around it")
        people = {name: found for name, found in groups["wie"].items() if name != "__line__"}
        spoken = {name: groups[name] for name in CUES} | {f"wie:{name}": found for name, found in people.items()}
        phrases = wordings(path, spoken, content.spellings)
        self.people = tuple(people)
        self._matcher = Matcher(phrases, content.lookalikes)
        self._spellings = content.spellings
        self._no = frozenset(groups["nee"])
        self._no_more = frozenset(groups["nee_meer"]) | self._no | {","}
        self._asking = frozenset(groups["vraagwoord"])

    def words(self, text: str) -> tuple[str, ...]:
        return tuple(word for sentence in sentences(text, self._spellings) for word in sentence.words)

    def cues(self, text: str) -> frozenset[str]:
        """The groups of which a wording stands in the text, sentence by sentence."""
        found = (self._matcher.find(sentence.words) for sentence in sentences(text, self._spellings))
        return frozenset(name for spans in found for name in spans)

    def says_no(self, text: str) -> bool:
        """Whether it begins with a no."""
        return self.words(text)[:1] in {(word,) for word in self._no}

    def bare_no(self, text: str) -> bool:
        """Whether it is a no and nothing else: "neuh", "nee hoor"."""
        return self.says_no(text) and set(self.words(text)) <= self._no_more

    def asks(self, text: str) -> bool:
        """Whether it looks like a question about something else than what it answers."""
        return "?" in text or bool(self._asking & set(self.words(text)[:1]))

    def who(self, cues: Iterable[str]) -> str | None:
        """Who is ill, when it is plainly somebody else."""
        found = set(cues)
        people = [name for name in self.people if f"wie:{name}" in found]
        return people[0] if people and not found & {"wie_zegt", "ik_zelf"} else None
