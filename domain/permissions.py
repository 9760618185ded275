"""Who may do what. Resolvers ask here; what may be *seen* is decided once more in SQL.

Who asks is a `Caller`: nobody, a person, or a partner's system by a token of its organisation. A token isn't a person:
it may do what its scopes name, for its organisation, and nothing else.
"""

from collections.abc import Collection, Iterable
from enum import StrEnum

from domain.api_tokens import Partner, TokenScope
from domain.citizens import Viewer
from domain.events import Event
from domain.ids import OrganizationId
from domain.organizations import MemberRole
from domain.refusals import Forbidden, Unauthenticated

Caller = Viewer | Partner | None


class PersonScope(StrEnum):
    """What a person may do by being one; the scopes of tokens are `TokenScope`."""

    CITIZEN = "citizen"
    MODERATOR = "moderator"


def person(caller: Caller) -> Viewer | None:
    """The person who asks, where it is one."""
    return caller if isinstance(caller, Viewer) else None


def scopes_of(caller: Caller) -> frozenset[str]:
    """What a caller holds, as the schema's `@requiresScopes` names it."""
    if isinstance(caller, Partner):
        return frozenset(scope.value for scope in caller.scopes)
    if caller is None:
        return frozenset()
    return person_scopes(moderator=caller.moderator)


def person_scopes(*, moderator: bool) -> frozenset[str]:
    """What a person holds."""
    return frozenset({PersonScope.CITIZEN, PersonScope.MODERATOR} if moderator else {PersonScope.CITIZEN})


def somebody(caller: Caller) -> Viewer | Partner:
    """A person or a token, or nobody may."""
    if caller is None:
        raise Unauthenticated
    return caller


def in_scope(caller: Caller, alternatives: Iterable[Collection[str]]) -> None:
    """Refuse nobody, and whoever holds none of the alternatives whole."""
    held = scopes_of(somebody(caller))
    if not any(held.issuperset(each) for each in alternatives):
        raise Forbidden


def no_token(caller: Caller) -> None:
    """Refuse a token what it has no scope for; nobody and anybody else may."""
    if isinstance(caller, Partner):
        raise Forbidden


def signed_in(caller: Caller) -> Viewer:
    """Whoever asks, or nobody may."""
    if caller is None:
        raise Unauthenticated
    if isinstance(caller, Partner):
        raise Forbidden
    return caller


def moderator(caller: Caller) -> Viewer:
    """A moderator, or it is forbidden."""
    if not signed_in(caller).moderator:
        raise Forbidden
    return signed_in(caller)


def organizer(caller: Caller, event: Event) -> Viewer:
    """One of those who organise an event, or it is forbidden."""
    if not organizes(signed_in(caller), event):
        raise Forbidden
    return signed_in(caller)


def reviewer(caller: Caller, event: Event) -> Viewer:
    """A moderator whom the event doesn't concern, or it is forbidden (product.md, section 4)."""
    reviewing = moderator(caller)
    if organizes(reviewing, event) or reviewing.citizen_id == event.proposer_id:
        raise Forbidden
    return reviewing


def belongs_to(caller: Caller, organization: OrganizationId | None) -> bool:
    """Whether they are an accepted member."""
    return isinstance(caller, Viewer) and organization is not None and organization in caller.organizations


def owns(caller: Caller, organization: OrganizationId) -> bool:
    """Whether they are an owner."""
    return isinstance(caller, Viewer) and caller.organizations.get(organization) is MemberRole.OWNER


def organizes(caller: Caller, event: Event) -> bool:
    """Whether an event is theirs: they proposed it for themselves, or belong to its organisation."""
    if not isinstance(caller, Viewer):
        return False
    if event.organization_id is None:
        return event.proposer_id == caller.citizen_id
    return belongs_to(caller, event.organization_id)


def holds(caller: Caller, scope: TokenScope, organization: OrganizationId | None) -> bool:
    """Whether it is a token of an organisation, with a scope."""
    return isinstance(caller, Partner) and caller.organization_id == organization and scope in caller.scopes


def may_import(caller: Caller, organization: OrganizationId) -> Viewer | Partner:
    """A member of an organisation, or a token of it with EVENTS_WRITE, or it is forbidden."""
    asking = somebody(caller)
    if not (belongs_to(caller, organization) or holds(caller, TokenScope.EVENTS_WRITE, organization)):
        raise Forbidden
    return asking


def may_confirm(caller: Caller, event: Event) -> Viewer | Partner:
    """Who may say who was there: organisers, and tokens of the event's organisation with ATTENDANCE_WRITE."""
    asking = somebody(caller)
    if not (organizes(caller, event) or holds(caller, TokenScope.ATTENDANCE_WRITE, event.organization_id)):
        raise Forbidden
    return asking


def sits_at_desk(caller: Caller, event: Event) -> bool:
    """Whether they may see who registered: who organises, moderators, tokens with ATTENDANCE_WRITE."""
    return _organizes_or_moderates(caller, event) or holds(caller, TokenScope.ATTENDANCE_WRITE, event.organization_id)


def reads_feedback(caller: Caller, event: Event) -> bool:
    """Whether they may read the answers: who organises, moderators, tokens with FEEDBACK_READ."""
    return _organizes_or_moderates(caller, event) or holds(caller, TokenScope.FEEDBACK_READ, event.organization_id)


def reads_rejection(caller: Caller, event: Event) -> bool:
    """Whether they may read why an event was rejected: who organises, moderators, tokens with EVENTS_WRITE."""
    return _organizes_or_moderates(caller, event) or holds(caller, TokenScope.EVENTS_WRITE, event.organization_id)


def _organizes_or_moderates(caller: Caller, event: Event) -> bool:
    return organizes(caller, event) or (isinstance(caller, Viewer) and caller.moderator)
