"""Practices, their channels, own texts and signatures; messages of platforms; the audit log; consent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "practices",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("naam", sa.String(200), nullable=False),
        sa.Column("beroep", sa.String(20), nullable=False),
        sa.Column("land", sa.String(2), nullable=False),
        sa.Column("telefoon", sa.String(40), nullable=True),
        sa.Column("email", sa.String(254), nullable=True),
        sa.Column("adres", sa.String(300), nullable=True),
        sa.Column("website", sa.String(500), nullable=True),
        sa.Column("afspraak_url", sa.String(500), nullable=True),
        sa.Column("huisartsenpost", sa.JSON(), nullable=True),
        sa.Column("openingstijden", sa.Text(), nullable=True),
        sa.Column("uren", sa.JSON(), nullable=True),
        sa.Column("vergoeding", sa.Text(), nullable=True),
        sa.Column("vergoeding_geldig_tot", sa.Date(), nullable=True),
        sa.Column("kosten", sa.Text(), nullable=True),
        sa.Column("verwijzing", sa.Text(), nullable=True),
        sa.Column("parkeren", sa.Text(), nullable=True),
        sa.Column("afzeggen", sa.Text(), nullable=True),
        sa.Column("huisbezoek", sa.Text(), nullable=True),
        sa.Column("meenemen", sa.Text(), nullable=True),
        sa.Column("begroeting", sa.Text(), nullable=True),
        sa.Column("toon", sa.String(20), nullable=True),
        sa.Column("kleuren", sa.JSON(), nullable=True),
        sa.Column("websites", sa.JSON(), nullable=True),
        sa.Column("chat_naam", sa.String(60), nullable=True),
        sa.Column("chat_knop", sa.String(40), nullable=True),
        sa.Column("chat_plaats", sa.String(10), nullable=True),
        sa.Column("onderwerpen_uit", sa.JSON(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("land IN ('NL', 'BE')", name=op.f("ck_practices_land")),
        sa.PrimaryKeyConstraint("id", name="pk_practices"),
    )
    op.create_table(
        "channels",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("practice", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('whatsapp', 'telegram')", name=op.f("ck_channels_kind")),
        sa.PrimaryKeyConstraint("id", name="pk_channels"),
        sa.UniqueConstraint("practice", "kind", name="uq_channels_practice_kind"),
    )
    op.create_table(
        "platform_messages",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("practice", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_platform_messages"),
    )
    op.create_index("ix_platform_messages_received_at", "platform_messages", ["received_at"])
    op.create_index("ix_platform_messages_done_at_received_at", "platform_messages", ["done_at", "received_at"])
    op.create_table(
        "content_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("practice", sa.String(40), nullable=False),
        sa.Column("topic", sa.String(30), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=True),
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_content_versions"),
        sa.UniqueConstraint("practice", "topic", "version", name="uq_content_versions_practice_topic_version"),
    )
    op.create_table(
        "signatures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("practice", sa.String(40), nullable=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("version", sa.String(16), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("registration", sa.String(20), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('onderwerp', 'alarmtekst', 'alarmteken')", name=op.f("ck_signatures_kind")),
        sa.PrimaryKeyConstraint("id", name="pk_signatures"),
    )
    op.create_index("ix_signatures_practice", "signatures", ["practice"])
    op.create_index("ix_signatures_kind_subject_version", "signatures", ["kind", "subject", "version"])
    op.create_table(
        "audit_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("practice", sa.String(40), nullable=True),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_log"),
    )
    op.create_index("ix_audit_log_at", "audit_log", ["at"])
    op.create_index("ix_audit_log_practice_at", "audit_log", ["practice", "at"])
    op.add_column("conversations", sa.Column("consent_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("feedback", sa.Column("reason", sa.String(32), nullable=True))


def downgrade() -> None:
    op.drop_column("feedback", "reason")
    op.drop_column("conversations", "consent_at")
    for table in ("audit_log", "signatures", "content_versions", "platform_messages", "channels", "practices"):
        op.drop_table(table)
