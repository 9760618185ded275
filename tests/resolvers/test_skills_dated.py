"""When a skill was gained is told to all, but not where it would date what its citizen doesn't list."""

from datetime import datetime, timedelta
from uuid import UUID

from db import models
from db.queries import citizens as queries
from domain.events import Event
from domain.ids import EventId
from domain.permissions import signed_in
from domain.skills import SkillSource
from domain.words import ThemeCode
from resolvers import citizens, participations
from resolvers.audit import audited
from resolvers.context import Context
from tests.at_once import at_once, same
from tests.clock import Clock
from tests.factories import Town


async def nearly(town: Town, clock: Clock) -> tuple[Context, Event]:
    """Somebody who took part four times, at two organisers', and an event that would be the fifth."""
    nath = await town.citizen("nath")
    hosts = [await town.citizen(), await town.citizen()]
    homes = [await town.organization(host) for host in hosts]

    async def coming(number: int) -> Event:
        return await town.event(
            hosts[number % 2],
            homes[number % 2].id,
            starts_at=clock() + timedelta(days=1),
            themes=(ThemeCode.PUBLIC_ADMINISTRATION,),
        )

    for number in range(4):
        event = await coming(number)
        await town.attend(nath, event)
        clock.now = event.details.ends_at
    return nath, await coming(4)


async def skilled(town: Town, clock: Clock) -> tuple[Context, EventId]:
    """Somebody whom the fifth gave a skill, on the 7th of September."""
    nath, last = await nearly(town, clock)
    await town.attend(nath, last)
    clock.now = last.details.ends_at
    return nath, last.id


async def acquired(ctx: Context, of: Context) -> tuple[datetime, datetime]:
    """When they gained it, as a profile tells it and as its id finds it."""
    ctx.look_again()
    (skill,) = await citizens.skills(ctx, signed_in(of.viewer).citizen_id)
    again = await citizens.skill(ctx, skill.id)
    assert again is not None
    assert UUID(str(skill.id)).version == 4  # one that tells the time would tell it
    return skill.acquired_at, again.acquired_at


async def test_others_learn_the_month_alone_where_what_completed_it_is_not_listed(
    town: Town, clock: Clock, nobody: Context
) -> None:
    nath, last = await skilled(town, clock)
    exactly = await acquired(nobody, nath)
    assert exactly[0].day == 7

    await participations.set_listed(nath, last, listed=False)

    hidden = await acquired(nobody, nath)
    assert hidden[0] == hidden[1]
    assert (hidden[0].astimezone(clock().tzinfo).isoformat()) == "2026-08-31T22:00:00+00:00"  # the first, in Paris
    assert await acquired(await town.citizen(), nath) == hidden
    assert await acquired(nath, nath) == exactly

    await participations.set_listed(nath, last, listed=True)
    assert await acquired(nobody, nath) == exactly


async def test_others_learn_nothing_more_by_the_order(town: Town, clock: Clock, nobody: Context) -> None:
    """Of two skills of one month the one whose day isn't told comes first, on a profile and among many."""
    nath, last = await skilled(town, clock)
    who = signed_in(nath.viewer).citizen_id
    before = clock() - timedelta(days=3)
    async with nath.unit_of_work() as work:
        source = SkillSource.RECOGNITION
        work.add(models.SkillHolding(citizen_id=who, theme=ThemeCode.ECONOMY, source=source, acquired_at=before))
    as_gained = [ThemeCode.ECONOMY, ThemeCode.PUBLIC_ADMINISTRATION]

    async def orders(ctx: Context) -> list[list[ThemeCode]]:
        ctx.look_again()
        by_id = await queries.by_id(ctx.reader, ctx.viewer, [who], frozenset({"skills_by_theme"}))
        found = await citizens.skills(ctx, who), by_id[who].skills_by_theme or ()
        return [[skill.theme for skill in each] for each in found]

    everybody = nobody, await town.citizen(), nath
    assert [await orders(each) for each in everybody] == [[as_gained] * 2] * 3

    await participations.set_listed(nath, last, listed=False)

    assert [await orders(each) for each in everybody] == [[as_gained[::-1]] * 2] * 2 + [[as_gained] * 2]


async def test_it_is_told_right_where_what_completes_it_is_unlisted_meanwhile(
    town: Town, clock: Clock, nobody: Context
) -> None:
    nath, last = await nearly(town, clock)
    await participations.register(nath, last.id)
    clock.now = last.details.starts_at
    first, second, *others = same(nath, 20)

    async def change_their_mind(ctx: Context, *, listed: bool) -> None:
        await participations.set_listed(ctx, last.id, listed=listed)

    async def come(ctx: Context) -> None:
        await participations.check_in(ctx, last.id, code=await town.code(last.id))

    minds = [change_their_mind(each, listed=number % 2 > 0) for number, each in enumerate(others)]
    await at_once(*minds[:9], come(first), come(second), *minds[9:])

    assert [each async for part in audited(nobody) for each in part.differences] == []
    await participations.set_listed(nath, last.id, listed=False)
    assert (await acquired(nobody, nath))[0].day == 31  # of August: the first, in Paris
