"""Bring a database to the newest form of its tables, and fill in what is given: territories and policies."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from db.engine import Database
from db.reference.load import load_reference

HERE = Path(__file__).parent / "migrations"
LOCK = 0x1F10E27
"""An advisory lock, so that processes which start together migrate one after the other."""


async def migrate(database: Database) -> None:
    """Run what migrations are missing, then add what territories and policies are missing. Safe to repeat."""
    async with database.engine.begin() as connection:
        await connection.execute(text("SET LOCAL statement_timeout = 0"))
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        await connection.run_sync(_upgrade)
        await load_reference(connection)


async def is_current(database: Database) -> bool:
    """Whether every migration has been run."""
    async with database.engine.connect() as connection:
        return await connection.run_sync(_is_current)


def _upgrade(connection: Connection) -> None:
    command.upgrade(_config(connection), "head")


def _is_current(connection: Connection) -> bool:
    heads = ScriptDirectory.from_config(_config(connection)).get_heads()
    return set(MigrationContext.configure(connection).get_current_heads()) == set(heads)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["connection"] = connection
    return config
