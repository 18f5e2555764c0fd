"""content/ is loaded as a whole, and every mistake in it is named by file and line, with what to do."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from content import ContentError, Library, LiveLibrary
from content.library import ROOT, Mistake, line_of

SPORT = "topics/sport.yml"
DEMO = "practices/demo.yml"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """content/ to spoil."""
    return Path(
        shutil.copytree(
            ROOT, tmp_path / "content", ignore=shutil.ignore_patterns("alarm", "*.py", "__pycache__", "*.png")
        )
    )


def change(path: Path, old: str, new: str) -> int:
    """Replace the first `old`; its line, from 1."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {path.name}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def mistakes(root: Path) -> list[Mistake]:
    with pytest.raises(ContentError) as caught:
        Library.load(root)
    return caught.value.mistakes


def test_the_real_content_loads() -> None:
    library = Library.load()
    assert len(library.topics) == 72
    assert set(library.practices) >= {"demo", "vlaanderen"}
    assert library.topics["sport"].button == "Sporten"
    assert set(library.languages) == {"en", "de", "tr", "pl", "ar", "fr"}


@pytest.mark.parametrize(
    ("name", "old", "new", "problem", "mend"),
    [
        pytest.param(SPORT, "title: Mag", "tittle: Mag", "title ontbreekt", "Voeg deze regel toe", id="missing"),
        pytest.param(
            SPORT, "button: ", "knop: x\nbutton: ", "knop is geen bekende regel", "goed gespeld", id="unknown key"
        ),
        pytest.param(
            SPORT, "button: Sporten", f"button: {'x' * 21}", "button is te lang", "hoogstens 20", id="too long"
        ),
        pytest.param(SPORT, "button: Sporten", 'button: ""', "button is leeg", "Vul tekst in", id="empty"),
        pytest.param(
            SPORT,
            "follow_up: [opbouwen, pijn_na_bewegen, krachttraining]",
            "follow_up: [opbouwen]",
            "follow_up heeft te weinig regels",
            "minstens 2",
            id="too few",
        ),
        pytest.param(
            SPORT,
            "follow_up: [opbouwen,",
            "follow_up: [slaap, opbouwen,",
            "follow_up heeft te veel regels",
            "hoogstens 3",
            id="too many",
        ),
        pytest.param(
            SPORT, "button: Sporten", "button: 12", "button hoort tekst te zijn", "aanhalingstekens", id="number"
        ),
        pytest.param(SPORT, "state: unreviewed", "state: ok", "onbekende waarde", "reviewed", id="unknown value"),
        pytest.param(SPORT, "date: 2026-11-22", "date: gisteren", "geen datum", "jjjj-mm-dd", id="date"),
        pytest.param(SPORT, "id: sport", "id: Sport", "kleine letters", "Schrijf het anders", id="capitals in id"),
        pytest.param(SPORT, "id: sport", "id: sporten", "anders dan de bestandsnaam", "gelijk", id="other id"),
        pytest.param(
            SPORT,
            "follow_up: [opbouwen",
            "follow_up: [opbouw",
            "follow_up noemt 'opbouw'",
            "bestaande naam",
            id="follow-up",
        ),
        pytest.param(
            SPORT,
            "sources: [fysioclub",
            "sources: [fysiokub",
            "sources noemt 'fysiokub'",
            "bestaande naam",
            id="source",
        ),
        pytest.param(
            SPORT,
            "reassurance: [kleine_stappen",
            "reassurance: [kleine",
            "reassurance noemt 'kleine'",
            "bestaande naam",
            id="reassurance",
        ),
        pytest.param(
            SPORT, "image: null", "image: sporten", "tekening 'sporten' bestaat niet", "Kies een naam", id="image"
        ),
        pytest.param(
            SPORT, "Meestal wel.", "Meestal wel, {naaam}.", "{naaam} is geen gegeven", "Kies uit", id="placeholder"
        ),
        pytest.param(SPORT, "Meestal wel.", "Meestal wel { zo.", "geen gegeven", "Kies uit", id="loose brace"),
        pytest.param(SPORT, "title: Mag", "title: [Mag", "geen geldige YAML", "inspringing", id="yaml"),
        pytest.param(DEMO, "land: NL", "land: DE", "onbekende waarde", "'NL' or 'BE'", id="country"),
        pytest.param(
            DEMO, "telefoon:", "telefon:", "telefoon ontbreekt", "Voeg deze regel toe", id="practice without phone"
        ),
        pytest.param(
            "follow_ups.yml",
            "anders: more",
            "anders: meer",
            "'meer' is geen onderwerp",
            "bestaand onderwerp",
            id="follow_ups",
        ),
        pytest.param("smalltalk.yml", "groet:", "groet: Hoi\ngroeten:", "groet", "", id="small talk no list"),
    ],
)
def test_a_mistake_says_where_what_and_how_to_mend(
    copy: Path, name: str, old: str, new: str, problem: str, mend: str
) -> None:
    change(copy / name, old, new)
    found = [m for m in mistakes(copy) if problem in m.problem and mend in m.mend]
    assert found, mistakes(copy)
    assert found[0].path == copy / name
    assert str(found[0]).startswith(f"{copy / name}:{found[0].line}: ")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("button: Sporten", f"button: {'x' * 21}"),
        ("image: null", "image: sporten"),
        ("state: unreviewed", "state: ok"),
        ("Meestal wel.", "Meestal wel, {naaam}."),
        ("title: Mag", "title: [Mag"),
    ],
)
def test_the_line_is_where_the_mistake_stands(copy: Path, old: str, new: str) -> None:
    line = change(copy / SPORT, old, new)
    # An open bracket is noticed where it should have been closed, on the next line.
    assert mistakes(copy)[0].line in {line, line + 1} if "[" in new else mistakes(copy)[0].line == line


def test_a_mistake_in_a_list_has_the_line_of_its_entry(copy: Path) -> None:
    line = change(copy / SPORT, "value: zwemmen", "valeu: zwemmen")
    assert {m.line for m in mistakes(copy) if "valeu" in m.problem} == {line}


def test_all_mistakes_are_named_at_once(copy: Path) -> None:
    change(copy / SPORT, "image: null", "image: sporten")
    change(copy / "topics" / "slaap.yml", "title:", "titel:")
    change(copy / DEMO, "land: NL", "land: DE")
    assert {m.path.name for m in mistakes(copy)} >= {"sport.yml", "slaap.yml", "demo.yml"}


@pytest.mark.parametrize("name", ["sources.yml", "reassurance.yml", "smalltalk.yml", "follow_ups.yml"])
def test_a_file_that_is_gone_is_named(copy: Path, name: str) -> None:
    (copy / name).unlink()
    assert any(m.path == copy / name and "ontbreekt" in m.problem for m in mistakes(copy))


@pytest.mark.parametrize(
    ("content", "problem"),
    [(b"", "leeg"), (b"- een\n- twee\n", "geen lijst van regels"), ("naam: café".encode("latin-1"), "geen UTF-8")],
)
def test_a_file_that_holds_nothing_usable_is_named(copy: Path, content: bytes, problem: str) -> None:
    (copy / SPORT).write_bytes(content)
    assert any(m.path == copy / SPORT and problem in m.problem for m in mistakes(copy))


def test_the_line_of_a_missing_key_is_that_of_its_parent() -> None:
    text = "a: 1\nb:\n  - c: 2\n  - d: 3\n"
    assert line_of(text, ("b", 1, "d")) == 4
    assert line_of(text, ("b", 1, "e")) == 4
    assert line_of(text, ("z",)) == 1


def touch(path: Path, spoil: Callable[[str], str]) -> None:
    """Change a file, and its time by a second: two changes within a clock tick would look the same."""
    path.write_text(spoil(path.read_text(encoding="utf-8")), encoding="utf-8")
    later = path.stat().st_mtime_ns + 1_000_000_000
    os.utime(path, ns=(later, later))


def test_a_change_is_seen_at_the_next_message(copy: Path) -> None:
    live = LiveLibrary(copy, look_every=0)
    assert live.current().topics["sport"].button == "Sporten"
    touch(copy / SPORT, lambda text: text.replace("button: Sporten", "button: Sport"))
    assert live.current().topics["sport"].button == "Sport"


def test_a_new_practice_is_seen_at_the_next_message(copy: Path) -> None:
    live = LiveLibrary(copy, look_every=0)
    text = (copy / DEMO).read_text(encoding="utf-8")
    (copy / "practices" / "nieuw.yml").write_text(text.replace("id: demo", "id: nieuw"), encoding="utf-8")
    assert "nieuw" in live.current().practices


def test_the_files_are_not_looked_at_for_every_message(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("content.library.time.monotonic", lambda: now)
    live = LiveLibrary(copy, look_every=1)
    touch(copy / SPORT, lambda text: text.replace("button: Sporten", "button: Sport"))
    assert live.current().topics["sport"].button == "Sporten"
    now += 1.1
    assert live.current().topics["sport"].button == "Sport"


def test_without_a_change_nothing_is_read_again(copy: Path) -> None:
    live = LiveLibrary(copy, look_every=0)
    assert live.current() is live.current()


def test_the_last_good_content_stays_while_there_is_a_mistake(copy: Path, caplog: pytest.LogCaptureFixture) -> None:
    live = LiveLibrary(copy, look_every=0)
    touch(copy / SPORT, lambda text: text.replace("button:", "knop:"))
    with caplog.at_level(logging.ERROR):
        assert live.current().topics["sport"].button == "Sporten"
    assert "sport.yml" in caplog.text
    touch(copy / SPORT, lambda text: text.replace("knop: Sporten", "button: Bewegen"))
    assert live.current().topics["sport"].button == "Bewegen"


def test_a_mistake_is_reported_once(copy: Path, caplog: pytest.LogCaptureFixture) -> None:
    live = LiveLibrary(copy, look_every=0)
    touch(copy / SPORT, lambda text: text.replace("button:", "knop:"))
    with caplog.at_level(logging.ERROR):
        live.current()
        live.current()
    assert len(caplog.records) == 1


def test_content_with_a_mistake_at_the_start_is_refused(copy: Path) -> None:
    change(copy / SPORT, "button:", "knop:")
    with pytest.raises(ContentError):
        LiveLibrary(copy)
