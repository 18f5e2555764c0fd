"""The memory of a talk: what stays, what is forgotten, and that it holds no word of the patient."""

from __future__ import annotations

import json

import pytest

from actions.hearing import told
from actions.memory import GIVEN, Memory, care_of
from content import Library

HEARD = Library.load().talk.heard


def after(*texts: str) -> Memory:
    """The memory after these messages."""
    memory = Memory()
    for text in texts:
        memory = memory.hear(told(text, HEARD), HEARD)
    return memory


@pytest.mark.parametrize(
    ("texts", "who", "facts"),
    [
        (("ik heb een hernia", "mag ik fietsen"), None, {"hernia"}),
        (("ik heb een hernia", "nee ik heb geen hernia"), None, set()),
        (("sinds gisteren pijn", "ik loop er al jaren mee"), None, {"chronisch"}),
        (("ik werk op kantoor", "nu werk ik in de bouw"), None, {"werk_zwaar"}),
        (("mijn moeder heeft artrose", "en wat mag ze nog"), "moeder", {"artrose"}),
        (("mijn moeder heeft artrose", "en voor mij, mag ik sporten"), None, set()),
        (("ik heb een hernia", "mijn moeder heeft artrose"), "moeder", {"artrose"}),
        (("ik ben zwanger", "mag mijn kind sporten", "en bij mij?"), None, {"zwanger"}),
        (("mijn dochter heeft rugpijn",), "kind", {"kind"}),
        (("ik ben 16",), None, {"kind"}),
        (("mijn opa is 91 en heeft pijn",), "vader", {"oudere"}),
        (("ik verzorg mijn moeder",), None, {"mantelzorger"}),
        (("ik zorg voor mijn man", "mijn man heeft artrose"), "partner", {"artrose"}),
    ],
)
def test_what_is_known_of_whom(texts: tuple[str, ...], who: str | None, facts: set[str]) -> None:
    memory = after(*texts)
    assert memory.who == who
    assert set(memory.facts) == facts


def test_care_once_heard_stays_for_the_talk() -> None:
    assert after("ik heb osteoporose", "ik heb geen osteoporose").careful
    assert not after("mag ik fietsen").careful


def test_care_is_of_the_person_it_is_about() -> None:
    memory = after("mijn moeder heeft osteoporose", "mag ik zelf fietsen, bij mij is alles goed")
    assert care_of(memory.facts, HEARD) == ()


def test_the_slot_gives_the_same_memory_back() -> None:
    memory = after("mijn moeder van 84 heeft artrose en is bang").gave("sport", "heard:bang.1")
    assert Memory.of(json.loads(json.dumps(memory.to_json())), None) == memory


def test_a_new_memory_is_an_empty_slot() -> None:
    assert Memory().to_json() == {}


@pytest.mark.parametrize(
    "value", [None, "x", [], {"who": "buurman", "people": ["x"], "given": "sport", "mood": 3}, {"facts": ["hernia"]}]
)
def test_a_slot_of_another_shape_is_a_new_talk(value: object) -> None:
    assert Memory.of(value, "sport") == Memory(topic="sport")


def test_no_word_of_the_patient_is_kept() -> None:
    said = "mijn moeder Grompelvaas van 84 heeft artrose en is bang voor de kelderklok"
    kept = json.dumps(after(said).to_json())
    assert not [word for word in said.split() if word not in {"mijn", "moeder", "artrose", "bang"} and word in kept]


def test_only_the_last_texts_are_kept() -> None:
    memory = Memory().gave(*(f"sport.{number}" for number in range(GIVEN + 5)))
    assert len(memory.given) == GIVEN
    assert memory.has(f"sport.{GIVEN + 4}")
    assert not memory.has("sport.0")
