"""Who may do what."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from domain.api_tokens import ApiTokenId, Partner, TokenScope, seen_anew
from domain.charter import CHARTER_VERSION, CharterChanged, check_accepted
from domain.citizens import Viewer
from domain.events import Event
from domain.ids import OrganizationId, SessionId
from domain.organizations import MemberRole
from domain.permissions import (
    Caller,
    belongs_to,
    in_scope,
    may_confirm,
    may_import,
    moderator,
    no_token,
    organizes,
    owns,
    person,
    reads_feedback,
    reads_rejection,
    reviewer,
    scopes_of,
    signed_in,
    sits_at_desk,
)
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


def token(*scopes: TokenScope, of: OrganizationId = DEMOTIC) -> Partner:
    return Partner(token_id=ApiTokenId(UUID(int=7)), organization_id=of, scopes=frozenset(scopes))


ELSEWHERE = OrganizationId(UUID(int=8))
BY_SCOPE: list[tuple[TokenScope, Callable[[Caller, Event], bool]]] = [
    (TokenScope.ATTENDANCE_WRITE, sits_at_desk),
    (TokenScope.FEEDBACK_READ, reads_feedback),
    (TokenScope.EVENTS_WRITE, reads_rejection),
]


@pytest.mark.parametrize(("scope", "may"), BY_SCOPE)
def test_a_scope_opens_one_thing_of_ones_own_organisation(
    scope: TokenScope, may: Callable[[Caller, Event], bool]
) -> None:
    others = [each for each in TokenScope if each is not scope]

    assert may(token(scope), OF_DEMOTIC)
    assert not may(token(*others), OF_DEMOTIC)
    assert not may(token(*TokenScope, of=ELSEWHERE), OF_DEMOTIC)
    assert not may(token(*TokenScope), OWN)  # a citizen's own event is no organisation's
    assert [may(who, OF_DEMOTIC) for who in (None, STRANGER, MANAGER, replace(STRANGER, moderator=True))] == [
        False, False, True, True
    ]  # fmt: skip


def test_a_token_is_no_person_whatever_its_scopes() -> None:
    every = token(*TokenScope)

    assert person(every) is None
    assert person(MANAGER) is MANAGER
    assert not any([belongs_to(every, DEMOTIC), owns(every, DEMOTIC), organizes(every, OF_DEMOTIC)])
    for asked in (signed_in, moderator, no_token):
        with pytest.raises(Forbidden):
            asked(every)
    no_token(None)
    no_token(STRANGER)


def test_who_imports_and_who_confirms() -> None:
    imports, confirms = token(TokenScope.EVENTS_WRITE), token(TokenScope.ATTENDANCE_WRITE)

    assert may_import(MANAGER, DEMOTIC) is MANAGER
    assert may_import(imports, DEMOTIC) is imports
    assert may_confirm(MANAGER, OF_DEMOTIC) is MANAGER
    assert may_confirm(PROPOSER, OWN) is PROPOSER
    assert may_confirm(confirms, OF_DEMOTIC) is confirms
    for caller in (STRANGER, replace(STRANGER, moderator=True), confirms, token(TokenScope.EVENTS_WRITE, of=ELSEWHERE)):
        with pytest.raises(Forbidden):
            may_import(caller, DEMOTIC)
    for caller in (STRANGER, replace(STRANGER, moderator=True), imports, token(*TokenScope, of=ELSEWHERE)):
        with pytest.raises(Forbidden):
            may_confirm(caller, OF_DEMOTIC)
    with pytest.raises(Unauthenticated):
        may_import(None, DEMOTIC)
    with pytest.raises(Unauthenticated):
        may_confirm(None, OF_DEMOTIC)


def test_scopes_are_alternatives_that_are_held_whole() -> None:
    judge = replace(STRANGER, moderator=True)
    assert scopes_of(None) == frozenset()
    assert [set(scopes_of(each)) for each in (STRANGER, judge)] == [{"citizen"}, {"citizen", "moderator"}]
    in_scope(STRANGER, [["citizen"], ["EVENTS_WRITE"]])
    in_scope(token(TokenScope.EVENTS_WRITE), [["citizen"], ["EVENTS_WRITE"]])
    in_scope(judge, [["citizen", "moderator"]])
    for caller in (STRANGER, token(*TokenScope)):
        with pytest.raises(Forbidden):
            in_scope(caller, [["citizen", "moderator"]])
    with pytest.raises(Unauthenticated):
        in_scope(None, [["citizen"]])


def test_what_a_token_brings_in_rests_on_an_owner_who_accepted_the_charter_in_force() -> None:
    check_accepted(replace(token(), charters=frozenset({"2025-1", CHARTER_VERSION})))
    for charters in (frozenset({"2025-1"}), frozenset[str]()):
        with pytest.raises(CharterChanged):
            check_accepted(replace(token(), charters=charters))


@pytest.mark.parametrize(("ago", "anew"), [(None, True), (59, False), (60, True), (-5, False)])
def test_a_use_is_seen_anew_after_a_minute(ago: int | None, anew: bool) -> None:
    now = datetime(2026, 9, 1, tzinfo=UTC)
    assert seen_anew(None if ago is None else now - timedelta(seconds=ago), now=now) == anew


def test_what_is_proposed_rests_on_the_charter_in_force() -> None:
    check_accepted(STRANGER)
    with pytest.raises(CharterChanged) as refusal:
        check_accepted(replace(STRANGER, accepted_charter_version="2025-1"))
    assert refusal.value.code is RefusalCode.CHARTER_NOT_ACCEPTED
    assert refusal.value.parameters == {"version": CHARTER_VERSION}
