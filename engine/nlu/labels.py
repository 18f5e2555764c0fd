"""What a training line teaches: its intent, a second topic, the alarm it holds, its act, the topic that was running.

The marks stand beside the intent in data/nlu/*.yml, as Rasa's `metadata`:

    - intent: alarm_spoed
      metadata: {group: blaas, topic: slaap, batch: a01}
    - intent: vraag_sport
      metadata: {act: vervolg, running: hernia_wat, batch: f01}

`also` names a second topic, `topic` that of an alarm line. A line that is a `part` of another teaches calm alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rasa.shared.nlu.constants import INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message

from alarm import ALARM_INTENTS

QUESTION, ALARM = "vraag_", "alarm_"
CALM = "geen"  # the alarm class of every other line
ACTS = frozenset(
    ["vraag", "vertel", "gevoel", "vervolg", "correctie", "klacht", "mens", "dank", "ontken", "bagatel"]
    + ["gaat_bellen", "heeft_gebeld", "geen_gehoor", "durf_niet"]
)
# Intents that are an act by themselves: the act that is learned from their lines.
ACT_OF_INTENT = {
    "frustratie": "klacht",
    "bedankt": "dank",
    "ontken": "ontken",
    "correctie": "correctie",
    "wil_mens": "mens",
    "emotie": "gevoel",
    "alarm_bagatel": "bagatel",
    "alarm_gaat_bellen": "gaat_bellen",
    "alarm_gebeld": "heeft_gebeld",
    "alarm_niemand": "geen_gehoor",
    "alarm_durf_niet": "durf_niet",
}
# What is not about backs or this practice at all.
OUTSIDE = frozenset({"buiten_onderwerp", "ander_lichaamsdeel", "andere_ziekte", "onzin", "andere_taal"})


@dataclass(frozen=True)
class Line:
    """One training line. `intent` is None where it teaches no intent (an alarm that touches no topic)."""

    text: str
    intent: str | None
    also: str | None = None  # the intent of a second subject
    alarm: str = CALM  # "<level>:<group>", or CALM
    act: str | None = None
    running: str | None = None  # intent of the topic that the talk was on


class LabelError(ValueError):
    """A mark of a training line that means nothing; it names the line and what may stand there."""


def line_of(message: Message) -> Line:
    """The labels of a training message. Raises LabelError."""
    text, intent = str(message.get(TEXT)), str(message.get(INTENT))
    marks = _marks(message)
    if marks.get("part"):
        return Line(text, None)
    act = marks.get("act") or ACT_OF_INTENT.get(intent) or ("vraag" if intent.startswith(QUESTION) else None)
    if act is not None and act not in ACTS:
        raise LabelError(f"{text!r}: {act!r} is no act; it is one of {', '.join(sorted(ACTS))}")
    level = intent.removeprefix(ALARM)
    topic = f"{QUESTION}{marks['topic']}" if marks.get("topic") else None
    if intent in ALARM_INTENTS:
        if not marks.get("group"):
            raise LabelError(f"{text!r}: an alarm line without its group; add metadata: {{group: ...}} to its intent")
        return Line(text, topic, None, f"{level}:{marks['group']}", act)
    also = f"{QUESTION}{marks['also']}" if marks.get("also") else None
    running = f"{QUESTION}{marks['running']}" if marks.get("running") else None
    return Line(text, intent, also, CALM, act, running)


def is_part(message: Message) -> bool:
    """Whether a training message is a part of another."""
    return bool(_marks(message).get("part"))


def _marks(message: Message) -> Mapping[str, Any]:
    return (message.get(METADATA) or {}).get("intent") or {}
