"""Where one message asks two things."""

from __future__ import annotations

import pytest

from engine.nlu.questions import questions


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("mag ik fietsen en wordt dat vergoed?", ["mag ik fietsen", "wordt dat vergoed?"]),
        ("Hoe lang duurt dit? En helpt warmte?", ["Hoe lang duurt dit?", "En helpt warmte?"]),
        (
            "Ik ben 62 en kort geleden gestopt met werken. Moet ik een foto? Of is rusten beter?",
            ["Moet ik een foto?", "Of is rusten beter?"],
        ),
        ("kan ik tennissen en padellen", ["kan ik tennissen en padellen"]),
        ("ik heb pijn en kan niet slapen", []),
        ("en dan?", []),
        ("", []),
    ],
)
def test_a_message_is_taken_apart_where_a_question_begins(text: str, parts: list[str]) -> None:
    assert questions(text) == parts
