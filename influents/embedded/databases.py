"""The databases of a cluster."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import asyncpg

from influents.embedded.errors import EmbeddedDatabaseError
from influents.embedded.server import OWNER, PORT


def ensure(socket_dir: Path, name: str) -> None:
    """Creates the database `name` if it isn't there; two at once is fine."""
    with ThreadPoolExecutor(1) as thread:  # a loop of its own, whether or not the caller's thread has one
        try:
            thread.submit(asyncio.run, _ensure(socket_dir, name)).result()
        except (asyncpg.PostgresError, OSError) as error:
            raise EmbeddedDatabaseError(f"the database {name} can't be created: {error}") from error


async def _ensure(socket_dir: Path, name: str) -> None:
    connection = await asyncpg.connect(
        host=str(socket_dir), port=int(PORT), user=OWNER, database="postgres", timeout=30, command_timeout=60
    )
    try:
        if not await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", name):
            quoted = name.replace('"', '""')
            await connection.execute(f'CREATE DATABASE "{quoted}"')
    except (asyncpg.DuplicateDatabaseError, asyncpg.UniqueViolationError):
        pass  # another process has just done it
    finally:
        await connection.close()
