"""Leaving for good: what was to come is cancelled, and what is shared goes on; whatever else happens at once."""

import asyncio
from datetime import timedelta

import pytest
import sqlalchemy as sa

from db.engine import Database
from db.tables import (
    account,
    api_token,
    citizen,
    citizen_total,
    event,
    ledger_entry,
    organization_member,
    participation,
)
from domain.events import EventStatus
from domain.organizations import MemberRole
from domain.participations import ParticipationStatus
from domain.permissions import signed_in
from resolvers import erasure, events, participations
from resolvers.context import Context
from tests.clock import Clock
from tests.factories import PASSWORD, Town
from tests.leaving import count, me, one


async def test_a_seat_that_is_left_goes_to_the_first_in_line(town: Town) -> None:
    owner = await town.citizen()
    hall = await town.organization(owner)
    full = await town.event(owner, hall.id, capacity=1)
    ctx, _ = await me(town)
    waiting = await town.citizen()
    await participations.register(ctx, full.id)
    await participations.register(waiting, full.id)

    await erasure.delete_account(ctx, password=PASSWORD)

    waiting.look_again()
    moved = await participations.viewer_participation(waiting, full.id)
    assert moved is not None
    assert moved.status is ParticipationStatus.REGISTERED
    assert (await events.counts(waiting, full.id)).registered == 1


async def test_what_they_alone_could_hold_is_cancelled_or_never_was(town: Town, database: Database) -> None:
    moderator, guest = await town.moderator(), await town.citizen()
    ctx, _ = await me(town)
    coming = await town.published(ctx, by=moderator)
    draft = await town.event(ctx, submit=False)
    await participations.register(guest, coming.id)

    await erasure.delete_account(ctx, password=PASSWORD)

    guest.look_again()
    called_off = await events.event(guest, coming.id)
    assert called_off is not None
    assert (called_off.status, called_off.cancellation_reason) == (EventStatus.CANCELLED, None)
    assert await count(database, event, event.c.id == draft.id) == 0


async def test_points_that_an_event_in_progress_gave_are_taken_back_with_it(
    town: Town, database: Database, clock: Clock
) -> None:
    moderator, guest = await town.moderator(), await town.citizen()
    ctx, _ = await me(town)
    coming = await town.published(ctx, by=moderator)
    await participations.register(guest, coming.id)
    clock.now = coming.details.starts_at
    await participations.check_in(guest, coming.id, code=await town.code(coming.id))

    await erasure.delete_account(ctx, password=PASSWORD)

    mine = citizen_total.c.citizen_id == signed_in(guest.viewer).citizen_id
    assert await one(database, sa.select(citizen_total.c.points).where(mine)) == 0
    assert await count(database, ledger_entry) == 2


async def test_the_last_owner_leaves_an_organisation_to_its_eldest_manager(town: Town, database: Database) -> None:
    ctx, _ = await me(town)
    hall = await town.organization(ctx)
    elder, younger = await town.citizen(), await town.citizen()
    start = town.services.clock()
    async with ctx.unit_of_work() as work:
        for days, each in enumerate((younger, elder)):
            await work.execute(
                sa.insert(organization_member).values(
                    organization_id=hall.id,
                    citizen_id=signed_in(each.viewer).citizen_id,
                    role=MemberRole.MANAGER,
                    invited_at=start,
                    accepted_at=start - timedelta(days=days),
                )
            )
    await town.look_again(elder)
    coming = await town.event(elder, hall.id)

    await erasure.delete_account(ctx, password=PASSWORD)

    roles = sa.select(organization_member.c.citizen_id, organization_member.c.role)
    async with database.reading() as session:
        left = {row.citizen_id: row.role for row in await session.execute(roles)}
    assert left == {
        signed_in(elder.viewer).citizen_id: MemberRole.OWNER,
        signed_in(younger.viewer).citizen_id: MemberRole.MANAGER,
    }
    elder.look_again()
    found = await events.event(elder, coming.id)
    assert found is not None
    assert found.status is EventStatus.PUBLISHED


async def test_of_owners_who_leave_at_once_the_last_leaves_it_to_a_manager(town: Town, database: Database) -> None:
    (one_owner, _), manager = await me(town), await town.citizen()
    other_owner = await town.citizen()
    hall = await town.organization(one_owner)
    start = town.services.clock()
    async with manager.unit_of_work() as work:
        for each, role in ((other_owner, MemberRole.OWNER), (manager, MemberRole.MANAGER)):
            await work.execute(
                sa.insert(organization_member).values(
                    organization_id=hall.id,
                    citizen_id=signed_in(each.viewer).citizen_id,
                    role=role,
                    invited_at=start,
                    accepted_at=start,
                )
            )

    await asyncio.gather(*(erasure.delete_account(each, password=PASSWORD) for each in (one_owner, other_owner)))

    async with database.reading() as session:
        (left,) = (await session.execute(sa.select(organization_member))).all()
    assert (left.citizen_id, left.role) == (signed_in(manager.viewer).citizen_id, MemberRole.OWNER)


async def test_an_organisation_that_nobody_belongs_to_any_more_stays_and_its_tokens_do_not(
    town: Town, database: Database
) -> None:
    ctx, _ = await me(town)
    hall = await town.organization(ctx, "Maison des voisins")
    coming = await town.event(ctx, hall.id)
    async with ctx.unit_of_work() as work:
        await work.execute(
            sa.insert(api_token).values(
                id=sa.func.gen_random_uuid(),
                organization_id=hall.id,
                created_by=signed_in(ctx.viewer).citizen_id,
                name="Agenda",
                fingerprint=bytes(32),
                scopes=["EVENTS_WRITE"],
                created_at=town.services.clock(),
            )
        )

    await erasure.delete_account(ctx, password=PASSWORD)

    async with database.reading() as session:
        (token,) = (await session.execute(sa.select(api_token))).all()
    assert (token.created_by, token.revoked_at) == (None, town.services.clock())
    found = await events.event(Context(town.services), coming.id)
    assert found is not None
    assert found.status is EventStatus.CANCELLED
    assert await events.organizer(Context(town.services), coming) is not None


async def test_asked_for_many_times_at_once_it_is_done_once(town: Town, database: Database) -> None:
    ctx, _ = await me(town)
    again = [Context(town.services, viewer=ctx.viewer) for _ in range(8)]

    await asyncio.gather(*(erasure.delete_account(each, password=PASSWORD) for each in again))

    assert await count(database, account) == 0
    assert await count(database, citizen) == 1


@pytest.mark.parametrize("lap", range(5))
async def test_leaving_and_checking_in_at_once_leave_sums_that_add_up(
    town: Town, database: Database, clock: Clock, lap: int
) -> None:
    owner = await town.citizen()
    hall = await town.organization(owner)
    tonight = await town.event(owner, hall.id)
    ctx, _ = await me(town)
    await participations.register(ctx, tonight.id)
    clock.now = tonight.details.starts_at
    code = await town.code(tonight.id)
    viewer = ctx.viewer

    came_of_it = await asyncio.gather(
        *(participations.check_in(Context(town.services, viewer=viewer), tonight.id, code=code) for _ in range(lap)),
        erasure.delete_account(ctx, password=PASSWORD),
        *(participations.check_in(Context(town.services, viewer=viewer), tonight.id, code=code) for _ in range(5)),
        return_exceptions=True,
    )

    unexpected = [each for each in came_of_it if isinstance(each, Exception) and not _expected(each)]
    assert unexpected == []
    assert await count(database, account) == 1
    ledger = await one(database, sa.select(sa.func.coalesce(sa.func.sum(ledger_entry.c.points), 0)))
    totals = await one(database, sa.select(sa.func.coalesce(sa.func.sum(citizen_total.c.points), 0)))
    attended = await count(database, participation, participation.c.status == ParticipationStatus.ATTENDED)
    assert ledger == totals == 200 * attended
    assert await count(database, participation) == 1


def _expected(error: Exception) -> bool:
    """What somebody is told who comes too late."""
    return type(error).__name__ in {"Unauthenticated", "NotRegistered"}


async def test_leaving_and_registering_at_once_leave_no_seat_taken(town: Town, database: Database) -> None:
    owner = await town.citizen()
    hall = await town.organization(owner)
    evenings = [await town.event(owner, hall.id, capacity=2) for _ in range(6)]
    ctx, _ = await me(town)
    viewer = ctx.viewer

    await asyncio.gather(
        *(participations.register(Context(town.services, viewer=viewer), each.id) for each in evenings[:3]),
        erasure.delete_account(ctx, password=PASSWORD),
        *(participations.register(Context(town.services, viewer=viewer), each.id) for each in evenings[3:]),
        return_exceptions=True,
    )

    assert await count(database, participation, participation.c.status == ParticipationStatus.REGISTERED) == 0
    assert await count(database, account) == 1
