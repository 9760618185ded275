"""Seats and the waiting line, however many want them at once."""

import asyncio
from datetime import timedelta

import pytest

from db.engine import Database
from domain.events import Event
from domain.participations import (
    AttendanceSettled,
    EventIsOver,
    NotTakingPart,
    OwnEvent,
    Participation,
    ParticipationStatus,
)
from resolvers import desk, events, participations
from resolvers.context import Context
from tests.clock import Clock
from tests.factories import Town
from tests.ledgers import broken_laws, told
from tests.members import belongs
from tests.rows import by_value

REGISTERED, WAITLISTED, CANCELLED = (
    ParticipationStatus.REGISTERED,
    ParticipationStatus.WAITLISTED,
    ParticipationStatus.CANCELLED,
)


async def event_with(town: Town, seats: int | None) -> tuple[Context, Event]:
    """An organiser, and a published event of theirs with so many seats."""
    organizer = await town.citizen()
    organization = await town.organization(organizer)
    return organizer, await town.event(organizer, organization.id, capacity=seats)


async def mine(ctx: Context, event: Event) -> Participation:
    ctx.look_again()
    found = await participations.viewer_participation(ctx, event.id)
    assert found is not None
    return found


async def places(people: list[Context], event: Event) -> list[int | None]:
    """Where each of them is in line."""
    return [await desk.place_in_line(each, await mine(each, event)) for each in people]


async def test_one_seat_and_fifty_citizens_leave_one_registered_and_an_unbroken_line(
    town: Town, clock: Clock, empty: Database
) -> None:
    _, event = await event_with(town, 1)
    people = [await town.citizen() for _ in range(50)]

    at_once = await asyncio.gather(*(participations.register(each, event.id) for each in people))

    assert [each.status for each in at_once].count(REGISTERED) == 1
    waiting = {place: ctx for ctx in people if (place := await desk.place_in_line(ctx, await mine(ctx, event)))}
    assert sorted(waiting) == list(range(1, 50))
    [seated] = [ctx for ctx in people if (await mine(ctx, event)).status is REGISTERED]
    for place in (1, 2, 3):
        clock.advance(minutes=1)
        await participations.cancel_registration(seated, event.id)
        assert (await mine(waiting[place], event)).status is REGISTERED
        assert [kind for kind, _ in await told(waiting[place])] == ["SEAT_FREED"]
        counts = await events.counts(seated, event.id)
        assert (counts.registered, counts.waitlisted) == (1, 49 - place)
        seated = waiting[place]
    assert await places([waiting[place] for place in (4, 5, 49)], event) == [1, 2, 46]
    assert await broken_laws(empty) == []


async def test_cancellations_at_once_move_exactly_as_many_up(town: Town, empty: Database) -> None:
    _, event = await event_with(town, 5)
    people = [await town.citizen() for _ in range(12)]
    for each in people:
        await participations.register(each, event.id)

    await asyncio.gather(*(participations.cancel_registration(each, event.id) for each in people[:3]))

    assert [(await mine(each, event)).status for each in people[3:]] == [REGISTERED] * 5 + [WAITLISTED] * 4
    assert await broken_laws(empty) == []


async def test_who_comes_back_is_last_in_line(town: Town, clock: Clock) -> None:
    _, event = await event_with(town, 1)
    first, second, third = people = [await town.citizen() for _ in range(3)]
    for each in people:
        clock.advance(minutes=1)
        await participations.register(each, event.id)
    clock.advance(minutes=1)

    await participations.cancel_registration(first, event.id)
    back = await participations.register(first, event.id)

    assert back.status is WAITLISTED
    assert back.withdrawn_at is None
    assert by_value(back) == by_value(await participations.viewer_participation(first, event.id))
    assert await places([second, third, first], event) == [None, 1, 2]


async def test_cancelling_twice_frees_one_seat(town: Town) -> None:
    _, event = await event_with(town, 1)
    people = [await town.citizen() for _ in range(3)]
    for each in people:
        await participations.register(each, event.id)

    again = [await participations.cancel_registration(people[0], event.id) for _ in range(2)]

    assert [each.status for each in again] == [CANCELLED, CANCELLED]
    assert [(await mine(each, event)).status for each in people[1:]] == [REGISTERED, WAITLISTED]


async def test_once_it_has_begun_a_freed_seat_goes_to_nobody(town: Town, clock: Clock) -> None:
    _, event = await event_with(town, 1)
    first, second = await town.citizen(), await town.citizen()
    for each in (first, second):
        await participations.register(each, event.id)
    clock.now = event.details.starts_at

    await participations.cancel_registration(first, event.id)

    assert (await mine(second, event)).status is WAITLISTED
    assert await told(second) == []


async def test_only_what_one_holds_is_cancelled_and_until_the_end(town: Town, clock: Clock) -> None:
    _, event = await event_with(town, None)
    stranger, late, there = [await town.citizen() for _ in range(3)]
    await participations.register(late, event.id)
    await town.attend(there, event)

    with pytest.raises(NotTakingPart):
        await participations.cancel_registration(stranger, event.id)
    with pytest.raises(AttendanceSettled):
        await participations.cancel_registration(there, event.id)
    clock.now = event.details.ends_at
    with pytest.raises(EventIsOver):
        await participations.cancel_registration(late, event.id)


async def test_members_of_the_organisation_since_the_proposal_do_not_register(town: Town, clock: Clock) -> None:
    organizer, event = await event_with(town, None)
    now, long_ago = clock(), clock() - timedelta(days=100)
    member, former, later_former = [await town.citizen() for _ in range(3)]
    await belongs(member, event.organization_id, since=long_ago)
    await belongs(former, event.organization_id, since=long_ago, until=now - timedelta(minutes=1))
    await belongs(later_former, event.organization_id, since=long_ago, until=now + timedelta(minutes=1))
    clock.advance(hours=1)

    for each in (organizer, member, later_former):
        with pytest.raises(OwnEvent):
            await participations.register(each, event.id)
    assert (await participations.register(former, event.id)).status is REGISTERED
