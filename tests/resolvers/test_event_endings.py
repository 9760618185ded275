"""How events end: cancelled, completed, annulled. On the real database."""

from datetime import timedelta
from typing import Any

import pytest

from db import models
from db.engine import Database
from domain.event_life import EventNotInThatState, EventNotOverYet, TooLateToCancel
from domain.events import Event, EventStatus
from domain.fields import Required
from domain.organizations import MemberRole
from domain.participations import Participation, ParticipationStatus
from domain.permissions import signed_in
from domain.refusals import Forbidden, Refusals, Unauthenticated
from resolvers import event_endings, events, participations
from resolvers.context import Context
from tests.clock import Clock
from tests.factories import Town
from tests.ledgers import Line, broken_laws, lines, told
from tests.rows import keep

CANCELLED, COMPLETED = EventStatus.CANCELLED, EventStatus.COMPLETED


async def open_event(town: Town, **changes: Any) -> tuple[Context, Event]:  # Any: the fields of EventDetails
    """A member of a verified organisation, and a published event of it."""
    owner = await town.citizen()
    return owner, await town.event(owner, (await town.organization(owner)).id, **changes)


async def completed(town: Town, clock: Clock) -> tuple[Context, Event, Context, Context]:
    """Its organiser, an event that is completed, somebody who attended and somebody who didn't come."""
    owner, event = await open_event(town)
    came, absent = await town.citizen(), await town.citizen()
    await participations.register(absent, event.id)
    await town.attend(came, event)
    clock.now = event.details.ends_at
    return owner, await events.complete_event(owner, event.id), came, absent


async def mine(ctx: Context, event: Event) -> Participation:
    ctx.look_again()
    found = await participations.viewer_participation(ctx, event.id)
    assert found is not None
    return found


# ---- cancelled


async def test_a_cancelled_event_lets_everybody_go_and_tells_them_why(
    town: Town, nobody: Context, clock: Clock
) -> None:
    owner, event = await open_event(town, capacity=1)
    registered, waiting, left = await town.citizen(), await town.citizen(), await town.citizen()
    for each in (registered, waiting, left):
        await participations.register(each, event.id)
    await participations.cancel_registration(left, event.id)
    clock.advance(minutes=1)

    cancelled = await event_endings.cancel_event(owner, event.id, reason="  La salle est inondée. ")

    assert (cancelled.status, cancelled.cancellation_reason) == (CANCELLED, "La salle est inondée.")
    assert cancelled.updated_at == clock()
    assert cancelled.annulled_at is None
    for each in (registered, waiting):
        assert (await mine(each, event)).status is ParticipationStatus.CANCELLED
        assert await told(each) == [("EVENT_CANCELLED", {})]
    assert await told(left) == []
    assert await events.event(nobody, event.id) == cancelled  # what was once published stays readable


async def test_what_was_awarded_before_the_start_is_taken_back(town: Town, clock: Clock, empty: Database) -> None:
    owner, event = await open_event(town)
    nath = await town.citizen()
    await participations.register(nath, event.id)
    clock.now = event.details.starts_at - timedelta(minutes=20)
    await participations.check_in(nath, event.id, code=await town.code(event.id))

    await event_endings.cancel_event(owner, event.id, reason="Alerte météo.")

    left = await mine(nath, event)
    assert (left.status, left.attended_at, left.evidence) == (ParticipationStatus.CANCELLED, None, None)
    assert await lines(nath) == [Line("PARTICIPATION", 200, 1), Line("REVERSAL", -200, 1)]
    assert await broken_laws(empty) == []


async def test_a_draft_that_was_cancelled_shows_to_its_organisers_alone(town: Town, nobody: Context) -> None:
    proposer = await town.citizen()
    draft = await town.event(proposer, submit=False)

    await event_endings.cancel_event(proposer, draft.id, reason="Une autre fois.")

    assert await events.event(nobody, draft.id) is None
    assert await events.event(proposer, draft.id) is not None


async def test_an_event_is_cancelled_until_its_end_and_once(town: Town, clock: Clock) -> None:
    owner, event = await open_event(town)
    other = await town.event(owner, event.organization_id)
    clock.now = event.details.ends_at - timedelta(microseconds=1)
    await event_endings.cancel_event(owner, event.id, reason="Pluie.")

    with pytest.raises(EventNotInThatState):
        await event_endings.cancel_event(owner, event.id, reason="Encore.")
    clock.now = event.details.ends_at
    with pytest.raises(TooLateToCancel):
        await event_endings.cancel_event(owner, other.id, reason="Trop tard.")


async def test_only_its_organisers_cancel_an_event_and_with_a_reason(town: Town, nobody: Context) -> None:
    owner, event = await open_event(town)

    with pytest.raises(Unauthenticated):
        await event_endings.cancel_event(nobody, event.id, reason="Pluie.")
    for ctx in (await town.citizen(), await town.moderator()):
        with pytest.raises(Forbidden):
            await event_endings.cancel_event(ctx, event.id, reason="Pluie.")
    with pytest.raises(Refusals) as raised:
        await event_endings.cancel_event(owner, event.id, reason=" ")
    assert [type(each) for each in raised.value.refusals] == [Required]


async def test_whoever_belongs_to_the_organisation_acts_for_it(town: Town) -> None:
    _, event = await open_event(town)
    member = await town.citizen()
    now = town.services.clock()
    assert event.organization_id is not None
    await keep(
        town.services.database,
        models.OrganizationMember(
            organization_id=event.organization_id,
            citizen_id=signed_in(member.viewer).citizen_id,
            role=MemberRole.MANAGER,
            invited_at=now,
            accepted_at=now,
        ),
    )
    await town.look_again(member)

    assert (await event_endings.cancel_event(member, event.id, reason="Pluie.")).status is CANCELLED


# ---- completed


async def test_completing_twice_is_as_good_as_once(town: Town, clock: Clock) -> None:
    owner, event, came, absent = await completed(town, clock)

    assert await events.complete_event(owner, event.id) == event
    assert (await mine(came, event)).status is ParticipationStatus.ATTENDED
    assert (await mine(absent, event)).status is ParticipationStatus.NO_SHOW
    with pytest.raises(Forbidden):
        await events.complete_event(came, event.id)


async def test_an_event_is_not_completed_before_its_end(town: Town, clock: Clock) -> None:
    owner, event = await open_event(town)
    clock.now = event.details.ends_at - timedelta(microseconds=1)

    with pytest.raises(EventNotOverYet):
        await events.complete_event(owner, event.id)


async def test_what_is_left_open_for_a_week_is_completed_without_anybody(
    town: Town, nobody: Context, clock: Clock
) -> None:
    owner, first = await open_event(town)
    second = await town.event(owner, first.organization_id, capacity=1, starts_at=clock() + timedelta(days=8))
    submitted = await town.event(await town.citizen())
    registered, waiting = await town.citizen(), await town.citizen()
    for each in (registered, waiting):
        await participations.register(each, second.id)

    clock.now = first.details.ends_at + timedelta(days=7)
    assert await event_endings.complete_overdue(nobody) == 1
    clock.advance(days=1)
    assert await event_endings.complete_overdue(nobody) == 1
    assert await event_endings.complete_overdue(nobody) == 0

    owner.look_again()
    for event in (first, second):
        found = await events.event(owner, event.id)
        assert found is not None
        assert found.status is COMPLETED
    assert (await mine(registered, second)).status is ParticipationStatus.NO_SHOW
    assert (await mine(waiting, second)).status is ParticipationStatus.CANCELLED
    moderator = await town.moderator()
    waits = await events.event(moderator, submitted.id)
    assert waits is not None
    assert waits.status is EventStatus.SUBMITTED


async def test_more_than_a_batch_is_completed(
    town: Town, nobody: Context, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_endings, "BATCH", 2)
    owner, event = await open_event(town)
    for _ in range(4):
        await town.event(owner, event.organization_id)
    clock.now = event.details.ends_at + timedelta(days=7)

    assert await event_endings.complete_overdue(nobody) == 5


# ---- annulled


async def test_what_did_not_take_place_is_annulled_and_every_award_reversed(
    town: Town, clock: Clock, nobody: Context, empty: Database
) -> None:
    _, event, came, absent = await completed(town, clock)
    clock.advance(days=40)

    annulled = await event_endings.annul_event(await town.moderator(), event.id, reason=" Personne n’y était. ")

    assert (annulled.status, annulled.annulled_at) == (CANCELLED, clock())
    assert annulled.cancellation_reason == "Personne n’y était."
    assert await lines(came) == [Line("PARTICIPATION", 200, 1), Line("REVERSAL", -200, 1)]
    for each in (came, absent):
        assert (await mine(each, event)).status is ParticipationStatus.CANCELLED
        assert ("EVENT_CANCELLED", {}) in await told(each)
    assert await events.event(nobody, event.id) == annulled
    counts = await events.counts(nobody, event.id)
    assert (counts.registered, counts.attended, counts.waitlisted) == (0, 0, 0)
    assert await broken_laws(empty) == []


async def test_only_moderators_whom_it_does_not_concern_annul_what_is_completed(town: Town, clock: Clock) -> None:
    owner, event, _, _ = await completed(town, clock)
    moderator = await town.moderator()
    other = await town.event(owner, event.organization_id)

    with pytest.raises(Forbidden):
        await event_endings.annul_event(owner, event.id, reason="Rien.")
    with pytest.raises(EventNotInThatState):
        await event_endings.annul_event(moderator, other.id, reason="Rien.")
    with pytest.raises(Refusals):
        await event_endings.annul_event(moderator, event.id, reason="")
    concerned = await town.moderator()
    own = await town.organization(concerned)
    theirs = await town.event(concerned, own.id)
    clock.now = theirs.details.ends_at
    await events.complete_event(concerned, theirs.id)
    with pytest.raises(Forbidden):
        await event_endings.annul_event(concerned, theirs.id, reason="Rien.")
    await event_endings.annul_event(moderator, event.id, reason="Rien.")
    with pytest.raises(EventNotInThatState):
        await event_endings.annul_event(moderator, event.id, reason="Encore.")
