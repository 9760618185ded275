"""Migrations make what the models say, forth and back, and however often they are run."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import sqlalchemy as sa

import db.activity
import db.announcing
import db.functions
import db.rating
import db.telling_skills  # noqa: F401 - with them, `create_all` makes functions and triggers too
from db.engine import Database, connect
from db.migrate import is_current, migrate
from db.models import metadata
from influents.embedded import Cluster
from tests.migrating import fresh_databases, go, revisions

CATALOG = {
    "columns": """
        SELECT c.relname || '.' || a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attgenerated,
            a.attidentity, pg_get_expr(d.adbin, d.adrelid), a.attcollation::regcollation::text
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r'
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
            AND c.relname <> 'alembic_version'
    """,
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid <> 0
            AND conrelid::regclass::text <> 'alembic_version'
    """,
    "indexes": """
        SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'
    """,
    "functions": """
        SELECT oid::regprocedure::text, pg_get_functiondef(oid)
        FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    """,
    "triggers": "SELECT tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "others": """
        SELECT relkind::text, relname FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind NOT IN ('r', 'i')
    """,
}
"""What a database consists of; the order of columns is left out: a migration can only add one at the end."""

Catalog = dict[str, set[tuple[Any, ...]]]


async def catalog(database: Database) -> Catalog:
    async with database.engine.connect() as connection:
        return {
            name: {tuple(row) for row in await connection.execute(sa.text(question))}
            for name, question in CATALOG.items()
        }


@pytest.fixture
async def fresh(cluster: Cluster) -> AsyncIterator[Callable[[], Awaitable[Database]]]:
    async with fresh_databases(cluster) as make:
        yield make


async def given(database: Database) -> dict[str, int]:
    """How much is there of what a database comes with."""
    async with database.engine.connect() as connection:
        return {
            table: await connection.scalar(sa.text(f"SELECT count(*) FROM {table}")) or 0  # noqa: S608 - our own tables
            for table in ("territory", "territory_within", "scoring_policy", "alembic_version")
        }


async def test_a_migrated_database_is_what_the_models_say(fresh: Callable[[], Awaitable[Database]]) -> None:
    migrated, created = await fresh(), await fresh()
    await migrate(migrated)
    async with created.engine.begin() as connection:
        await connection.run_sync(metadata.create_all)

    by_migrations, by_models = await catalog(migrated), await catalog(created)

    for part in CATALOG:
        assert by_migrations[part] == by_models[part], part
    assert len(by_models["columns"]) > 100
    assert {table for table, _ in by_models["triggers"]} >= {"ledger_entry", "scoring_policy"}


async def test_each_migration_can_be_taken_back_and_made_again(fresh: Callable[[], Awaitable[Database]]) -> None:
    database = await fresh()
    after = [await catalog(database)]
    for revision in revisions():
        await go(database, revision)
        after.append(await catalog(database))

    for number in range(len(revisions()), 0, -1):
        await go(database, "-1", down=True)
        assert await catalog(database) == after[number - 1], revisions()[number - 1]
    await go(database, "head")

    assert await catalog(database) == after[-1]
    assert not any(after[0].values())


async def test_to_migrate_again_changes_nothing(fresh: Callable[[], Awaitable[Database]]) -> None:
    database = await fresh()
    assert not await is_current(database)
    await migrate(database)
    once, filled = await catalog(database), await given(database)

    await migrate(database)

    assert await is_current(database)
    assert (await catalog(database), await given(database)) == (once, filled)
    assert filled["scoring_policy"] >= 1
    assert filled["territory"] > 150
    assert filled["territory_within"] > filled["territory"]


async def test_processes_that_start_together_migrate_once(fresh: Callable[[], Awaitable[Database]]) -> None:
    shared = await fresh()
    others = [connect(shared.engine.url.render_as_string(hide_password=False)) for _ in range(3)]

    await asyncio.gather(migrate(shared), *(migrate(other) for other in others))

    together = await catalog(shared), await given(shared)
    await migrate(shared)
    assert (await catalog(shared), await given(shared)) == together
    assert await is_current(shared)
    for other in others:
        await other.close()


async def test_names_of_territories_follow_the_code(fresh: Callable[[], Awaitable[Database]]) -> None:
    database = await fresh()
    await migrate(database)

    async with database.engine.begin() as connection:
        await connection.execute(sa.text(RENAMED))
    await migrate(database)

    assert await name_of_44(database) == "Loire-Atlantique"


RENAMED = "UPDATE territory SET name = 'Loire-Inférieure' WHERE code = 'FR-44'"


async def name_of_44(database: Database) -> str | None:
    async with database.engine.connect() as connection:
        name: str | None = await connection.scalar(sa.text("SELECT name FROM territory WHERE code = 'FR-44'"))
    return name
