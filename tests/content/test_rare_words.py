"""A rare word in what patients read is replaced, or stands in content/words.yml with a reason."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from content import ContentError, Library
from content.checks import check_texts, read_texts
from content.library import ROOT, Mistake
from content.readability import is_rare, words

LIBRARY = Library.load()
RARE = "aambeeld"
SPORT = "topics/sport.yml"
TEXTS = "alarm/texts.yml"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """content/ to spoil."""
    return Path(shutil.copytree(ROOT, tmp_path / "content", ignore=shutil.ignore_patterns("*.py", "*.png")))


def change(path: Path, old: str, new: str) -> int:
    """Replace the first `old`; its line, from 1."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {path.name}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def refused(root: Path) -> list[Mistake]:
    with pytest.raises(ContentError) as caught:
        Library.load(root)
    return caught.value.mistakes


@pytest.mark.parametrize(
    ("name", "old", "new", "where"),
    [
        pytest.param(SPORT, "title: Mag ik", f"title: Mag ik een {RARE}", "title", id="title"),
        pytest.param(SPORT, "button: Sporten", f"button: {RARE}", "button", id="button"),
        pytest.param("media/media.yml", 'alt: "Iemand', f'alt: "{RARE}', "bekkenkanteling.alt", id="drawing"),
        pytest.param("smalltalk.yml", '["Graag gedaan!"]', f'["{RARE}!"]', "bedankt.0", id="small talk"),
        pytest.param("reassurance.yml", '"Je rug is sterk.', f'"{RARE}.', "rug_is_sterk.0", id="reassurance"),
        pytest.param(TEXTS, "Ga niet zelf rijden", f"Een {RARE}", "spoed_112.paragraphs", id="alarm"),
        pytest.param("alarm/signs/hart.yml", "nat van het zweet", RARE, "signs.0.question", id="question of a sign"),
    ],
)
def test_a_rare_word_is_named_with_its_place(copy: Path, name: str, old: str, new: str, where: str) -> None:
    change(copy / name, old, new)

    found = [mistake for mistake in check_texts(copy) if RARE in mistake.problem]

    assert [(m.path, m.problem) for m in found] == [(copy / name, f"{where}: {RARE!r} is een zeldzaam woord")]
    assert "words.yml" in found[0].mend


def test_the_line_of_a_rare_word_is_that_of_its_text(copy: Path) -> None:
    line = change(copy / SPORT, "title: Mag ik", f"title: Mag ik een {RARE}")
    assert [mistake.line for mistake in check_texts(copy)] == [line]


def test_a_rare_word_with_a_reason_may_stay(copy: Path) -> None:
    change(copy / SPORT, "title: Mag ik", f"title: Mag ik een {RARE}")
    change(copy / "words.yml", "artrose:", f'{RARE}: "gewoon ding bij de smid"\nartrose:')
    assert check_texts(copy) == []


def test_a_word_that_the_practice_fills_in_is_not_judged(copy: Path) -> None:
    change(copy / "practices" / "demo.yml", '"Praktijk Rugzicht"', f'"Praktijk {RARE}"')
    assert check_texts(copy) == []


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        pytest.param(f"{RARE}:", f"{RARE} hoort tekst te zijn", id="no reason"),
        pytest.param(f'{RARE}: ""', f"{RARE} is leeg", id="empty reason"),
        pytest.param('Aambeeld: "te groot"', "kleine letters", id="capital"),
        pytest.param('"een aambeeld": "twee woorden"', "kleine letters", id="two words"),
    ],
)
def test_a_mistake_in_the_list_is_named(copy: Path, line: str, problem: str) -> None:
    number = change(copy / "words.yml", "artrose:", f"{line}\nartrose:")

    (mistake,) = refused(copy)

    assert (mistake.path, mistake.line) == (copy / "words.yml", number)
    assert problem in mistake.problem
    assert mistake.mend


def test_a_list_that_is_gone_is_named(copy: Path) -> None:
    (copy / "words.yml").unlink()
    assert [mistake.path for mistake in refused(copy)] == [copy / "words.yml"]


def test_the_list_holds_only_words_that_are_rare_and_in_use() -> None:
    used = {word.lower() for _, _, paragraphs in read_texts(LIBRARY, ROOT) for word in words(" ".join(paragraphs))}
    assert [word for word in LIBRARY.rare_words if word not in used or not is_rare(word)] == []
