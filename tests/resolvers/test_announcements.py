"""What changes is announced by the tables themselves, and passed on to whoever listens."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from random import shuffle
from uuid import uuid4

import pytest
import sqlalchemy as sa

from db.engine import Database
from db.listening import listen
from db.tables import announcement
from db.writes.announcements import AT_ONCE, pass_on
from domain.announcements import Announcement, Topic, read
from domain.api_tokens import TokenScope
from domain.event_life import ReviewDecision
from domain.organizations import MemberRole
from domain.permissions import signed_in
from resolvers import accounts, adjustments, event_changes, event_endings, events, feedback, members, participations
from resolvers.context import Context
from resolvers.moderation import suspend_citizen
from tests.clock import Clock
from tests.factories import PASSWORD, Town

MOMENT = timedelta(microseconds=1)
Taken = Callable[[], Awaitable[set[Announcement]]]


@pytest.fixture
def announced(empty: Database) -> Taken:
    """What was announced since it was asked last."""

    async def taken() -> set[Announcement]:
        async with empty.unit_of_work() as work:
            rows = await work.execute(sa.delete(announcement).returning(announcement))
            return {Announcement(row.topic, row.subject, row.event_id) for row in rows}

    return taken


async def test_an_event_is_announced_when_it_is_published_and_each_time_it_changes(
    town: Town, announced: Taken
) -> None:
    moderator, proposer = await town.moderator(), await town.citizen()
    await announced()

    event = await town.event(proposer, submit=False)
    assert await announced() == set()  # nobody can watch what only they know of

    await events.submit_event(proposer, event.id)
    assert await announced() == {Announcement(Topic.EVENT, event.id)}

    await events.review_event(moderator, event.id, decision=ReviewDecision.PUBLISH)
    assert await announced() == {Announcement(Topic.EVENT, event.id), Announcement(Topic.PUBLISHED, event.id)}

    await event_changes.update_event(proposer, event.id, {"description": "Une autre soirée, tout aussi longue."})
    assert await announced() == {Announcement(Topic.EVENT, event.id)}

    await event_endings.cancel_event(proposer, event.id, reason="Il pleut beaucoup.")
    assert await announced() == {Announcement(Topic.EVENT, event.id)}


async def test_what_a_verified_organisation_proposes_is_announced_at_once(town: Town, announced: Taken) -> None:
    owner = await town.citizen()
    hall = await town.organization(owner)
    await announced()

    event = await town.event(owner, hall.id)

    assert await announced() == {Announcement(Topic.PUBLISHED, event.id)}


async def test_each_registration_and_check_in_is_announced_with_its_event(
    town: Town, announced: Taken, clock: Clock
) -> None:
    owner, nath = await town.citizen(), await town.citizen()
    hall = await town.organization(owner)
    event = await town.event(owner, hall.id)
    await announced()

    kept = await participations.register(nath, event.id)
    mine = Announcement(Topic.PARTICIPATION, kept.id, event.id)
    assert await announced() == {mine}

    await participations.register(nath, event.id)
    assert await announced() == set()

    clock.now = event.details.starts_at
    await participations.check_in(nath, event.id, code=await town.code(event.id))
    influence = Announcement(Topic.INFLUENCE, signed_in(nath.viewer).citizen_id)
    assert await announced() == {mine, influence}

    await participations.set_listed(nath, event.id, listed=False)
    assert await announced() == {Announcement(Topic.EVENT, event.id)}

    clock.now = event.details.ends_at
    await feedback.leave_feedback(nath, event.id, rating=4, highlights=None, improvements=None, anonymous=True)
    assert await announced() == set()  # it would date what is kept without a time


async def test_points_that_are_given_or_taken_announce_the_influence_of_who_has_them(
    town: Town, announced: Taken
) -> None:
    moderator, nath = await town.moderator(), await town.citizen()
    await announced()

    await adjustments.adjust_influence(moderator, signed_in(nath.viewer).citizen_id, points=50, reason="Un oubli.")

    assert await announced() == {Announcement(Topic.INFLUENCE, signed_in(nath.viewer).citizen_id)}


async def test_whatever_ends_or_changes_access_is_announced(town: Town, announced: Taken) -> None:
    moderator, owner, nath = await town.moderator(), await town.citizen(), await town.citizen("nath")
    viewer = signed_in(nath.viewer)
    access = {Announcement(Topic.ACCESS, viewer.citizen_id)}
    hall = await town.organization(owner)
    opened = await accounts.sign_in(Context(town.services), email="nath@example.org", password=PASSWORD)
    await announced()

    await members.invite_member(owner, hall.id, handle="nath", role=MemberRole.MANAGER)
    assert await announced() == access
    await members.answer_invitation(nath, hall.id, accept=True)
    assert await announced() == access
    await members.set_member(owner, hall.id, viewer.citizen_id, role=None)
    assert await announced() == access

    token, _ = await members.create_api_token(
        owner, hall.id, name="Agenda", scopes=(TokenScope.EVENTS_WRITE,), expires_at=None
    )
    await members.revoke_api_token(owner, token.id)
    assert await announced() == {Announcement(Topic.ACCESS, token.id)}

    await accounts.refresh_session(Context(town.services), opened.refresh_token)
    assert await announced() == set()

    await accounts.grant_moderator(Context(town.services), email="nath@example.org")
    assert await announced() == access

    await suspend_citizen(moderator, viewer.citizen_id, suspended=True, reason="Trop de bruit.")
    assert await announced() == access


async def test_what_was_announced_reaches_whoever_listens_once_and_in_its_order(empty: Database) -> None:
    these = [Announcement(topic, uuid4(), event) for topic in Topic for event in (None, uuid4()) for _ in range(30)]
    shuffle(these)
    await announce(empty, [each for each in these for _ in range(2)])

    async with listening(empty) as heard:
        assert await passed_on(empty) == len(these) * 2 // AT_ONCE
        told: list[Announcement] = []
        while len(told) < len(these):
            told += read(await asyncio.wait_for(heard.get(), 5))

    assert told == these
    assert await left(empty) == 0


async def test_as_many_as_are_told_at_once_can_be_carried_however_long_they_are(empty: Database) -> None:
    these = [Announcement(max(Topic, key=len), uuid4(), uuid4()) for _ in range(AT_ONCE)]
    await announce(empty, these)

    async with listening(empty) as heard:
        assert await pass_on(empty)
        message = await asyncio.wait_for(heard.get(), 5)

    assert len(message.encode()) < 8_000
    assert read(message) == these


async def test_where_nothing_was_announced_nothing_is_told(empty: Database) -> None:
    async with listening(empty) as heard:
        assert not await pass_on(empty)
        await announce(empty, [Announcement(Topic.EVENT, uuid4())])
        assert not await pass_on(empty)
        assert len(read(await asyncio.wait_for(heard.get(), 5))) == 1
        assert heard.empty()


async def test_nothing_is_told_of_what_was_rolled_back(empty: Database) -> None:
    undone, kept = Announcement(Topic.EVENT, uuid4()), Announcement(Topic.EVENT, uuid4())

    async with listening(empty) as heard:
        with suppress(ZeroDivisionError):
            async with empty.unit_of_work() as work:
                await work.execute(sa.insert(announcement).values(topic=undone.topic, subject=undone.subject))
                await pass_on(empty)
                1 / 0  # noqa: B018
        await announce(empty, [kept])
        await pass_on(empty)
        assert read(await asyncio.wait_for(heard.get(), 5)) == [kept]
        assert heard.empty()


async def test_several_who_pass_on_at_once_tell_each_thing_once(empty: Database) -> None:
    these = [Announcement(Topic.EVENT, uuid4()) for _ in range(500)]
    await announce(empty, these)

    async with listening(empty) as heard:
        await asyncio.gather(*(passed_on(empty) for _ in range(4)))
        told: list[Announcement] = []
        while len(told) < 500:
            told += read(await asyncio.wait_for(heard.get(), 5))
        assert heard.empty()

    assert sorted(told) == sorted(these)


async def announce(database: Database, announcements: list[Announcement]) -> None:
    begun = datetime.now(UTC)
    rows = [
        {"topic": each.topic, "subject": each.subject, "event_id": each.event, "announced_at": begun + number * MOMENT}
        for number, each in enumerate(announcements)
    ]
    async with database.unit_of_work() as work:
        await work.execute(sa.insert(announcement).values(rows))


async def passed_on(database: Database) -> int:
    """All is passed on; in how many goes that may have left some."""
    goes = 0
    while await pass_on(database):
        goes += 1
    return goes


async def left(database: Database) -> int:
    async with database.reading() as session:
        return await session.scalar(sa.select(sa.func.count()).select_from(announcement)) or 0


@asynccontextmanager
async def listening(database: Database) -> AsyncIterator["asyncio.Queue[str]"]:
    """What is heard meanwhile."""
    url = database.engine.url.render_as_string(hide_password=False)
    began, heard = asyncio.Event(), asyncio.Queue[str]()
    task = asyncio.create_task(listen(url, began=began.set, heard=heard.put_nowait))
    await asyncio.wait_for(began.wait(), 5)
    yield heard
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
