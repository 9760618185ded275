"""Bring a database to the newest form of its tables, and fill in what is given: territories and policies."""

import asyncio
from contextlib import suppress
from functools import cache
from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncConnection

from db.engine import Database
from db.reference.load import load_reference

HERE = Path(__file__).parent / "migrations"
LOCK = 0x1F10E27
"""An advisory lock, so that processes which start together migrate one after the other."""


LOCK_SECONDS = 1
"""How long a migration waits for a table: whoever asks for the table meanwhile waits behind it."""
TRIES = 60


async def migrate(database: Database) -> None:
    """Run what migrations are missing, then add what territories and policies are missing. Safe to repeat.

    Each migration is a transaction of its own, and gives way to those who use its tables: one that can't have them
    within a second lets them go on, and tries again. Where one fails, those before it stay done.

    Raises:
        DBAPIError: a table is never free, or a migration fails.
    """
    async with database.engine.connect() as connection:
        await _set(connection, "statement_timeout = 0", f"lock_timeout = {LOCK_SECONDS * 1000}")
        try:
            await _take_turn(connection)
            await _upgrade_patiently(connection)
            await load_reference(connection)
            await connection.commit()
        finally:
            await _give_back(connection)


async def _set(connection: AsyncConnection, *settings: str) -> None:
    for each in settings:
        await connection.execute(text(f"SET {each}"))
    await connection.commit()


async def _give_back(connection: AsyncConnection) -> None:
    with suppress(DBAPIError):  # a connection that broke has given back all it had
        await connection.rollback()
        await connection.execute(text("SELECT pg_advisory_unlock_all()"))
        await connection.execute(text("RESET ALL"))
        await connection.commit()


async def _take_turn(connection: AsyncConnection) -> None:
    """Asked for again and again: who waits within a statement would keep an index from being made beside it."""
    while not await connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": LOCK}):
        await connection.commit()
        await asyncio.sleep(0.1)
    await connection.commit()


async def _upgrade_patiently(connection: AsyncConnection) -> None:
    for left in reversed(range(TRIES)):
        try:
            await connection.run_sync(_upgrade)
        except DBAPIError as error:
            await connection.rollback()
            if not left or not _kept_waiting(error):
                raise
            await asyncio.sleep(LOCK_SECONDS)
        else:
            return


def _kept_waiting(error: DBAPIError) -> bool:
    return error.orig is not None and isinstance(error.orig.__cause__, asyncpg.LockNotAvailableError)


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
    return bool(applied) and not applied & superseded()


def _upgrade(connection: Connection) -> None:
    command.upgrade(_config(connection), "head")


def newest() -> str:
    """The last migration that is known here."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


@cache
def superseded() -> frozenset[str]:
    """The migrations that others come after."""
    script = ScriptDirectory.from_config(_config())
    return frozenset(each.revision for each in script.walk_revisions()) - frozenset(script.get_heads())


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["connection"] = connection
    return config
