"""Who takes part by one statement does so only if nothing that was decided on has changed: else it takes a turn."""

import asyncio
from datetime import timedelta

import pytest
import sqlalchemy as sa

from db.engine import Database
from db.tables import ledger_entry, notification, outbox_message, participation, skill_holding
from db.writes import check_in_brakes as brakes
from db.writes import events as event_writes
from db.writes import participations as writes
from db.writes.ledger import lock_totals
from domain.check_in_brake import Brake
from domain.events import Event
from domain.participations import EventNotOpen, NotRegistered, ParticipationStatus
from domain.permissions import signed_in
from domain.refusals import RateLimited
from resolvers import participations
from resolvers.context import Context
from tests.at_once import blocked, how_many
from tests.books import assert_balanced
from tests.clock import Clock
from tests.factories import Town
from tests.recorder import recorded

REGISTERED, _, _, ATTENDED, _ = ParticipationStatus
LOOKED_AND_WROTE = 2


@pytest.fixture
async def nath(town: Town) -> Context:
    """Somebody whose ledger was begun."""
    ctx = await town.citizen()
    await town.attend(ctx, await published(town))
    return ctx


async def published(town: Town) -> Event:
    organizer = await town.citizen()
    return await town.event(organizer, (await town.organization(organizer)).id)


async def registered(town: Town, clock: Clock, nath: Context) -> tuple[Event, str]:
    """An event under way that somebody registered for, and its code."""
    clock.now += timedelta(days=10)
    event = await published(town)
    await participations.register(nath, event.id)
    clock.now = event.details.starts_at
    return event, await town.code(event.id)


async def test_nobody_gets_a_seat_in_what_is_cancelled_meanwhile(town: Town, nath: Context, empty: Database) -> None:
    event = await published(town)

    async with empty.unit_of_work() as work:
        await work.execute(sa.text("UPDATE event SET status = 'CANCELLED' WHERE id = :id"), {"id": event.id})
        waiting = asyncio.create_task(participations.register(nath, event.id))
        await blocked(empty)

    with pytest.raises(EventNotOpen):
        await waiting
    assert await how_many(empty, participation) == 1


async def test_who_was_let_in_by_the_desk_meanwhile_has_their_points_once(
    town: Town, nath: Context, clock: Clock, empty: Database
) -> None:
    event, code = await registered(town, clock, nath)
    entries = await how_many(empty, ledger_entry)

    async with empty.unit_of_work() as work:
        await lock_totals(work, signed_in(nath.caller).citizen_id)
        waiting = asyncio.create_task(participations.check_in(nath, event.id, code=code))
        await blocked(empty)

    assert (await waiting).status is ATTENDED  # the totals were taken by somebody, who might have changed all: a turn
    assert await how_many(empty, ledger_entry) == entries + 1
    await assert_balanced(empty)


async def test_the_right_code_is_one_too_many_where_wrong_ones_were_counted_meanwhile(
    town: Town, nath: Context, clock: Clock, empty: Database
) -> None:
    event, code = await registered(town, clock, nath)
    me, entries = signed_in(nath.caller).citizen_id, await how_many(empty, ledger_entry)

    async with empty.unit_of_work() as work:
        await lock_totals(work, me)
        await brakes.keep(work, me, event.id, Brake(10, clock.now + timedelta(minutes=10)))
        waiting = asyncio.create_task(participations.check_in(nath, event.id, code=code))
        await blocked(empty)

    with pytest.raises(RateLimited):
        await waiting
    assert await how_many(empty, ledger_entry) == entries


async def test_who_gave_up_their_seat_meanwhile_is_not_let_in_and_nothing_is_written(
    town: Town, nath: Context, clock: Clock, empty: Database
) -> None:
    event, code = await registered(town, clock, nath)
    tables = (ledger_entry, notification, outbox_message, skill_holding)
    before = [await how_many(empty, each) for each in tables]

    async with empty.unit_of_work() as work:
        await event_writes.lock_event(work, event.id, nath.caller)
        known = await writes.find(work, signed_in(nath.caller).citizen_id, event.id)
        assert known is not None
        await writes.withdraw(work, known, now=clock.now)
        waiting = asyncio.create_task(participations.check_in(nath, event.id, code=code))
        await blocked(empty)

    with pytest.raises(NotRegistered):
        await waiting
    assert [await how_many(empty, each) for each in tables] == before
    await assert_balanced(empty)


async def test_who_waits_for_an_event_that_stays_as_it_is_takes_no_turn(
    town: Town, nath: Context, clock: Clock, empty: Database
) -> None:
    event, code = await registered(town, clock, nath)

    with recorded(empty) as asked:
        async with empty.unit_of_work() as work:
            await event_writes.lock_event(work, event.id, nath.caller)
            waiting = asyncio.create_task(participations.check_in(nath, event.id, code=code))
            await blocked(empty)
        assert (await waiting).points_awarded

    assert len([each for each in asked if "FROM event" in each]) == 1 + LOOKED_AND_WROTE, asked
    await assert_balanced(empty)
