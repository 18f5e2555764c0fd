"""Dictionary forms of the words patients use."""

from __future__ import annotations

import pytest

from engine.dutch import dutch


@pytest.mark.parametrize(
    ("text", "lemmas"),
    [
        ("ik heb pijn in mijn benen", ["ik", "hebben", "pijn", "in", "mijn", "been"]),
        ("welke oefeningen kan ik doen", ["welk", "oefening", "kunnen", "ik", "doen"]),
        ("ik bukte en tilde een zware doos", ["ik", "bukken", "en", "tillen", "een", "zwaar", "doos"]),
        ("ik liep gisteren", ["ik", "lopen", "gisteren"]),
        ("mijn rug werd stijver", ["mijn", "rug", "worden", "stijf"]),
        ("mag ik fietsen", ["mogen", "ik", "fietsen"]),
    ],
)
def test_words_of_a_sentence_become_their_dictionary_form(text: str, lemmas: list[str]) -> None:
    assert dutch().lemmas(text) == lemmas


@pytest.mark.parametrize(
    ("words", "lemma"),
    [
        ("slapen slaapt sliep geslapen", "slapen"),
        ("rugklacht rugklachten", "rugklacht"),
        ("wervel wervels", "wervel"),
        pytest.param(
            "spier spieren",
            "spier",
            marks=pytest.mark.xfail(raises=AssertionError, reason="read as a verb where no sentence stands around it"),
        ),
        ("tinteling tintelingen", "tinteling"),
        ("knie knieën", "knie"),
        ("injectie injecties", "injectie"),
        ("pijnstiller pijnstillers", "pijnstiller"),
        ("behandeling behandelingen", "behandeling"),
    ],
)
def test_all_forms_of_a_word_share_one_lemma(words: str, lemma: str) -> None:
    assert set(dutch().lemmas(words)) == {lemma}


@pytest.mark.xfail(raises=AssertionError, reason="'versleten' becomes 'verslet', which is no word")
def test_a_worn_back_is_a_word() -> None:
    assert dutch().lemmas("mijn rug is versleten")[-1] in {"verslijten", "versleten"}


def test_no_lemma_holds_a_capital_or_an_underscore() -> None:
    for lemma in dutch().lemmas("Mijn Rug doet PIJN, de MRI zegt L5-S1 en Bechterew."):
        assert lemma == lemma.lower()
        assert "_" not in lemma


@pytest.mark.parametrize("text", ["", " ", "?", "🙂", "qwrtpsdf", "a" * 1_000, "رأس", "38,5"])
def test_anything_typed_has_lemmas(text: str) -> None:
    assert all(isinstance(lemma, str) for lemma in dutch().lemmas(text))


def test_many_at_once_are_the_same_as_one_by_one() -> None:
    texts = ["mag ik fietsen", "", "ik heb pijn in mijn benen", "wat kost het?"]
    pipeline = dutch()
    together = [[pipeline.lemma(token) for token in doc] for doc in pipeline.many(texts)]
    assert together == [pipeline.lemmas(text) for text in texts]


def test_the_pipeline_says_which_it_is() -> None:
    assert dutch().name in {"nl_core_news_sm", "nl_ruggesteun_slim"}
    assert dutch().version
