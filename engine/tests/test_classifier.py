"""Light heads in front of all of them; what is near an alarm is read in full; short messages in the talk's light."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from rasa.nlu.tokenizers.tokenizer import Token

from engine.dutch import dutch
from engine.nlu.context import SHORT
from engine.nlu.labels import CALM, Line
from engine.nlu.linear import Head, Seen
from engine.nlu.reader import Reader, Reading, fit, views_of
from engine.nlu.tokenizer import _plain, _tokens, tokens

SPORT = ["mag ik sporten", "mag ik fietsen", "is fietsen goed", "mag ik zwemmen", "kan ik sporten"]
SLEEP = ["hoe lig ik goed", "welk matras is goed", "ik slaap slecht", "welk kussen is goed", "slecht slapen"]
BLADDER = ["ik kan niet plassen", "plassen lukt niet", "er komt geen druppel", "de plas komt niet", "niet plassen"]
ON = ["en hoe lang dan", "ook als het pijn doet", "hoe vaak dan", "en daarna", "en hoe lang"]
AWAY = ["en slapen dan", "en hoe lig ik dan", "en het matras dan", "en mijn kussen", "en slecht slapen"]
LINES = [
    *(Line(text, "vraag_sport", act="vraag") for text in SPORT),
    *(Line(text, "vraag_slaap", act="vertel") for text in SLEEP),
    *(Line(text, None, alarm="spoed:blaas", act="vertel") for text in BLADDER),
    *(Line(text, "vraag_sport", act="vervolg", running="vraag_sport") for text in ON),
    *(Line(text, "vraag_slaap", act="vervolg", running="vraag_sport") for text in AWAY),
] * 4
CONFIG = {"also_weight": 0.5, "calibration_share": 0.25, "sure_above": 0.9, "calm_above": 0.99}


def vector(text: str) -> NDArray[Any]:
    return np.random.default_rng(len(text)).normal(size=384).astype(np.float32)


@pytest.fixture(scope="module")
def reader() -> Reader:
    views = [views_of(line.text, tokens(line.text)) for line in LINES]
    return fit(LINES, views, np.stack([vector(line.text) for line in LINES]), CONFIG)


class Watched(Head):
    """A head that says for which text it was asked."""

    def __init__(self, asked: list[str], text: str) -> None:
        self._asked, self._text = asked, text
        self.classes = [CALM, "spoed:blaas"]

    def logs(self, seen: Seen) -> NDArray[Any]:
        self._asked.append(self._text)
        return np.array([-1.0, -1.0])


class Encoder:
    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, text: str) -> NDArray[Any]:
        self.asked.append(text)
        return vector(text)


def is_read_in_full(reader: Reader, text: str, sure: float, calm: float, careful: bool = False) -> bool:
    encoder = Encoder()
    limited = Reader(reader.features, reader.heads, reader.staying, sure, calm)
    found = limited.read(text, tokens(text), encoder, careful=careful)
    assert found.intents.sum() == pytest.approx(1, abs=1e-4)
    assert found.alarms.sum() == pytest.approx(1, abs=1e-4)
    return bool(encoder.asked)


def first_sight(reader: Reader, text: str) -> Reading:
    return reader.at_first_sight(text, tokens(text))


def test_what_the_light_heads_are_sure_of_is_not_encoded(reader: Reader) -> None:
    first = first_sight(reader, "mag ik fietsen")
    assert reader.intents[int(first.intents.argmax())] == "vraag_sport"
    assert not is_read_in_full(reader, "mag ik fietsen", float(first.intents.max()) - 0.01, 0.0)
    assert is_read_in_full(reader, "mag ik fietsen", float(first.intents.max()) + 0.01, 0.0)


def test_what_may_be_an_alarm_is_read_in_full_however_sure_the_light_heads_are(reader: Reader) -> None:
    calm = float(first_sight(reader, "mag ik fietsen").alarms[reader.alarms.index(CALM)])
    assert is_read_in_full(reader, "mag ik fietsen", 0.0, calm + 0.001)
    assert not is_read_in_full(reader, "mag ik fietsen", 0.0, calm - 0.001)


def test_a_careful_reading_is_a_full_one(reader: Reader) -> None:
    assert is_read_in_full(reader, "mag ik fietsen", 0.0, 0.0, careful=True)


def test_an_alarm_is_heard_by_its_group(reader: Reader) -> None:
    found = reader.read("plassen lukt niet", tokens("plassen lukt niet"), vector)
    assert reader.alarms[int(found.alarms.argmax())] == "spoed:blaas"


def test_a_message_of_unknown_words_is_read_by_its_vector(reader: Reader) -> None:
    assert reader.features.known("words", "mag ik fietsen") == 1
    assert reader.features.known("words", "harnverhalt seit heute") == 0
    asked: list[str] = []
    for text in ("mag ik fietsen", "harnverhalt seit heute"):
        watched = Reader(reader.features, {**reader.heads, "alarm_vector": Watched(asked, text)}, reader.staying, 2, 2)
        watched.read(text, tokens(text), vector)
    assert asked == ["harnverhalt seit heute"]


def test_a_short_message_goes_on_or_leaves(reader: Reader) -> None:
    def goes_on(text: str) -> float:
        return reader.goes_on(first_sight(reader, text), "vraag_sport", len(text.split()))

    assert goes_on("en hoe lang dan") > 0.5 > goes_on("en het matras dan")


def test_a_long_message_stands_on_its_own(reader: Reader) -> None:
    assert reader.goes_on(first_sight(reader, "en hoe lang dan"), "vraag_sport", SHORT + 1) == 0


def test_an_unknown_running_topic_changes_nothing(reader: Reader) -> None:
    assert reader.goes_on(first_sight(reader, "en hoe lang dan"), "vraag_weg", 4) == 0


def test_in_context_the_rest_keeps_its_order(reader: Reader) -> None:
    intents = first_sight(reader, "welk kussen is goed").intents
    moved = reader.in_context(intents, "vraag_sport", 0.7)
    assert moved.sum() == pytest.approx(1)
    assert moved[reader.intents.index("vraag_sport")] == pytest.approx(0.7)


def test_a_reader_read_back_gives_the_same(reader: Reader, tmp_path: Path) -> None:
    reader.save(tmp_path)
    again = Reader.load(tmp_path, 2.0, 0.0)
    whole = Reader(reader.features, reader.heads, reader.staying, 2.0, 0.0)
    for line in ("mag ik fietsen", "niet plassen en slecht slapen"):
        known, found = (r.read(line, tokens(line), vector) for r in (whole, again))
        for one, other in ((known.intents, found.intents), (known.alarms, found.alarms), (known.acts, found.acts)):
            np.testing.assert_allclose(one, other, atol=1e-6)
        assert whole.goes_on(known, "vraag_sport", 3) == pytest.approx(again.goes_on(found, "vraag_sport", 3))


LINE = "Ik liep gisteren met mijn honden, en mijn voeten slapen nu."


def test_lemmas_on_demand_are_those_of_training() -> None:
    at_once = _tokens(dutch()(_plain(LINE)))
    later = tokens(LINE)
    assert [(t.text, t.start, t.end) for t in later] == [(t.text, t.start, t.end) for t in at_once]
    assert [t.lemma for t in later] == [t.lemma for t in at_once]
    assert any(t.lemma != t.text for t in later)
    assert isinstance(later[0], Token)
