"""The tables. Every time is in UTC and knows it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, ClassVar, Literal

from sqlalchemy import (
    JSON,
    CheckConstraint,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    MetaData,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

Author = Literal["patient", "assistant"]
ChannelKind = Literal["whatsapp", "telegram"]
SubjectKind = Literal["onderwerp", "alarmtekst", "alarmteken"]


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. SQLite has no time zones: it gets UTC without one, and the reader puts it back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Raises ValueError for a time without a zone: whose noon it is, nobody could say later."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time for the database needs a time zone, this one has none: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    # Fixed names, because a later migration can only change a constraint that it can name on both databases.
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcDateTime}


class PracticeRow(Base):
    """One practice; the columns bear the names of its YAML file (content.Practice), and JSON holds what is read whole.

    Other tables name a practice by its id without a foreign key: it may also live in a file of content/practices.
    """

    __tablename__ = "practices"
    __table_args__ = (CheckConstraint("land IN ('NL', 'BE')", name="land"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    naam: Mapped[str] = mapped_column(String(200))
    beroep: Mapped[str] = mapped_column(String(20))
    land: Mapped[str] = mapped_column(String(2))
    telefoon: Mapped[str | None] = mapped_column(String(40))
    email: Mapped[str | None] = mapped_column(String(254))
    adres: Mapped[str | None] = mapped_column(String(300))
    website: Mapped[str | None] = mapped_column(String(500))
    afspraak_url: Mapped[str | None] = mapped_column(String(500))
    huisartsenpost: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    openingstijden: Mapped[str | None] = mapped_column(Text)
    uren: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    vergoeding: Mapped[str | None] = mapped_column(Text)
    vergoeding_geldig_tot: Mapped[date | None]
    kosten: Mapped[str | None] = mapped_column(Text)
    verwijzing: Mapped[str | None] = mapped_column(Text)
    parkeren: Mapped[str | None] = mapped_column(Text)
    afzeggen: Mapped[str | None] = mapped_column(Text)
    huisbezoek: Mapped[str | None] = mapped_column(Text)
    meenemen: Mapped[str | None] = mapped_column(Text)
    begroeting: Mapped[str | None] = mapped_column(Text)
    toon: Mapped[str | None] = mapped_column(String(20))
    kleuren: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    websites: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    chat_naam: Mapped[str | None] = mapped_column(String(60))
    chat_knop: Mapped[str | None] = mapped_column(String(40))
    chat_plaats: Mapped[str | None] = mapped_column(String(10))
    onderwerpen_uit: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Channel(Base):
    """A practice on WhatsApp or Telegram; off until the practice switches it on.

    `sealed` holds the credentials, encrypted (store/vault.py); no column shows a part of them.
    """

    __tablename__ = "channels"
    __table_args__ = (
        CheckConstraint("kind IN ('whatsapp', 'telegram')", name="kind"),
        UniqueConstraint("practice", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    practice: Mapped[str] = mapped_column(String(40))
    kind: Mapped[ChannelKind] = mapped_column(String(16))
    enabled: Mapped[bool]
    sealed: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class PlatformMessage(Base):
    """A message that a platform delivered, so that the same one is answered once, also after a restart.

    `key` is a digest: WhatsApp's message ids hold the sender's phone number. `sealed` is what was delivered, encrypted,
    until the work on it is done.
    """

    __tablename__ = "platform_messages"
    __table_args__ = (Index(None, "done_at", "received_at"),)

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    practice: Mapped[str] = mapped_column(String(40))
    kind: Mapped[ChannelKind] = mapped_column(String(16))
    received_at: Mapped[datetime] = mapped_column(index=True)
    done_at: Mapped[datetime | None]
    sealed: Mapped[str | None] = mapped_column(Text)


class ContentVersion(Base):
    """One version of a practice's own text on a topic; the highest counts. `body` empty: back to the common text.

    Rows are only ever added, so that what patients read on any day can be looked up.
    """

    __tablename__ = "content_versions"
    __table_args__ = (UniqueConstraint("practice", "topic", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    practice: Mapped[str] = mapped_column(String(40))
    topic: Mapped[str] = mapped_column(String(30))
    version: Mapped[int]
    body: Mapped[dict[str, list[str]] | None] = mapped_column(JSON(none_as_null=True))
    author: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]


class Signature(Base):
    """A clinician has read one text and stands for it. Another `version` (a digest of the text) needs a new one.

    `practice` empty: signed by the supplier's clinician, for all practices that use that text.
    """

    __tablename__ = "signatures"
    __table_args__ = (
        CheckConstraint("kind IN ('onderwerp', 'alarmtekst', 'alarmteken')", name="kind"),
        Index(None, "kind", "subject", "version"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    practice: Mapped[str | None] = mapped_column(String(40), index=True)
    kind: Mapped[SubjectKind] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(String(64))
    version: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(200))
    registration: Mapped[str] = mapped_column(String(20))
    signed_on: Mapped[date]
    created_at: Mapped[datetime]


class AuditEntry(Base):
    """Who changed what, and when. Never a patient's text, never a credential."""

    __tablename__ = "audit_log"
    __table_args__ = (Index(None, "practice", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(200))
    practice: Mapped[str | None] = mapped_column(String(40))
    action: Mapped[str] = mapped_column(String(64))
    details: Mapped[dict[str, Any]] = mapped_column(JSON)


class Conversation(Base):
    """One patient talking to one practice. `id` is 32 hex characters; who knows it can read the conversation.

    `consent_at` is when the patient agreed to the notice; empty: not yet, and then no turn is kept.
    """

    __tablename__ = "conversations"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    practice: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]
    last_at: Mapped[datetime] = mapped_column(index=True)
    consent_at: Mapped[datetime | None]


class Message(Base):
    """One turn. `body` is what the channel showed: the patient's text or a Reply, as JSON.

    `client_id` is the id that the patient's browser gave a message, and stands on its replies as well.
    """

    __tablename__ = "messages"
    __table_args__ = (
        CheckConstraint("author IN ('patient', 'assistant')", name="author"),
        # A message is taken in once, however often a bad connection sends it.
        Index(
            "uq_messages_conversation_id_client_id",
            "conversation_id",
            "client_id",
            unique=True,
            sqlite_where=sql("author = 'patient'"),
            postgresql_where=sql("author = 'patient'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    author: Mapped[Author] = mapped_column(String(9))
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    client_id: Mapped[str | None] = mapped_column(String(36))


class Feedback(Base):
    """A thumb up or down for a topic, and perhaps why: a word from a fixed list.

    No text and no conversation, so that it leads back to nobody.
    """

    __tablename__ = "feedback"
    __table_args__ = (Index(None, "practice", "created_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime]
    practice: Mapped[str] = mapped_column(String(64))
    topic: Mapped[str] = mapped_column(String(64))
    helpful: Mapped[bool]
    reason: Mapped[str | None] = mapped_column(String(32))


class Unanswered(Base):
    """A question that got no answer, already redacted, and the topic ids that were offered.

    It outlives its conversation, unless the patient wipes that: `conversation_id` is there for this, and is empty after
    the conversation's own time.
    """

    __tablename__ = "unanswered"
    __table_args__ = (Index(None, "practice", "created_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(index=True)
    practice: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    suggested: Mapped[list[str]] = mapped_column(JSON)
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversations.id", ondelete="SET NULL"), index=True)
