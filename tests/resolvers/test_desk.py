"""What organisers establish, and what comes of it."""

from datetime import timedelta

import pytest

from db.engine import Database
from domain.attendance import (
    BothHereAndAway,
    DeskIsClosed,
    DeskNotOpenYet,
    NoSeatLeft,
    OrganizersAttendance,
    RegistrationWithdrawn,
    UnknownParticipant,
)
from domain.event_life import EventNotInThatState
from domain.events import Event, UnknownEvent
from domain.ids import EventId
from domain.participations import AttendanceEvidence, ParticipationStatus
from domain.refusals import Forbidden, Refusals, Unauthenticated
from resolvers import desk, events, participations
from resolvers.context import Context
from tests.clock import Clock
from tests.factories import Town
from tests.ledgers import Line, broken_laws, lines, me, told
from tests.members import belongs
from tests.samples import refused

ATTENDED, NO_SHOW = ParticipationStatus.ATTENDED, ParticipationStatus.NO_SHOW


async def ended(town: Town, clock: Clock, *people: Context, seats: int | None = None) -> tuple[Context, Event]:
    """An organiser, and an event of theirs worth 200 points that is just over; `people` wanted to come."""
    organizer = await town.citizen()
    organization = await town.organization(organizer)
    event = await town.event(organizer, organization.id, capacity=seats)
    for each in people:
        clock.advance(seconds=1)
        await participations.register(each, event.id)
    clock.now = event.details.ends_at
    return organizer, event


async def test_confirmed_by_an_organiser_it_is_awarded_once_and_told(town: Town, clock: Clock) -> None:
    nath, other = await town.citizen(), await town.citizen()
    organizer, event = await ended(town, clock, nath, other)
    other.look_again()
    registered = await participations.viewer_participation(other, event.id)
    assert registered is not None

    for _ in range(2):
        settled = await desk.confirm_attendance(
            organizer, event.id, attended=[me(nath), registered.id, me(nath)], absent=[]
        )
        assert [(each.status, each.evidence, each.points_awarded) for each in settled] == [
            (ATTENDED, AttendanceEvidence.ORGANIZER, 200)
        ] * 2

    assert await lines(nath) == [Line("PARTICIPATION", 200, 1)]
    assert await told(nath) == [("LEVEL_REACHED", {"level": 2}), ("ATTENDANCE_CONFIRMED", {"points": 200})]


async def test_absent_takes_back_exactly_what_was_given_and_it_can_be_given_again(
    town: Town, clock: Clock, empty: Database
) -> None:
    nath = await town.citizen()
    organizer, event = await ended(town, clock, nath)
    here = [me(nath)]

    await desk.confirm_attendance(organizer, event.id, attended=here, absent=[])
    for _ in range(2):
        [gone] = await desk.confirm_attendance(organizer, event.id, attended=[], absent=here)
        assert (gone.status, gone.attended_at, gone.evidence, gone.points_awarded) == (NO_SHOW, None, None, 0)
    clock.advance(days=30)
    await desk.confirm_attendance(organizer, event.id, attended=here, absent=[])

    assert await lines(nath) == [
        Line("PARTICIPATION", 200, 1),
        Line("REVERSAL", -200, 1),
        Line("PARTICIPATION", 200, 2),
    ]
    assert await broken_laws(empty) == []


async def test_the_desk_is_open_from_half_an_hour_before_the_start_until_thirty_days_after_the_end(
    town: Town, clock: Clock
) -> None:
    nath = await town.citizen()
    organizer, event = await ended(town, clock, nath)
    details = event.details

    clock.now = details.starts_at - timedelta(minutes=30, microseconds=1)
    with pytest.raises(DeskNotOpenYet):
        await desk.confirm_attendance(organizer, event.id, attended=[me(nath)], absent=[])
    clock.now = details.ends_at + timedelta(days=30, microseconds=1)
    with pytest.raises(DeskIsClosed):
        await desk.confirm_attendance(organizer, event.id, attended=[me(nath)], absent=[])
    clock.now = details.starts_at - timedelta(minutes=30)
    [settled] = await desk.confirm_attendance(organizer, event.id, attended=[me(nath)], absent=[])
    assert settled.status is ATTENDED


async def test_each_who_cannot_be_taken_is_refused_at_their_place_and_nobody_is_noted(town: Town, clock: Clock) -> None:
    nath, away, stranger = await town.citizen(), await town.citizen(), await town.citizen()
    organizer, event = await ended(town, clock, nath, away)
    clock.now = event.details.starts_at
    await participations.cancel_registration(away, event.id)

    with pytest.raises(Refusals) as met:
        await desk.confirm_attendance(
            organizer,
            event.id,
            attended=[me(nath), me(stranger), me(away), event.id],
            absent=[me(nath), me(away), me(stranger)],
        )

    assert refused(met.value.refusals) == [
        (UnknownParticipant, ("attended", "1")),
        (RegistrationWithdrawn, ("attended", "2")),
        (UnknownParticipant, ("attended", "3")),
        (BothHereAndAway, ("absent", "0")),
        (RegistrationWithdrawn, ("absent", "1")),
        (UnknownParticipant, ("absent", "2")),
    ]
    assert await lines(nath) == []


async def test_nobody_confirms_themselves_nor_those_they_organise_with(town: Town, clock: Clock) -> None:
    nath = await town.citizen()
    organizer, event = await ended(town, clock, nath)
    await belongs(nath, event.organization_id, since=event.details.starts_at)
    await town.look_again(nath)

    for who in (nath, organizer):
        with pytest.raises(Refusals) as met:
            await desk.confirm_attendance(who, event.id, attended=[me(nath)], absent=[])
        assert refused(met.value.refusals) == [(OrganizersAttendance, ("attended", "0"))]
    assert await lines(nath) == []


async def test_who_waited_is_confirmed_as_far_as_seats_go(town: Town, clock: Clock, empty: Database) -> None:
    seated, waiting, last = [await town.citizen() for _ in range(3)]
    organizer, event = await ended(town, clock, seated, waiting, last, seats=1)

    with pytest.raises(Refusals) as met:
        await desk.confirm_attendance(organizer, event.id, attended=[me(seated), me(waiting)], absent=[])
    assert refused(met.value.refusals) == [(NoSeatLeft, ("attended", "1"))]

    await events.complete_event(organizer, event.id)
    settled = await desk.confirm_attendance(organizer, event.id, attended=[me(waiting)], absent=[me(seated)])
    assert [each.status for each in settled] == [ATTENDED, NO_SHOW]
    assert await broken_laws(empty) == []


async def test_before_the_start_the_seat_of_somebody_absent_goes_to_the_first_in_line(town: Town, clock: Clock) -> None:
    seated, waiting = await town.citizen(), await town.citizen()
    organizer, event = await ended(town, clock, seated, waiting, seats=1)
    clock.now = event.details.starts_at - timedelta(minutes=10)

    await desk.confirm_attendance(organizer, event.id, attended=[], absent=[me(seated)])

    waiting.look_again()
    moved = await participations.viewer_participation(waiting, event.id)
    assert moved is not None
    assert moved.status is ParticipationStatus.REGISTERED
    assert [kind for kind, _ in await told(waiting)] == ["SEAT_FREED"]


async def test_only_those_who_organise_it_establish_attendance(town: Town, clock: Clock, nobody: Context) -> None:
    nath = await town.citizen()
    organizer, event = await ended(town, clock, nath)
    for who in (nath, await town.moderator(), await town.citizen()):
        with pytest.raises(Forbidden):
            await desk.confirm_attendance(who, event.id, attended=[me(nath)], absent=[])
    with pytest.raises(Unauthenticated):
        await desk.confirm_attendance(nobody, event.id, attended=[], absent=[])
    with pytest.raises(UnknownEvent):
        await desk.confirm_attendance(organizer, EventId(me(nath)), attended=[], absent=[])
    draft = await town.event(organizer, event.organization_id, submit=False)
    with pytest.raises(EventNotInThatState):
        await desk.confirm_attendance(organizer, draft.id, attended=[], absent=[])
