"""The same complaint has the same urgency everywhere: signs, safety nets and topics agree."""

from __future__ import annotations

from dataclasses import replace

import pytest

from alarm import Urgency, load_alarm_content
from bot.safety import calls, cues, disagreements, named, table
from content import Library
from content.library import ROOT

LIBRARY = Library.load()
ALARMS = load_alarm_content(ROOT / "alarm")
TABLE = ROOT.parent / "docs" / "safety-table.md"


def test_no_text_says_a_sign_otherwise_than_the_sign_itself() -> None:
    assert disagreements(LIBRARY, ALARMS, ROOT) == []


def test_the_table_is_that_of_this_content() -> None:
    made = table(LIBRARY, ALARMS)
    assert TABLE.read_text(encoding="utf-8") == made, "run `make safety-table`"


def test_every_sign_stands_in_the_table() -> None:
    rows = TABLE.read_text(encoding="utf-8").splitlines()
    assert [sign for sign in ALARMS.signs if not any(row.startswith(f"| {sign} |") for row in rows)] == []


def test_cues_name_signs_that_exist_and_are_used() -> None:
    known = {cue.sign for cue in cues(ROOT)}
    assert known <= set(ALARMS.signs)
    assert {one.sign for one in named(LIBRARY, ROOT)} == known


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Wordt een been slapper? Lukt plassen niet? Bel dan meteen je huisarts.", [Urgency.SPOED_NU]),
        ("Bel vandaag bij koorts. Doe dat ook na een val.", [Urgency.VANDAAG, Urgency.VANDAAG]),
        ("Druk op je borst? Bel nu 112.", [Urgency.BEL_112]),
        ("Tintelt je been? Bespreek het met je huisarts.", [Urgency.AFSPRAAK]),
        ("Heb je koorts? Dat is naar. Bel je therapeut.", []),
        ("Koorts? Rust uit. Of neem een bad.", []),
    ],
)
def test_how_fast_to_phone_is_read_from_a_text(text: str, found: list[Urgency]) -> None:
    assert [urgency for urgency, _ in calls((text,))] == found


def with_answer(text: str) -> Library:
    topic = LIBRARY.topics["warmte"].model_copy(update={"answer": (text,)})
    return replace(LIBRARY, topics={"warmte": topic}, vangnet={})


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("Lukt plassen niet? Bel vandaag je huisarts.", "CES01_niet_plassen"),
        ("Heb je koorts? Bel dan meteen je huisarts.", "INF01_koorts"),
        ("Wordt een been slapper? Maak een afspraak.", "NEU02_kracht_toeneemt"),
        ("Wordt je arm of hand slapper? Bel nu je huisarts.", "NEU09_arm_zwak"),
    ],
)
def test_a_text_that_is_more_or_less_urgent_is_noticed(text: str, sign: str) -> None:
    (found,) = disagreements(with_answer(text), ALARMS, ROOT)
    assert sign in found
    assert found.startswith("warmte.yml answer: ")


def test_a_sense_that_is_another_is_left_alone() -> None:
    assert disagreements(with_answer("Koorts na een prik? Bel nu het ziekenhuis."), ALARMS, ROOT) == []


def test_a_safety_net_lists_the_signs_that_it_names() -> None:
    net = LIBRARY.vangnet["rug"]
    library = replace(LIBRARY, topics={}, vangnet={"rug": net.model_copy(update={"signs": net.signs[1:]})})
    assert [line for line in disagreements(library, ALARMS, ROOT) if net.signs[0] in line]


def test_a_safety_net_names_what_it_lists() -> None:
    net = LIBRARY.vangnet["kind"]
    library = replace(
        LIBRARY, topics={}, vangnet={"kind": net.model_copy(update={"signs": (*net.signs, "CAR01_hart")})}
    )
    assert disagreements(library, ALARMS, ROOT) == [
        "vangnet.yml kind: CAR01_hart staat bij signs, maar de tekst noemt het niet"
    ]


def test_complaints_carry_a_safety_net() -> None:
    without = {topic.id for topic in LIBRARY.topics.values() if topic.vangnet == "geen"}
    assert without <= {
        "ademhaling_ontspanning", "preventie", "oefentherapie_wat", "eerste_afspraak", "behandeling_verloop",
        "behandelduur", "verwijzing", "vergoeding", "wanneer_huisarts", "afspraak_contact", "afspraak_wijzigen",
        "praktisch",
    }  # fmt: skip
