"""Keeping a talk longer when its patient asks; wiped talks that Rasa still has to forget."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.add_column("conversations", sa.Column("kept_until", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "wipes",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_wipes"),
    )
    op.create_index("ix_wipes_created_at", "wipes", ["created_at"])


def downgrade() -> None:
    op.drop_table("wipes")
    op.drop_column("conversations", "kept_until")
