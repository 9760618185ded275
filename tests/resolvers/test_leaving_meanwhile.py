"""Acting on somebody who is leaving for good at that very moment."""

import asyncio

import pytest
import sqlalchemy as sa

from db.engine import Database
from db.tables import citizen, citizen_total, ledger_entry, report
from db.writes import erasure as writes
from db.writes.events import lock_event
from db.writes.ledger import lock_all
from domain.account_changes import SomebodyHasJustLeft
from domain.moderation import SubjectKind, UnknownSubject
from domain.permissions import signed_in
from domain.refusals import Refusal
from resolvers import adjustments, erasure, moderation
from resolvers.context import Context
from tests.at_once import blocked, how_many, same
from tests.clock import Clock
from tests.factories import PASSWORD, Town
from tests.ledgers import me


async def test_who_adjusts_the_points_of_somebody_who_is_leaving_is_told_so(town: Town, empty: Database) -> None:
    leaver, moderator = await town.citizen("leaver"), await town.moderator()

    async with empty.unit_of_work() as work:
        await lock_all(work, [me(leaver)])
        adjusting = asyncio.create_task(
            adjustments.adjust_influence(moderator, me(leaver), points=7, reason="Un essai.")
        )
        await blocked(empty)
        await writes.erase(work, me(leaver), handle="leaver", now=town.services.clock())

    with pytest.raises(SomebodyHasJustLeft):
        await adjusting
    assert await how_many(empty, ledger_entry) == 0
    async with empty.reading() as session:
        assert await session.scalar(sa.select(sa.func.sum(citizen_total.c.points))) in (None, 0)


async def test_what_is_reported_of_somebody_while_they_leave_goes_with_them(town: Town, empty: Database) -> None:
    leaver, reporter = await town.citizen(), await town.citizen()
    (again,) = same(reporter, 1)

    async with empty.engine.connect() as other:  # the same report, under way elsewhere: the second one waits for it
        row = {"id": sa.func.gen_random_uuid(), "subject_kind": SubjectKind.CITIZEN, "subject_id": me(leaver)}
        said = {"reporter_id": me(reporter), "reason": "zyx", "created_at": town.services.clock()}
        await other.execute(sa.insert(report).values(**row, **said))
        reporting = asyncio.create_task(_reported(again, leaver))
        await blocked(empty)
        leaving = asyncio.create_task(erasure.delete_account(leaver, password=PASSWORD))
        await asyncio.wait([leaving], timeout=0.5)
        await other.rollback()
    await asyncio.gather(reporting, leaving)

    assert await how_many(empty, report) == 0


async def test_nothing_is_reported_of_somebody_who_has_left_meanwhile(town: Town, empty: Database) -> None:
    leaver, reporter = await town.citizen("leaver"), await town.citizen()
    about = me(leaver)

    async with empty.unit_of_work() as work:
        await writes.lock_citizen(work, about)
        reporting = asyncio.create_task(moderation.report(reporter, SubjectKind.CITIZEN, about, reason="zyx motif"))
        await blocked(empty)
        await writes.erase(work, about, handle="leaver", now=town.services.clock())

    with pytest.raises(UnknownSubject):
        await reporting
    assert await how_many(empty, report) == 0


async def test_who_leaves_waits_for_what_they_organised_before_anybody_has_to_wait_for_them(
    town: Town, empty: Database, clock: Clock
) -> None:
    leaver = await town.citizen("leaver")
    event = await town.published(leaver, by=await town.moderator())
    clock.now = event.details.ends_at

    async with empty.unit_of_work() as work:  # as whoever says how it was, and then tells who organised it
        await lock_event(work, event.id, signed_in(leaver.viewer), shared=True)
        leaving = asyncio.create_task(erasure.delete_account(leaver, password=PASSWORD))
        await blocked(empty)
        mine = sa.select(citizen.c.id).where(citizen.c.id == me(leaver))
        assert await work.scalar(mine.with_for_update(read=True, key_share=True, nowait=True)) == me(leaver)
    await leaving

    async with empty.reading() as session:
        assert await session.scalar(sa.select(citizen.c.id).where(citizen.c.handle == "leaver")) is None


async def _reported(ctx: Context, of: Context) -> Refusal | None:
    """Report somebody, who may have left by then."""
    try:
        await moderation.report(ctx, SubjectKind.CITIZEN, me(of), reason="zyx motif")
    except Refusal as refusal:
        return refusal
    return None
