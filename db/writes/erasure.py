"""Leaving for good: what a citizen has ahead of them, and then everything that is theirs."""

import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from db.models.columns import new_key
from db.personal import HELD, Fate, Held
from db.queries.events import SECRETS, read_event
from db.tables import (
    api_token,
    citizen,
    event,
    organization,
    organization_member,
    participation,
    report,
    retired_handle,
)
from db.work import Work
from db.writes.accounts import handle_fingerprint
from db.writes.webhooks import delete_webhooks
from domain.accounts import ProfileVisibility
from domain.events import Event, EventStatus
from domain.ids import CitizenId, EventId, OrganizationId
from domain.moderation import SubjectKind
from domain.organizations import MemberRole
from domain.participations import ParticipationStatus

member = organization_member
OPEN = (ParticipationStatus.REGISTERED, ParticipationStatus.WAITLISTED)
AHEAD = (EventStatus.SUBMITTED, EventStatus.PUBLISHED)


async def leave_organizations(work: Work, citizen_id: CitizenId, *, now: datetime) -> list[OrganizationId]:
    """End a citizen's memberships; the organisations that nobody belongs to any more come back.

    Where they were the last owner, who has been a manager for longest is one. An organisation without members stays,
    and its API tokens and webhooks end: there is nobody left to do it.
    """
    mine = sa.select(member.c.organization_id).where(member.c.citizen_id == citizen_id)
    locked = sa.select(organization.c.id).where(organization.c.id.in_(mine)).order_by(organization.c.id)
    theirs = list((await work.scalars(locked.with_for_update())).all())
    here = member.c.accepted_at.is_not(None) & member.c.left_at.is_(None)
    deserted = []
    for organization_id in theirs:
        places = await work.execute(
            sa.select(member.c.citizen_id, member.c.role)
            .where(member.c.organization_id == organization_id, here)
            .order_by(member.c.accepted_at, member.c.citizen_id)
        )
        members = {row.citizen_id: row.role for row in places}
        left = members.pop(citizen_id, None) is not None
        if left and not members:
            deserted.append(organization_id)
        elif left and MemberRole.OWNER not in members.values():
            heir = (member.c.organization_id == organization_id) & (member.c.citizen_id == next(iter(members)))
            await work.execute(sa.update(member).where(heir).values(role=MemberRole.OWNER))
    await work.execute(sa.delete(member).where(member.c.citizen_id == citizen_id))
    standing = api_token.c.organization_id.in_(deserted) & api_token.c.revoked_at.is_(None)
    await work.execute(sa.update(api_token).where(standing).values(revoked_at=now))
    await delete_webhooks(work, deserted, now=now)
    return deserted


async def events_ahead(
    work: Work, citizen_id: CitizenId, deserted: Collection[OrganizationId], *, now: datetime
) -> tuple[set[EventId], set[EventId]]:
    """The events that a citizen has a place in and that aren't over, and those that nobody is left to hold."""
    not_over = event.c.ends_at > now
    place = (participation.c.citizen_id == citizen_id) & (
        participation.c.status.in_(OPEN) | ((participation.c.status == ParticipationStatus.ATTENDED) & not_over)
    )
    taking_part = sa.select(event.c.id).join(participation, participation.c.event_id == event.c.id).where(place)
    own = event.c.organization_id.is_(None) & (event.c.proposer_id == citizen_id)
    holding = sa.select(event.c.id).where(
        own | event.c.organization_id.in_(deserted),
        event.c.status.in_(AHEAD),
        event.c.published_at.is_not(None),
        not_over,
    )
    return set((await work.scalars(taking_part)).all()), set((await work.scalars(holding)).all())


async def proposed(work: Work, citizen_id: CitizenId) -> set[EventId]:
    """The events that bear a citizen's name, which is changed in each."""
    return set((await work.scalars(sa.select(event.c.id).where(event.c.proposer_id == citizen_id))).all())


async def lock_events(work: Work, ids: Collection[EventId]) -> list[Event]:
    """Events whatever their state, one after the other in order of id, for the rest of the unit of work."""
    columns = (column for column in event.c if column.name not in SECRETS)
    rows = await work.execute(sa.select(*columns).where(event.c.id.in_(ids)).order_by(event.c.id).with_for_update())
    return [read_event(row) for row in rows]


async def lock_citizen(work: Work, citizen_id: CitizenId) -> None:
    """From here on nothing can be begun in the citizen's name, nor addressed to them: participations first."""
    theirs = sa.select(participation.c.id).where(participation.c.citizen_id == citizen_id)
    await work.execute(theirs.order_by(participation.c.id).with_for_update())
    await work.execute(sa.select(citizen.c.id).where(citizen.c.id == citizen_id).with_for_update())


async def cancel_places(work: Work, citizen_id: CitizenId) -> None:
    """Give up every seat and every place in line."""
    these = (participation.c.citizen_id == citizen_id) & participation.c.status.in_(OPEN)
    await work.execute(sa.update(participation).where(these).values(status=ParticipationStatus.CANCELLED))


async def erase(work: Work, citizen_id: CitizenId, *, handle: str, now: datetime) -> None:
    """Let everything personal go from every table, as `db.personal` says. The citizen is locked."""
    ghost = await _add_ghost(work, now=now)
    own = (event.c.proposer_id == citizen_id) & event.c.organization_id.is_(None)
    await work.execute(sa.delete(event).where(own, event.c.published_at.is_(None)))
    about = (report.c.subject_kind == SubjectKind.CITIZEN) & (report.c.subject_id == citizen_id)
    await work.execute(sa.delete(report).where(about))
    await work.execute(sa.select(sa.func.set_config("influents.erasing", "on", True)))
    for held in HELD:
        await work.execute(_seen_to(held, citizen_id, ghost))
    await work.execute(sa.select(sa.func.set_config("influents.erasing", "off", True)))
    retired = insert(retired_handle).values(fingerprint=handle_fingerprint(handle))
    await work.execute(retired.on_conflict_do_nothing())


def _seen_to(held: Held, citizen_id: CitizenId, ghost: CitizenId) -> sa.Delete | sa.Update:
    theirs = held.owner == citizen_id
    if held.fate is Fate.REMOVED:
        return sa.delete(held.table).where(theirs)
    owner = ghost if held.fate is Fate.MOVED else None
    values: dict[str, Any] = {held.owner.name: owner, **dict.fromkeys(held.emptied)}
    return sa.update(held.table).where(theirs).values(**values)


async def _add_ghost(work: Work, *, now: datetime) -> CitizenId:
    """Somebody who has no account, is hidden from everybody, and tells nothing of who they were."""
    values: dict[str, Any] = {
        "id": new_key(),
        "handle": f"gone-{secrets.token_hex(12)}",
        "visibility": ProfileVisibility.HIDDEN,
        "discoverable": False,
        "adult": False,
        "member_since": now.date(),
    }
    await work.execute(insert(citizen).values(**values))
    return CitizenId(values["id"])
