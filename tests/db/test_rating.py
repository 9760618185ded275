"""What feedback on an event comes to is kept beside it, and is what would be found by counting."""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from random import Random
from uuid import UUID

import sqlalchemy as sa

from db.engine import Database
from db.migrate import migrate
from db.models.feedback import EventRating, Feedback
from db.tables import event_rating, feedback
from domain.feedback import RATINGS
from influents.embedded import Cluster
from tests.at_once import all_the_while
from tests.clock import START
from tests.migrating import fresh_databases, go
from tests.rows import citizen_row, event_row, keep

BEFORE, SINCE = "0023", "0024"
"""The last migration that keeps nothing of it, and the one that does."""
EVENTS = 120
COUNTED = sa.select(
    feedback.c.event_id,
    *(sa.func.count().filter(feedback.c.rating == rating) for rating in RATINGS),
).group_by(feedback.c.event_id)
KEPT = sa.select(event_rating.c.event_id, event_rating.c.given, event_rating.c.answers, event_rating.c.stars).where(
    event_rating.c.answers > 0
)


async def some_events(database: Database, number: int) -> list[UUID]:
    proposer = citizen_row()
    await keep(database, proposer)
    events = [event_row(proposer.id) for _ in range(number)]
    await keep(database, *events)
    return [each.id for each in events]


async def answer(database: Database, event_id: UUID, rating: int) -> UUID:
    given = Feedback(event_id=event_id, rating=rating, created_on=START.date())
    key = given.id
    await keep(database, given)
    return key


async def told(database: Database) -> dict[UUID, list[int]]:
    """Of each event that has answers, how many gave each rating."""
    async with database.reading() as session:
        kept = {row.event_id: row for row in await session.execute(KEPT)}
        counted = {event_id: list(given) for event_id, *given in await session.execute(COUNTED)}
    assert {event_id: row.given for event_id, row in kept.items()} == counted
    for row in kept.values():
        assert row.answers == sum(row.given)
        assert row.stars == sum(rating * many for rating, many in zip(RATINGS, row.given, strict=True))
    return counted


async def test_it_follows_whatever_happens_to_answers(empty: Database) -> None:
    one, other = await some_events(empty, 2)
    first, second = await answer(empty, one, 4), await answer(empty, one, 5)
    assert await told(empty) == {one: [0, 0, 0, 1, 1]}

    for change in (
        sa.update(feedback).values(rating=2).where(feedback.c.id == first),
        sa.update(feedback).values(event_id=other).where(feedback.c.id == second),
        sa.update(feedback).values(highlights=None, rating=feedback.c.rating),
    ):
        async with empty.unit_of_work() as work:
            await work.execute(change)
    assert await told(empty) == {one: [0, 1, 0, 0, 0], other: [0, 0, 0, 0, 1]}

    async with empty.unit_of_work() as work:
        await work.execute(sa.delete(feedback))
    assert await told(empty) == {}


async def test_of_many_who_answer_at_once_each_is_counted(empty: Database) -> None:
    [event_id] = await some_events(empty, 1)

    await asyncio.gather(*(answer(empty, event_id, 1 + number % 5) for number in range(30)))

    assert await told(empty) == {event_id: [6] * 5}


async def test_whatever_was_written_there_the_next_answer_puts_right(empty: Database) -> None:
    [event_id] = await some_events(empty, 1)
    await keep(empty, EventRating(event_id=event_id, given=[0, 0, 0, 7, 0]))  # as where tables are put back by name

    await answer(empty, event_id, 4)

    assert await told(empty) == {event_id: [0, 0, 0, 1, 0]}


async def test_it_is_counted_anew_where_the_triggers_were_turned_off(empty: Database) -> None:
    some = await some_events(empty, 3)
    async with empty.unit_of_work() as work:
        await work.execute(sa.text("SET LOCAL session_replication_role = replica"))
        work.add_all(Feedback(event_id=each, rating=3, created_on=START.date()) for each in some[:2])
        await work.flush()
        await work.execute(sa.select(sa.func.count_ratings(sa.literal(some, sa.ARRAY(sa.Uuid())))))

    assert await told(empty) == {key: [0, 0, 1, 0, 0] for key in some[:2]}


async def test_the_migration_counts_what_there_is_while_people_answer(cluster: Cluster) -> None:
    async with fresh_databases(cluster) as make:
        database: Database = await make()
        await migrate(database)
        some = await some_events(database, EVENTS)
        await keep(database, *(Feedback(event_id=each, rating=4, created_on=START.date()) for each in some))
        await go(database, BEFORE, down=True)

        async with answering(database, some):
            await go(database, SINCE)
            await asyncio.sleep(0.1)

        assert len(await told(database)) == EVENTS


async def test_whoever_answered_before_after_or_between_is_counted(cluster: Cluster) -> None:
    async with fresh_databases(cluster) as make:
        database: Database = await make()
        await migrate(database)
        some = await some_events(database, 3)
        await go(database, BEFORE, down=True)
        await answer(database, some[0], 1)
        await go(database, SINCE)
        await go(database, BEFORE, down=True)
        await answer(database, some[1], 2)
        await go(database, SINCE)
        await answer(database, some[2], 3)

        assert await told(database) == {
            some[0]: [1, 0, 0, 0, 0],
            some[1]: [0, 1, 0, 0, 0],
            some[2]: [0, 0, 1, 0, 0],
        }


def answering(database: Database, events: Sequence[UUID]) -> AbstractAsyncContextManager[None]:
    """People who answer all the while, some of whom take their time to commit."""

    async def answer(chance: Random) -> None:
        async with database.unit_of_work() as work:
            work.add(Feedback(event_id=chance.choice(events), rating=chance.choice(RATINGS), created_on=START.date()))
            await work.flush()
            await asyncio.sleep(0.01 * chance.random())

    return all_the_while(answer)
