"""Many events of an organisation at once, by what its agenda calls them.

A batch travels as one JSON parameter, so that a statement is the same for one row and for five hundred.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import token_bytes
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.columns import Texts, new_key
from db.queries.events import SECRETS, read_event
from db.tables import event, ledger_entry, participation
from db.work import Work
from db.writes.events import columns_of
from db.writes.slugs import free_slugs
from domain.events import Event, EventDetails, EventStatus
from domain.ids import EventId, OrganizationId
from domain.participations import ParticipationStatus
from domain.policy import Policies


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An event that isn't here yet; `slug` is what it would like to be called."""

    external_id: str
    details: EventDetails
    slug: str
    status: EventStatus
    by_verified: bool
    published_at: datetime | None
    cancellation_reason: str | None = None


async def known(
    session: AsyncSession, organization_id: OrganizationId, external_ids: Sequence[str], *, locked: bool = False
) -> Mapping[str, Event]:
    """What is here already, whatever its status; `locked` keeps it from changing until the unit of work ends.

    Locks are taken in the order of the external ids: two who import the same agenda wait, and never for each other.
    """
    columns = (column for column in event.c if column.name not in SECRETS)
    asked = sa.bindparam("external_ids", list(external_ids), type_=Texts)
    found = sa.select(*columns).where(event.c.organization_id == organization_id, event.c.external_id == sa.any_(asked))
    if locked:
        found = found.order_by(event.c.external_id).with_for_update()
    return {row.external_id: read_event(row) for row in await session.execute(found)}


async def ever_confirmed(session: AsyncSession, ids: Sequence[EventId]) -> set[EventId]:
    """Those of these events for which points were ever given, be they taken back since."""
    awarded = sa.exists().where(
        ledger_entry.c.citizen_id == participation.c.citizen_id, ledger_entry.c.event_id == participation.c.event_id
    )
    attended = participation.c.status == ParticipationStatus.ATTENDED
    rows = sa.select(participation.c.event_id).where(participation.c.event_id.in_(ids), attended | awarded).distinct()
    return set(await session.scalars(rows))


async def add(
    work: Work,
    organization_id: OrganizationId,
    arrivals: Sequence[Arrival],
    *,
    policies: Policies,
    now: datetime,
) -> set[str]:
    """Add events, and tell which: what somebody else has brought in meanwhile is left as it is."""
    if not arrivals:
        return set()
    arrivals = sorted(arrivals, key=lambda each: each.external_id)
    slugs = await free_slugs(work, event, [each.slug for each in arrivals])
    rows = [
        {
            **columns_of(arrival.details, worth=arrival.details.worth(policies)),
            "id": new_key(),
            "slug": slug,
            "status": arrival.status,
            "organization_id": organization_id,
            "by_verified": arrival.by_verified,
            "external_id": arrival.external_id,
            "check_in_secret": f"\\x{token_bytes(32).hex()}",
            "cancellation_reason": arrival.cancellation_reason,
            "created_at": now,
            "updated_at": now,
            "published_at": arrival.published_at,
            "submitted_at": now if arrival.status is EventStatus.SUBMITTED else None,
        }
        for arrival, slug in zip(arrivals, slugs, strict=True)
    ]
    given = _given(rows)
    added = (
        postgresql.insert(event)
        .from_select(list(rows[0]), sa.select(*(given.c[name] for name in rows[0])), include_defaults=False)
        .on_conflict_do_nothing(constraint="event_external_id")
        .returning(event.c.external_id)
    )
    return {row.external_id for row in await work.execute(added)}


async def change(work: Work, events: Sequence[Event], *, policies: Policies) -> None:
    """Write events as they are now. Lock them first."""
    if not events:
        return
    rows = [
        {
            **columns_of(each.details, worth=each.details.worth(policies)),
            "id": each.id,
            "status": each.status,
            "by_verified": each.by_verified,
            "cancellation_reason": each.cancellation_reason,
            "updated_at": each.updated_at,
        }
        for each in events
    ]
    given = _given(rows)
    values: dict[str, sa.ColumnElement[Any]] = {name: given.c[name] for name in rows[0] if name != "id"}
    submitted = (given.c.status == EventStatus.SUBMITTED.value) & (event.c.status != EventStatus.SUBMITTED)
    values["submitted_at"] = sa.case((submitted, given.c.updated_at), else_=event.c.submitted_at)
    await work.execute(sa.update(event).where(event.c.id == given.c.id).values(values))


def _given(rows: Sequence[Mapping[str, Any]]) -> sa.TableValuedAlias:  # Any: a value a column
    """Rows, by the names of the table's columns, as a table to select from."""
    document = sa.bindparam("rows", json.dumps(rows, default=str), type_=sa.Text)
    shaped = sa.func.json_populate_recordset(sa.literal_column("NULL::event"), sa.cast(document, sa.JSON))
    return shaped.table_valued(*(sa.column(column.name, column.type) for column in event.c), name="given")
