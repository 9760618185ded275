"""What organisers may establish, and when."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.attendance import (
    BothHereAndAway,
    DeskIsClosed,
    DeskNotOpenYet,
    NoSeatLeft,
    OrganizersAttendance,
    RegistrationWithdrawn,
    UnknownParticipant,
    check_desk_open,
    check_settled,
)
from domain.event_life import EventNotInThatState
from domain.events import EventStatus
from domain.fields import TooMany
from domain.ids import CitizenId, EventId, ParticipationId
from domain.participations import Participation, ParticipationStatus
from domain.refusals import Refusal
from tests import samples
from tests.clock import START

MOMENT = timedelta(microseconds=1)
S = ParticipationStatus
NOBODY = frozenset[CitizenId]()


def person(number: int, status: ParticipationStatus = S.REGISTERED, *, withdrawn: bool = False) -> Participation:
    return Participation(
        id=ParticipationId(UUID(int=100 + number)),
        citizen_id=CitizenId(UUID(int=number)),
        event_id=EventId(UUID(int=4)),
        status=status,
        registered_at=START,
        queued_at=START,
        withdrawn_at=START if withdrawn else None,
    )


def settled(
    attended: Sequence[Participation | None] = (),
    absent: Sequence[Participation | None] = (),
    *,
    organizing: frozenset[CitizenId] = NOBODY,
    taken: int = 0,
    capacity: int | None = None,
) -> list[tuple[type[Refusal], tuple[str, ...]]]:
    wrong = check_settled(attended=attended, absent=absent, organizing=organizing, taken=taken, capacity=capacity)
    return samples.refused(wrong)


def test_the_desk_opens_half_an_hour_before_and_closes_thirty_days_after() -> None:
    event = samples.event()
    opens, closes = START - timedelta(minutes=30), event.details.ends_at + timedelta(days=30)

    check_desk_open(event, now=opens)
    check_desk_open(samples.event(EventStatus.COMPLETED), now=closes)
    with pytest.raises(DeskNotOpenYet):
        check_desk_open(event, now=opens - MOMENT)
    with pytest.raises(DeskIsClosed):
        check_desk_open(event, now=closes + MOMENT)


@pytest.mark.parametrize("status", sorted(set(EventStatus) - {EventStatus.PUBLISHED, EventStatus.COMPLETED}))
def test_only_what_is_published_or_completed_has_a_desk(status: EventStatus) -> None:
    with pytest.raises(EventNotInThatState):
        check_desk_open(samples.event(status), now=START)


def test_each_refusal_stands_at_its_place() -> None:
    here, own, gone = person(1), person(2), person(3, S.CANCELLED, withdrawn=True)

    assert settled([here, None, own, gone], [here, None, own], organizing=frozenset({own.citizen_id})) == [
        (UnknownParticipant, ("attended", "1")),
        (OrganizersAttendance, ("attended", "2")),
        (RegistrationWithdrawn, ("attended", "3")),
        (BothHereAndAway, ("absent", "0")),
        (UnknownParticipant, ("absent", "1")),
        (BothHereAndAway, ("absent", "2")),
    ]


def test_who_waited_until_the_end_may_have_been_there() -> None:
    assert settled([person(1, S.WAITLISTED), person(2, S.CANCELLED), person(3, S.NO_SHOW)]) == []


def test_a_hundred_at_once_and_no_more() -> None:
    people = [person(number) for number in range(101)]

    assert settled(people[:60], people[60:100]) == []
    assert settled(people[:60], people[60:]) == [(TooMany, ("attended",))]


statuses = st.sampled_from([S.REGISTERED, S.WAITLISTED, S.ATTENDED, S.NO_SHOW, S.CANCELLED])


@given(st.lists(statuses, max_size=12), st.sets(st.integers(0, 11)), st.sets(st.integers(0, 11)), st.integers(0, 3))
def test_whatever_is_settled_the_event_is_never_over_its_capacity(
    held: list[ParticipationStatus], came: set[int], stayed: set[int], free: int
) -> None:
    people = [person(number, status) for number, status in enumerate(held)]
    here = [people[number] for number in sorted(came) if number < len(people)]
    away = [people[number] for number in sorted(stayed - came) if number < len(people)]
    seated = {each.id for each in people if each.status in (S.REGISTERED, S.ATTENDED)}
    capacity = len(seated) + free

    refused = settled(here, away, taken=len(seated), capacity=capacity)

    after = seated - {each.id for each in away} | {each.id for each in here}
    assert [kind for kind, _ in refused] == [NoSeatLeft] * max(0, len(after) - capacity)
