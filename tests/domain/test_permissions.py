"""Who may do what."""

from dataclasses import replace
from uuid import UUID

import pytest

from domain.charter import CHARTER_VERSION, CharterChanged, check_accepted
from domain.citizens import Viewer
from domain.events import Event
from domain.ids import OrganizationId, SessionId
from domain.organizations import MemberRole
from domain.permissions import belongs_to, moderator, organizes, owns, reviewer, signed_in
from domain.refusals import Forbidden, RefusalCode, Unauthenticated
from domain.words import Locale
from tests.samples import DEMOTIC, NATH, SOMEBODY, event

STRANGER = Viewer(
    citizen_id=NATH, session_id=SessionId(UUID(int=9)), locale=Locale.FR, accepted_charter_version=CHARTER_VERSION
)
PROPOSER = replace(STRANGER, citizen_id=SOMEBODY)
MANAGER = replace(STRANGER, organizations={DEMOTIC: MemberRole.MANAGER})
OWNER = replace(STRANGER, organizations={DEMOTIC: MemberRole.OWNER})
OWN, OF_DEMOTIC = event(), event(organization=DEMOTIC)


def test_somebody_must_be_signed_in() -> None:
    assert signed_in(STRANGER) is STRANGER
    for asked in (signed_in, moderator):
        with pytest.raises(Unauthenticated):
            asked(None)


def test_only_moderators_moderate() -> None:
    assert moderator(replace(STRANGER, moderator=True)).citizen_id == NATH
    with pytest.raises(Forbidden):
        moderator(OWNER)


@pytest.mark.parametrize(
    ("viewer", "its", "expected"),
    [
        (None, OWN, False),
        (STRANGER, OWN, False),
        (PROPOSER, OWN, True),
        (OWNER, OWN, False),
        (None, OF_DEMOTIC, False),
        (STRANGER, OF_DEMOTIC, False),
        (PROPOSER, OF_DEMOTIC, False),  # who has left the organisation has left its events
        (MANAGER, OF_DEMOTIC, True),
        (OWNER, OF_DEMOTIC, True),
        (replace(STRANGER, moderator=True), OF_DEMOTIC, False),
    ],
)
def test_an_event_is_its_proposers_or_its_organisations(viewer: Viewer | None, its: Event, expected: bool) -> None:
    assert organizes(viewer, its) == expected


@pytest.mark.parametrize(
    ("who", "its", "concerned"),
    [
        (STRANGER, OWN, False),
        (STRANGER, OF_DEMOTIC, False),
        (MANAGER, OWN, False),
        (MANAGER, OF_DEMOTIC, True),
        (PROPOSER, OWN, True),
        (PROPOSER, OF_DEMOTIC, True),
    ],
)
def test_no_moderator_reviews_what_concerns_them(who: Viewer, its: Event, concerned: bool) -> None:
    asking = replace(who, moderator=True)
    if concerned:
        with pytest.raises(Forbidden):
            reviewer(asking, its)
    else:
        assert reviewer(asking, its) is asking
    with pytest.raises(Forbidden):
        reviewer(who, its)


def test_members_belong_and_owners_own() -> None:
    another = OrganizationId(UUID(int=8))

    assert [belongs_to(viewer, DEMOTIC) for viewer in (None, STRANGER, MANAGER, OWNER)] == [False, False, True, True]
    assert [owns(viewer, DEMOTIC) for viewer in (None, STRANGER, MANAGER, OWNER)] == [False, False, False, True]
    assert not belongs_to(OWNER, another)
    assert not belongs_to(OWNER, None)
    assert not owns(OWNER, another)


def test_what_is_proposed_rests_on_the_charter_in_force() -> None:
    check_accepted(STRANGER)
    with pytest.raises(CharterChanged) as refusal:
        check_accepted(replace(STRANGER, accepted_charter_version="2025-1"))
    assert refusal.value.code is RefusalCode.CHARTER_NOT_ACCEPTED
    assert refusal.value.parameters == {"version": CHARTER_VERSION}
