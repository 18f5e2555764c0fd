"""What a turn of the talk does to an alarm that was raised: it stays in sight until it is settled. Pure.

The wordings that count as "I will call", "nobody answers", "that is not so" stand in content/alarm/talk.yml.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from alarm.detector import Detector
from alarm.ear import Ear
from alarm.load import AlarmContent, Sign, Urgency

FILE = Path("content/alarm/talk.yml")
REPLIES_TODAY = 2  # that an alarm of vandaag stays above, beside the goodbye
TOGETHER = 160  # characters: a longer message tells its own story
BACK = 3  # typed messages before this one that it is read together with
LONG = 8  # words: what is longer and not understood is no mere unclear word
STEM = 5  # letters by which a word of a sign is known again
COMMON = 6  # signs: a word that stands in more of them is no word of one
ASKS = 0.5  # chance of a question
SURE = 0.6  # chance from which an act that the net reads counts


class Act(StrEnum):
    """What is said of an alarm. But for the first two the value is a key of content/alarm/texts.yml."""

    ALARM = "alarm"
    QUESTION = "alarm_question"
    CLEARED = "na_klopt_niet"
    AGAIN = "opnieuw"
    WAIT = "wacht"
    CALLED = "na_gebeld"
    SEEN = "na_gezien"
    NOBODY = "na_niemand"
    AFRAID = "na_durf_niet"
    WILL_CALL = "na_gaat_bellen"
    WHY = "waarom"
    FOR_ANOTHER = "voor_ander"


class State(StrEnum):
    """How far an alarm is. Only the first two keep it in sight."""

    ASKED = "asked"  # its question was put
    SAID = "said"
    CALLED = "called"
    SEEN = "seen"
    DENIED = "denied"  # every sign of it


@dataclass(frozen=True)
class OpenAlarm:
    """The alarm of a talk, as it stands in the slot `open_alarm`. Ids of signs, the most urgent first."""

    signs: tuple[str, ...] = ()
    state: State = State.DENIED
    level: str = Urgency.GEEN.code
    crisis: bool = False
    turns: int = 0  # replies since it was said or asked
    waiting: tuple[str, ...] = ()  # sure, said once the question before them is denied
    denied: tuple[str, ...] = ()  # what the patient said is not so, in this talk
    who: str | None = None  # who is ill, a key under `wie` in talk.yml; None: who writes
    holds: bool = True  # whether answers that could do harm wait; not where somebody else may look at the screen
    remind: bool = False  # whether the reply to this turn begins with the reminder

    @property
    def is_open(self) -> bool:
        return bool(self.signs) and self.state in {State.ASKED, State.SAID}

    @property
    def urgent(self) -> bool:
        """Whether it stays in sight until it is settled, and what could do harm waits."""
        return self.is_open and (self.crisis or Urgency.from_code(self.level) >= Urgency.SPOED_NU)

    @property
    def quiet(self) -> bool:
        """An alarm of vandaag that has been named often enough: to go on would be nagging."""
        return self.is_open and not self.urgent and self.turns >= REPLIES_TODAY

    @property
    def kept(self) -> tuple[str, ...]:
        """All that is in sight; what waits behind a question was said or will be."""
        return (*self.signs, *self.waiting) if self.is_open else ()

    def to_json(self) -> dict[str, Any]:
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        plain = {name: list(v) if isinstance(v, tuple) else v for name, v in values.items()}
        return {**plain, "state": self.state.value, "settled": None if self.is_open else self.state.value}

    @classmethod
    def of(cls, found: Mapping[str, Any] | None) -> OpenAlarm | None:
        """From the slot. What is not one of ours is no alarm."""
        if not found or found.get("state") not in set(State):
            return None
        known = {name: found[name] for name in cls.__dataclass_fields__ if name in found}
        lists = {name: tuple(v) for name, v in known.items() if isinstance(v, (list, tuple))}
        return cls(**{**known, **lists, "state": State(found["state"])})


@dataclass(frozen=True)
class Said:
    """One turn of the patient: what was typed or pressed, and what was understood of it. Ids of signs."""

    text: str
    intent: str = ""
    confidence: float = 1.0  # of the intent
    pressed: bool = False
    alarms: tuple[str, ...] = ()  # of the verdict on it
    questions: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    together: tuple[str, ...] = ()  # signs that it holds only with a message before it
    acts: Mapping[str, float] = field(default_factory=dict)  # of the net

    @property
    def act(self) -> str:
        """The act that the net is sure of, or an empty text."""
        best = max(self.acts, key=lambda name: self.acts[name], default="")
        return best if best and self.acts[best] >= SURE else ""


@dataclass(frozen=True)
class Step:
    """What is said now (None: the ordinary answer), of which signs, and how the alarm stands after it."""

    act: Act | None
    signs: tuple[str, ...]
    open: OpenAlarm | None


def over_turns(detector: Detector, before: Iterable[str], now: str) -> tuple[Sign, ...]:
    """Signs that this message holds with one of the last before it, and neither holds alone.

    "mijn rug doet pijn" and then "ik heb 38,9" is back pain with fever. `before` is what was typed, the last one first.
    """
    if not now or len(now) > TOGETHER:
        return ()
    for text in [text for text in before if len(text) <= TOGETHER][:BACK]:
        together = [sign for sign in detector.scan(f"{text} . {now}").alarms if sign.calls_for_action]
        if not together:
            continue  # the most of all messages: one scan is enough
        alone = {finding.sign.id for part in (text, now) for finding in detector.scan(part).findings}
        if found := tuple(sign for sign in together if sign.id not in alone):
            return found[:3]
    return ()


def may_answer(open_alarm: OpenAlarm | Mapping[str, Any] | None, topic: str | None) -> bool:
    """Whether a topic may be answered: while an alarm is urgent all but the practical ones wait.

    Any text about a complaint can be heard as leave to wait: "meestal hoef je niet naar de huisarts".
    """
    known = open_alarm if isinstance(open_alarm, OpenAlarm) else OpenAlarm.of(open_alarm)
    return not (known and known.urgent and known.holds and topic and topic not in _practical_topics())


@lru_cache(maxsize=1)
def _practical_topics() -> frozenset[str]:
    return frozenset(yaml.safe_load(FILE.read_text(encoding="utf-8"))["mag_wel"])


# ---- what it does ----

_PRESSED = {
    "alarm_gebeld": Act.CALLED,
    "alarm_niemand": Act.NOBODY,
    "alarm_durf_niet": Act.AFRAID,
    "alarm_klopt_niet": Act.CLEARED,
}
# The same said in own words: cue of talk.yml, intent or act of the net, in the order in which they count.
_SAID: tuple[tuple[str, frozenset[str], Act], ...] = (
    ("geen_gehoor", frozenset({"alarm_niemand", "geen_gehoor"}), Act.NOBODY),
    ("durf_niet", frozenset({"alarm_durf_niet", "durf_niet"}), Act.AFRAID),
    ("nog_niet", frozenset(), Act.AGAIN),
    ("gezien", frozenset(), Act.SEEN),
    ("gebeld", frozenset({"alarm_gebeld", "heeft_gebeld"}), Act.CALLED),
    ("wacht", frozenset(), Act.WAIT),
    ("bagatel", frozenset({"alarm_bagatel", "bagatel"}), Act.AGAIN),
    ("gaat_bellen", frozenset({"alarm_gaat_bellen", "gaat_bellen"}), Act.WILL_CALL),
    ("klopt_niet", frozenset({"alarm_klopt_niet"}), Act.CLEARED),
)
_SETTLES = {Act.CALLED: State.CALLED, Act.SEEN: State.SEEN}
_YES, _NO = frozenset({"bevestig", "alarm_ja"}), frozenset({"ontken", "alarm_nee", "alarm_klopt_niet"})
_UNCLEAR = frozenset(
    {"", "nlu_fallback", "onzin", "groet", "bevestig", "ontken", "iets_anders", "alarm_ja", "alarm_nee"}
)
_GOODBYE = frozenset({"afscheid", "bedankt"})
_QUESTION = "vraag_"


class AlarmTalk:
    """The turns of a talk about alarms. Holds the signs and the wordings, and no talk."""

    def __init__(self, content: AlarmContent, ear: Ear) -> None:
        self._signs = content.signs
        self.ear = ear
        stems = {sign.id: self._stems(f"{sign.name} {sign.question} {sign.heard}") for sign in content.signs.values()}
        often = Counter(stem for found in stems.values() for stem in found)
        self._subject = {name: {s for s in found if often[s] <= COMMON} for name, found in stems.items()}

    def step(self, before: OpenAlarm | None, said: Said) -> Step:
        """What is said to one turn, and how the alarm stands after it."""
        cues = frozenset[str]() if said.pressed else self.ear.cues(said.text)
        known = replace(before or OpenAlarm(), remind=False)
        if known.who is None and (who := self.ear.who(cues)):
            known = replace(known, who=who)
            if known.is_open and known.state is State.SAID and not said.alarms and not said.questions:
                return self._about_another(known, said, cues)
        if said.pressed and said.intent in _PRESSED:
            return self._act(known, _PRESSED[said.intent])
        if said.alarms:
            return self._raised(known, said, cues)
        if known.is_open and known.state is State.ASKED:
            return self._after_question(known, said, cues)
        if said.together and not (known.is_open and self._own_words(known, said, cues)):
            return self._put(known, Act.ALARM, (*said.together, *known.kept))
        fresh = tuple(name for name in said.questions if not self._holds(known.kept, name))
        if fresh and not self._is_undertone(known, said, cues, fresh):
            return self._put(known, Act.QUESTION, fresh, said.waiting)
        if known.is_open:
            step = self._under_alarm(known, said, cues)
            return replace(step, signs=(*step.signs, *fresh)) if step.act else step
        return Step(None, (), before and known)

    # -- raising --

    def _raised(self, known: OpenAlarm, said: Said, cues: frozenset[str]) -> Step:
        """An alarm of this very message. Of signs that are in sight already it may say what is done about them."""
        if known.is_open and all(self._holds(known.kept, name) for name in said.alarms):
            act = self._own_words(known, said, cues)
            if act not in {None, Act.CLEARED}:
                return self._act(known, act)
        also = known.signs if known.is_open and known.state is State.SAID else ()
        return self._put(known, Act.ALARM, (*said.alarms, *said.together, *also, *known.waiting))

    def _put(self, known: OpenAlarm, act: Act, signs: tuple[str, ...], waiting: tuple[str, ...] = ()) -> Step:
        """Say or ask these signs. A question that comes while an alarm stands keeps that alarm waiting behind it."""
        if act is Act.QUESTION and known.is_open and known.state is State.SAID:
            waiting = (*known.signs, *waiting)
        signs = self._ranked(signs)
        state = State.ASKED if act is Act.QUESTION else State.SAID
        waits = tuple(name for name in self._ranked(waiting) if name not in signs) if act is Act.QUESTION else ()
        denied = tuple(name for name in known.denied if not self._holds(signs, name))
        return Step(act, signs, self._levelled(replace(known, denied=denied), signs, state, turns=0, waiting=waits))

    # -- after a question --

    def _after_question(self, known: OpenAlarm, said: Said, cues: frozenset[str]) -> Step:
        """A clear no clears what was asked; a plain question goes on with it in sight; all else is a yes."""
        if said.questions and any(self._holds(known.signs, name) for name in said.questions):
            return self._put(known, Act.ALARM, (*known.signs, *known.waiting))
        if self._denies(known, said, cues):
            return self._clear(known, said)
        fresh = tuple(name for name in said.questions if not self._holds(known.signs, name))
        if fresh:
            return self._put(known, Act.QUESTION, (*fresh, *known.signs), known.waiting)
        own = self._own_words(known, said, cues)
        if own in {Act.CALLED, Act.SEEN, Act.WILL_CALL, Act.NOBODY}:
            return self._act(replace(known, state=State.SAID), own)
        if self._asks_why(said, cues):
            return Step(Act.WHY, known.signs, self._counted(known))
        # Who plays down what was asked has not said no.
        unclear = own in {Act.AGAIN, Act.WAIT, Act.AFRAID} or (said.intent in _UNCLEAR and self._is_short(said))
        if said.intent in _YES or cues & {"ja", "tekort", "twijfel"} and not self._asks(said) or unclear:
            return self._put(known, Act.ALARM, (*known.signs, *known.waiting))
        return self._goes_on(known, said)

    def _denies(self, known: OpenAlarm, said: Said, cues: frozenset[str]) -> bool:
        if said.pressed:
            return said.intent in _NO
        if any(self._holds(known.signs, name) for name in said.denied):
            return "ja" not in cues
        if "klopt_niet" in cues:
            return True
        no = self.ear.says_no(said.text) or said.intent in _NO or said.act == "ontken" or "ontkent" in cues
        if not no or "ja" in cues:
            return False
        # "nee ik voel daar niks" answers the words of the question; "nee, gelukkig niet" its meaning.
        return not cues & {"tekort", "twijfel"}

    def _clear(self, known: OpenAlarm, said: Said) -> Step:
        """What was asked is not so. What waited behind it is said; else the talk goes on."""
        denied = (*known.denied, *(name for name in known.signs if name not in known.denied))
        cleared = replace(known, denied=denied, signs=(), state=State.DENIED, waiting=(), turns=0)
        if known.waiting:
            return self._put(cleared, Act.ALARM, known.waiting)
        return Step(None if self._asks(said) else Act.CLEARED, known.signs, cleared)

    # -- under an alarm --

    def _under_alarm(self, known: OpenAlarm, said: Said, cues: frozenset[str]) -> Step:
        own = self._own_words(known, said, cues)
        denied = self._denied_signs(known, said, cues)
        if denied and own in {None, Act.CLEARED, Act.AGAIN, Act.WAIT}:
            return self._without(known, said, denied)
        if own is not None and not (known.quiet and own in {Act.AGAIN, Act.WAIT, Act.WILL_CALL}):
            return self._act(known, own)
        if self._asks_why(said, cues):
            return self._act(known, Act.WHY)
        if said.intent in {"bevestig"} and not said.pressed and not known.quiet:
            return self._act(known, Act.WILL_CALL)
        unclear = said.intent in _UNCLEAR and self._is_short(said)
        if said.questions or (unclear and not known.quiet and known.turns == 0):
            return self._act(known, Act.AGAIN)  # a doubt about what is in sight is no new question
        return self._goes_on(known, said)

    def _own_words(self, known: OpenAlarm, said: Said, cues: frozenset[str]) -> Act | None:
        """What the patient says of the alarm itself."""
        if said.pressed:
            return None
        possible = [
            (cue, read, act)
            for cue, read, act in _SAID
            if not (act in _SETTLES and cues & {"eerder", "nog_niet"})
            and not (act is Act.CLEARED and cues & {"tekort", "twijfel"})
        ]
        for cue, _, act in possible:  # words that stand there go before what the classifier makes of them
            if cue in cues:
                return act
        for _, read, act in possible:
            # What ends an alarm is not believed on a guess of the classifier.
            heard = said.intent in read and (said.confidence >= SURE or act not in {*_SETTLES, Act.CLEARED})
            if heard or said.act in read:
                return act
        return Act.AGAIN if self.ear.bare_no(said.text) and known.state is State.SAID else None

    def _about_another(self, known: OpenAlarm, said: Said, cues: frozenset[str]) -> Step:
        """It turns out that somebody else is ill: who writes may phone for them."""
        if self._own_words(known, said, cues) in {None, Act.CLEARED} and not self._asks(said):
            return self._act(known, Act.FOR_ANOTHER)
        return self._under_alarm(known, said, cues)

    def _act(self, known: OpenAlarm, act: Act) -> Step:
        if act is Act.CLEARED:
            denied = (*known.denied, *(name for name in known.signs if name not in known.denied))
            return Step(act, known.signs, replace(known, denied=denied, signs=(), state=State.DENIED, waiting=()))
        if act in _SETTLES:
            return Step(act, known.signs, replace(known, state=_SETTLES[act], waiting=()))
        return Step(act, known.signs, self._counted(known))

    def _denied_signs(self, known: OpenAlarm, said: Said, cues: frozenset[str]) -> list[str]:
        """Signs in sight of which the message says that they are not so: to the rules, or in words such as theirs."""
        denied = [name for name in said.denied if self._holds(known.signs, name)]
        if said.pressed or "ontkent" not in cues or cues & {"tekort", "twijfel", "ja"}:
            return denied
        stems = self._stems(said.text)
        return [*denied, *(name for name in known.signs if stems & self._subject.get(name, set()))]

    def _without(self, known: OpenAlarm, said: Said, denied: list[str]) -> Step:
        """Signs of the alarm that the message denies go; what is left of it stays."""
        gone = tuple(name for name in known.signs if any(self._alike(name, other) for other in denied))
        left = tuple(name for name in known.signs if name not in gone)
        after = replace(known, denied=(*known.denied, *gone))
        if left:
            return self._goes_on(self._levelled(after, left, known.state, turns=known.turns, waiting=()), said)
        cleared = replace(after, signs=(), state=State.DENIED, waiting=())
        return Step(None if self._asks(said) else Act.CLEARED, gone, cleared)

    def _goes_on(self, known: OpenAlarm, said: Said) -> Step:
        """The ordinary answer, with the alarm in sight: always while urgent, at vandaag twice and at the goodbye."""
        remind = not known.quiet or said.intent in _GOODBYE
        return Step(None, (), replace(self._counted(known), remind=remind))

    # -- small --

    def _stems(self, text: str) -> set[str]:
        return {word[:STEM] for word in self.ear.words(text) if len(word) >= STEM}

    def _is_short(self, said: Said) -> bool:
        return len(self.ear.words(said.text)) <= LONG

    def _is_undertone(self, known: OpenAlarm, said: Said, cues: frozenset[str], fresh: tuple[str, ...]) -> bool:
        """Whether despair is doubted in what plays an urgent alarm down: "ik wil niemand tot last zijn".

        The alarm is held then, and the words for a crisis stand under it.
        """
        crisis = all(self._signs[name].crisis for name in fresh if name in self._signs)
        own = self._own_words(known, said, cues) if known.urgent else None
        return crisis and own in {Act.AGAIN, Act.WAIT, Act.AFRAID}

    def _asks_why(self, said: Said, cues: frozenset[str]) -> bool:
        return said.intent == "waarom" or ("waarom" in cues and self._is_short(said))

    def _asks(self, said: Said) -> bool:
        """Whether the message asks about a topic, beside what it may say of the alarm."""
        if said.pressed or said.acts:
            return said.intent.startswith(_QUESTION) and (said.pressed or said.acts.get("vraag", 0.0) >= ASKS)
        return said.intent.startswith(_QUESTION) and self.ear.asks(said.text)

    @staticmethod
    def _counted(known: OpenAlarm) -> OpenAlarm:
        return replace(known, turns=known.turns + 1) if known.is_open else known

    def _levelled(
        self, known: OpenAlarm, signs: tuple[str, ...], state: State, *, turns: int, waiting: tuple[str, ...]
    ) -> OpenAlarm:
        found = [self._signs[name] for name in (*signs, *waiting) if name in self._signs]
        level = max((sign.urgency for sign in found), default=Urgency.SPOED_NU)
        crisis = any(sign.crisis for sign in found)
        holds = not found or any(sign.call != "veilig_thuis" for sign in found)
        return replace(
            known, signs=signs, state=state, level=level.code, crisis=crisis, holds=holds, turns=turns, waiting=waiting
        )

    def _ranked(self, signs: Iterable[str]) -> tuple[str, ...]:
        known = [self._signs[name] for name in dict.fromkeys(signs) if name in self._signs]
        return tuple(sign.id for sign in sorted(known, key=lambda sign: (-sign.urgency, not sign.crisis)))

    def _holds(self, signs: Iterable[str], name: str) -> bool:
        """Whether a sign, or one of its group that is no less urgent, is among these."""
        return any(self._alike(other, name) and self._urgency(other) >= self._urgency(name) for other in signs)

    def _alike(self, one: str, other: str) -> bool:
        a, b = self._signs.get(one), self._signs.get(other)
        return one == other or bool(a and b and a.group and a.group == b.group)

    def _urgency(self, name: str) -> Urgency:
        sign = self._signs.get(name)
        return sign.urgency if sign else Urgency.GEEN
