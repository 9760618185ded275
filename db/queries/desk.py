"""The organisers' desk: everyone who registered for an event, by handle."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from db.paging import Order, counts, pages
from db.queries.grouping import by_question
from db.queries.participations import BY_EVENT, FILTERS, read_participation, shown_participations
from db.queries.standings import belonged
from db.tables import account, citizen, event, organization_member, participation
from db.visibility import Condition, citizen_visible, overseen_by
from domain.api_tokens import TokenScope
from domain.citizens import Viewer
from domain.filters import ParticipationFilter
from domain.ids import CitizenId, EventId, ParticipationId
from domain.paging import Page, Window
from domain.participations import Participation, ParticipationStatus
from domain.permissions import Caller

BY_HANDLE = Order((sa.type_coerce(citizen.c.handle, sa.Text()), participation.c.id))


class RegistrationsOf(NamedTuple):
    """A question: who registered for an event, narrowed down."""

    event_id: EventId
    filter: ParticipationFilter
    search: str


def _desk_of(asker: Caller) -> Condition:
    """The events at whose desk the asker sits. Needs a join with `event`."""
    return overseen_by(asker, TokenScope.ATTENDANCE_WRITE)


def _registrations(asker: Caller, where: ParticipationFilter, search: str) -> sa.Select[Any]:
    rows = (
        shown_participations(_desk_of(asker), *FILTERS.of(FILTERS.given(where)))
        .join(event, event.c.id == participation.c.event_id)
        .join(account, account.c.citizen_id == participation.c.citizen_id)  # whose account is gone has no handle
    )
    wanted = search.strip().lower()
    return rows.where(citizen.c.handle.contains(wanted, autoescape=True)) if wanted else rows


async def registrations(
    session: AsyncSession, asker: Caller, keys: Sequence[tuple[RegistrationsOf, Window]]
) -> Mapping[tuple[RegistrationsOf, Window], Page[Participation]]:
    """Everyone who registered, in any state, by handle, hidden profiles too."""
    found: dict[tuple[RegistrationsOf, Window], Page[Participation]] = {}
    for (where, search, window), events in by_question(
        keys, lambda key: ((key[0].filter, key[0].search, key[1]), key[0].event_id)
    ):
        answer = await pages(
            session,
            _registrations(asker, where, search),
            owned=BY_EVENT,
            keys=events,
            order=BY_HANDLE,
            window=window,
            read=read_participation,
        )
        found |= {(RegistrationsOf(event_id, where, search), window): page for event_id, page in answer.items()}
    return found


async def registration_totals(
    session: AsyncSession, asker: Caller, keys: Sequence[RegistrationsOf]
) -> Mapping[RegistrationsOf, int]:
    found: dict[RegistrationsOf, int] = {}
    for (where, search), events in by_question(keys, lambda key: ((key.filter, key.search), key.event_id)):
        answer = await counts(session, _registrations(asker, where, search), owned=BY_EVENT, keys=events)
        found |= {RegistrationsOf(event_id, where, search): total for event_id, total in answer.items()}
    return found


async def registered(
    session: AsyncSession, asker: Caller, event_id: EventId, ids: Collection[ParticipationId]
) -> Mapping[ParticipationId, Participation]:
    """Who registered for an event, in any state, by the ids of their participations."""
    named = (participation.c.event_id == event_id) & participation.c.id.in_(ids)
    rows = await session.execute(_registrations(asker, ParticipationFilter(), "").where(named))
    return {row.id: read_participation(row) for row in rows}


async def handles(
    session: AsyncSession, asker: Caller, ids: Sequence[ParticipationId]
) -> Mapping[ParticipationId, str]:
    """The handles of who takes part: where the asker may see the profile, and at the desk of the event."""
    rows = await session.execute(
        sa.select(participation.c.id, citizen.c.handle)
        .join(citizen, citizen.c.id == participation.c.citizen_id)
        .join(account, account.c.citizen_id == participation.c.citizen_id)
        .join(event, event.c.id == participation.c.event_id)
        .where(participation.c.id.in_(ids), citizen_visible(asker) | _desk_of(asker))
    )
    return {row.id: row.handle for row in rows}


async def places_in_line(
    session: AsyncSession, asker: Caller, ids: Sequence[ParticipationId]
) -> Mapping[ParticipationId, int]:
    """The places of those who wait, from 1 on: one's own, and at the desk of an event."""
    if asker is None:
        return {}
    waiting = participation.c.status == ParticipationStatus.WAITLISTED
    asked = sa.select(participation.c.event_id).where(participation.c.id.in_(ids), waiting)
    place = sa.func.row_number().over(
        partition_by=participation.c.event_id, order_by=(participation.c.queued_at, participation.c.id)
    )
    line = (
        sa.select(participation.c.id, participation.c.citizen_id, participation.c.event_id, place.label("place"))
        .where(waiting, participation.c.event_id.in_(asked))
        .subquery("line")
    )
    own = line.c.citizen_id == asker.citizen_id if isinstance(asker, Viewer) else sa.false()
    rows = await session.execute(
        sa.select(line.c.id, line.c.place)
        .join(event, event.c.id == line.c.event_id)
        .where(line.c.id.in_(ids), own | _desk_of(asker))
    )
    return {row.id: row.place for row in rows}


async def at_desk(session: AsyncSession, event_id: EventId, ids: Collection[UUID]) -> Mapping[UUID, Participation]:
    """Participations in an event, each by its own id and by that of its citizen: `ids` are of either."""
    named = participation.c.id.in_(ids) | participation.c.citizen_id.in_(ids)
    rows = await session.execute(
        shown_participations(participation.c.event_id == event_id, named).join(
            account, account.c.citizen_id == participation.c.citizen_id
        )
    )
    found = [read_participation(row) for row in rows]
    return {key: each for each in found for key in (each.id, each.citizen_id)}


async def organizing(session: AsyncSession, event_id: EventId, citizens: Collection[CitizenId]) -> set[CitizenId]:
    """Whoever of `citizens` proposed an event, or was a member of its organisation between proposal and end."""
    proposed = sa.select(event.c.proposer_id).where(event.c.id == event_id, event.c.proposer_id.in_(citizens))
    member = organization_member.c.citizen_id
    members = sa.select(member).join(event, belonged()).where(event.c.id == event_id, member.in_(citizens))
    rows = await session.execute(sa.union(proposed, members))
    return set(rows.scalars())
