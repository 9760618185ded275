"""Events as the asker may see them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from db.narrowing import Shown, besides
from db.paging import KEY, Row
from db.queries.ratings import beside_event
from db.questions import Select, Source, question
from db.rows import Aside, Composed, read_as
from db.tables import event, participation
from db.visibility import event_visible
from domain.events import Event, EventCounts, EventDetails, Outcome, Venue
from domain.ids import EventId, OrganizationId
from domain.participations import ParticipationStatus
from domain.permissions import Caller
from domain.words import ThemeCode

_THEMES = {theme.value: theme for theme in ThemeCode}
VENUE = ("venue_city", "venue_name", "venue_address", "venue_postal_code", "latitude", "longitude")
OUTCOME = ("outcome_summary", "outcome_decisions", "outcome_document_url", "outcome_published_at")
"""The columns that venues and outcomes are made of."""
SECRETS = ("words", "check_in_secret")
"""Columns that no query of events answers: one is for an index, one for the organisers' desk alone."""

SHOWN = tuple(column for column in event.c if column.name not in SECRETS)


def shown_events(asker: Caller) -> sa.Select[Any]:
    """Every event the asker may see."""
    return sa.select(*SHOWN).where(event_visible(asker))


def read_event(row: Row) -> Event:
    return Event(
        id=row.id,
        slug=row.slug,
        details=_details(row),
        status=row.status,
        proposer_id=row.proposer_id,
        organization_id=row.organization_id,
        by_verified=row.by_verified,
        updated_at=row.updated_at,
        published_at=row.published_at,
        rejection_reason=row.rejection_reason,
        cancellation_reason=row.cancellation_reason,
        external_id=row.external_id,
        annulled_at=row.annulled_at,
        outcome=_outcome(*_columns(row, OUTCOME)),
        revision=row.revision,
    )


def _columns(row: Row, names: Sequence[str]) -> list[Any]:  # Any: what they hold
    return [row._mapping[name] for name in names]


def _outcome(
    summary: str | None, decisions: Sequence[str], document_url: str | None, published_at: datetime | None
) -> Outcome | None:
    if summary is None or published_at is None:
        return None
    return Outcome(summary=summary, decisions=tuple(decisions), document_url=document_url, published_at=published_at)


def _details(row: Row) -> EventDetails:
    return EventDetails(
        title=row.title,
        description=row.description,
        how_to_take_part=row.how_to_take_part,
        format=row.format,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        time_zone=row.time_zone,
        effort_minutes=row.effort_minutes,
        venue=_venue(*_columns(row, VENUE)),
        territory=row.territory_code,
        website_url=row.website_url,
        image_url=row.image_url,
        themes=tuple(ThemeCode(theme) for theme in row.themes),
        engagement=row.engagement,
        capacity=row.capacity,
        sought_talents=tuple(row.sought_talents),
    )


def _venue(city: str | None, *others: Any) -> Venue | None:  # Any: what the other columns hold
    if city is None:
        return None
    name, address, postal_code, latitude, longitude = others
    return Venue(city=city, name=name, address=address, postal_code=postal_code, latitude=latitude, longitude=longitude)


def read_themes(kept: Iterable[str]) -> tuple[ThemeCode, ...]:
    """Themes by their codes."""
    return tuple(map(_THEMES.__getitem__, kept))


EventRow = read_as(
    Event,
    EventDetails,
    kept_worth="worth",
    themes=Composed(read_themes, "themes"),
    territory="territory_code",
    venue=Composed(_venue, *VENUE),
    sought_talents=Composed(tuple, "sought_talents"),
    outcome=Composed(_outcome, *OUTCOME),
    feedback=Aside(beside_event),
)


@question(EventRow, read_event)
def _by_id(asker: Caller) -> Select:
    return shown_events(asker).where(event.c.id == sa.any_(sa.bindparam("ids", type_=sa.ARRAY(KEY))))


@question(EventRow, read_event)
def _by_slug(asker: Caller) -> Select:
    return shown_events(asker).where(event.c.slug == sa.any_(sa.bindparam("slugs", type_=sa.ARRAY(sa.Text()))))


async def by_id(source: Source, asker: Caller, ids: Sequence[EventId], shown: Shown = None) -> Mapping[EventId, Event]:
    return {each.id: each for each in await _by_id.ask(source, asker, shown=besides(shown, "id"), ids=ids)}


async def by_slug(source: Source, asker: Caller, slugs: Sequence[str], shown: Shown = None) -> Mapping[str, Event]:
    return {each.slug: each for each in await _by_slug.ask(source, asker, shown=besides(shown, "slug"), slugs=slugs)}


async def by_external_id(
    session: AsyncSession, asker: Caller, organization: OrganizationId, ids: Sequence[str]
) -> Mapping[str, Event]:
    """Events of an organisation by the ids that a partner knows them by."""
    theirs = (event.c.organization_id == organization) & event.c.external_id.in_(ids)
    rows = await session.execute(shown_events(asker).where(theirs))
    return {row.external_id: read_event(row) for row in rows}


@question()
def _counts(_: Caller) -> Select:
    status = participation.c.status

    def how_many(which: ParticipationStatus) -> sa.ColumnElement[int]:
        return sa.func.count().filter(status == which).label(which.value)

    counted = sa.select(
        participation.c.event_id,
        how_many(ParticipationStatus.REGISTERED),
        how_many(ParticipationStatus.ATTENDED),
        how_many(ParticipationStatus.WAITLISTED),
    )
    ids = sa.bindparam("ids", type_=sa.ARRAY(KEY))
    return counted.where(participation.c.event_id == sa.any_(ids)).group_by(participation.c.event_id)


async def participant_counts(source: Source, ids: Sequence[EventId]) -> Mapping[EventId, EventCounts]:
    """True counts, whoever is hidden."""
    return {
        each["event_id"]: EventCounts(each["REGISTERED"], each["ATTENDED"], each["WAITLISTED"])
        for each in await _counts.ask(source, None, ids=ids)
    }


async def check_in_secrets(session: AsyncSession, ids: Sequence[EventId]) -> Mapping[EventId, bytes]:
    """What check-in codes are made from. Ask the domain first who may know."""
    rows = await session.execute(sa.select(event.c.id, event.c.check_in_secret).where(event.c.id.in_(ids)))
    return {row.id: row.check_in_secret for row in rows}
