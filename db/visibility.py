"""Who may see what, as SQL, said once. Every query that leads to a client goes through here."""

import sqlalchemy as sa

from db.askers import organizations_of
from db.tables import citizen, event, participation
from domain.accounts import ProfileVisibility
from domain.api_tokens import Partner, TokenScope
from domain.citizens import Viewer
from domain.events import EventStatus
from domain.participations import ParticipationStatus
from domain.permissions import Caller

Condition = sa.ColumnElement[bool]


def citizen_visible(asker: Caller) -> Condition:
    """A hidden profile shows to itself alone (product.md, section 5)."""
    shown = citizen.c.visibility != ProfileVisibility.HIDDEN
    return shown | (citizen.c.id == asker.citizen_id) if isinstance(asker, Viewer) else shown


def event_visible(asker: Caller) -> Condition:
    """What is, or once was, published shows to everybody; the rest to its organisers and to moderators.

    Who has a participation in an event sees it in any state that it gets into. A token that brings events in sees
    those of its organisation.
    """
    open_to_all = event.c.status.in_([EventStatus.PUBLISHED, EventStatus.COMPLETED]) | (
        (event.c.status == EventStatus.CANCELLED) & event.c.published_at.is_not(None)
    )
    if asker is None:
        return open_to_all
    if isinstance(asker, Partner):
        return open_to_all | organized_for(asker, TokenScope.EVENTS_WRITE)
    if asker.moderator:
        return sa.true()
    return sa.or_(open_to_all, organized_by(asker), _taken_part_in_by(asker))


def _taken_part_in_by(asker: Viewer) -> Condition:
    own = participation.alias("own")
    theirs = sa.exists().where(own.c.citizen_id == asker.citizen_id, own.c.event_id == event.c.id)
    return theirs.correlate(event)


def organized_by(asker: Viewer) -> Condition:
    """The events of the asker, and of the organisations they belong to."""
    own = event.c.organization_id.is_(None) & (event.c.proposer_id == asker.citizen_id)
    return sa.or_(own, event.c.organization_id == sa.any_(organizations_of(asker)))


def organized_for(asker: Partner, scope: TokenScope) -> Condition:
    """The events of the organisation that a token acts for, where it has the scope."""
    return event.c.organization_id == asker.organization_id if scope in asker.scopes else sa.false()


def overseen_by(asker: Caller, scope: TokenScope) -> Condition:
    """The events of which the asker may know what organisers know: theirs, all for moderators, a token's by scope."""
    if asker is None:
        return sa.false()
    if isinstance(asker, Partner):
        return organized_for(asker, scope)
    return sa.true() if asker.moderator else organized_by(asker)


def attendance_public() -> Condition:
    """Only attendance is public, and only where its citizen lists it; never that someone is registered."""
    return (participation.c.status == ParticipationStatus.ATTENDED) & participation.c.listed


def participation_visible(asker: Caller) -> Condition:
    """Public attendance to all; one's own, whatever its status, to oneself. Needs a join with `citizen`."""
    public = attendance_public() & (citizen.c.visibility != ProfileVisibility.HIDDEN)
    return public | (participation.c.citizen_id == asker.citizen_id) if isinstance(asker, Viewer) else public
