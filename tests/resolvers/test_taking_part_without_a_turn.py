"""Who takes part by one statement does so only if nothing that was decided on has changed: else it takes a turn."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from db.engine import Database, connect
from db.tables import ledger_entry, notification, outbox_message, participation, skill_holding
from db.writes import check_in_brakes as brakes
from db.writes import events as event_writes
from db.writes import participations as writes
from db.writes.ledger import lock_totals
from domain.check_in_brake import Brake
from domain.events import Event
from domain.participations import EventNotOpen, NotRegistered, OwnEvent, ParticipationStatus
from domain.permissions import signed_in
from domain.refusals import RateLimited
from resolvers import participations
from resolvers.context import Context
from tests.at_once import blocked, how_many
from tests.books import assert_balanced
from tests.clock import Clock
from tests.factories import Town

REGISTERED, _, _, ATTENDED, _ = ParticipationStatus


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


async def test_who_would_have_to_wait_takes_a_turn_which_leaves_the_connections_of_readers_alone(
    town: Town, nath: Context, empty: Database, url: str
) -> None:
    event, crowd = await published(town), [nath, *[await town.citizen() for _ in range(2)]]
    few = connect(url, pool_size=len(crowd), wait_seconds=0.5)
    contexts = [Context(replace(town.services, database=few), viewer=signed_in(each.viewer)) for each in crowd]
    try:
        async with empty.unit_of_work() as work:
            await event_writes.lock_event(work, event.id, nath.caller)
            waiting = [asyncio.create_task(participations.register(each, event.id)) for each in contexts]
            await blocked(empty)
            await asyncio.sleep(0.1)
            assert await contexts[0].loaders.event.load(event.id)
        await asyncio.gather(*waiting)
    finally:
        await few.close()
    assert await how_many(empty, participation) == 1 + len(crowd)


async def test_who_joins_the_organisers_while_they_wait_has_no_points_of_their_event(
    town: Town, nath: Context, clock: Clock, empty: Database
) -> None:
    event, code = await registered(town, clock, nath)
    joined = sa.text(
        "INSERT INTO organization_member (citizen_id, organization_id, role, invited_at, accepted_at)"
        " VALUES (:citizen, :organization, 'MANAGER', :now, :now)"
    )
    who = {"citizen": signed_in(nath.caller).citizen_id, "organization": event.organization_id, "now": clock.now}

    async with empty.unit_of_work() as work:
        await event_writes.lock_event(work, event.id, nath.caller)
        waiting = asyncio.create_task(participations.check_in(nath, event.id, code=code))
        await blocked(empty)
        async with empty.unit_of_work() as other:
            await other.execute(joined, who)

    with pytest.raises(OwnEvent):
        await waiting


async def test_of_who_goes_away_while_they_wait_nothing_is_kept(town: Town, nath: Context, empty: Database) -> None:
    event = await published(town)

    async with empty.unit_of_work() as work:
        await event_writes.lock_event(work, event.id, nath.caller)
        waiting = asyncio.create_task(participations.register(nath, event.id))
        await blocked(empty)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)

    await asyncio.sleep(0.3)
    assert await how_many(empty, participation) == 1
