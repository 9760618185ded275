"""Slugs for many rows at once."""

import asyncio
from datetime import timedelta

from db.engine import Database
from db.tables import organization
from db.writes.organizations import add_organization
from db.writes.slugs import free_slug, free_slugs
from domain.organizations import OrganizationDetails, OrganizationKind
from tests.clock import START

DETAILS = OrganizationDetails(name="DemoTIC", kind=OrganizationKind.ASSOCIATION)


async def take(database: Database, *slugs: str) -> None:
    async with database.unit_of_work() as work:
        for slug in slugs:
            await add_organization(work, DETAILS, slug=slug, owner=None, now=START)


async def free(database: Database, *wanted: str) -> list[str]:
    async with database.unit_of_work() as work:
        return await free_slugs(work, organization, wanted)


async def test_each_gets_what_it_wants_while_that_is_free(empty: Database) -> None:
    assert await free(empty, "a", "b", "c-2") == ["a", "b", "c-2"]
    assert await free(empty) == []


async def test_who_wants_the_same_gets_a_number(empty: Database) -> None:
    assert await free(empty, "a", "b", "a", "a-2", "a") == ["a", "b", "a-2", "a-2-2", "a-3"]


async def test_nobody_gets_what_is_taken(empty: Database) -> None:
    await take(empty, "a", "a-2", "a-4", "a-3-2")
    assert await free(empty, "a", "a", "a-3", "a-3") == ["a-3", "a-5", "a-3-3", "a-3-4"]


async def test_hundreds_may_want_the_same(empty: Database) -> None:
    await take(empty, *["a"] * 60)
    given = await free(empty, *["a"] * 300)
    assert len(set(given)) == 300
    assert given[0].startswith("a-")


async def test_who_asks_for_one_waits_for_who_asks_for_many(empty: Database) -> None:
    async def one() -> str:
        async with empty.unit_of_work() as work:
            return await free_slug(work, organization, "a")

    async with empty.unit_of_work() as work:
        assert await free_slugs(work, organization, ["a"]) == ["a"]
        waiting = asyncio.create_task(one())
        done, _ = await asyncio.wait([waiting], timeout=timedelta(milliseconds=300).total_seconds())
        assert not done
        await add_organization(work, DETAILS, slug="a", owner=None, now=START)
    assert await waiting == "a-2"


async def test_who_asks_for_a_numbered_one_waits_for_who_may_be_given_it(empty: Database) -> None:
    await take(empty, "a-2")

    async def one() -> str:
        async with empty.unit_of_work() as work:
            return await free_slug(work, organization, "a-2-2")

    async with empty.unit_of_work() as work:
        assert await free_slug(work, organization, "a-2") == "a-2-2"
        waiting = asyncio.create_task(one())
        done, _ = await asyncio.wait([waiting], timeout=timedelta(milliseconds=300).total_seconds())
        assert not done
        await add_organization(work, DETAILS, slug="a-2-2", owner=None, now=START)
    assert await waiting == "a-2-2-2"
