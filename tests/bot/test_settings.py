"""Settings of an installation: from the environment, checked, and handed on to its processes."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from pydantic import ValidationError

from settings import Settings


@pytest.fixture(autouse=True)
def no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)  # where there is no .env
    for name in [name for name in os.environ if name.startswith("RUGGESTEUN_")]:
        monkeypatch.delenv(name)


def test_without_settings_everything_stays_on_this_machine() -> None:
    settings = Settings()
    assert (settings.host, settings.port) == ("127.0.0.1", 8080)
    assert settings.store_url.startswith("sqlite:///")
    assert settings.rasa_url.startswith("http://127.0.0.1:5005/")
    assert settings.keep_hours == 24


def test_a_setting_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUGGESTEUN_PORT", "9000")
    monkeypatch.setenv("RUGGESTEUN_DATABASE_URL", "postgresql://db/ruggesteun")
    assert Settings().port == 9000
    assert Settings().store_url == "postgresql://db/ruggesteun"


def test_a_setting_comes_from_a_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("RUGGESTEUN_RASA_PORT=6000\n", encoding="utf-8")
    assert Settings().rasa_url == "http://127.0.0.1:6000/webhooks/ruggesteun"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "poort"),
        ("KEEP_HOURS", "0"),
        ("KEEP_HOURS", "-1"),
        ("KEEP_HOURS", "25"),
        ("KEEP_LONGER_DAYS", "31"),
        ("KEEP_UNANSWERED_DAYS", "31"),
        ("KEEP_DELIVERIES_DAYS", "8"),
        ("RASA_SECONDS", "0"),
        ("MESSAGES_PER_MINUTE", "-1"),
        ("PORT", "70000"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"RUGGESTEUN_{name}", value)
    with pytest.raises(ValidationError, match=name.lower()):
        Settings()


def test_every_setting_says_what_it_is() -> None:
    assert not [name for name, setting in Settings.model_fields.items() if not setting.description]


def test_the_secret_is_made_once_and_kept(tmp_path: Path) -> None:
    secret = Settings(var=tmp_path / "var").shared_secret()
    assert len(secret) >= 32
    assert Settings(var=tmp_path / "var").shared_secret() == secret
    assert (tmp_path / "var" / "secret").read_text() == secret


def test_only_the_owner_may_read_the_secret(tmp_path: Path) -> None:
    Settings(var=tmp_path).shared_secret()
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


def test_two_installations_have_two_secrets(tmp_path: Path) -> None:
    assert Settings(var=tmp_path / "a").shared_secret() != Settings(var=tmp_path / "b").shared_secret()


def test_a_configured_secret_is_used_and_not_written(tmp_path: Path) -> None:
    assert Settings(var=tmp_path, secret="van buiten").shared_secret() == "van buiten"
    assert not (tmp_path / "secret").exists()


def test_an_empty_file_is_no_secret(tmp_path: Path) -> None:
    (tmp_path / "secret").touch(mode=0o600)
    with pytest.raises(ValueError, match="holds no secret"):
        Settings(var=tmp_path).shared_secret()


def test_the_processes_get_what_rasa_needs(tmp_path: Path) -> None:
    settings = Settings(var=tmp_path / "var", actions_port=7000)
    environment = settings.process_environment()
    assert environment["RUGGESTEUN_SECRET"] == settings.shared_secret()
    assert environment["RUGGESTEUN_ACTIONS_URL"] == "http://127.0.0.1:7000/webhook"
    assert environment["RUGGESTEUN_TRACKER_URL"] == f"sqlite:///{tmp_path / 'var' / 'rasa.db'}"
    assert environment["RASA_TELEMETRY_ENABLED"] == "false"
    assert all(isinstance(value, str) for value in environment.values())


def test_every_variable_of_the_endpoints_is_set(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    environment = Settings(var=tmp_path).process_environment()
    for name in ("endpoints.yml", "credentials.yml"):
        text = (root / name).read_text(encoding="utf-8")
        wanted = {part.split("}")[0] for part in text.split("${")[1:]}
        assert wanted <= set(environment), name


def test_the_processes_read_back_the_same_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(var=tmp_path, port=9000, keep_hours=12, practice="vlaanderen")
    for name, value in settings.process_environment().items():
        monkeypatch.setenv(name, value)
    again = Settings()
    assert (again.port, again.keep_hours, again.practice, again.var) == (9000, 12, "vlaanderen", tmp_path)
    assert again.shared_secret() == settings.shared_secret()


@pytest.mark.parametrize(
    ("database", "tracker"),
    [
        ("postgresql://u@db/rug?sslmode=require", "postgresql://u@db/rug?sslmode=require"),
        ("postgres://u@db/rug", "postgresql://u@db/rug"),
        ("postgresql+psycopg://u@db/rug", "postgresql://u@db/rug"),
    ],
)
def test_rasas_memory_goes_where_the_store_goes(database: str, tracker: str) -> None:
    assert Settings(database_url=database).rasa_store_url == tracker
    assert Settings(database_url=database, tracker_url="sqlite:///x.db").rasa_store_url == "sqlite:///x.db"
