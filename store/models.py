"""The tables. Every time is in UTC and knows it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar, Literal

from sqlalchemy import JSON, CheckConstraint, DateTime, Dialect, ForeignKey, Index, MetaData, String, Text
from sqlalchemy import text as sql
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

Author = Literal["patient", "assistant"]


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
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcDateTime}


class Conversation(Base):
    """One patient talking to one practice. `id` is 32 hex characters; who knows it can read the conversation.

    `consent_at` is when the patient agreed to the notice; empty: not asked, or not yet.
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
