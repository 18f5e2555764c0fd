"""Sentence vectors: one length, near when the meaning is near, and safe for any text."""

from __future__ import annotations

import numpy as np
import pytest

from engine.encoder import DIMENSIONS, Encoder, open_encoder
from engine.encoder.encoder import MAX_PIECES


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return open_encoder()


@pytest.mark.parametrize(
    "text", ["mag ik fietsen", "?", "", " ", "🙂", "ik heb pijn " * 500, "ظهري يؤلمني", "\x00\ufffd", "KNIEËN"]
)
def test_a_vector_has_384_numbers_and_length_one(encoder: Encoder, text: str) -> None:
    vector = encoder.encode(text)
    assert vector.shape == (DIMENSIONS,) == (384,)
    assert vector.dtype == np.float32
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(
    ("question", "near", "far"),
    [
        ("mag ik fietsen met rugpijn", "is het goed om te fietsen als mijn rug zeer doet", "wat kost een behandeling"),
        ("wat is een hernia", "kun je uitleggen wat een hernia betekent", "ik wil mijn afspraak verzetten"),
        ("hoe slaap ik het best", "welke houding is goed in bed", "heb ik een verwijzing nodig"),
        ("helpen pijnstillers", "heeft paracetamol zin tegen rugpijn", "hoe laat zijn jullie open"),
        ("moet ik naar de dokter", "wanneer bel ik de huisarts", "welke matras is goed"),
    ],
)
def test_what_means_the_same_is_nearer(encoder: Encoder, question: str, near: str, far: str) -> None:
    vector = encoder.encode(question)
    assert vector @ encoder.encode(near) > vector @ encoder.encode(far)


def test_the_same_text_gives_the_same_vector(encoder: Encoder) -> None:
    assert np.array_equal(encoder.encode("mag ik fietsen"), encoder.encode("mag ik fietsen"))


def test_spaces_change_nothing(encoder: Encoder) -> None:
    assert np.array_equal(encoder.encode("mag ik\n  fietsen "), encoder.encode("mag ik fietsen"))


def test_a_long_text_is_cut_in_the_middle(encoder: Encoder) -> None:
    start, end = "mag ik fietsen", "wat kost een behandeling"
    cut = encoder.pieces(f"{start} {'en ik zat thuis ' * 200} {end}")
    assert len(cut) == MAX_PIECES
    assert cut[:6] == encoder.pieces(start)[:6]
    assert cut[-5:] == encoder.pieces(f"thuis {end}")[-5:]


def test_a_text_that_just_fits_is_not_cut(encoder: Encoder) -> None:
    words = 1
    while len(encoder.pieces("en " * (words + 1))) < MAX_PIECES:
        words += 1
    whole = encoder.pieces("en " * words)
    assert len(whole) < MAX_PIECES
    assert len(set(whole[4:-2])) == 1


def test_the_end_of_a_long_text_still_counts(encoder: Encoder) -> None:
    filling = "ik heb een lang verhaal over thuis en werk " * 40
    one, other = encoder.encode(filling + "mag ik fietsen"), encoder.encode(filling + "wat kost het")
    assert one @ other < 0.9999
