"""What is heard in a message: only words of content/facts.yml, turned round by a denial, left out where doubted."""

from __future__ import annotations

import pytest

from actions.hearing import asks, told
from content import Library

HEARD = Library.load().talk.heard


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("ik heb een hernia", {"hernia"}),
        ("ik heb geen hernia", set()),
        ("een hernia heb ik niet", set()),
        ("wat is een hernia", set()),
        ("heb ik een hernia?", set()),
        ("ik ben bang dat het een hernia is", set()),
        ("geen hernia, wel artrose", {"artrose"}),
        ("ik ben 20 weken zwanger", {"zwanger"}),
        ("misschien ben ik zwanger", {"zwanger"}),
        ("ik ben niet zwanger", set()),
        ("ik ben vorig jaar geopereerd aan mijn rug", {"geopereerd"}),
        ("moet ik geopereerd worden?", set()),
        ("drie weken geleden ben ik geopereerd", {"geopereerd", "pas_geopereerd"}),
        ("ik heb borstkanker gehad", {"kanker_gehad"}),
        ("ik ben gisteren van de trap gevallen", {"gevallen"}),
        ("ik ben gelukkig niet gevallen", set()),
        ("in veel gevallen gaat het over", set()),
        ("het trekt naar mijn been", {"been"}),
        ("ik loop er al drie maanden mee", {"chronisch"}),
        ("sinds gisteren pijn", {"kort"}),
        ("ik werk op kantoor", {"werk_zittend"}),
        ("ik zorg voor mijn man", {"mantelzorger"}),
    ],
)
def test_facts(text: str, facts: set[str]) -> None:
    assert set(told(text, HEARD).facts) == facts


@pytest.mark.parametrize("text", ["ik heb geen hernia", "een hernia heb ik niet", "nooit een hernia gehad"])
def test_a_denial_takes_a_fact_back(text: str) -> None:
    assert "hernia" in told(text, HEARD).gone


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("mijn moeder van 84 heeft rugpijn", "moeder"),
        ("mag mijn vader fietsen", "vader"),
        ("mijn zoon (14) klaagt over zijn rug", "kind"),
        ("vraag voor mijn vrouw", "partner"),
        ("mijn vrouw zegt dat ik moet bewegen", None),
        ("volgens mijn man is het niks", None),
        ("mijn moeder is overleden", None),
        ("mijn man heeft me naar huis gebracht", None),
        ("mag ik fietsen", None),
    ],
)
def test_who_is_ill(text: str, who: str | None) -> None:
    assert told(text, HEARD).who == who


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("mijn moeder van 84 heeft rugpijn", 84),
        ("ik ben 16", 16),
        ("ik ben 34 jaar en heb pijn", 34),
        ("mijn zoon (14) klaagt", 14),
        ("een 75-jarige dame", 75),
        ("ik ben 20 weken zwanger", None),
        ("de pijn is 8 van 10", None),
        ("al 20 jaar rugpijn", None),
    ],
)
def test_age(text: str, age: int | None) -> None:
    assert told(text, HEARD).age == age


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        ("ik ben zo bang", "bang"),
        ("ik ben niet bang", None),
        ("ik word er moe van", "moe"),
        ("niemand gelooft me", "niet_geloofd"),
        ("de dokter neemt me niet serieus", "niet_geloofd"),
        ("mag ik fietsen", None),
    ],
)
def test_mood(text: str, mood: str | None) -> None:
    assert (told(text, HEARD).moods or (None,))[0] == mood


@pytest.mark.parametrize(
    ("text", "does"),
    [
        ("mag ik fietsen", True),
        ("pijn bij het fietsen?", True),
        ("Ik heb pijn. Wat kan ik doen", True),
        ("gisteren in de tuin gewerkt en nu pijn", False),
    ],
)
def test_asks(text: str, does: bool) -> None:
    assert asks(text, HEARD) is does
