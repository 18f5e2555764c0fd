"""A button id means what the button says, and nothing that a patient could make up is one."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.alarm_reply import AFRAID, CALLED, NO, NOBODY, WRONG, YES
from bot.buttons import resolve
from content import Button, Library

LIBRARY = Library.load()
DOMAIN = yaml.safe_load((Path(__file__).parents[2] / "domain.yml").read_text(encoding="utf-8"))
FIXED = [
    "talk.anders",
    "feedback.yes",
    "feedback.no",
    "wis.ja",
    "wis.nee",
    *(b.id for b in (CALLED, NOBODY, AFRAID, WRONG, YES, NO)),
]


@pytest.mark.parametrize("topic", sorted(LIBRARY.topics))
def test_a_topic_button_asks_its_question(topic: str) -> None:
    press = resolve(f"topic.{topic}", LIBRARY)
    assert press is not None
    assert press.intent == f"vraag_{topic}"
    assert press.title == LIBRARY.topics[topic].title
    assert press.entities == {"onderwerp": topic}


@pytest.mark.parametrize(("kind", "intent"), [("more", "vertel_meer"), ("simple", "simpeler")])
def test_more_and_simpler_name_their_topic(kind: str, intent: str) -> None:
    press = resolve(f"{kind}.slaap", LIBRARY)
    assert press is not None
    assert (press.intent, press.entities) == (intent, {"onderwerp": "slaap"})


def test_a_button_of_an_answer_asks_its_question() -> None:
    topic = next(topic for topic in LIBRARY.topics.values() if topic.answers)
    answer = topic.answers[0]
    press = resolve(f"antw.{topic.id}.{answer.id}", LIBRARY)
    assert press is not None
    assert (press.intent, press.title) == (f"vraag_{topic.id}", answer.as_button)
    assert press.entities == {"onderwerp": topic.id, "antwoord": answer.id}
    assert set(press.entities) <= set(DOMAIN["entities"])


@pytest.mark.parametrize("button", FIXED)
def test_a_fixed_button_has_an_intent_of_the_domain(button: str) -> None:
    press = resolve(button, LIBRARY)
    assert press is not None
    assert press.intent in DOMAIN["intents"]


@pytest.mark.parametrize("button", [CALLED, NOBODY, AFRAID, WRONG, YES, NO], ids=lambda button: str(button.id))
def test_an_alarm_button_is_shown_as_what_stood_on_it(button: Button) -> None:
    press = resolve(button.id, LIBRARY)
    assert press is not None
    assert press.title == button.title


@pytest.mark.parametrize(
    "button",
    [
        "",
        ".",
        "topic",
        "topic.",
        "topic.bestaat_niet",
        "topic.sport ",
        " topic.sport",
        "TOPIC.sport",
        "topic.sport.x",
        "intent.vraag_sport",
        "vraag_sport",
        "/restart",
        '/vraag_sport{"onderwerp": "slaap"}',
        "alarm",
        "alarm.",
        "antw.",
        "antw.sport",
        "antw.sport.bestaat_niet",
        "antw.bestaat_niet.x",
        "more.",
        "more.bestaat_niet",
        "__class__",
        "topic.__class__",
        "feedback.sport",
        "\0",
        "topic.sport\n",
    ],
)
def test_anything_else_is_no_button(button: str) -> None:
    assert resolve(button, LIBRARY) is None
