"""Run by alembic, with the connection that `db.migrate` hands over."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlmodel import AutoString

from db.models import metadata


def _plain(kind: str, thing: Any, _: AutogenContext) -> str | Literal[False]:  # Any: alembic renders many things
    """Write SQLModel's strings as what they are, so that a migration needs no import of a model's library."""
    return "sa.String()" if kind == "type" and isinstance(thing, AutoString) else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    compare_type=True,
    compare_server_default=True,
    render_item=_plain,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
