"""Clocks that jump, disagree with each other, and with the database's own.

Set within the test's process, by the clock that services tell the time with: a machine's own isn't a test's to set.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import uuid4

import httpx
import pytest
import sqlalchemy as sa

from db.engine import Database
from db.tables import event
from domain.participations import CheckInNotOpenYet
from influents.app import application
from resolvers import desk, events, participations
from resolvers.audit import audited
from resolvers.context import Context, Services
from resolvers.tokens import CLOCKS_DIFFER
from tests.at_once import at_once
from tests.clock import Clock
from tests.factories import Town
from tests.faults.crowd import PROPOSE, token
from tests.hooks import Partner, drain
from tests.ledgers import broken_laws, me
from tests.receiver import Receiver

pytestmark = [pytest.mark.xdist_group("faults"), pytest.mark.timeout(400)]
HOUR = timedelta(hours=1)


@dataclass(slots=True)
class Wobbling(Clock):
    """Tells another time each time: as processes do whose clocks differ by some seconds."""

    chance: random.Random | None = None
    by: float = CLOCKS_DIFFER.total_seconds() / 2.1

    def __call__(self) -> datetime:
        assert self.chance is not None
        return self.now + timedelta(seconds=self.chance.uniform(-self.by, self.by))


async def differences(services: Services) -> list[object]:
    return [part.differences async for part in audited(Context(services)) if part.differences]


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_people_do_by_clocks_that_differ_the_books_are_right(
    services: Services, empty: Database, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same each time
    clock = Wobbling(datetime.now(UTC), chance=chance)
    town = Town(replace(services, clock=clock))
    owner, people = await town.citizen(), [await town.citizen() for _ in range(5)]
    hall = (await town.organization(owner)).id
    made = [await town.event(owner, hall, starts_at=clock.now + HOUR / 3) for _ in range(3)]
    codes = [await town.code(each.id, at=clock.now) for each in made]
    for _ in range(60):
        (at, code), who = chance.choice(list(zip(made, codes, strict=True))), chance.choice(people)
        calls: list[Callable[[], Awaitable[object]]] = [
            partial(participations.register, who, at.id),
            partial(participations.cancel_registration, who, at.id),
            partial(participations.check_in, who, at.id, code=code),
            partial(desk.confirm_attendance, owner, at.id, attended=[me(who)], absent=[]),
            partial(desk.confirm_attendance, owner, at.id, attended=[], absent=[me(who)]),
        ]
        await at_once(chance.choice(calls)())
    assert await broken_laws(empty) == []
    assert await differences(services) == []


async def test_a_clock_that_goes_back_and_forth_between_what_one_does_leaves_right_books(
    services: Services, town: Town, clock: Clock, empty: Database
) -> None:
    owner, nath = await town.citizen(), await town.citizen()
    made = await town.event(owner, (await town.organization(owner)).id, starts_at=clock() + HOUR / 3)
    await participations.register(nath, made.id)
    clock.now -= HOUR
    with pytest.raises(CheckInNotOpenYet):
        await participations.check_in(nath, made.id, code=await town.code(made.id))
    clock.now += HOUR
    await participations.check_in(nath, made.id, code=await town.code(made.id))
    clock.now -= HOUR / 6
    await desk.confirm_attendance(owner, made.id, attended=[], absent=[me(nath)])
    await desk.confirm_attendance(owner, made.id, attended=[me(nath)], absent=[])
    clock.now += 48 * HOUR
    await events.complete_event(owner, made.id)
    clock.now -= 24 * HOUR
    assert await broken_laws(empty) == []
    assert await differences(services) == []


async def test_what_is_sent_again_to_a_process_an_hour_ahead_is_done_once(
    services: Services, town: Town, clock: Clock, empty: Database
) -> None:
    nath = await town.citizen()
    ahead = replace(services, clock=Clock(clock.now + HOUR))
    at = clock.now + 200 * HOUR
    values = {"title": "Soirée", "from": at.isoformat(), "to": (at + HOUR).isoformat()}
    headers = {"Idempotency-Key": str(uuid4())}

    async def sent(to: Services) -> httpx.Response:
        transport = httpx.ASGITransport(application(to))
        bearer = {"Authorization": f"Bearer {token(Context(to, viewer=nath.viewer))}"}
        async with httpx.AsyncClient(transport=transport, base_url="http://influents.test") as http:
            return await http.post(
                "/graphql", json={"query": PROPOSE, "variables": values}, headers={**headers, **bearer}
            )

    answers = await asyncio.gather(*(sent(to) for to in (services, ahead) * 5))

    async with empty.reading() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(event)) == 1
    said = [(each.json().get("errors") or [{}])[0].get("extensions", {}).get("code") for each in answers]
    assert set(said) <= {None, "SERVICE_UNAVAILABLE", "TIMEOUT", "CONFLICT"}
    assert None in said


@pytest.mark.parametrize("by", [-HOUR, HOUR])
async def test_webhooks_are_told_whatever_the_clock_of_the_database_says(  # noqa: PLR0917 - fixtures
    services: Services, town: Town, clock: Clock, told: Partner, receiver: Receiver, by: timedelta
) -> None:
    clock.now = datetime.now(UTC) + by
    await town.event(told.owner, told.organization)
    await drain(services)
    assert [got.said["type"] for got in receiver.got] == ["event.published"]
