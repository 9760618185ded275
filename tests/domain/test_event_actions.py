"""Who may do what with an event, and when: one table, read aloud."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from domain.charter import CHARTER_VERSION
from domain.citizens import Viewer
from domain.event_actions import CHECKS, Standing, available
from domain.event_life import EventAction
from domain.events import EventStatus
from domain.ids import ParticipationId, SessionId
from domain.organizations import MemberRole
from domain.participations import AttendanceEvidence, Participation, ParticipationStatus
from domain.refusals import Forbidden, Unauthenticated
from domain.words import Locale
from tests.clock import START
from tests.samples import DEMOTIC, NATH, SOMEBODY, event

DRAFT, SUBMITTED, PUBLISHED, REJECTED, CANCELLED, COMPLETED = EventStatus
A = EventAction
END = START + timedelta(hours=4, minutes=30)
BEFORE, DURING, AFTER, LATE = START - timedelta(days=1), START, END, END + timedelta(days=31)
STRANGER = Viewer(
    citizen_id=NATH, session_id=SessionId(UUID(int=9)), locale=Locale.FR, accepted_charter_version=CHARTER_VERSION
)
PROPOSER = replace(STRANGER, citizen_id=SOMEBODY)
MANAGER = replace(STRANGER, organizations={DEMOTIC: MemberRole.MANAGER})
MODERATOR = replace(STRANGER, moderator=True)


def listed(viewer: Viewer | None, status: EventStatus, now: datetime, **standing: object) -> set[EventAction]:
    its = event(status, organization=DEMOTIC)
    return set(available(Standing(viewer=viewer, event=its, now=now, **standing)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("status", "now", "expected"),
    [
        (DRAFT, BEFORE, {A.UPDATE, A.SUBMIT, A.CANCEL}),
        (DRAFT, DURING, {A.UPDATE, A.CANCEL}),
        (DRAFT, AFTER, {A.UPDATE}),
        (SUBMITTED, BEFORE, {A.UPDATE, A.CANCEL}),
        (SUBMITTED, AFTER, {A.UPDATE}),
        (REJECTED, BEFORE, {A.UPDATE, A.SUBMIT}),
        (REJECTED, DURING, {A.UPDATE}),
        (PUBLISHED, BEFORE, {A.UPDATE, A.CANCEL}),
        (PUBLISHED, DURING, {A.UPDATE, A.CANCEL, A.CONFIRM_ATTENDANCE}),
        (PUBLISHED, AFTER, {A.UPDATE, A.COMPLETE, A.PUBLISH_OUTCOME, A.CONFIRM_ATTENDANCE}),
        (PUBLISHED, LATE, {A.UPDATE, A.COMPLETE, A.PUBLISH_OUTCOME}),
        (COMPLETED, AFTER, {A.UPDATE, A.PUBLISH_OUTCOME, A.CONFIRM_ATTENDANCE}),
        (COMPLETED, LATE, {A.UPDATE, A.PUBLISH_OUTCOME}),
        (CANCELLED, BEFORE, set()),
        (CANCELLED, AFTER, set()),
    ],
)
def test_what_those_who_organise_it_can_do(status: EventStatus, now: datetime, expected: set[EventAction]) -> None:
    assert listed(MANAGER, status, now, own=True) == expected
    assert listed(replace(MANAGER, moderator=True), status, now, own=True) == expected  # nothing about their own


@pytest.mark.parametrize("status", EventStatus)
@pytest.mark.parametrize("now", [BEFORE, DURING, AFTER, LATE])
def test_what_others_can_do(status: EventStatus, now: datetime) -> None:
    register = {A.REGISTER} if status is PUBLISHED and now < END else set()
    moderate = {SUBMITTED: {A.REVIEW}, COMPLETED: {A.ANNUL}}.get(status, set())

    assert listed(STRANGER, status, now) == register
    assert listed(MODERATOR, status, now) == register | moderate
    assert listed(PROPOSER, status, now, own=True) == set()  # for an organisation that they have left
    assert listed(replace(PROPOSER, moderator=True), status, now, own=True) == set()
    assert listed(None, status, now) == set()


@pytest.mark.parametrize("status", ParticipationStatus)
@pytest.mark.parametrize(
    ("now", "in_line", "seated"),
    [
        (BEFORE, {A.CANCEL_REGISTRATION}, {A.CANCEL_REGISTRATION}),
        (DURING, {A.CANCEL_REGISTRATION}, {A.CANCEL_REGISTRATION, A.CHECK_IN}),
        (AFTER, set(), {A.CHECK_IN}),
        (LATE, set(), set()),
    ],
)
def test_what_those_who_take_part_can_do(
    status: ParticipationStatus, now: datetime, in_line: set[EventAction], seated: set[EventAction]
) -> None:
    attended = status is ParticipationStatus.ATTENDED
    participation = Participation(
        id=ParticipationId(NATH),
        citizen_id=NATH,
        event_id=event().id,
        status=status,
        registered_at=BEFORE,
        queued_at=BEFORE,
        attended_at=START if attended else None,
        evidence=AttendanceEvidence.ORGANIZER if attended else None,
    )
    come_back = {A.REGISTER} if now < END else set()
    feedback = {A.LEAVE_FEEDBACK} if now in (AFTER, LATE) else set()
    expected = {
        ParticipationStatus.ATTENDED: feedback,
        ParticipationStatus.REGISTERED: seated,
        ParticipationStatus.WAITLISTED: in_line,
        ParticipationStatus.CANCELLED: come_back,
    }.get(status, set())

    assert listed(STRANGER, PUBLISHED, now, participation=participation) == expected
    assert listed(STRANGER, PUBLISHED, now, participation=replace(participation, answered=True)) == expected - feedback


def test_every_action_is_asked_for() -> None:
    assert set(CHECKS) == set(EventAction)


@pytest.mark.parametrize("action", EventAction)
def test_nobody_can_do_anything(action: EventAction) -> None:
    for status in EventStatus:
        with pytest.raises(Unauthenticated):
            CHECKS[action](Standing(viewer=None, event=event(status), now=AFTER))


@pytest.mark.parametrize("action", [A.UPDATE, A.SUBMIT, A.CANCEL, A.COMPLETE, A.PUBLISH_OUTCOME, A.CONFIRM_ATTENDANCE])
def test_only_organisers_organise(action: EventAction) -> None:
    for viewer in (STRANGER, MODERATOR, replace(STRANGER, organizations={})):
        with pytest.raises(Forbidden):
            CHECKS[action](Standing(viewer=viewer, event=event(organization=DEMOTIC), now=AFTER))


@pytest.mark.parametrize("action", [A.REVIEW, A.ANNUL])
def test_nobody_moderates_their_own(action: EventAction) -> None:
    member = replace(STRANGER, moderator=True, organizations={DEMOTIC: MemberRole.MANAGER})
    for viewer in (STRANGER, MANAGER, member, replace(PROPOSER, moderator=True)):
        with pytest.raises(Forbidden):
            CHECKS[action](Standing(viewer=viewer, event=event(organization=DEMOTIC), now=AFTER))
    with pytest.raises(Forbidden):  # who has left the organisation since
        CHECKS[action](Standing(viewer=MODERATOR, event=event(organization=DEMOTIC), now=AFTER, own=True))


@pytest.mark.parametrize("action", [A.UPDATE, A.SUBMIT])
def test_a_charter_that_changed_takes_away_what_rests_on_it(action: EventAction) -> None:
    old = replace(MANAGER, accepted_charter_version="2025-1")
    assert action in listed(MANAGER, DRAFT, BEFORE)
    assert action not in listed(old, DRAFT, BEFORE)
