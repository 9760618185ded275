"""Changing events, on the real database: who may, what follows, and who is told."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.charter import CharterChanged
from domain.event_changes import AttendanceAlreadyConfirmed, EventChanges, SeatsAreTaken
from domain.event_life import EventNotInThatState, ReviewDecision
from domain.events import Event, EventFormat, EventStatus, UnknownEvent, Venue
from domain.fields import TooShort
from domain.filters import EventFilter, EventOrder
from domain.paging import Window
from domain.participations import ParticipationStatus
from domain.permissions import signed_in
from domain.refusals import Forbidden, Refusals, Unauthenticated
from domain.territories import UnknownTerritory
from domain.words import ThemeCode
from resolvers import desk, event_changes, event_endings, events, participations
from resolvers.context import Context
from tests.clock import Clock
from tests.factories import Town
from tests.ledgers import told

LATER = EventChanges(title="Barcamp Cartographie")
WEIGHTY = EventChanges(engagement=5)
WAITING = EventFilter(statuses=(EventStatus.SUBMITTED,))


async def published(town: Town, **changes: Any) -> tuple[Context, Event]:  # Any: the fields of EventDetails
    """Somebody, and an event in their own name that a moderator published."""
    proposer = await town.citizen()
    return proposer, await town.published(proposer, by=await town.moderator(), **changes)


def refusals(raised: pytest.ExceptionInfo[Refusals]) -> list[tuple[type[Exception], tuple[str, ...]]]:
    return [(type(each), each.path) for each in raised.value.refusals]


async def status(ctx: Context, event: Event) -> ParticipationStatus:
    ctx.look_again()
    mine = await participations.viewer_participation(ctx, event.id)
    assert mine is not None
    return mine.status


async def test_a_change_keeps_what_is_left_out_and_clears_what_is_null(town: Town, clock: Clock) -> None:
    proposer = await town.citizen()
    draft = await town.event(proposer, submit=False, capacity=12, website_url="https://example.org/")
    clock.advance(minutes=1)

    changed = await event_changes.update_event(proposer, draft.id, EventChanges(title="Barcamp", capacity=None))

    assert (changed.details.title, changed.details.capacity) == ("Barcamp", None)
    assert changed.details.website_url == "https://example.org/"
    assert (changed.slug, changed.status, changed.updated_at) == (draft.slug, EventStatus.DRAFT, clock())


async def test_nothing_new_changes_nothing(town: Town, clock: Clock) -> None:
    proposer, event = await published(town)
    clock.advance(minutes=1)

    same = await event_changes.update_event(proposer, event.id, EventChanges(engagement=3, title=event.details.title))

    assert same == event


async def test_an_unverified_proposers_event_is_submitted_anew_and_stays_in_view_of_who_registered(
    town: Town, nobody: Context, clock: Clock
) -> None:
    proposer, event = await published(town)
    registered, stranger, moderator = await town.citizen(), await town.citizen(), await town.moderator()
    await participations.register(registered, event.id)
    clock.advance(minutes=1)

    changed = await event_changes.update_event(proposer, event.id, WEIGHTY)

    assert changed.status is EventStatus.SUBMITTED
    for ctx, sees in ((nobody, False), (stranger, False), (registered, True), (proposer, True), (moderator, True)):
        ctx.look_again()
        assert (await events.event(ctx, event.id) is not None) is sees
        listed = await events.events(ctx, WAITING, order=EventOrder.STARTS_AT_ASC, window=Window(10))
        assert [each.item.id for each in listed.items] == ([event.id] if sees else [])
        assert await events.event_total(ctx, WAITING) == len(listed.items)
    assert await status(registered, event) is ParticipationStatus.REGISTERED
    with pytest.raises(UnknownEvent):
        await participations.register(stranger, event.id)

    again = await events.review_event(moderator, event.id, decision=ReviewDecision.PUBLISH)
    assert (again.status, again.published_at) == (EventStatus.PUBLISHED, event.published_at)


async def test_who_registered_sees_that_it_was_rejected_after_all(town: Town) -> None:
    proposer, event = await published(town)
    registered, moderator = await town.citizen(), await town.moderator()
    await participations.register(registered, event.id)
    await event_changes.update_event(proposer, event.id, WEIGHTY)
    await events.review_event(moderator, event.id, decision=ReviewDecision.REJECT, reason="Trop d’étoiles.")

    registered.look_again()
    seen = await events.event(registered, event.id)

    assert seen is not None
    assert seen.status is EventStatus.REJECTED


@pytest.mark.parametrize("verified", [True, False])
async def test_what_a_verified_organisation_changes_stays_published(town: Town, verified: bool) -> None:
    owner = await town.citizen()
    organization = await town.organization(owner, verified=verified)
    event = (
        await town.published(owner, organization.id, by=await town.moderator())
        if not verified
        else (await town.event(owner, organization.id))
    )

    changed = await event_changes.update_event(owner, event.id, WEIGHTY)

    assert changed.status is (EventStatus.PUBLISHED if verified else EventStatus.SUBMITTED)


async def test_words_alone_submit_nothing_anew(town: Town) -> None:
    proposer, event = await published(town)
    assert (await event_changes.update_event(proposer, event.id, LATER)).status is EventStatus.PUBLISHED


async def test_who_has_a_seat_or_waits_for_one_is_told_of_another_time_place_or_format(
    town: Town, clock: Clock
) -> None:
    owner = await town.citizen()
    event = await town.event(owner, (await town.organization(owner)).id, capacity=1)
    registered, waiting, left = await town.citizen(), await town.citizen(), await town.citizen()
    for each in (registered, waiting, left):
        await participations.register(each, event.id)
    await participations.cancel_registration(left, event.id)
    start = event.details.starts_at + timedelta(hours=1)

    for number, changes in enumerate(
        (
            EventChanges(starts_at=start, ends_at=start + timedelta(hours=4)),
            EventChanges(venue=Venue(city="Rezé", postal_code="44400")),
            EventChanges(format=EventFormat.HYBRID),
        ),
        start=1,
    ):
        clock.advance(minutes=1)
        await event_changes.update_event(owner, event.id, changes)
        assert await told(registered) == await told(waiting) == [("EVENT_CHANGED", {})] * number
    await event_changes.update_event(owner, event.id, EventChanges(title="Barcamp", engagement=5, capacity=2))

    assert [kind for kind, _ in await told(registered)] == ["EVENT_CHANGED"] * 3
    assert [kind for kind, _ in await told(waiting)] == ["EVENT_CHANGED"] * 3 + ["SEAT_FREED"]
    assert await told(left) == []


async def test_seats_that_are_added_go_to_the_first_in_line(town: Town) -> None:
    proposer, event = await published(town, capacity=1)
    people = [await town.citizen() for _ in range(4)]
    for each in people:
        await participations.register(each, event.id)

    await event_changes.update_event(proposer, event.id, EventChanges(capacity=3))
    states = [await status(each, event) for each in people]
    assert [each.value for each in states] == ["REGISTERED", "REGISTERED", "REGISTERED", "WAITLISTED"]

    await event_changes.update_event(proposer, event.id, EventChanges(capacity=None))
    assert await status(people[3], event) is ParticipationStatus.REGISTERED


async def test_seats_that_are_taken_cannot_be_removed(town: Town) -> None:
    proposer, event = await published(town, capacity=3)
    for _ in range(2):
        await participations.register(await town.citizen(), event.id)

    with pytest.raises(Refusals) as raised:
        await event_changes.update_event(proposer, event.id, EventChanges(capacity=1))
    assert refusals(raised) == [(SeatsAreTaken, ("capacity",))]
    assert raised.value.refusals[0].parameters == {"taken": 2}
    assert (await event_changes.update_event(proposer, event.id, EventChanges(capacity=2))).details.capacity == 2


async def test_what_points_rest_on_stays_once_an_attendance_was_confirmed_even_if_it_is_taken_back(
    town: Town, clock: Clock
) -> None:
    owner = await town.citizen()
    event = await town.event(owner, (await town.organization(owner)).id)
    nath = await town.citizen()
    await town.attend(nath, event)
    clock.now = event.details.starts_at
    weighty = EventChanges(engagement=5, themes=(ThemeCode.CULTURE,), effort_minutes=60)

    for withdrawn in (False, True):
        if withdrawn:
            await desk.confirm_attendance(owner, event.id, attended=[], absent=[signed_in(nath.viewer).citizen_id])
        with pytest.raises(Refusals) as raised:
            await event_changes.update_event(owner, event.id, weighty)
        assert refusals(raised) == [
            (AttendanceAlreadyConfirmed, ("effortMinutes",)),
            (AttendanceAlreadyConfirmed, ("engagement",)),
            (AttendanceAlreadyConfirmed, ("themes",)),
        ]
    assert (await event_changes.update_event(owner, event.id, LATER)).details.title == "Barcamp Cartographie"


async def test_a_cancelled_event_does_not_change(town: Town) -> None:
    proposer, event = await published(town)
    await event_endings.cancel_event(proposer, event.id, reason="Pluie.")

    with pytest.raises(EventNotInThatState):
        await event_changes.update_event(proposer, event.id, LATER)


async def test_only_its_organisers_change_an_event(town: Town, nobody: Context) -> None:
    proposer, event = await published(town)
    draft = await town.event(proposer, submit=False)
    moderator, stranger = await town.moderator(), await town.citizen()

    with pytest.raises(Unauthenticated):
        await event_changes.update_event(nobody, event.id, LATER)
    for ctx in (stranger, moderator):
        with pytest.raises(Forbidden):
            await event_changes.update_event(ctx, event.id, LATER)
    with pytest.raises(UnknownEvent):
        await event_changes.update_event(stranger, draft.id, LATER)
    with pytest.raises(Forbidden):
        await event_changes.update_event(moderator, draft.id, LATER)


async def test_a_charter_that_changed_is_accepted_first(town: Town) -> None:
    proposer = await town.citizen()
    draft = await town.event(proposer, submit=False)
    proposer.become(replace(signed_in(proposer.viewer), accepted_charter_version="2025-1"))

    with pytest.raises(CharterChanged):
        await event_changes.update_event(proposer, draft.id, LATER)
    with pytest.raises(CharterChanged):
        await events.submit_event(proposer, draft.id)
    with pytest.raises(CharterChanged):
        await town.event(proposer)


async def test_everything_that_is_wrong_is_told_at_once_and_nothing_is_kept(town: Town) -> None:
    proposer, event = await published(town, territory=None)
    wrong = EventChanges(title="ab", territory="FR-99")  # type: ignore[typeddict-item]  # a code that none has

    with pytest.raises(Refusals) as raised:
        await event_changes.update_event(proposer, event.id, wrong)

    assert refusals(raised) == [(TooShort, ("title",)), (UnknownTerritory, ("territory",))]
    proposer.look_again()
    assert await events.event(proposer, event.id) == event
