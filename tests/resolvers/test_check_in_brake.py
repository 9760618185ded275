"""Codes can't be guessed: after ten wrong ones none is looked at for a while, right or wrong."""

import asyncio
from datetime import timedelta

import pytest

from domain.check_in_codes import ALPHABET, LENGTH
from domain.events import Event
from domain.participations import NotRegistered, ParticipationStatus, WrongCheckInCode
from domain.refusals import RateLimited
from resolvers import participations
from resolvers.context import Context
from tests.clock import Clock
from tests.factories import Town
from tests.rows import by_value


async def under_way(town: Town, clock: Clock, *people: Context) -> Event:
    """An event that has just begun, with `people` registered."""
    organizer = await town.citizen()
    organization = await town.organization(organizer)
    event = await town.event(organizer, organization.id)
    for each in people:
        await participations.register(each, event.id)
    clock.now = event.details.starts_at
    return event


async def guess(ctx: Context, event: Event, town: Town, number: int = 0) -> None:
    """One wrong code, another for each number."""
    right = await town.code(event.id)
    wrong = [code for code in (ALPHABET[at] * LENGTH for at in range(20)) if code != right]
    await participations.check_in(ctx, event.id, code=wrong[number])


async def test_after_ten_wrong_codes_not_even_the_right_one_is_looked_at(town: Town, clock: Clock) -> None:
    nath, other = await town.citizen(), await town.citizen()
    event = await under_way(town, clock, nath, other)
    for number in range(10):
        with pytest.raises(WrongCheckInCode):
            await guess(nath, event, town, number)
    clock.advance(minutes=14, seconds=59)

    with pytest.raises(RateLimited) as limited:
        await participations.check_in(nath, event.id, code=await town.code(event.id))
    assert limited.value.seconds == 1
    attended = await participations.check_in(other, event.id, code=await town.code(event.id))
    assert attended.status is ParticipationStatus.ATTENDED

    clock.advance(seconds=1)
    back = await participations.check_in(nath, event.id, code=await town.code(event.id))
    assert back.status is ParticipationStatus.ATTENDED


async def test_waiting_it_out_gives_ten_more_and_no_others(town: Town, clock: Clock) -> None:
    nath = await town.citizen()
    event = await under_way(town, clock, nath)
    for _ in range(2):
        for number in range(10):
            with pytest.raises(WrongCheckInCode):
                await guess(nath, event, town, number)
        with pytest.raises(RateLimited):
            await guess(nath, event, town)
        clock.advance(minutes=15)


async def test_guesses_at_once_are_counted_one_by_one(town: Town, clock: Clock) -> None:
    nath = await town.citizen()
    event = await under_way(town, clock, nath)

    met = await asyncio.gather(
        *(guess(Context(town.services, viewer=nath.viewer), event, town, number % 20) for number in range(16)),
        return_exceptions=True,
    )

    assert sorted(type(each).__name__ for each in met) == ["RateLimited"] * 6 + ["WrongCheckInCode"] * 10


async def test_the_right_code_forgets_the_wrong_ones_and_those_not_registered_are_not_counted(
    town: Town, clock: Clock
) -> None:
    nath, stranger = await town.citizen(), await town.citizen()
    event = await under_way(town, clock, nath)
    for number in range(9):
        with pytest.raises(WrongCheckInCode):
            await guess(nath, event, town, number)
    for _ in range(11):
        with pytest.raises(NotRegistered):
            await participations.check_in(stranger, event.id, code="22222222")

    attended = await participations.check_in(nath, event.id, code=await town.code(event.id))

    assert attended.status is ParticipationStatus.ATTENDED
    again = await participations.check_in(nath, event.id, code="22222222")
    assert by_value(again) == by_value(attended)


async def test_the_brake_is_of_one_event_alone(town: Town, clock: Clock) -> None:
    nath = await town.citizen()
    first = await under_way(town, clock, nath)
    clock.now -= timedelta(days=7)
    second = await under_way(town, clock, nath)
    for number in range(10):
        with pytest.raises(WrongCheckInCode):
            await guess(nath, first, town, number)

    attended = await participations.check_in(nath, second.id, code=await town.code(second.id))

    assert attended.status is ParticipationStatus.ATTENDED
