"""Skills go where reversals take either mark away; what was awarded before stays."""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from db import models
from db.tables import skill_holding
from domain.events import Event
from domain.skills import SkillSource
from domain.words import ThemeCode
from resolvers import desk
from resolvers.citizens import skills
from resolvers.context import Context
from tests.clock import Clock
from tests.factories import Town
from tests.ledgers import Line, lines, me, told


@dataclass(frozen=True, slots=True)
class Day:
    """An event that was attended, and who organises it."""

    host: Context
    event: Event


async def days(town: Town, clock: Clock, who: Context, hosts: list[Context], *, number: int) -> list[Day]:
    """So many events of the verified organisations of `hosts` in turn, a day from each other, attended by `who`."""
    organizations = {id(host): await town.organization(host) for host in hosts}
    attended = []
    for at in range(number):
        host = hosts[at % len(hosts)]
        event = await town.event(host, organizations[id(host)].id, starts_at=clock() + timedelta(days=1))
        await town.attend(who, event)
        clock.now = event.details.ends_at
        attended.append(Day(host, event))
    return attended


async def withdraw(who: Context, day: Day, *, give: bool = False) -> None:
    named = [me(who)]
    await desk.confirm_attendance(day.host, day.event.id, attended=named if give else [], absent=[] if give else named)


async def held(ctx: Context) -> list[str]:
    ctx.look_again()
    return [skill.theme.value for skill in await skills(ctx, me(ctx))]


async def test_the_skill_goes_with_the_fifth_participation_and_comes_back_with_it(town: Town, clock: Clock) -> None:
    nath, hosts = await town.citizen(), [await town.citizen(), await town.citizen()]
    attended = await days(town, clock, nath, hosts, number=6)
    assert await held(nath) == ["PUBLIC_ADMINISTRATION"]
    assert (await lines(nath))[-1] == Line("PARTICIPATION", 400, 1)

    await withdraw(nath, attended[2])
    assert await held(nath) == ["PUBLIC_ADMINISTRATION"]  # five are left
    clock.advance(minutes=1)
    await withdraw(nath, attended[3])
    assert await held(nath) == []
    assert Line("PARTICIPATION", 400, 1) in await lines(nath)  # what was awarded before stays
    clock.advance(minutes=1)
    await withdraw(nath, attended[3], give=True)

    assert await held(nath) == ["PUBLIC_ADMINISTRATION"]
    assert [kind for kind, _ in await told(nath)].count("SKILL_GAINED") == 2
    async with nath.reading() as session:
        periods = (await session.execute(sa.select(skill_holding).order_by(skill_holding.c.acquired_at))).all()
    assert [period.lost_at for period in periods] == [clock() - timedelta(minutes=1), None]
    assert periods[1].acquired_at == clock()


async def test_the_skill_goes_with_the_second_organiser(town: Town, clock: Clock) -> None:
    nath, usual, other = await town.citizen(), await town.citizen(), await town.citizen()
    attended = await days(town, clock, nath, [usual], number=6)
    assert await held(nath) == []
    [only] = await days(town, clock, nath, [other], number=1)
    assert await held(nath) == ["PUBLIC_ADMINISTRATION"]

    await withdraw(nath, attended[0])
    assert await held(nath) == ["PUBLIC_ADMINISTRATION"]
    await withdraw(nath, only)

    assert await held(nath) == []


async def test_recognition_stays(town: Town, clock: Clock) -> None:
    nath, hosts = await town.citizen(), [await town.citizen(), await town.citizen()]
    await _recognised(town, nath)
    attended = await days(town, clock, nath, hosts, number=5)

    await withdraw(nath, attended[0])

    assert await held(nath) == ["PUBLIC_ADMINISTRATION"]


async def _recognised(town: Town, who: Context) -> None:
    host = await town.citizen()
    organization = await town.organization(host)
    async with who.unit_of_work() as work:
        work.add(
            models.SkillHolding(
                citizen_id=me(who),
                theme=ThemeCode.PUBLIC_ADMINISTRATION,
                source=SkillSource.RECOGNITION,
                acquired_at=town.services.clock(),
                recognized_by=organization.id,
                reason="Des années d’accueil.",
            )
        )
