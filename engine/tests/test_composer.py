"""Training messages made of two lines."""

from __future__ import annotations

from typing import Any

from rasa.shared.nlu.constants import INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from engine.nlu.composer import Given, MessageComposer, composed

LINES = [
    Given("ik kan niet plassen", "alarm_spoed", {"group": "blaas"}),
    Given("mijn voet klapt", "alarm_spoed", {"group": "benen_kracht"}),
    Given("mag ik fietsen", "vraag_sport"),
    Given("is zwemmen goed", "vraag_sport"),
    Given("hoe lig ik het best", "vraag_slaap"),
    Given("hoi", "groet"),
]
TOLD = Given("Ik lag weer eens wakker. Alles deed zeer vannacht.", "vraag_slaap", {"batch": "t01", "act": "vertel"})
ALL: dict[str, Any] = {"alarm_share": 1.0, "questions": 10, "seed": 0}


def test_an_alarm_among_other_words_stays_that_alarm_and_has_their_topic() -> None:
    made = [line for line in composed(LINES, **ALL) if line.intent.startswith("alarm_")]
    assert len(made) == 2
    for line in made:
        given = next(x for x in LINES if x.text in line.text and x.intent == line.intent)
        assert line.text != given.text
        assert line.marks["group"] == given.marks["group"]
        assert line.marks["topic"] in {"sport", "slaap"}


def test_questions_are_joined_with_their_own_topic_only() -> None:
    made = [line.text for line in composed(LINES, **ALL) if line.intent == "vraag_slaap"]
    assert made
    assert all(text.startswith("hoe lig ik het best") and text.endswith("hoe lig ik het best") for text in made)


def test_a_story_stands_around_others_and_its_parts_come_again() -> None:
    made = composed([*LINES, TOLD], **ALL)
    parts = [line.text for line in made if line.marks.get("part")]
    assert parts == ["Ik lag weer eens wakker.", "Alles deed zeer vannacht."]
    assert not [line for line in made if line.text.startswith(TOLD.text) and line.intent == TOLD.intent]


def test_the_same_lines_give_the_same_messages() -> None:
    assert composed(LINES, **ALL) == composed(LINES, **ALL)


def test_without_questions_nothing_is_made() -> None:
    assert composed(LINES[:1], **ALL) == []


def test_training_data_grows_and_a_message_does_not_change() -> None:
    data = TrainingData([Message({TEXT: x.text, INTENT: x.intent, METADATA: {"intent": dict(x.marks)}}) for x in LINES])
    component = MessageComposer({**MessageComposer.get_default_config(), **ALL})
    grown = component.process_training_data(data).intent_examples
    assert len(grown) == len(LINES) + 5
    assert {m.get(METADATA)["intent"].get("group") for m in grown if m.get(INTENT) == "alarm_spoed"} == {
        "blaas",
        "benen_kracht",
    }
    message = Message({TEXT: "mag ik fietsen"})
    assert component.process([message]) == [message]


def test_a_new_line_changes_few_messages() -> None:
    lines = [Given(f"vraag nummer {n}", f"vraag_{n % 5}") for n in range(300)]
    lines += [Given(f"au {n}", "alarm_112", {"group": "borst"}) for n in range(50)]
    before = composed(lines, alarm_share=0.5, questions=100, seed=0)
    after = composed([Given("een nieuwe vraag", "vraag_1"), *lines], alarm_share=0.5, questions=100, seed=0)
    texts = [{line.text for line in made} for made in (before, after)]
    assert len(texts[0] ^ texts[1]) <= 8
