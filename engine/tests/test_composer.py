"""Training messages made of two lines."""

from __future__ import annotations

from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from engine.nlu.composer import MessageComposer, composed

LINES = [
    ("ik kan niet plassen", "alarm_spoed"),
    ("mijn voet klapt", "alarm_spoed"),
    ("mag ik fietsen", "vraag_sport"),
    ("is zwemmen goed", "vraag_sport"),
    ("hoe lig ik het best", "vraag_slaap"),
    ("hoi", "groet"),
]
ALL = {"alarm_share": 1.0, "questions": 10, "seed": 0}


def test_an_alarm_among_other_words_stays_an_alarm() -> None:
    made = [(text, intent) for text, intent in composed(LINES, **ALL) if intent.startswith("alarm_")]
    assert len(made) == 2
    assert all(any(line in text and line != text for line, i in LINES if i == intent) for text, intent in made)


def test_questions_are_joined_with_their_own_topic_only() -> None:
    made = [text for text, intent in composed(LINES, **ALL) if intent == "vraag_slaap"]
    assert made
    assert all(text.startswith("hoe lig ik het best") and text.endswith("hoe lig ik het best") for text in made)


def test_the_same_lines_give_the_same_messages() -> None:
    assert composed(LINES, **ALL) == composed(LINES, **ALL)


def test_without_questions_nothing_is_made() -> None:
    assert composed([("ik kan niet plassen", "alarm_spoed")], **ALL) == []


def test_training_data_grows_and_a_message_does_not_change() -> None:
    data = TrainingData([Message({TEXT: text, INTENT: intent}) for text, intent in LINES])
    component = MessageComposer({**MessageComposer.get_default_config(), **ALL})
    assert len(component.process_training_data(data).intent_examples) == len(LINES) + 5
    message = Message({TEXT: "mag ik fietsen"})
    assert component.process([message]) == [message]


def test_a_new_line_changes_few_messages() -> None:
    lines = [(f"vraag nummer {n}", f"vraag_{n % 5}") for n in range(300)] + [
        (f"au {n}", "alarm_112") for n in range(50)
    ]
    before = composed(lines, alarm_share=0.5, questions=100, seed=0)
    after = composed([("een nieuwe vraag", "vraag_1"), *lines], alarm_share=0.5, questions=100, seed=0)
    assert len(set(before) ^ set(after)) <= 8
