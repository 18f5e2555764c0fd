"""The parts of a message."""

from __future__ import annotations

import pytest

from engine.nlu.parts import MOST, WINDOW, parts

LONG = "dag acht en ik ben het wel zat, gisteren weer in de weer geweest met de kliko, en nu ligt alles weer plat"
DICTATED = " ".join(f"woord{n}" for n in range(60))


@pytest.mark.parametrize("text", ["", "mag ik fietsen", "mag ik fietsen?", "ja. nee."])
def test_a_message_of_one_part_has_none(text: str) -> None:
    assert parts(text) == []


def test_sentences_are_parts() -> None:
    assert [p.text for p in parts("Ik lag vannacht wakker. Mag ik fietsen?")] == [
        "Ik lag vannacht wakker.",
        "Mag ik fietsen?",
    ]


def test_a_long_sentence_is_cut_at_its_commas() -> None:
    assert [p.text.strip(",") for p in parts(LONG)] == [
        "dag acht en ik ben het wel zat",
        "gisteren weer in de weer geweest met de kliko",
        "en nu ligt alles weer plat",
    ]


def test_a_scrap_goes_with_its_neighbour() -> None:
    assert [p.text for p in parts("Tja. Ik lag vannacht wakker. Mag ik fietsen?")][0] == "Tja. Ik lag vannacht wakker."


def test_what_has_no_punctuation_is_read_in_windows_that_overlap() -> None:
    found = parts(DICTATED)
    assert all(len(p.text.split()) <= WINDOW for p in found)
    assert found[0].end > found[1].start
    assert found[-1].text.endswith("woord59")


def test_a_part_says_where_it_stands() -> None:
    assert all(LONG[p.start : p.end].strip() == p.text for p in parts(LONG))


def test_there_are_never_too_many() -> None:
    assert len(parts("Dit is een zin. " * 50)) == MOST
