"""Alembic's entry. `store.migrate` hands over a connection; on the command line `-x url=...` makes one."""

from __future__ import annotations

from typing import Literal

from alembic import context
from sqlalchemy import Connection, create_engine

from store.models import Base
from store.url import sync_url


def _ours(name: str | None, kind: str, _parents: object) -> bool:
    # Rasa's tracker store may live in the same database; its tables are not ours to drop.
    return kind != "table" or name in Base.metadata.tables


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_name=_ours,
        compare_type=True,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=_render,
    )
    with context.begin_transaction():
        context.run_migrations()


def _render(kind: str, item: object, autogen_context: object) -> str | Literal[False]:
    return "sa.DateTime(timezone=True)" if kind == "type" and type(item).__name__ == "UtcDateTime" else False


if (given := context.config.attributes.get("connection")) is not None:
    _run(given)
else:
    with create_engine(sync_url(context.get_x_argument(as_dictionary=True)["url"])).connect() as own:
        _run(own)
