"""What practice staff type, and what they see: `ruggesteun praktijk`, `aftekenen` and `sleutel`."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from cryptography.fernet import Fernet
from sqlalchemy import create_engine, text
from typer.testing import CliRunner, Result

from alarm import load_alarm_content
from bot.cli import app
from content import Library
from practices import commands
from practices.signing import subjects
from settings import Settings
from store.url import sync_url

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "content" / "practices" / "demo.yml"
Run = Callable[..., Result]
ALL = len(list(subjects(Library.load(), load_alarm_content(ROOT / "content" / "alarm"))))


@pytest.fixture
def chosen(tmp_path: Path) -> Settings:
    return Settings(var=tmp_path / "var", content=ROOT / "content")


@pytest.fixture
def run(chosen: Settings, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Type a command; it goes well unless `code` says otherwise."""
    monkeypatch.setattr(commands, "settings", lambda: chosen)
    monkeypatch.setenv("COLUMNS", "200")

    def type_command(*words: str, code: int = 0) -> Result:
        result = CliRunner().invoke(app, list(words))
        assert result.exit_code == code, (result.output, result.exception)
        return result

    return type_command


@pytest.fixture
def eik(tmp_path: Path) -> Path:
    """A whole practice, in a file."""
    path = tmp_path / "eik.yml"
    path.write_text(
        DEMO.read_text(encoding="utf-8").replace("id: demo", "id: eik").replace("Rugzicht", "De Eik"), encoding="utf-8"
    )
    return path


def add_lines(path: Path, lines: str) -> int:
    """Append; the number of the first new line."""
    before = path.read_text(encoding="utf-8")
    path.write_text(before + lines, encoding="utf-8")
    return before.count("\n") + 1


def test_a_new_practice_is_a_trial_and_says_what_it_lacks(run: Run) -> None:
    said = run("praktijk", "add", "linde", "--naam", "De Linde", "--telefoon", "030 - 1").output
    assert "als proef" in said
    assert "huisartsenpost ontbreekt. Vul naam en telefoon in" in said
    assert "niet afgetekend door een zorgverlener" in said
    listed = run("praktijk", "list").output
    assert re.search(r"linde\s+De Linde\s+database\s+proef", listed)
    assert re.search(r"demo\s+Praktijk Rugzicht\s+bestand\s+proef", listed)


def test_a_practice_is_not_added_twice(run: Run) -> None:
    run("praktijk", "add", "linde", "--naam", "De Linde", "--telefoon", "030 - 1")
    said = run("praktijk", "add", "linde", "--naam", "Anders", "--telefoon", "030 - 2", code=1).output
    assert "linde is er al" in said


def test_what_is_exported_reads_back_the_same(run: Run, eik: Path, tmp_path: Path) -> None:
    add_lines(
        eik,
        'uren: {ma: "8.00-12.30, 13.00-18.00", za: dicht, uitzonderingen: [{van: 2026-12-24, uren: "8.00-12.00"}]}\n'
        "toon: zakelijk\nonderwerpen_uit: [injectie]\nwebsites: [https://www.eik.nl]\n"
        'kleuren: {hoofd: "#005f56"}\nchat_naam: De Eik helpt\nchat_knop: Stel je vraag\nchat_plaats: links\n'
        'eigen_teksten: {slaap: {answer: ["Slaap zoals je wilt. Wij helpen je."]}}\n',
    )
    run("praktijk", "import", str(eik))
    first, second = tmp_path / "1.yml", tmp_path / "2.yml"
    run("praktijk", "export", "eik", str(first))
    run("praktijk", "import", str(first))
    run("praktijk", "export", "eik", str(second))
    assert first.read_text(encoding="utf-8") == second.read_text(encoding="utf-8")
    wanted, found = (yaml.safe_load(path.read_text(encoding="utf-8")) for path in (eik, first))
    different = {key for key in {*wanted, *found} if wanted.get(key) != found.get(key)}
    assert different == {"uren", "vergoeding_geldig_tot"}, "a date as text, and days that are closed left out"
    assert found["uren"]["ma"] == "8.00-12.30, 13.00-18.00"
    assert found["uren"]["uitzonderingen"][0]["uren"] == "8.00-12.00"


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("kleur: rood", "kleur is geen bekende regel. Kijk of het goed gespeld is"),
        ('uren: {ma: "8-9"}', "'8-9' is geen tijd; schrijf 8.00-12.30"),
        ("uren: {za: dicht}", "geen enkele dag heeft een tijd"),
        ("onderwerpen_uit: [wanneer_huisarts]", "wanneer_huisarts kan niet uit"),
        ("onderwerpen_uit: [zweefvliegen]", "onderwerp 'zweefvliegen' bestaat niet. Kies een naam"),
        ('kleuren: {hoofd: "#ffff00"}', "wit is op de kleur #ffff00 niet goed te lezen"),
        ("websites: [eik.nl]", "websites"),
        ('eigen_teksten: {sport: {answer: ["Kom {snel}."]}}', "{snel} is geen gegeven van de praktijk"),
        ('eigen_teksten: {sport: {answer: ["Je hebt een hernia."]}}', "dit is een diagnose"),
        ("eigen_teksten: {sport: {}}", "hier staat geen answer, more of simple"),
    ],
)
def test_a_mistake_is_named_by_file_and_line_and_nothing_is_read(run: Run, eik: Path, line: str, problem: str) -> None:
    number = add_lines(eik, f"{line}\n")
    said = run("praktijk", "import", str(DEMO), str(eik), code=1).output
    assert f"{eik}:{number}: " in said
    assert problem in said
    assert "Er is niets ingelezen" in said
    assert "database" not in run("praktijk", "list").output
    assert f"{eik}:{number}: " in run("praktijk", "check", str(eik), code=1).output


def test_check_of_a_file_names_the_field_that_lacks(run: Run, eik: Path) -> None:
    text = eik.read_text(encoding="utf-8")
    eik.write_text(re.sub(r"huisartsenpost:\n.*\n.*\n", "", text), encoding="utf-8")
    said = run("praktijk", "check", str(eik), code=1).output
    assert f"{eik}:1: huisartsenpost ontbreekt" in said
    run("praktijk", "import", str(eik))
    assert "huisartsenpost ontbreekt" in run("praktijk", "check", "eik", code=1).output


def test_own_texts_that_left_the_file_are_no_longer_in_use(run: Run, eik: Path, chosen: Settings) -> None:
    whole = eik.read_text(encoding="utf-8")
    add_lines(eik, 'eigen_teksten: {slaap: {answer: ["Slaap zoals je wilt."]}}\n')
    run("praktijk", "import", str(eik), "--door", "anna")
    assert "Slaap zoals je wilt" in run("praktijk", "show", "eik").output
    eik.write_text(whole, encoding="utf-8")
    run("praktijk", "import", str(eik), "--door", "bert")
    assert "Slaap zoals je wilt" not in run("praktijk", "show", "eik").output
    with create_engine(sync_url(chosen.store_url)).connect() as connection:
        rows = connection.execute(text("SELECT version, author FROM content_versions ORDER BY version")).all()
    assert [tuple(row) for row in rows] == [(1, "anna"), (2, "bert")]


SIGNER = ("--naam", "A. Arts", "--registratie", "12345678901", "--ja")


def test_a_whole_and_signed_practice_is_ready(run: Run, eik: Path) -> None:
    run("praktijk", "import", str(eik))
    run("praktijk", "check", "eik", code=1)
    assert f"{ALL} teksten zijn afgetekend" in run("aftekenen", "--alles", *SIGNER).output
    assert "klaar voor patiënten" in run("praktijk", "check", "eik").output
    assert f"0 van {ALL}" in run("aftekenen", "--lijst").output


def test_a_changed_text_needs_a_new_signature(run: Run, eik: Path) -> None:
    run("praktijk", "import", str(eik))
    run("aftekenen", "--alles", *SIGNER)
    add_lines(eik, 'eigen_teksten: {slaap: {answer: ["Slaap zoals je wilt."]}}\n')
    said = run("praktijk", "import", str(eik)).output
    assert "1 onderwerpen zijn niet afgetekend" in said
    assert "klaar voor patiënten" in run("praktijk", "check", "demo").output, "others keep the common text"
    assert "onderwerp slaap" in run("aftekenen", "--lijst", "--praktijk", "eik").output
    run("aftekenen", "--praktijk", "eik", "--onderwerp", "slaap", *SIGNER)
    run("praktijk", "check", "eik")


def test_a_signature_of_one_practice_is_none_of_another(run: Run, eik: Path) -> None:
    run("praktijk", "import", str(eik))
    run("aftekenen", "--alles", "--praktijk", "eik", *SIGNER)
    run("praktijk", "check", "eik")
    run("praktijk", "check", "demo", code=1)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--alles",), "Geef wie tekent"),
        (("--alles", "--naam", "A. Arts", "--registratie", "geen"), "minstens vijf cijfers"),
        (("--naam", "A. Arts", "--registratie", "12345678901"), "Zeg wat er wordt afgetekend"),
        (("--onderwerp", "zweefvliegen", *SIGNER), "zweefvliegen bestaat hier niet"),
        (("--alles", "--datum", "2999-01-01", *SIGNER), "is nog niet geweest"),
    ],
)
def test_signing_says_what_it_wants(run: Run, words: tuple[str, ...], said: str) -> None:
    assert said in run("aftekenen", *words, code=1).output


def test_who_says_no_signs_nothing(run: Run) -> None:
    result = CliRunner().invoke(app, ["aftekenen", "--alles", *SIGNER[:-1]], input="n\n")
    assert result.exit_code == 1
    assert f"{ALL} van {ALL}" in run("aftekenen", "--lijst").output


def test_a_removed_practice_is_gone(run: Run, eik: Path) -> None:
    run("praktijk", "import", str(eik))
    run("praktijk", "remove", "eik", "--ja")
    assert "eik" not in run("praktijk", "list").output
    assert "staat niet in de database" in run("praktijk", "remove", "eik", "--ja", code=1).output


def test_a_practice_that_is_not_there(run: Run) -> None:
    assert "praktijk list" in run("praktijk", "show", "nergens", code=1).output


def test_a_key_is_one(run: Run) -> None:
    Fernet(run("sleutel").output.strip())


def test_a_database_that_cannot_be_reached_is_one_sentence(
    run: Run, chosen: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead = chosen.model_copy(update={"database_url": "postgresql://nobody@127.0.0.1:1/none"})
    monkeypatch.setattr(commands, "settings", lambda: dead)
    said = run("praktijk", "list", code=1).output
    assert "De database doet het niet" in said
    assert "Traceback" not in said
