"""Numbers for a landing page: counted, withheld under five people, and told again until they are counted anew."""

from datetime import timedelta
from typing import Any

import pytest

from domain.accounts import ProfileVisibility
from domain.events import EventFormat
from domain.words import ThemeCode
from resolvers import erasure, statistics
from resolvers.context import Context, Services
from tests.asking import Ask
from tests.clock import Clock
from tests.factories import PASSWORD, Town

STATS = """query($territory: TerritoryCode) { stats(territory: $territory) {
  citizens events upcomingEvents organizations attendances hours countedAt
  byTheme { theme { code } events attendances } } }"""
FOUR_HOURS_AND_A_HALF = 4.5


@pytest.fixture
async def counted(town: Town, services: Services, clock: Clock) -> list[Context]:
    """Six citizens of Loire-Atlantique attend a debate there, four of them a concert online; all is counted."""
    owner = await town.citizen("owner", territory="FR-49")
    organization = await town.organization(owner)
    debate = await town.event(owner, organization.id, themes=(ThemeCode.ECONOMY, ThemeCode.CULTURE))
    later = clock() + timedelta(days=20)
    online: dict[str, Any] = {"format": EventFormat.ONLINE, "venue": None, "themes": (ThemeCode.CULTURE,)}
    concert = await town.event(owner, organization.id, starts_at=clock() + timedelta(days=9), **online)
    await town.event(owner, organization.id, starts_at=later, themes=(ThemeCode.TRANSPORT,))
    people = [await town.citizen() for _ in range(5)]
    people.append(await town.citizen(visibility=ProfileVisibility.HIDDEN))
    for ctx in people:
        await town.attend(ctx, debate)
    for ctx in people[:4]:
        await town.attend(ctx, concert)
    clock.advance(days=10)
    assert await statistics.count(services)
    return people


async def test_a_place_counts_with_what_it_contains(ask: Ask, counted: list[Context], nobody: Context) -> None:
    async def told(territory: str | None) -> dict[str, Any]:
        return dict((await ask(nobody, STATS, territory=territory))["stats"])

    there = await told("FR-44")
    assert there["citizens"] == 6
    assert (there["attendances"], there["hours"]) == (10, 10 * FOUR_HOURS_AND_A_HALF)
    by_theme = {each["theme"]["code"]: each["attendances"] for each in there["byTheme"]}
    assert by_theme == {"CULTURE": 10, "ECONOMY": 6, "TRANSPORT": 0}
    assert (await told("FR-PDL"))["citizens"] == 7
    everywhere = await told(None)
    assert (everywhere["events"], everywhere["upcomingEvents"], everywhere["organizations"]) == (3, 1, 1)
    assert everywhere["attendances"] == 10


async def test_fewer_than_five_people_are_told_as_none(ask: Ask, counted: list[Context], nobody: Context) -> None:
    only_one = (await ask(nobody, STATS, territory="FR-49"))["stats"]

    assert only_one["citizens"] == 0


async def test_what_too_few_people_did_is_withheld(
    ask: Ask, town: Town, services: Services, clock: Clock, nobody: Context
) -> None:
    owner = await town.citizen()
    event = await town.event(owner, (await town.organization(owner)).id)
    for _ in range(4):
        await town.attend(await town.citizen(), event)
    await statistics.count(services)

    told = (await ask(nobody, STATS, territory="FR-44"))["stats"]

    assert (told["events"], told["attendances"], told["hours"]) == (1, 0, 0.0)
    assert [each["attendances"] for each in told["byTheme"]] == [0]


async def test_they_are_counted_again_once_they_are_old_and_by_one_at_a_time(
    ask: Ask, counted: list[Context], town: Town, clock: Clock, nobody: Context
) -> None:
    services = town.services
    before = (await ask(nobody, STATS))["stats"]
    await town.citizen()
    assert not await statistics.count(services)
    assert (await ask(nobody, STATS))["stats"] == before

    clock.advance(minutes=10)

    assert await statistics.count(services)
    assert (await ask(nobody, STATS))["stats"]["citizens"] == before["citizens"] + 1


async def test_who_has_left_still_gave_hours_and_is_no_citizen_any_more(
    ask: Ask, counted: list[Context], services: Services, clock: Clock, nobody: Context
) -> None:
    await erasure.delete_account(counted[0], password=PASSWORD)
    clock.advance(minutes=10)
    await statistics.count(services)

    told = (await ask(nobody, STATS))["stats"]

    assert (told["citizens"], told["attendances"]) == (6, 10)


async def test_nothing_is_told_before_anything_was_counted(ask: Ask, services: Services, nobody: Context) -> None:
    told = (await ask(nobody, STATS, territory="CA-QC"))["stats"]

    assert told == {
        "citizens": 0, "events": 0, "upcomingEvents": 0, "organizations": 0, "attendances": 0, "hours": 0.0,
        "countedAt": None, "byTheme": [],
    }  # fmt: skip
