"""What is recorded later is never dated before, however long somebody waited for their turn."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from db.engine import Database
from db.writes import ledger
from domain.events import Event
from domain.ids import CitizenId
from domain.ledger import LedgerKind
from domain.permissions import signed_in
from domain.points import assessment_award
from resolvers import adjustments, desk, participations
from resolvers.context import Context
from tests.at_once import blocked
from tests.books import assert_balanced, entries
from tests.clock import Clock
from tests.factories import Town
from tests.samples import POLICY


async def check_in(town: Town, organizer: Context, nath: Context, event: Event) -> None:
    await participations.check_in(nath, event.id, code=await town.code(event.id))


async def confirm(town: Town, organizer: Context, nath: Context, event: Event) -> None:
    await desk.confirm_attendance(organizer, event.id, attended=[signed_in(nath.viewer).citizen_id], absent=[])


async def adjust(town: Town, organizer: Context, nath: Context, event: Event) -> None:
    moderator = await town.moderator()
    await adjustments.adjust_influence(moderator, signed_in(nath.viewer).citizen_id, points=10, reason="Un oubli.")


async def record_meanwhile(
    database: Database, of: CitizenId, clock: Clock, task: Callable[[], Awaitable[None]]
) -> None:
    """Hold the books of a citizen, have `task` wait for them, and record something at a later time."""
    async with database.unit_of_work() as work:
        totals = await ledger.lock_totals(work, of)
        waiting = asyncio.ensure_future(task())
        await blocked(database)
        clock.advance(seconds=5)
        award = assessment_award(2, policy=POLICY)
        await ledger.record(work, of, totals, award, kind=LedgerKind.ADJUSTMENT, now=clock.now)
        clock.advance(seconds=5)
    await waiting


@pytest.mark.parametrize("record", [check_in, confirm, adjust])
async def test_who_waits_for_the_books_is_recorded_once_they_are_open(
    town: Town, empty: Database, clock: Clock, record: Callable[[Town, Context, Context, Event], Awaitable[None]]
) -> None:
    organizer, nath = await town.citizen(), await town.citizen()
    event = await town.event(organizer, (await town.organization(organizer)).id)
    await participations.register(nath, event.id)
    clock.now = event.details.starts_at
    viewer = signed_in(nath.viewer)

    await record_meanwhile(empty, viewer.citizen_id, clock, lambda: record(town, organizer, nath, event))

    times = [entry.occurred_at - event.details.starts_at for entry in await entries(empty, viewer)]
    assert times == [timedelta(seconds=5), timedelta(seconds=10)]
    await assert_balanced(empty)


async def test_who_waits_for_the_event_is_recorded_once_it_is_free(town: Town, empty: Database, clock: Clock) -> None:
    organizer, nath = await town.citizen(), await town.citizen()
    organization = (await town.organization(organizer)).id
    first, second = [await town.event(organizer, organization) for _ in range(2)]
    for event in (first, second):
        await participations.register(nath, event.id)
    clock.now = first.details.starts_at
    again = Context(town.services, viewer=nath.viewer)

    async with empty.unit_of_work() as work:
        await work.execute(sa.text("SELECT 1 FROM event WHERE id = :id FOR UPDATE"), {"id": first.id})
        waiting = asyncio.create_task(check_in(town, organizer, nath, first))
        await blocked(empty)
        clock.advance(seconds=5)
        await check_in(town, organizer, again, second)
        clock.advance(seconds=5)
    await waiting

    kept = await entries(empty, signed_in(nath.viewer))
    assert [entry.event_id for entry in kept] == [second.id, first.id]
    assert kept[0].occurred_at < kept[1].occurred_at
