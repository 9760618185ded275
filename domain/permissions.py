"""Who may do what. Resolvers ask here; what may be *seen* is decided once more in SQL."""

from domain.citizens import Viewer
from domain.events import Event
from domain.ids import OrganizationId
from domain.organizations import MemberRole
from domain.refusals import Forbidden, Unauthenticated


def signed_in(viewer: Viewer | None) -> Viewer:
    """Whoever asks, or nobody may."""
    if viewer is None:
        raise Unauthenticated
    return viewer


def moderator(viewer: Viewer | None) -> Viewer:
    """A moderator, or it is forbidden."""
    if not signed_in(viewer).moderator:
        raise Forbidden
    return signed_in(viewer)


def organizer(viewer: Viewer | None, event: Event) -> Viewer:
    """One of those who organise an event, or it is forbidden."""
    if not organizes(signed_in(viewer), event):
        raise Forbidden
    return signed_in(viewer)


def reviewer(viewer: Viewer | None, event: Event) -> Viewer:
    """A moderator whom the event doesn't concern, or it is forbidden (product.md, section 4)."""
    reviewing = moderator(viewer)
    if organizes(reviewing, event) or reviewing.citizen_id == event.proposer_id:
        raise Forbidden
    return reviewing


def belongs_to(viewer: Viewer | None, organization: OrganizationId | None) -> bool:
    """Whether they are an accepted member."""
    return viewer is not None and organization is not None and organization in viewer.organizations


def owns(viewer: Viewer | None, organization: OrganizationId) -> bool:
    """Whether they are an owner."""
    return viewer is not None and viewer.organizations.get(organization) is MemberRole.OWNER


def organizes(viewer: Viewer | None, event: Event) -> bool:
    """Whether an event is theirs: they proposed it for themselves, or belong to its organisation."""
    if viewer is None:
        return False
    if event.organization_id is None:
        return event.proposer_id == viewer.citizen_id
    return belongs_to(viewer, event.organization_id)
