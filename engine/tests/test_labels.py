"""What a training line teaches, by the marks beside its intent."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.nlu.constants import INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message

from engine.nlu.labels import CALM, LabelError, Line, line_of


def message(intent: str, **marks: Any) -> Message:
    return Message({TEXT: "au", INTENT: intent, METADATA: {"intent": marks}})


@pytest.mark.parametrize(
    ("given", "line"),
    [
        (message("vraag_sport"), Line("au", "vraag_sport", act="vraag")),
        (Message({TEXT: "au", INTENT: "groet"}), Line("au", "groet")),
        (message("frustratie"), Line("au", "frustratie", act="klacht")),
        (
            message("vraag_sport", act="vertel", also="slaap", batch="t01"),
            Line("au", "vraag_sport", "vraag_slaap", CALM, "vertel"),
        ),
        (
            message("vraag_sport", act="vervolg", running="slaap"),
            Line("au", "vraag_sport", None, CALM, "vervolg", "vraag_slaap"),
        ),
        (message("alarm_spoed", group="blaas"), Line("au", None, None, "spoed:blaas")),
        (message("alarm_spoed", group="blaas", topic="slaap"), Line("au", "vraag_slaap", None, "spoed:blaas")),
        (message("vraag_sport", part=True), Line("au", None)),
        (message("alarm_gebeld"), Line("au", "alarm_gebeld", act="heeft_gebeld")),
    ],
)
def test_the_marks_are_read(given: Message, line: Line) -> None:
    assert line_of(given) == line


@pytest.mark.parametrize(("given", "says"), [(message("alarm_spoed"), "group"), (message("groet", act="zingt"), "act")])
def test_a_mark_that_is_missing_or_unknown_is_named(given: Message, says: str) -> None:
    with pytest.raises(LabelError, match=says):
        line_of(given)
