"""Bring a database to the newest form of its tables, and fill in what is given: territories and policies."""

from functools import cache
from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

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
    """Whether every migration that is known here has been run, others besides or not.

    Whoever migrates before new code is started has older code going on with a database that is ahead of it.
    """
    try:
        async with database.reading() as session:
            applied = set(await session.scalars(text("SELECT version_num FROM alembic_version")))
    except ProgrammingError as error:
        if error.orig is None or not isinstance(error.orig.__cause__, asyncpg.UndefinedTableError):
            raise
        return False
    return bool(applied) and not applied & _superseded()


def _upgrade(connection: Connection) -> None:
    command.upgrade(_config(connection), "head")


@cache
def _superseded() -> frozenset[str]:
    """The migrations that others come after."""
    script = ScriptDirectory.from_config(_config())
    return frozenset(each.revision for each in script.walk_revisions()) - frozenset(script.get_heads())


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["connection"] = connection
    return config
