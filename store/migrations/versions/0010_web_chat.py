"""For the web chat: ids that browsers give to messages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0002"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("client_id", sa.String(36), nullable=True))
    op.create_index(
        "uq_messages_conversation_id_client_id",
        "messages",
        ["conversation_id", "client_id"],
        unique=True,
        sqlite_where=sa.text("author = 'patient'"),
        postgresql_where=sa.text("author = 'patient'"),
    )


def downgrade() -> None:
    op.drop_index("uq_messages_conversation_id_client_id", table_name="messages")
    op.drop_column("messages", "client_id")
