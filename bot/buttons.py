"""What a button id stands for. Ids are resolved here against an allow-list; they never reach Rasa as text."""

from __future__ import annotations

from dataclasses import dataclass, field

from content import Library

_FIXED = {
    "talk.anders": ("iets_anders", "Iets anders"),
    "feedback.yes": ("feedback_goed", "Dit helpt mij"),
    "feedback.no": ("feedback_slecht", "Dit helpt mij niet"),
    "wis.ja": ("wis_gesprek", "Ja, wissen"),
    "wis.nee": ("ontken", "Nee, bewaren"),
    "alarm.called": ("alarm_gebeld", "Ik heb gebeld"),
    "alarm.nobody": ("alarm_niemand", "Ik krijg niemand"),
    "alarm.afraid": ("alarm_durf_niet", "Ik durf niet te bellen"),
    "alarm.wrong": ("alarm_klopt_niet", "Dit klopt niet"),
    "alarm.yes": ("alarm_ja", "Ja"),
    "alarm.no": ("alarm_nee", "Nee"),
}
_OF_TOPIC = {"more": ("vertel_meer", "Vertel meer"), "simple": ("simpeler", "Zeg het simpeler")}


@dataclass(frozen=True)
class Press:
    """A button as Rasa gets it: intent and entities. `title` is shown as the patient's own message."""

    intent: str
    title: str
    entities: dict[str, str] = field(default_factory=dict)


def resolve(button: str, library: Library) -> Press | None:
    """The meaning of a button id, or None when it is not one of ours."""
    if button in _FIXED:
        return Press(*_FIXED[button])
    kind, _, name = button.partition(".")
    if kind == "antw":
        return _answer(name, library)
    topic = library.topics.get(name)
    if topic is None:
        return None
    if kind == "topic":
        return Press(f"vraag_{topic.id}", topic.title, {"onderwerp": topic.id})
    if kind in _OF_TOPIC:
        intent, title = _OF_TOPIC[kind]
        return Press(intent, title, {"onderwerp": topic.id})
    return None


def _answer(name: str, library: Library) -> Press | None:
    """A button that asks one question of a topic: "sport.hoe_vaak"."""
    answer = library.answer(name)
    if answer is None:
        return None
    topic = name.partition(".")[0]
    return Press(f"vraag_{topic}", answer.as_button, {"onderwerp": topic, "antwoord": answer.id})
