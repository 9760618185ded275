"""Since when others are told of a skill is kept beside it, and is what would be found by looking it up."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from random import Random

import pytest
import sqlalchemy as sa

from db.engine import Database
from db.tables import skill_holding
from db.work import Work
from db.writes.erasure import erase, lock_citizen
from db.writes.ledger import gain_skills, lose_skills
from domain.ledger import LedgerKind
from domain.words import ThemeCode
from tests.at_once import blocked
from tests.clock import START
from tests.rows import entry_row, keep
from tests.skills_told import (
    CULTURE,
    DATED,
    NUMBERS,
    WRONG,
    Somebody,
    award,
    dated,
    list_on_profile,
    recognized,
    somebody,
)

TIMES = [START + timedelta(days=number) for number in range(3)]
NOW, LATER, _ = TIMES
STEPS = 60
ROADS = ("list", "list", "list", "award", "award", "adjust", "gain", "lose", "move")


async def one_waits_for_the_other(
    database: Database, first: Callable[[Work], Awaitable[None]], second: Callable[[Work], Awaitable[None]]
) -> None:
    """The second is begun when the first is done and not yet kept."""

    async def then() -> None:
        async with database.unit_of_work() as work:
            await second(work)

    async with database.unit_of_work() as work:
        await first(work)
        waiting = asyncio.create_task(then())
        await blocked(database)
    await waiting


async def complete(work: Work, of: Somebody, place: int) -> None:
    """Give an award that completes a skill."""
    work.add(award(of, place, NOW))
    await work.flush()
    await gain_skills(work, of.id, [CULTURE], now=NOW)


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


@pytest.mark.parametrize("first", ["date", "listing"])
async def test_what_is_listed_while_a_date_is_put_right_is_seen(empty: Database, first: str) -> None:
    nath = await somebody(empty, True)
    await keep(empty, award(nath, 0, NOW), recognized(nath, LATER))

    async def put_right(work: Work) -> None:
        await work.execute(sa.update(skill_holding).values(acquired_at=NOW))

    async def hide(work: Work) -> None:
        await list_on_profile(work, nath.places[0], listed=False)

    await one_waits_for_the_other(empty, *((put_right, hide) if first == "date" else (hide, put_right)))

    assert not await dated(empty)


@pytest.mark.parametrize("first", ["award", "listing"])
async def test_what_is_listed_while_it_completes_a_skill_is_seen(empty: Database, first: str) -> None:
    """Whoever comes second waits, and sees what the first did."""
    nath = await somebody(empty, True)

    async def hide(work: Work) -> None:
        await list_on_profile(work, nath.places[0], listed=False)

    async def give(work: Work) -> None:
        await complete(work, nath, 0)

    await one_waits_for_the_other(empty, *((give, hide) if first == "award" else (hide, give)))

    assert not await dated(empty)


async def test_what_is_listed_while_an_award_of_the_same_moment_is_recorded_is_seen(empty: Database) -> None:
    nath = await somebody(empty, True, True)
    async with empty.unit_of_work() as work:
        await complete(work, nath, 0)

    async def give(work: Work) -> None:
        work.add(award(nath, 1, NOW))
        await work.flush()

    async def hide(work: Work) -> None:
        await list_on_profile(work, nath.places[1], listed=False)

    await one_waits_for_the_other(empty, give, hide)

    assert not await dated(empty)


async def test_of_two_that_completed_it_one_is_listed_while_the_other_is_not_any_more(empty: Database) -> None:
    nath = await somebody(empty, True, False)
    async with empty.unit_of_work() as work:
        work.add(award(nath, 1, NOW))
        await complete(work, nath, 0)

    async def hide(work: Work) -> None:
        await list_on_profile(work, nath.places[0], listed=False)

    async def show(work: Work) -> None:
        await list_on_profile(work, nath.places[1], listed=True)

    await one_waits_for_the_other(empty, hide, show)

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
                work.add(entry_row(of.id, next(NUMBERS), kind=LedgerKind.ADJUSTMENT, event_id=None, occurred_at=at))
            case "gain":
                await gain_skills(work, of.id, themes, now=at)
            case "lose":
                await lose_skills(work, of.id, themes, now=TIMES[-1])
            case _:
                await work.execute(sa.update(skill_holding).where(theirs).values(acquired_at=at))
    if chance.random() < 0.05:
        await leave(database, of)
        people[people.index(of)] = await somebody(database, True, False, False)


async def leave(database: Database, who: Somebody) -> None:
    async with database.unit_of_work() as work:
        await lock_citizen(work, who.id)
        await erase(work, who.id, handle=str(who.id), now=TIMES[-1])
