"""The decision, rule by rule: what the rules found and what the net says, in; what is said or asked, out."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import process_time

import pytest

from alarm import LEVELS, Detector, Limits, Names, NetReading, Scan, Verdict, decide, load_alarm_content
from alarm.load import GROUPS

CONTENT = load_alarm_content(Path(__file__).parents[2] / "content" / "alarm")
RULES = Detector(CONTENT)
NAMES = Names(CONTENT.signs.values())
LIMITS = Limits()
A_LITTLE = 0.001

URGENT = "sinds vannacht lukt het mij in dit huis echt niet meer om te plassen"
TODAY = "sinds gisteravond heb ik rugpijn en ook koorts erbij gekregen, 38,9"
CRISIS = "ik wil dood"
CHEST = "ik heb pijn op mijn borst en kan niet ademen"
DENIED = "ik heb geen koorts en ik kan gewoon plassen, alles gaat goed hier"
PAST = "vorig jaar kon ik een tijd niet plassen, dat is nu over, mag ik sporten"
DOUBTED = "alles is doof de laatste tijd bij mij"
DOUBTED_LIFE = "het is op, ik ben er helemaal klaar mee, met alles"
ABOUT = "wat is een hernia en wat voor klachten geeft dat dan"
PLAIN = "zeg maar wat ik hier nu mee aan moet want ik weet het niet"
STORY = (
    "gisteren na het klussen dacht ik nog dat het wel ging maar vanmorgen bij het opstaan was het weer raak zeg, en "
    * 2
)


@dataclass(frozen=True)
class Case:
    """What is said, what the net gives it, and what must come of it."""

    text: str
    net: dict[str, float] | None
    sure: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    parts: tuple[dict[str, float], ...] = ()


def verdict(text: str, net: dict[str, float] | None, parts: tuple[dict[str, float], ...] = ()) -> Verdict:
    return decide(RULES.scan(text), None if net is None else NetReading(net, parts), NAMES)


def ids(signs: tuple) -> tuple[str, ...]:  # type: ignore[type-arg]
    return tuple(sign.id for sign in signs)


def test_the_texts_used_here_are_what_they_are_called() -> None:
    assert ids(RULES.scan(URGENT).alarms) == ("CES01_niet_plassen",)
    assert ids(RULES.scan(TODAY).alarms) == ("INF01_koorts",)
    assert RULES.scan(DENIED).dismissed
    assert RULES.scan(PAST).dismissed
    assert ids(RULES.scan(DOUBTED).questions) == ("CES05_rijbroek",)
    assert ids(RULES.scan(DOUBTED_LIFE).questions) == ("PSY02_verkapt",)
    assert RULES.scan(ABOUT).about_subject
    assert not RULES.scan(PLAIN).findings
    assert not RULES.scan(STORY).findings
    assert RULES.scan(STORY).words > LIMITS.long_words
    assert all(RULES.scan(text).words > LIMITS.scrap_words for text in (URGENT, TODAY, DOUBTED, DOUBTED_LIFE))


CASES = {
    # Without a net the rules decide alone.
    "no net: asserted": Case(URGENT, None, sure=("CES01_niet_plassen",)),
    "no net: today": Case(TODAY, None, sure=("INF01_koorts",)),
    "no net: doubted": Case(DOUBTED, None, asked=("CES05_rijbroek",)),
    "no net: denied": Case(DENIED, None),
    "no net: nothing": Case(PLAIN, None),
    # 1. The worst stands.
    "1: a crisis needs no net": Case(CRISIS, {}, sure=("PSY01_suicide",)),
    "1: 112 needs no net": Case(CHEST, {}, sure=("CAR01_hart", "CAR02_benauwd")),
    # 2. The rest needs a little support.
    "2: spoed with support": Case(URGENT, {"spoed:blaas": LIMITS.confirm_above}, sure=("CES01_niet_plassen",)),
    "2: support of another group counts": Case(URGENT, {"huisarts:nier": 0.1}, sure=("CES01_niet_plassen",)),
    "2: support of one part counts": Case(URGENT, {}, ("CES01_niet_plassen",), (), ({"spoed:blaas": 0.3},)),
    "2: spoed without is asked": Case(URGENT, {"spoed:blaas": 0.01}, asked=("CES01_niet_plassen",)),
    "2: today with support": Case(TODAY, {"huisarts:koorts": LIMITS.confirm_today_above}, sure=("INF01_koorts",)),
    "2: today without is asked": Case(TODAY, {"huisarts:koorts": 0.1}, asked=("INF01_koorts",)),
    "2: a scrap needs none": Case("kan niet plassen", {}, sure=("CES01_niet_plassen",)),
    # 3. The net may know that it is worse.
    "3: worse in the same group": Case(
        TODAY, {"112:koorts": LIMITS.confirm_doubt_above}, sure=("INF04_sepsis", "INF01_koorts")
    ),
    "3: worse, but the net is not sure": Case(TODAY, {"112:koorts": LIMITS.worse_above}, asked=("INF04_sepsis",)),
    "3: not by a little": Case(TODAY, {"112:koorts": 0.4}, sure=("INF01_koorts",)),
    # 4. Doubt is asked about.
    "4: asked": Case(DOUBTED, {"spoed:rijbroek": LIMITS.doubt_above}, asked=("CES05_rijbroek",)),
    "4: dropped": Case(DOUBTED, {"spoed:rijbroek": LIMITS.doubt_above - A_LITTLE}),
    "4: confirmed by its own name": Case(
        DOUBTED, {"spoed:rijbroek": LIMITS.confirm_doubt_above}, sure=("CES05_rijbroek",)
    ),
    "4: a scrap is asked about": Case("alles is doof", {}, asked=("CES05_rijbroek",)),
    "4: a life is asked about sooner": Case(
        DOUBTED_LIFE, {"crisis:wanhoop": LIMITS.crisis_doubt_above}, asked=("PSY02_verkapt",)
    ),
    "4: but not for nothing": Case(DOUBTED_LIFE, {}),
    # 5. The net by itself, by name.
    "5: says": Case(PLAIN, {"spoed:blaas": LIMITS.sure_above}, sure=("CES01_niet_plassen",)),
    "5: asks": Case(PLAIN, {"spoed:blaas": LIMITS.ask_above}, asked=("CES01_niet_plassen",)),
    "5: not below": Case(PLAIN, {"spoed:blaas": LIMITS.ask_above - A_LITTLE}),
    "5: levels of a group count together": Case(
        PLAIN, {"spoed:benen_kracht": 0.3, "huisarts:benen_kracht": 0.3}, asked=("NEU02_kracht_toeneemt",)
    ),
    "5: groups of a family count together": Case(
        PLAIN, {"spoed:blaas": 0.4, "spoed:rijbroek": 0.2}, asked=("CES01_niet_plassen",)
    ),
    "5: other groups do not": Case(PLAIN, {"spoed:blaas": 0.4, "spoed:borst": 0.4}),
    "5: today is asked about, however sure": Case(PLAIN, {"huisarts:koorts": 0.99}, asked=("INF01_koorts",)),
    "5: an appointment raises nothing": Case(PLAIN, {"afspraak:reuma": 0.99}),
    "5: danger by another is no crisis": Case(PLAIN, {"crisis:geweld": 0.9}, sure=("PSY05_geweld",)),
    "5: a story needs a part that says it": Case(STORY, {"spoed:blaas": 0.9}, (), (), ({"spoed:blaas": 0.1},)),
    "5: a story with such a part": Case(
        STORY, {"spoed:blaas": 0.9}, ("CES01_niet_plassen",), (), ({"spoed:blaas": LIMITS.part_above},)
    ),
    "5: a part in the light of the whole": Case(
        STORY, {"spoed:blaas": 0.1}, (), ("CES01_niet_plassen",), ({}, {"spoed:blaas": LIMITS.part_ask_above})
    ),
    "5: a part without that light": Case(STORY, {"spoed:blaas": 0.05}, (), (), ({"spoed:blaas": 0.99},)),
    "5: one word raises nothing": Case("soms", {"spoed:blaas": 0.9}),
    "5: but is asked about by a very sure net": Case("plasdrang", {"spoed:blaas": 0.99}, asked=("CES01_niet_plassen",)),
    # 6. What was denied.
    "6: denied": Case(DENIED, {"huisarts:koorts": LIMITS.overrule_above - A_LITTLE}),
    "6: denied, but the net is very sure": Case(
        DENIED, {"huisarts:koorts": LIMITS.overrule_above}, asked=("INF01_koorts",)
    ),
    "6: past": Case(PAST, {"spoed:blaas": 0.9}),
    "6: another group beside a denial": Case(
        DENIED, {"spoed:benen_kracht": LIMITS.ask_beside_denial_above}, asked=("NEU02_kracht_toeneemt",)
    ),
    "6: but not as easily": Case(DENIED, {"spoed:benen_kracht": LIMITS.ask_above}),
    "6: a question about the subject": Case(ABOUT, {"spoed:rijbroek": 0.9}),
    # 7. Despair.
    "7: said": Case(PLAIN, {"crisis:wanhoop": LIMITS.crisis_sure_above}, sure=("PSY02_verkapt",)),
    "7: asked": Case(PLAIN, {"crisis:wanhoop": LIMITS.crisis_ask_above}, asked=("PSY02_verkapt",)),
    "7: danger now": Case(PLAIN, {"nu_gevaar:nu_gevaar": 0.5, "crisis:wanhoop": 0.4}, sure=("PSY03_nu_gevaar",)),
    "7: doubted by the rules, asked as long as the net is not very sure": Case(
        DOUBTED_LIFE, {"crisis:wanhoop": LIMITS.crisis_sure_above}, asked=("PSY02_verkapt",)
    ),
    "7: a doubt does not hold danger back": Case(
        DOUBTED_LIFE, {"nu_gevaar:nu_gevaar": LIMITS.crisis_sure_above}, sure=("PSY03_nu_gevaar",)
    ),
    "7: beside another alarm its words stand under it": Case(
        URGENT, {"crisis:wanhoop": LIMITS.crisis_beside_above}, sure=("CES01_niet_plassen", "PSY02_verkapt")
    ),
    "7: one word is asked about at most": Case("leven", {"crisis:wanhoop": 0.95}, asked=("PSY02_verkapt",)),
    "7: a crisis of the rules is not doubled": Case(CRISIS, {"crisis:wanhoop": 0.99}, sure=("PSY01_suicide",)),
    "7: but may be one of now": Case(CRISIS, {"nu_gevaar:nu_gevaar": 0.99}, sure=("PSY03_nu_gevaar", "PSY01_suicide")),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_is_said_and_what_is_asked(case: Case) -> None:
    found = verdict(case.text, case.net, case.parts)
    assert (ids(found.alarms), ids(found.questions)) == (case.sure, case.asked)


def test_what_is_asked_goes_first_where_it_is_worse_and_the_alarm_waits() -> None:
    found = verdict("Ik heb koorts en rugpijn. En alles is doof.", None)
    assert ids(found.questions) == ("CES05_rijbroek",)
    assert ids(found.waiting) == ("INF01_koorts",)


def test_one_line_of_advice_for_what_is_too_faint_to_ask_about() -> None:
    assert verdict(PLAIN, {"afspraak:reuma": 0.1, "huisarts:reuma": 0.1}).advice is CONTENT.signs["REU01_ochtendstijf"]
    assert verdict(PLAIN, {"afspraak:reuma": 0.1}).advice is None
    assert verdict("mijn teen is doof", None).advice is CONTENT.signs["NEU04_gevoel_een_been"]


def test_what_is_too_faint_for_a_question_is_for_the_safety_net() -> None:
    assert ids(verdict(PLAIN, {"spoed:blaas": LIMITS.watch_above}).watch) == ("CES01_niet_plassen",)
    assert verdict(PLAIN, {"spoed:blaas": LIMITS.watch_above - A_LITTLE}).watch == ()
    assert ids(verdict(DOUBTED, {}).watch) == ("CES05_rijbroek",)


def test_what_the_message_denies_is_named() -> None:
    assert {"INF01_koorts"} <= set(ids(verdict(DENIED, None).denied))
    assert verdict(PAST, None).denied == ()


@dataclass(frozen=True)
class Open:
    kept: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()


def test_what_is_in_sight_already_the_net_does_not_raise_again() -> None:
    net = NetReading({"spoed:blaas": 0.9})
    scan = RULES.scan(PLAIN)
    assert decide(scan, net, NAMES, open_alarm=Open(kept=("CES01_niet_plassen",))).signs == ()
    assert decide(RULES.scan(URGENT), net, NAMES, open_alarm=Open(kept=("CES01_niet_plassen",))).sure


def test_what_the_patient_denied_before_only_a_very_sure_net_asks_about() -> None:
    denied = Open(denied=("CES05_rijbroek",))
    assert decide(RULES.scan(PLAIN), NetReading({"spoed:blaas": 0.9}), NAMES, open_alarm=denied).signs == ()
    assert decide(RULES.scan(PLAIN), NetReading({"spoed:blaas": 0.99}), NAMES, open_alarm=denied).questions


@pytest.mark.parametrize("group", sorted(GROUPS))
@pytest.mark.parametrize("level", LEVELS)
def test_every_reading_has_a_name(group: str, level: str) -> None:
    sign = NAMES.name(group, level)
    assert sign is not None
    assert sign.group == group


@pytest.mark.parametrize(
    ("group", "level", "name"),
    [
        ("benen_kracht", "spoed", "NEU02_kracht_toeneemt"),
        ("benen_kracht", "huisarts", "NEU03_kracht_minder"),
        ("beloop", "huisarts", "BEL01_niet_beter"),
        ("koorts", "112", "INF04_sepsis"),
        ("nu_gevaar", "crisis", "PSY03_nu_gevaar"),
        ("wanhoop", "huisarts", "PSY04_somber"),
        ("borst", "huisarts", "CAR01_hart"),
    ],
)
def test_the_name_is_the_sign_nearest_the_level(group: str, level: str, name: str) -> None:
    sign = NAMES.name(group, level)
    assert sign is not None
    assert sign.id == name


@pytest.mark.parametrize("low", ["huisarts", "spoed"])
def test_of_two_levels_the_higher_is_taken_once_it_has_its_share(low: str) -> None:
    high, share = ("spoed", LIMITS.urgent_share) if low == "huisarts" else ("112", LIMITS.worst_share)
    above = verdict(PLAIN, {f"{high}:benen_kracht": 0.8 * share, f"{low}:benen_kracht": 0.8 * (1 - share)})
    below = verdict(PLAIN, {f"{high}:val": 0.8 * share - 0.01, f"{low}:val": 0.8 * (1 - share) + 0.01})
    assert above.urgency.code == "spoed_nu"
    assert below.urgency.code == "vandaag"


def test_no_reading_of_the_net_alone_raises_a_sign_without_a_name() -> None:
    for level in LEVELS:
        for group in sorted(GROUPS):
            found = verdict(PLAIN, {f"{level}:{group}": 0.99})
            assert not [sign for sign in found.signs if sign.id.startswith("ALG_")]
    assert verdict(PLAIN, {"spoed:onbekend": 0.99}).signs == ()


def test_more_support_of_the_net_never_lowers_what_is_said() -> None:
    for text in (URGENT, TODAY, DOUBTED, PLAIN, DENIED):
        levels = [_weight(verdict(text, {"spoed:blaas": step / 20})) for step in range(21)]
        assert levels == sorted(levels), text


def _weight(found: Verdict) -> float:
    return found.urgency * 2 + found.sure if found.signs else 0


def test_limits_can_be_set_by_name() -> None:
    assert Limits.of({"ask_above": 0.3}).ask_above == 0.3
    with pytest.raises(ValueError, match="'ask_abov' is no limit"):
        Limits.of({"ask_abov": 0.3})
    strict = Limits.of({"ask_above": 0.99, "sure_above": 0.999})
    assert decide(RULES.scan(PLAIN), NetReading({"spoed:blaas": 0.9}), NAMES, strict).signs == ()


def test_a_reading_is_read_from_what_the_net_lays_on_the_message() -> None:
    laid = {"whole": {"spoed:blaas": 0.4}, "parts": [{"start": 0, "end": 3, "chances": {"spoed:blaas": 0.9}}]}
    assert NetReading.of(laid) == NetReading({"spoed:blaas": 0.4}, ({"spoed:blaas": 0.9},))
    assert NetReading.of(None) is NetReading.of({}) is None


def test_a_verdict_can_be_written_down() -> None:
    written = json.loads(json.dumps(verdict("Ik heb koorts en rugpijn. En alles is doof.", None).to_json()))
    assert written["questions"] == ["CES05_rijbroek"]
    assert written["waiting"] == ["INF01_koorts"]
    assert (written["urgency"], written["crisis"], written["signs"]) == ("spoed_nu", False, [])


def timed(work: Callable[[], object], times: int = 200) -> float:
    started = process_time()
    for _ in range(times):
        work()
    return (process_time() - started) / times


def test_a_decision_takes_far_less_than_a_millisecond() -> None:
    whole = {f"{level}:{group}": 0.004 for level in LEVELS for group in GROUPS}
    net = NetReading(whole, (whole, whole, whole))
    scan: Scan = RULES.scan(STORY)
    assert min(timed(lambda: decide(scan, net, NAMES)) for _ in range(3)) < 0.003
