"""Databases of their own for tests of migrations, and the way up and down in them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from db.engine import Database, connect
from db.migrate import HERE, migrate
from influents.embedded import Cluster


@asynccontextmanager
async def fresh_databases(cluster: Cluster) -> AsyncIterator[Any]:  # Any: a function that makes one
    """Makes empty databases, and drops them afterwards."""
    made: dict[str, Database] = {}

    async def make() -> Database:
        name = f"migrations_{uuid4().hex}"
        await asyncio.to_thread(cluster.ensure_database, name)
        made[name] = connect(cluster.url(name), statement_seconds=60)
        return made[name]

    yield make
    for database in made.values():
        await database.close()
    async with administering(cluster) as connection:
        for name in made:
            await connection.execute(sa.text(f'DROP DATABASE "{name}"'))


@asynccontextmanager
async def administering(cluster: Cluster) -> AsyncIterator[Any]:  # Any: an AsyncConnection that commits by itself
    admin = connect(cluster.url("postgres"), statement_seconds=60)
    async with admin.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        yield connection
    await admin.close()


async def migrate_at(url: str) -> None:
    """Migrate a database, and leave it."""
    database = connect(url, pool_size=1)
    await migrate(database)
    await database.close()


async def go(database: Database, revision: str, *, down: bool = False) -> None:
    """Up or down to a revision, with nothing else."""

    def run(connection: sa.Connection) -> None:
        (command.downgrade if down else command.upgrade)(_config(connection), revision)

    async with database.engine.connect() as connection:
        await connection.run_sync(run)


def revisions() -> list[str]:
    """The oldest first."""
    return [script.revision for script in reversed(list(ScriptDirectory.from_config(_config()).walk_revisions()))]


def _config(connection: sa.Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["connection"] = connection
    return config
