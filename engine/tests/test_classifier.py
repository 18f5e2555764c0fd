"""Two models in a row: the light one keeps only what it is sure of, and never anything near an alarm."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from rasa.nlu.tokenizers.tokenizer import Token

from engine.dutch import dutch
from engine.nlu.classifier import Cascade, fit, views_of
from engine.nlu.tokenizer import _plain, _tokens, tokens

TOPICS = {
    "vraag_sport": ["mag ik sporten", "mag ik fietsen", "is fietsen goed", "mag ik zwemmen", "kan ik sporten"],
    "vraag_slaap": [
        "hoe lig ik goed",
        "welk matras is goed",
        "ik slaap slecht",
        "welk kussen is goed",
        "slecht slapen",
    ],
    "alarm_spoed": [
        "ik kan niet plassen",
        "plassen lukt niet",
        "mijn voet klapt",
        "mijn kruis is doof",
        "niet plassen",
    ],
}
LINES = [(line, intent) for intent, lines in TOPICS.items() for line in lines for _ in range(4)]
CONFIG = {"C": 0.5, "calibration_share": 0.25, "sure_above": 0.9, "calm_below": 0.01}


def vector(text: str) -> np.ndarray:
    return np.random.default_rng(len(text)).normal(size=384).astype(np.float32)


@pytest.fixture(scope="module")
def model() -> Cascade:
    views = [views_of(line, tokens(line)) for line, _ in LINES]
    return fit(views, np.stack([vector(line) for line, _ in LINES]), [intent for _, intent in LINES], CONFIG)


class Encoder:
    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, text: str) -> np.ndarray:
        self.asked.append(text)
        return vector(text)


def asks_the_full_model(model: Cascade, text: str, sure: float, calm: float, careful: bool = False) -> bool:
    encoder = Encoder()
    chances = Cascade(model.light, model.full, sure, calm).probabilities(text, tokens(text), encoder, careful=careful)
    assert chances.sum() == pytest.approx(1, abs=1e-4)
    return bool(encoder.asked)


def test_what_the_light_model_is_sure_of_is_not_encoded(model: Cascade) -> None:
    first = model.at_first_sight("mag ik fietsen", tokens("mag ik fietsen"))
    assert model.intents[int(first.argmax())] == "vraag_sport"
    assert not asks_the_full_model(model, "mag ik fietsen", float(first.max()) - 0.01, 1.0)
    assert asks_the_full_model(model, "mag ik fietsen", float(first.max()) + 0.01, 1.0)


def test_what_may_be_an_alarm_is_read_in_full_however_sure_the_light_model_is(model: Cascade) -> None:
    first = model.at_first_sight("mag ik fietsen", tokens("mag ik fietsen"))
    alarm = float(first[model.intents.index("alarm_spoed")])
    assert asks_the_full_model(model, "mag ik fietsen", 0.0, alarm)
    assert not asks_the_full_model(model, "mag ik fietsen", 0.0, alarm + 0.01)


def test_a_careful_reading_is_a_full_one(model: Cascade) -> None:
    assert asks_the_full_model(model, "mag ik fietsen", 0.0, 1.0, careful=True)


def test_a_model_read_back_gives_the_same(model: Cascade, tmp_path: Path) -> None:
    model.save(tmp_path)
    again = Cascade.load(tmp_path, 2.0, 0.0)
    for line in ("mag ik fietsen", "niet plassen en slecht slapen"):
        known = Cascade(model.light, model.full, 2.0, 0.0).probabilities(line, tokens(line), vector)
        np.testing.assert_allclose(again.probabilities(line, tokens(line), vector), known, atol=1e-6)
        np.testing.assert_allclose(again.at_first_sight(line, tokens(line)), model.at_first_sight(line, tokens(line)))


LINE = "Ik liep gisteren met mijn honden, en mijn voeten slapen nu."


def test_lemmas_on_demand_are_those_of_training() -> None:
    at_once = _tokens(dutch()(_plain(LINE)))
    later = tokens(LINE)
    assert [(t.text, t.start, t.end) for t in later] == [(t.text, t.start, t.end) for t in at_once]
    assert [t.lemma for t in later] == [t.lemma for t in at_once]
    assert any(t.lemma != t.text for t in later)
    assert isinstance(later[0], Token)
