"""Every setting of an installation: environment variables RUGGESTEUN_<NAME>, or lines in `.env`.

Rasa (Python 3.10) and the action server get theirs from here too: `process_environment` is what `ruggesteun serve`
hands to the processes it starts.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from functools import lru_cache
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

MIN_SECRET = 16  # characters


class Settings(BaseSettings):
    """Ports are on loopback except the public one. Times are in the unit the name says."""

    model_config = SettingsConfigDict(env_prefix="RUGGESTEUN_", env_file=".env", extra="ignore")

    host: str = Field("127.0.0.1", description="Address of the public server; 0.0.0.0 behind a reverse proxy.")
    port: int = Field(8080, ge=1, le=65535, description="Port of the public server.")
    rasa_port: int = Field(5005, ge=1, le=65535, description="Port of Rasa, on loopback.")
    actions_port: int = Field(5055, ge=1, le=65535, description="Port of the action server, on loopback.")
    var: Path = Field(Path("var"), description="Folder for databases, the model, the encoder, logs and the secret.")
    content: Path = Field(Path("content"), description="Folder with what the assistant says.")
    database_url: str = Field("", description="SQLAlchemy address of our store; empty: SQLite in `var`.")
    tracker_url: str = Field("", description="SQLAlchemy address of Rasa's memory; empty: as the store's.")
    practice: str = Field("demo", description="Practice that the demo page at / shows.")
    keep_hours: float = Field(24, gt=0, le=24, description="How long what a patient wrote is kept; then it is deleted.")
    keep_longer_days: float = Field(
        0, ge=0, le=30, description="How long a talk is kept whose patient asks for that; 0: not offered."
    )
    keep_unanswered_days: float = Field(
        30, gt=0, le=30, description="How long unanswered questions are kept, without names."
    )
    keep_deliveries_days: float = Field(
        7, gt=0, le=7, description="How long the keys of WhatsApp's and Telegram's messages are kept."
    )
    rasa_seconds: float = Field(
        2.0, gt=0, description="After this silence the fixed text comes in place of Rasa's answer."
    )
    messages_per_minute: int = Field(20, ge=0, description="Messages one conversation may send a minute; 0: no limit.")
    conversations_per_minute: int = Field(
        30, ge=0, description="Conversations one address may start a minute; 0: no limit."
    )
    trusted_proxies: str = Field("127.0.0.1", description="Addresses whose X-Forwarded-For is believed.")
    frame_ancestors: str = Field(
        "", description="Sites that may show any practice's chat, beside those it names, as in Content-Security-Policy."
    )
    public_url: str = Field("", description="Address of the public server as patients and platforms see it.")
    whatsapp_api: str = Field("https://graph.facebook.com", description="Address of WhatsApp's Graph API.")
    telegram_api: str = Field("https://api.telegram.org", description="Address of Telegram's Bot API.")
    keys: str = Field("", description="Keys (commas between, the newest first) that encrypt tokens of channels.")
    secret: str = Field("", description="Signs tokens and guards the private ports; empty: made once, kept in `var`.")

    @property
    def store_url(self) -> str:
        return self.database_url or f"sqlite:///{(self.var / 'ruggesteun.db').resolve()}"

    @property
    def rasa_store_url(self) -> str:
        """Where Rasa keeps its talks: the same PostgreSQL as ours where there is one, else a SQLite file of its own.

        In the form that Rasa's SQLAlchemy 1.4 reads; its driver for PostgreSQL is psycopg2.
        """
        if self.tracker_url:
            return self.tracker_url
        scheme, _, rest = self.database_url.partition("://")
        if scheme.partition("+")[0] in {"postgres", "postgresql"}:
            return f"postgresql://{rest}"
        return f"sqlite:///{(self.var / 'rasa.db').resolve()}"

    @property
    def rasa_url(self) -> str:
        return f"http://127.0.0.1:{self.rasa_port}/webhooks/ruggesteun"

    @property
    def actions_url(self) -> str:
        return f"http://127.0.0.1:{self.actions_port}"

    @property
    def model(self) -> Path:
        return self.var / "model" / "ruggesteun.tar.gz"

    def shared_secret(self) -> str:
        """The configured secret, or the one of this installation (made at first use, readable by the owner only)."""
        if self.secret:
            return self.secret
        path = self.var / "secret"
        if not path.exists():
            self.var.mkdir(parents=True, exist_ok=True)
            draft = self.var / f"secret.{os.getpid()}.{secrets.token_hex(4)}"
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(secrets.token_urlsafe(32))
            # A link is made whole or not at all, so that no process ever reads half a secret.
            with contextlib.suppress(FileExistsError):
                os.link(draft, path)
            draft.unlink()
        found = path.read_text(encoding="ascii").strip()
        if len(found) < MIN_SECRET:
            raise ValueError(f"{path} holds no secret. Remove it; the next start makes a new one")
        return found

    def process_environment(self) -> dict[str, str]:
        """Variables for the processes of this installation, Rasa's `${...}` in endpoints.yml among them."""
        own = {f"RUGGESTEUN_{name.upper()}": str(value) for name, value in self.model_dump().items() if str(value)}
        return {
            **own,
            "RUGGESTEUN_SECRET": self.shared_secret(),
            "RUGGESTEUN_TRACKER_URL": self.rasa_store_url,
            "RUGGESTEUN_KEEP_HOURS": str(self.keep_hours),
            "RUGGESTEUN_ACTIONS_URL": f"{self.actions_url}/webhook",
            "RUGGESTEUN_ENCODER_DIR": str(self.var / "encoder"),
            "RASA_TELEMETRY_ENABLED": "false",
            "TF_CPP_MIN_LOG_LEVEL": "3",
            "TICKET_LOCK_LIFETIME": "8",  # seconds; a killed Rasa blocks a conversation for 60 by default
            "SANIC_WORKERS": "1",
            # One message uses one core: more threads in numpy and onnxruntime only fight over the two there are.
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
        }


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process."""
    return Settings()
