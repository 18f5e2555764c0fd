"""Whether a message is an alarm: what the rules found, what the net says, what the talk remembers, in; a verdict, out.

Pure and quick, without Rasa: the engine, the figures and the tests call the same function. The numbered rules are those
of docs/decisions/0007-alarm-detector.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Protocol

from alarm.detector import Scan
from alarm.load import Sign, Urgency
from alarm.scope import Status

# What the net tells apart: the level of an alarm, each with the group of signs that it hears.
LEVELS = ("112", "spoed", "huisarts", "afspraak", "crisis", "nu_gevaar")
ALARM_INTENTS = frozenset(f"alarm_{level}" for level in LEVELS)
ADVICE = "afspraak"  # the one level that calls for nothing today
_WANTED = {
    "112": Urgency.BEL_112,
    "spoed": Urgency.SPOED_NU,
    "huisarts": Urgency.VANDAAG,
    "afspraak": Urgency.AFSPRAAK,
    "crisis": Urgency.SPOED_NU,
    "nu_gevaar": Urgency.BEL_112,
}
# Groups that people name in one breath: what the net cannot tell apart among them counts together.
FAMILIES = (frozenset({"blaas", "darm", "rijbroek"}), frozenset({"wanhoop", "nu_gevaar"}))
DESPAIR = frozenset({"wanhoop", "nu_gevaar"})


@dataclass(frozen=True)
class Limits:
    """Every number of the decision: chances from 0 to 1, words of a message. Set in config.yml, chosen on curves."""

    confirm_above: float = 0.02
    """All alarm classes together: below it a spoed sign that the rules assert is asked about, not said."""
    confirm_today_above: float = 0.2
    """The same for a sign of vandaag: there a question is nearly as good as an alarm."""
    worse_above: float = 0.5
    """Levels above that of a sign which the rules assert, in its own group: its worse sign is said in front."""
    doubt_above: float = 0.08
    """All alarm classes together: below it a sign that the rules doubt is not asked about."""
    crisis_doubt_above: float = 0.03
    """The same for a doubt about a life."""
    confirm_doubt_above: float = 0.7
    """The group of a sign that the rules doubt: above it the sign is said, not asked about."""
    scrap_words: int = 5
    """Of a message this short the net knows too little to take a doubt, or an alarm, of the rules away."""
    ask_above: float = 0.5
    """A group in the whole message: above it the net asks by itself."""
    sure_above: float = 0.85
    """A group in the whole message: above it the net raises the alarm by itself. At vandaag it asks at most."""
    few_words: int = 4
    """A shorter message holds too little for the net to raise anything by itself, unless it is very sure."""
    long_words: int = 20
    """A longer message is read part by part as well: a story is likely to look like an alarm as a whole."""
    part_above: float = 0.4
    """A group in the best part of a long message, without which what the whole says does not count."""
    part_ask_above: float = 0.85
    """A group in one part of a long message, where the whole only hints at it: the net asks."""
    part_sure_above: float = 0.97
    """The same: the net raises the alarm."""
    light_above: float = 0.1
    """A group in the whole of a long message: the least light in which one part counts."""
    overrule_above: float = 0.95
    """A group of which the rules saw every sign denied, past or asked about as knowledge: above it the net asks."""
    ask_beside_denial_above: float = 0.7
    """Another group in a message that denies something: above it the net asks."""
    worst_share: float = 0.5
    """112, of what the net gives a group: the level is 112."""
    urgent_share: float = 0.3
    """112 and spoed, of what the net gives a group: the level is spoed."""
    crisis_sure_above: float = 0.75
    """Despair and danger together: an alarm."""
    crisis_ask_above: float = 0.3
    """The same: a question."""
    crisis_overrule_above: float = 0.9
    """The same, where the rules saw it denied or meant otherwise: a question; where they doubt it: an alarm."""
    crisis_beside_above: float = 0.25
    """Beside another alarm: the words for a crisis stand under it, which name the number and do not say it is so."""
    crisis_doubted_beside_above: float = 0.08
    """The same where the rules doubted it too."""
    danger_share: float = 0.5
    """Danger now, of despair and danger together: the crisis is one of now."""
    advice_above: float = 0.2
    """A group with its appointments: below a question, one line of advice under the answer."""
    watch_above: float = 0.12
    """A group: too faint for a question, but the safety net under the answer should name it."""

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Limits:
        """The limits with those that are set otherwise. Raises ValueError for a name that is none of them."""
        if unknown := sorted(set(values) - set(cls.__dataclass_fields__)):
            raise ValueError(f"{unknown[0]!r} is no limit; the limits are the fields of alarm.decide.Limits")
        return cls(**values)


Chances = Mapping[str, float]  # "<level>:<group>" -> chance


@dataclass(frozen=True)
class NetReading:
    """What the net gives the whole message and each part of it. What is not named has no chance."""

    whole: Chances
    parts: tuple[Chances, ...] = ()

    @classmethod
    def of(cls, found: Mapping[str, Any] | None) -> NetReading | None:
        """From what stands on a message: {"whole": {...}, "parts": [{"chances": {...}}, ...]}."""
        if not found:
            return None
        return cls(found["whole"], tuple(part["chances"] for part in found.get("parts") or ()))


class Remembered(Protocol):
    """What the decision asks of an open alarm: alarm.talk.OpenAlarm."""

    @property
    def kept(self) -> tuple[str, ...]:
        """Ids of the signs that are in sight."""

    @property
    def denied(self) -> tuple[str, ...]:
        """Ids of the signs that the patient said are not so."""


@dataclass(frozen=True)
class Verdict:
    """`signs` are what the reply is about, the most urgent first: an alarm if `sure`, else a question."""

    signs: tuple[Sign, ...] = ()
    sure: bool = False
    advice: Sign | None = None  # one line under the ordinary answer
    waiting: tuple[Sign, ...] = ()  # sure, but less urgent than what is asked: said once that is denied
    watch: tuple[Sign, ...] = ()  # too faint to ask about: for the safety net under the answer
    denied: tuple[Sign, ...] = ()  # what the message itself says is not so

    @property
    def alarms(self) -> tuple[Sign, ...]:
        return self.signs if self.sure else ()

    @property
    def questions(self) -> tuple[Sign, ...]:
        return () if self.sure else self.signs

    @property
    def urgency(self) -> Urgency:
        raised = self.signs or ((self.advice,) if self.advice else ())
        return max((sign.urgency for sign in raised), default=Urgency.GEEN)

    @property
    def crisis(self) -> bool:
        return any(sign.crisis for sign in self.signs)

    def to_json(self) -> dict[str, Any]:
        """What stands on the message as `alarm`; signs by their ids."""
        ids = {
            name: [sign.id for sign in signs]
            for name, signs in (
                ("signs", self.alarms),
                ("questions", self.questions),
                ("waiting", self.waiting),
                ("watch", self.watch),
                ("denied", self.denied),
            )
        }
        advice = self.advice.id if self.advice else None
        return {**ids, "advice": advice, "urgency": self.urgency.code, "crisis": self.crisis}


class Names:
    """Which sign a reading of the net names. Made once of all signs."""

    def __init__(self, signs: Iterable[Sign]) -> None:
        self.signs = {sign.id: sign for sign in signs}
        self._groups: dict[str, list[Sign]] = {}
        for sign in self.signs.values():
            if sign.group:
                self._groups.setdefault(sign.group, []).append(sign)

    def name(self, group: str, level: str, seen: Iterable[Sign] = ()) -> Sign | None:
        """The sign of a group nearest a level: of what the rules have `seen` of it first, then the one marked `net`."""
        wanted = _WANTED[level]
        found = [sign for sign in seen if sign.group == group] or self._groups.get(group, [])
        if level in {"crisis", "nu_gevaar"}:
            found = [sign for sign in found if sign.crisis] or found
        elif level == "huisarts":
            # "This week" is an appointment where that is what the group's marked sign calls for.
            found = [s for s in found if Urgency.AFSPRAAK <= s.urgency <= wanted and s.net] or found
        if not found:
            return None
        return min(found, key=lambda sign: (abs(sign.urgency - wanted), not sign.net, -sign.urgency, sign.id))


@dataclass(frozen=True)
class _Claim:
    sign: Sign
    sure: bool


@dataclass(frozen=True)
class _Heard:
    """What the net gives a family of groups. `level` and `group` are the likeliest in it."""

    whole: float
    part: float  # of the part that gives it most
    advice: float  # of its appointments, in the whole
    group: str
    level: str


@dataclass(frozen=True)
class _Case:
    """One message with all that is known of it."""

    scan: Scan
    net: NetReading | None
    names: Names
    limits: Limits
    open: Remembered | None = None

    @cached_property
    def asserted(self) -> tuple[Sign, ...]:
        return tuple(sign for sign in self.scan.alarms if sign.calls_for_action)

    @cached_property
    def dismissed(self) -> tuple[Sign, ...]:
        """What the rules saw and judged as not meant; none of it was also meant."""
        meant = {f.sign.id for f in self.scan.findings if f.is_alarm or f.is_question}
        return tuple({f.sign.id: f.sign for f in self.scan.findings if f.sign.id not in meant}.values())

    @cached_property
    def denied(self) -> tuple[Sign, ...]:
        meant = {f.sign.id for f in self.scan.findings if f.is_alarm or f.is_question}
        found = {f.sign.id: f.sign for f in self.scan.findings if f.status is Status.DENIED}
        return tuple(sign for name, sign in found.items() if name not in meant)

    @cached_property
    def seen(self) -> tuple[Sign, ...]:
        return (*self.asserted, *self.scan.questions)

    @cached_property
    def support(self) -> float:
        """All that the net gives to alarms, in the whole or in its strongest part."""
        if self.net is None:
            return 0.0
        return max(sum(chances.values()) for chances in (self.net.whole, *self.net.parts))

    @cached_property
    def is_scrap(self) -> bool:
        return self.scan.words <= self.limits.scrap_words

    @cached_property
    def heard(self) -> tuple[_Heard, ...]:
        """What the net gives each family, the strongest first."""
        if self.net is None:
            return ()
        whole, *parts = (_families(chances) for chances in (self.net.whole, *self.net.parts))
        families = dict.fromkeys(family for found in (whole, *parts) for family in found)
        heard = (self._of(whole.get(family, {}), [p[family] for p in parts if family in p]) for family in families)
        return tuple(sorted(heard, key=lambda h: (-h.whole, h.group)))

    def _of(self, whole: _Family, parts: list[_Family]) -> _Heard:
        part = max(parts, key=_urgent, default={})
        by_level, by_group = dict.fromkeys(LEVELS, 0.0), dict[str, float]()
        for (level, group), chance in (*whole.items(), *part.items()):
            by_level[level] = by_level.get(level, 0.0) + chance
            by_group[group] = by_group.get(group, 0.0) + chance
        calm = sum(chance for (level, _), chance in whole.items() if level == ADVICE)
        group = max(sorted(by_group), key=by_group.__getitem__)
        return _Heard(_urgent(whole), _urgent(part), calm, group, self._level(by_level))

    def _level(self, chances: Chances) -> str:
        """Rule 5: of two levels the higher is taken as soon as it has its share."""
        crisis = chances["crisis"] + chances["nu_gevaar"]
        bodily = chances["112"] + chances["spoed"] + chances["huisarts"]
        if crisis > bodily:
            return "nu_gevaar" if chances["nu_gevaar"] >= self.limits.danger_share * crisis else "crisis"
        if not bodily:
            return ADVICE
        if chances["112"] >= self.limits.worst_share * bodily:
            return "112"
        return "spoed" if bodily - chances["huisarts"] >= self.limits.urgent_share * bodily else "huisarts"

    def chance(self, sign: Sign) -> float:
        """What the net gives the group of a sign, in the whole or in its strongest part."""
        return next((max(h.whole, h.part) for h in self.heard if sign.group in _family(h.group)), 0.0)


_Family = dict[tuple[str, str], float]  # (level, group) -> chance


def _families(chances: Chances) -> dict[frozenset[str], _Family]:
    found: dict[frozenset[str], _Family] = {}
    for name, chance in chances.items():
        family, pair = _placed(name)
        found.setdefault(family, {})[pair] = chance
    return found


@cache
def _placed(name: str) -> tuple[frozenset[str], tuple[str, str]]:
    """The family that "<level>:<group>" belongs to, and the two apart. There are some hundred names."""
    level, _, group = name.partition(":")
    return _family(group), (level, group)


def _family(group: str) -> frozenset[str]:
    return _FAMILY_OF.get(group) or frozenset({group})


_FAMILY_OF = {group: family for family in FAMILIES for group in family}


def _urgent(family: _Family) -> float:
    return sum(chance for (level, _), chance in family.items() if level != ADVICE)


def decide(
    scan: Scan,
    net: NetReading | None,
    names: Names,
    limits: Limits | None = None,
    open_alarm: Remembered | None = None,
) -> Verdict:
    """The verdict on one message. Without a net the rules decide alone."""
    case = _Case(scan, net, names, limits or Limits(), open_alarm)
    claims = [*_rules_say_the_worst(case), *_rules_assert(case), *_it_is_worse(case), *_rules_doubt(case)]
    claims += [*_net_proposes(case), *_net_hears_despair(case, claims)]
    return _settle(case, claims)


def _rules_say_the_worst(case: _Case) -> list[_Claim]:
    """Rule 1: 112 and a crisis that the rules assert stand, whatever the net says."""
    return [_Claim(s, True) for s in case.asserted if s.urgency is Urgency.BEL_112 or s.crisis]


def _rules_assert(case: _Case) -> list[_Claim]:
    """Rule 2: another sign that the rules assert is said where the net supports it a little, else asked about."""
    found = []
    for sign in case.asserted:
        if sign.urgency is Urgency.BEL_112 or sign.crisis:
            continue
        urgent = sign.urgency >= Urgency.SPOED_NU
        enough = case.limits.confirm_above if urgent else case.limits.confirm_today_above
        found.append(_Claim(sign, case.net is None or case.is_scrap or case.support >= enough))
    return found


def _it_is_worse(case: _Case) -> list[_Claim]:
    """Rule 3: the net may know that what the rules assert is worse than they say, in the same group."""
    if case.net is None:
        return []
    found = []
    for sign in case.asserted:
        for level in ("112", "spoed"):
            above = sum(case.net.whole.get(f"{name}:{sign.group}", 0.0) for name in LEVELS[: LEVELS.index(level) + 1])
            worse = case.names.name(sign.group, level)
            if above >= case.limits.worse_above and worse and worse.urgency > sign.urgency and not sign.crisis:
                # What only the net knows is said where it is sure, else asked: nobody hears of what they did not write.
                found.append(_Claim(worse, above >= case.limits.confirm_doubt_above))
                break
    return found


def _rules_doubt(case: _Case) -> list[_Claim]:
    """Rule 4: what the rules doubt is asked about, said where the net is sure of it, dropped where it sees nothing."""
    limits = case.limits
    found = []
    for sign in case.scan.questions:
        if case.net is not None and not case.is_scrap:
            enough = limits.crisis_doubt_above if sign.crisis else limits.doubt_above
            if case.support < enough:
                continue
        confirm = limits.crisis_overrule_above if sign.crisis else limits.confirm_doubt_above
        sure = case.chance(sign) >= confirm and (sign.urgency >= Urgency.SPOED_NU or sign.crisis)
        found.append(_Claim(sign, sure))
    return found


def _net_proposes(case: _Case) -> list[_Claim]:
    """Rule 5: the net raises by itself only what it can name, in the whole and, in a long message, in a part."""
    found = []
    for heard in case.heard:
        sign = case.names.name(heard.group, heard.level)
        if sign is None or not sign.calls_for_action or sign.crisis or _known(case, sign, heard):
            continue
        ask, sure = _needed(case, sign)
        if _reaches(case, heard, sure, case.limits.part_sure_above) and sign.urgency >= Urgency.SPOED_NU:
            found.append(_Claim(sign, True))
        elif _reaches(case, heard, ask, case.limits.part_ask_above):
            found.append(_Claim(sign, False))
    return found


def _known(case: _Case, sign: Sign, heard: _Heard) -> bool:
    """Whether the rules, or the talk, already have a sign of this family that is no less urgent."""
    kept = [case.names.signs[name] for name in (case.open.kept if case.open else ()) if name in case.names.signs]
    family = _family(heard.group)
    return any(other.group in family and other.urgency >= sign.urgency for other in (*case.seen, *kept))


def _needed(case: _Case, sign: Sign) -> tuple[float, float]:
    """Rule 6: how sure the net must be to ask and to say. What the patient denied, only a very sure net asks about."""
    limits, never = case.limits, 2.0
    family = _family(sign.group)
    remembered = [case.names.signs[n] for n in (case.open.denied if case.open else ()) if n in case.names.signs]
    if any(other.group in family for other in (*case.dismissed, *remembered)):
        return limits.overrule_above, never
    if case.scan.about_subject or case.scan.words < limits.few_words:
        return limits.overrule_above, never
    if case.dismissed:
        return max(limits.ask_beside_denial_above, limits.ask_above), never
    return limits.ask_above, limits.sure_above


def _reaches(case: _Case, heard: _Heard, enough: float, part_enough: float) -> bool:
    """Whether a family has enough: in a short message as a whole; in a long one in a part and in its light."""
    limits = case.limits
    if not (case.net and case.net.parts) or case.scan.words <= limits.long_words:
        return heard.whole >= enough
    if heard.whole >= enough and heard.part >= limits.part_above:
        return True
    return heard.part >= max(enough, part_enough) and heard.whole >= limits.light_above


def _net_hears_despair(case: _Case, claims: list[_Claim]) -> list[_Claim]:
    """Rule 7: despair that the net hears is said or asked about; beside another alarm its words stand under that."""
    limits = case.limits
    heard = next((h for h in case.heard if h.group in DESPAIR), None)
    if heard is None or heard.level not in {"crisis", "nu_gevaar"}:
        return []
    doubted = [sign for sign in case.scan.questions if sign.crisis]
    sign = case.names.name(heard.group, heard.level, () if heard.level == "nu_gevaar" else doubted)
    if sign is None or any(c.sign.crisis and c.sure and c.sign.urgency >= sign.urgency for c in claims):
        return []
    chance = max(heard.whole, heard.part if heard.whole >= limits.light_above else 0.0)
    denied = any(other.crisis for other in case.dismissed) or (case.scan.about_subject and not doubted)
    if any(claim.sure for claim in claims):
        enough = limits.crisis_doubted_beside_above if doubted else limits.crisis_beside_above
        if any(claim.sign.crisis for claim in claims if claim.sure):
            enough = limits.crisis_sure_above
        return [_Claim(sign, True)] if chance >= enough and not denied else []
    if denied or case.scan.words < limits.few_words:
        return [_Claim(sign, False)] if chance >= limits.crisis_overrule_above else []
    now = heard.level == "nu_gevaar"  # a doubt of the rules about despair holds danger now not back
    if chance >= (limits.crisis_overrule_above if doubted and not now else limits.crisis_sure_above):
        return [_Claim(sign, True)]
    return [_Claim(sign, False)] if chance >= limits.crisis_ask_above and not doubted else []


def _settle(case: _Case, claims: list[_Claim]) -> Verdict:
    """Rule 8: an alarm goes before a question, unless what is asked is spoed or worse and the alarm is less."""
    said = {c.sign.id: c.sign for c in claims if c.sure}
    asked = {c.sign.id: c.sign for c in claims if c.sign.id not in said}
    top = max((sign.urgency for sign in said.values()), default=Urgency.GEEN)
    worse = [s for s in asked.values() if s.urgency > top and s.urgency >= Urgency.SPOED_NU]
    rest = Verdict(watch=_watched(case, {*said, *asked}), denied=case.denied)
    if said and worse and not any(sign.crisis for sign in said.values()):
        return _with(rest, signs=_ranked(worse), waiting=_ranked(said.values()))
    if said:
        return _with(rest, signs=_ranked(said.values()), sure=True)
    if asked:
        return _with(rest, signs=_ranked(asked.values()))
    return _with(rest, advice=_advice(case))


def _with(verdict: Verdict, **changes: Any) -> Verdict:
    return Verdict(**{"watch": verdict.watch, "denied": verdict.denied, **changes})


def _advice(case: _Case) -> Sign | None:
    """Rule 9: a sign to speak about: one that the rules assert, else what the net hears too faintly to ask about."""
    calm = [sign for sign in case.scan.alarms if sign.urgency is Urgency.AFSPRAAK]
    if calm:
        return calm[0]
    past = {f.sign.group for f in case.scan.findings if f.status is Status.PAST}
    for heard in sorted(case.heard, key=lambda h: -(h.whole + h.advice)):
        if heard.whole + heard.advice >= case.limits.advice_above and heard.group not in past:
            sign = case.names.name(heard.group, ADVICE)
            return sign if sign and sign.urgency is Urgency.AFSPRAAK else case.names.signs.get(GENERAL_ADVICE)
    return None


GENERAL_ADVICE = "ALG_afspraak"  # "speak about it": it names nothing, and raises nothing


def _watched(case: _Case, raised: set[str]) -> tuple[Sign, ...]:
    """Rule 10: what was seen and is neither said nor asked, so that the safety net may name it."""
    dropped = [sign for sign in case.scan.questions if sign.id not in raised]
    faint = [
        sign
        for heard in case.heard
        if max(heard.whole, heard.part) >= case.limits.watch_above
        and (sign := case.names.name(heard.group, heard.level))
        and sign.id not in raised
    ]
    return _ranked([*dropped, *faint])


def _ranked(signs: Iterable[Sign]) -> tuple[Sign, ...]:
    unique = {sign.id: sign for sign in signs}
    return tuple(sorted(unique.values(), key=lambda sign: (-sign.urgency, not sign.crisis, sign.id)))
