"""The migration since which it is kept beside a skill since when others are told of it."""

from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from random import Random
from uuid import UUID

import sqlalchemy as sa

from db.engine import Database
from db.migrate import migrate
from db.telling_skills import FUNCTIONS, TRIGGERS
from influents.embedded import Cluster
from tests.at_once import all_the_while
from tests.clock import START
from tests.migrating import fresh_databases, go
from tests.rows import keep
from tests.skills_told import DATED, WRONG, award, list_on_profile, recognized, somebody

TIMES = [START + timedelta(days=number) for number in range(3)]
NOW = TIMES[0]
BEFORE, SINCE = "0022", "0023"
"""The last migration that keeps nothing of it, and the one that does."""
PEOPLE = 150


async def test_it_is_filled_in_for_the_skills_that_there_are_while_people_list_and_unlist(cluster: Cluster) -> None:
    async with fresh_databases(cluster) as make:
        database: Database = await make()
        await migrate(database)
        people = [await somebody(database, True, False) for _ in range(PEOPLE)]
        for number, each in enumerate(people):
            await keep(database, award(each, number % 2, NOW), recognized(each, TIMES[number % 3]))
        await go(database, BEFORE, down=True)

        async with listing_and_unlisting(database, [place for each in people for place in each.places]):
            await go(database, SINCE)

        async with database.reading() as session:
            assert await session.scalar(WRONG) == 0
            assert set(await session.scalars(DATED)) == {True, False}


async def test_who_changes_their_mind_while_the_migration_waits_for_a_table_is_heard(cluster: Cluster) -> None:
    async with fresh_databases(cluster) as make:
        database: Database = await make()
        await migrate(database)
        await go(database, BEFORE, down=True)
        await run(database, "ALTER TABLE skill_holding ADD COLUMN told_at TIMESTAMP WITH TIME ZONE")
        await run(database, *FUNCTIONS)

        for trigger in TRIGGERS:
            await run(database, trigger)
            who = await somebody(database, True)
            await keep(database, award(who, 0, NOW), recognized(who, NOW))
            async with database.unit_of_work() as work:
                await list_on_profile(work, who.places[0], listed=False)
        await go(database, SINCE)

        async with database.reading() as session:
            assert await session.scalar(WRONG) == 0
            assert set(await session.scalars(DATED)) == {False}


async def run(database: Database, *statements: str) -> None:
    for each in statements:
        async with database.unit_of_work() as work:
            await work.execute(sa.text(each))


def listing_and_unlisting(database: Database, places: list[UUID]) -> AbstractAsyncContextManager[None]:
    """People who change their minds all the while."""

    async def change(chance: Random) -> None:
        async with database.unit_of_work() as work:
            await list_on_profile(work, chance.choice(places), listed=chance.random() < 0.5)

    return all_the_while(change)
