"""What hardly changes is kept by each process, and never for longer than it is heard of."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from db.known import Kept, Known
from db.tables import organization, territory
from domain.announcements import ORGANIZATION
from domain.ids import OrganizationId, TerritoryCode
from influents.subscriptions.carrying import carrying
from resolvers import organizations as resolve
from resolvers.context import Context, Services
from tests.factories import Town
from tests.processes import until
from tests.recorder import recorded

PLACE, REGION = TerritoryCode("FR-44"), TerritoryCode("FR-PDL")


async def named(known: Known, services: Services, of: OrganizationId) -> str:
    return (await known.organizations(services.database.reader, [of]))[of].name


async def rename(services: Services, of: OrganizationId, name: str) -> None:
    """By another process: nothing in this one knows of it."""
    async with services.database.unit_of_work() as work:
        await work.execute(sa.update(organization).where(organization.c.id == of).values(name=name))


@pytest.fixture
async def demotic(town: Town) -> OrganizationId:
    return (await town.organization(await town.citizen(), "DemoTIC")).id


async def test_what_is_known_is_asked_for_once(services: Services, demotic: OrganizationId) -> None:
    known = Known()
    known.listening()

    with recorded(services.database) as statements:
        for _ in range(3):
            assert await named(known, services, demotic) == "DemoTIC"
            assert (await known.territories(services.database.reader, [PLACE, PLACE]))[PLACE].parent_code == "FR-PDL"
            below = await known.territories_below(services.database.reader)
            assert [each.code for each in below[None]] == ["CA", "FR", "CH"]
            assert PLACE in {each.code for each in below[REGION]}
            assert PLACE not in below

    assert len(statements) == 3, statements


async def test_nothing_is_kept_as_long_as_nobody_hears_of_changes(services: Services, demotic: OrganizationId) -> None:
    known = Known()
    assert await named(known, services, demotic) == "DemoTIC"
    await rename(services, demotic, "DemoTOC")
    assert await named(known, services, demotic) == "DemoTOC"

    known.listening()
    await named(known, services, demotic)
    await rename(services, demotic, "DemoTAC")
    known.deaf()
    assert await named(known, services, demotic) == "DemoTAC"

    await rename(services, demotic, "DemoTEC")
    known.listening()
    assert await named(known, services, demotic) == "DemoTEC"


async def test_what_another_process_changes_is_heard_and_forgotten(
    services: Services, demotic: OrganizationId, url: str
) -> None:
    known = Known()
    assert await named(known, services, demotic) == "DemoTIC"
    async with carrying(replace(services, known=known), url):

        async def is_listening() -> bool:
            return known.kept

        await until(is_listening)
        await named(known, services, demotic)
        await rename(services, demotic, "DemoTOC")

        async def is_seen() -> bool:
            return await named(known, services, demotic) == "DemoTOC"

        await until(is_seen)
    assert not known.kept


async def test_what_is_changed_while_it_is_read_is_not_kept(services: Services, demotic: OrganizationId) -> None:
    known = Known()
    known.listening()

    class Slow:
        async def rows(self, *asked: object) -> object:
            found: object = await services.database.reader.rows(*asked)  # type: ignore[arg-type]  # what a reader takes
            await rename(services, demotic, "DemoTOC")
            known.hear(f"{ORGANIZATION} {demotic.hex}")
            return found

    before = await known.organizations(Slow(), [demotic])  # type: ignore[arg-type]  # as much of one as is asked

    assert before[demotic].name == "DemoTIC"
    assert await named(known, services, demotic) == "DemoTOC"


async def test_who_changes_something_sees_it_at_once(services: Services, demotic: OrganizationId) -> None:
    services.known.listening()
    ctx = Context(services)
    assert await resolve.organization(ctx, demotic)

    async with ctx.unit_of_work() as work:
        await work.execute(sa.update(organization).where(organization.c.id == demotic).values(name="DemoTOC"))

    for asking in (ctx, Context(services)):
        found = await resolve.organization(asking, demotic)
        assert found is not None
        assert found.name == "DemoTOC"


async def test_a_changed_territory_is_seen_within_a_minute(services: Services) -> None:
    known, reader = Known(), services.database.reader
    known.listening()
    known._territories._now = known._below._now = lambda: 0.0

    async def names() -> set[str]:
        below = {each.code: each.name for each in (await known.territories_below(reader))[REGION]}
        return {below[PLACE], (await known.territories(reader, [PLACE]))[PLACE].name}

    [before] = await names()
    async with services.database.unit_of_work() as work:
        await work.execute(sa.update(territory).where(territory.c.code == PLACE).values(name="Loire-Inférieure"))
    try:
        assert await names() == {before}
        known._territories._now = known._below._now = lambda: timedelta(minutes=1).total_seconds()
        assert await names() == {"Loire-Inférieure"}
    finally:
        async with services.database.unit_of_work() as work:
            await work.execute(sa.update(territory).where(territory.c.code == PLACE).values(name=before))


def test_a_bounded_number_is_kept_and_the_oldest_goes_first() -> None:
    kept: Kept[int, str] = Kept(most=3)
    kept.keep({number: str(number) for number in range(3)})
    kept.keep({0: "again"})
    kept.keep({3: "3", 4: "4"})

    assert kept.found(range(5)) == {0: "again", 3: "3", 4: "4"}
    assert len(kept) == 3
