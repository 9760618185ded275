"""Since when others are told of a skill is kept beside it, and is what would be found by looking it up."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from random import Random
from uuid import UUID

import pytest
import sqlalchemy as sa

from db.engine import Database
from db.migrate import migrate
from db.models import LedgerEntry, SkillHolding
from db.tables import participation, skill_holding
from db.telling_skills import FUNCTIONS, TRIGGERS
from db.work import Work
from db.writes.erasure import erase, lock_citizen
from db.writes.ledger import gain_skills, lose_skills
from domain.ids import CitizenId
from domain.ledger import LedgerKind
from domain.participations import AttendanceEvidence, ParticipationStatus
from domain.skills import SkillSource
from domain.words import ThemeCode
from influents.embedded import Cluster
from tests.at_once import blocked
from tests.clock import START
from tests.migrating import fresh_databases, go
from tests.rows import citizen_row, entry_row, event_row, keep, participation_row

CULTURE = ThemeCode.CULTURE
TIMES = [START + timedelta(days=number) for number in range(3)]
NOW, LATER, _ = TIMES
BEFORE, SINCE = "0022", "0023"
"""The last migration that keeps nothing of it, and the one that does."""
PEOPLE, STEPS = 150, 60
ROADS = ("list", "list", "list", "award", "award", "adjust", "gain", "lose", "move")

WRONG = sa.text("""
    SELECT count(*) FROM skill_holding skill WHERE told_at IS DISTINCT FROM CASE WHEN EXISTS (
        SELECT FROM ledger_entry entry
        JOIN participation ON participation.citizen_id = entry.citizen_id AND participation.id = entry.participation_id
        WHERE entry.citizen_id = skill.citizen_id AND entry.occurred_at = skill.acquired_at AND NOT participation.listed
    ) THEN date_trunc('month', acquired_at, 'Europe/Paris') ELSE acquired_at END
""")
"""Skills of which something else is kept than what the rule says."""
DATED = sa.select(skill_holding.c.told_at == skill_holding.c.acquired_at)
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Somebody:
    """A citizen, and where they were."""

    id: CitizenId
    places: list[UUID]


async def somebody(database: Database, *listed: bool) -> Somebody:
    """Somebody who was at so many events, and which of these they list."""
    row = citizen_row()
    await keep(database, row)
    events = [event_row(row.id) for _ in listed]
    await keep(database, *events)
    there = {"status": ParticipationStatus.ATTENDED, "attended_at": START, "evidence": AttendanceEvidence.ORGANIZER}
    places = [
        participation_row(row.id, event.id, listed=each, **there) for event, each in zip(events, listed, strict=True)
    ]
    await keep(database, *places)
    return Somebody(CitizenId(row.id), [each.id for each in places])


def award(of: Somebody, place: int, at: datetime) -> LedgerEntry:
    """What they are given for having been somewhere."""
    return entry_row(of.id, next(_numbers), participation_id=of.places[place], occurred_at=at)


async def list_on_profile(work: Work, place: UUID, *, listed: bool) -> None:
    await work.execute(sa.update(participation).where(participation.c.id == place).values(listed=listed))


async def complete(work: Work, of: Somebody, place: int) -> None:
    """Give an award that completes a skill."""
    work.add(award(of, place, NOW))
    await work.flush()
    await gain_skills(work, of.id, [CULTURE], now=NOW)


async def dated(database: Database) -> bool:
    """Whether the day of the one skill that there is is told; it is what the rule says."""
    async with database.reading() as session:
        assert await session.scalar(WRONG) == 0
        return bool((await session.scalars(DATED)).one())


@pytest.mark.parametrize("listed", [True, False])
async def test_the_day_is_told_where_what_completed_it_is_listed(empty: Database, *, listed: bool) -> None:
    nath = await somebody(empty, listed)
    async with empty.unit_of_work() as work:
        await complete(work, nath, 0)
    assert await dated(empty) is listed

    for now in (not listed, listed):
        async with empty.unit_of_work() as work:
            await list_on_profile(work, nath.places[0], listed=now)
        assert await dated(empty) is now


async def test_nothing_else_that_is_not_listed_hides_the_day(empty: Database) -> None:
    nath, other = await somebody(empty, True, False), await somebody(empty, False)
    async with empty.unit_of_work() as work:
        work.add_all([award(nath, 1, LATER), award(other, 0, NOW)])
        await complete(work, nath, 0)

    assert await dated(empty)


async def test_an_award_of_the_same_moment_hides_the_day_whenever_it_is_recorded(empty: Database) -> None:
    nath = await somebody(empty, True, False)
    async with empty.unit_of_work() as work:
        await complete(work, nath, 0)

    await keep(empty, award(nath, 1, NOW))
    assert not await dated(empty)


async def test_a_recognised_skill_has_its_day(empty: Database) -> None:
    nath = await somebody(empty, False)

    await keep(empty, award(nath, 0, NOW), recognized(nath, LATER))

    assert await dated(empty)


@pytest.mark.parametrize("listed", [True, False])
async def test_nobody_writes_what_is_told(empty: Database, *, listed: bool) -> None:
    nath = await somebody(empty, listed)
    await keep(empty, award(nath, 0, NOW), recognized(nath, NOW, told_at=LATER))
    assert await dated(empty) is listed

    for written in (NOW, LATER, None):
        async with empty.unit_of_work() as work:
            await work.execute(sa.update(skill_holding).values(told_at=written))
        assert await dated(empty) is listed


async def test_it_stays_with_what_is_lost_and_with_what_somebody_leaves_behind(empty: Database) -> None:
    nath = await somebody(empty, False)
    async with empty.unit_of_work() as work:
        await complete(work, nath, 0)
        await lose_skills(work, nath.id, [CULTURE], now=LATER)
    assert not await dated(empty)

    await leave(empty, nath)
    assert not await dated(empty)


@pytest.mark.parametrize("first", ["award", "listing"])
async def test_what_is_listed_while_it_completes_a_skill_is_seen(empty: Database, first: str) -> None:
    """Whoever comes second waits, and sees what the first did."""
    nath = await somebody(empty, True)

    async def other() -> None:
        async with empty.unit_of_work() as work:
            if first == "award":
                await list_on_profile(work, nath.places[0], listed=False)
            else:
                await complete(work, nath, 0)

    async with empty.unit_of_work() as work:
        if first == "award":
            await complete(work, nath, 0)
        else:
            await list_on_profile(work, nath.places[0], listed=False)
        second = asyncio.create_task(other())
        await blocked(empty)
    await second

    assert not await dated(empty)


async def test_what_is_listed_while_an_award_of_the_same_moment_is_recorded_is_seen(empty: Database) -> None:
    nath = await somebody(empty, True, True)
    async with empty.unit_of_work() as work:
        await complete(work, nath, 0)

    async def hide() -> None:
        async with empty.unit_of_work() as work:
            await list_on_profile(work, nath.places[1], listed=False)

    async with empty.unit_of_work() as work:
        work.add(award(nath, 1, NOW))
        await work.flush()
        second = asyncio.create_task(hide())
        await blocked(empty)
    await second

    assert not await dated(empty)


async def test_of_two_that_completed_it_one_is_listed_while_the_other_is_not_any_more(empty: Database) -> None:
    nath = await somebody(empty, True, False)
    async with empty.unit_of_work() as work:
        work.add(award(nath, 1, NOW))
        await complete(work, nath, 0)

    async def show() -> None:
        async with empty.unit_of_work() as work:
            await list_on_profile(work, nath.places[1], listed=True)

    async with empty.unit_of_work() as work:
        await list_on_profile(work, nath.places[0], listed=False)
        second = asyncio.create_task(show())
        await blocked(empty)
    await second

    assert not await dated(empty)


@pytest.mark.parametrize("seed", range(6))
async def test_it_is_what_the_rule_says_after_whatever_is_done(empty: Database, seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - what happens, not a secret
    people = [await somebody(empty, *(chance.random() < 0.5 for _ in range(3))) for _ in range(2)]

    found = set[bool]()
    for _ in range(STEPS):
        await do_something(empty, chance, people)

        async with empty.reading() as session:
            assert await session.scalar(WRONG) == 0
            found |= set(await session.scalars(DATED))
    assert found == {True, False}  # there was something to be wrong about


async def do_something(database: Database, chance: Random, people: list[Somebody]) -> None:
    """Something that may change it, whoever would do it."""
    of, at, themes = chance.choice(people), chance.choice(TIMES[:2]), chance.sample(list(ThemeCode), 2)
    place, theirs = chance.randrange(3), (skill_holding.c.citizen_id == of.id) & (skill_holding.c.theme == themes[0])
    async with database.unit_of_work() as work:
        match chance.choice(ROADS):
            case "list":
                await list_on_profile(work, of.places[place], listed=chance.random() < 0.5)
            case "award":
                work.add(award(of, place, at))
            case "adjust":
                work.add(entry_row(of.id, next(_numbers), kind=LedgerKind.ADJUSTMENT, event_id=None, occurred_at=at))
            case "gain":
                await gain_skills(work, of.id, themes, now=at)
            case "lose":
                await lose_skills(work, of.id, themes, now=TIMES[-1])
            case _:
                await work.execute(sa.update(skill_holding).where(theirs).values(acquired_at=at))
    if chance.random() < 0.05:
        await leave(database, of)
        people[people.index(of)] = await somebody(database, True, False, False)


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


@asynccontextmanager
async def listing_and_unlisting(database: Database, places: list[UUID]) -> AsyncIterator[None]:
    """People who change their minds all the while."""

    async def client(chance: Random) -> None:
        while True:
            async with database.unit_of_work() as work:
                await list_on_profile(work, chance.choice(places), listed=chance.random() < 0.5)

    clients = [asyncio.create_task(client(Random(seed))) for seed in range(4)]  # noqa: S311
    await asyncio.sleep(0.2)
    yield
    for each in clients:
        assert not each.done(), each
        each.cancel()
        with suppress(asyncio.CancelledError):
            await each


def recognized(of: Somebody, at: datetime, *, told_at: datetime | None = None) -> SkillHolding:
    """A skill that an organisation gave them."""
    source = SkillSource.RECOGNITION
    return SkillHolding(citizen_id=of.id, theme=CULTURE, source=source, acquired_at=at, told_at=told_at)


async def leave(database: Database, who: Somebody) -> None:
    async with database.unit_of_work() as work:
        await lock_citizen(work, who.id)
        await erase(work, who.id, handle=str(who.id), now=TIMES[-1])
