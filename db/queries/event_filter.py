"""What a filter of events means in SQL."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import array

from db.models.events import SPELT
from db.paging import KEY, Ownership
from db.queries.event_places import placed
from db.queries.filters import codes_within, one_of
from db.queries.word_search import Searchable
from db.tables import citizen, event, organization, participation, territory_within
from db.visibility import Condition, citizen_visible
from domain.events import EventStatus
from domain.filters import EventFilter, OrganizerKind
from domain.participations import ParticipationStatus
from domain.permissions import Caller

WORDS = Searchable(event.c.id, event.c.words, sa.literal_column(SPELT, sa.Text))
SEATED = (ParticipationStatus.REGISTERED, ParticipationStatus.ATTENDED)
UNLESS_TOLD = (EventStatus.PUBLISHED, EventStatus.COMPLETED)


def matches(where: EventFilter, asker: Caller, *, among: Sequence[UUID] | None = None) -> Iterator[Condition]:
    """The conditions of a filter, all of which must hold. No filter finds what the asker may not see.

    `among` are those that have the words with a letter wrong.
    """
    if where.statuses is None:
        yield event.c.status.in_(_unless_told(where))
    else:
        yield _one_of(event.c.status, where.statuses)
    if where.words is not None:
        yield WORDS.holds(where.words, among=among)
    if where.themes is not None:
        yield event.c.themes.overlap(_texts(where.themes))
    if where.territory is not None:
        yield in_territory(_text(where.territory))
    if where.formats is not None:
        yield _one_of(event.c.format, where.formats)
    if where.sought_talents is not None:
        yield sa.func.plain_texts(event.c.sought_talents).op("&&", is_comparison=True)(
            sa.func.plain_texts(_texts(where.sought_talents))
        )
    if where.external_ids is not None:
        yield event.c.external_id.in_(where.external_ids)
    if where.with_seats is not None:
        yield _has_seats() if where.with_seats else sa.not_(_has_seats())
    yield from placed(where)
    yield from _times(where)
    yield from _organizer(where, asker)


def _unless_told(where: EventFilter) -> tuple[EventStatus, ...]:
    """Who fetches what has changed has to know what was cancelled."""
    return UNLESS_TOLD if where.updated_since is None else (*UNLESS_TOLD, EventStatus.CANCELLED)


def _has_seats() -> Condition:
    """Whether somebody who registers now gets a seat and doesn't wait."""
    taken = (
        sa.select(sa.func.count())
        .where(participation.c.event_id == event.c.id, participation.c.status.in_(SEATED))
        .correlate(event)
        .scalar_subquery()
    )
    return event.c.capacity.is_(None) | (taken < event.c.capacity)


def _times(where: EventFilter) -> Iterator[Condition]:
    if where.starts_after is not None:
        yield event.c.starts_at >= where.starts_after
    if where.starts_before is not None:
        yield event.c.starts_at < where.starts_before
    if where.updated_since is not None:
        yield event.c.updated_at >= where.updated_since
    if where.minimum_engagement is not None:
        yield event.c.engagement >= where.minimum_engagement
    if where.maximum_engagement is not None:
        yield event.c.engagement <= where.maximum_engagement


def _organizer(where: EventFilter, asker: Caller) -> Iterator[Condition]:
    if where.organizer is not None:
        seen = sa.select(citizen.c.id).where(citizen_visible(asker))
        yield organized_by(sa.literal(where.organizer))
        yield event.c.organization_id.is_not(None) | event.c.proposer_id.in_(seen)
    if where.organizer_kind is OrganizerKind.CITIZEN:
        yield event.c.organization_id.is_(None)
    elif where.organizer_kind is not None:
        kinds = sa.select(organization.c.id).where(organization.c.kind == where.organizer_kind.value)
        yield event.c.organization_id.in_(kinds)


def in_territory(code: sa.ColumnElement[str]) -> Condition:
    """Within a territory: what it contains counts."""
    return event.c.territory_code.in_(codes_within(code).correlate_except(territory_within))


def organized_by(organizer: sa.ColumnElement[UUID]) -> Condition:
    """Of an organisation, or of a citizen in their own name."""
    own = event.c.organization_id.is_(None) & (event.c.proposer_id == organizer)
    return sa.or_(event.c.organization_id == organizer, own)


# In a statement that is kept, a filter has places instead of values.
def _text(value: object) -> sa.ColumnElement[str]:
    return value if isinstance(value, sa.BindParameter) else sa.literal(value)


def _one_of(column: sa.ColumnElement[Any], values: Sequence[object]) -> Condition:  # Any: an enumeration's members
    if isinstance(values, sa.BindParameter):
        return one_of(column, values)
    return column.in_(values)


def _texts(values: Iterable[object]) -> sa.ColumnElement[object]:
    if isinstance(values, sa.BindParameter):
        return values
    return sa.cast(array(list(map(str, values)), type_=sa.Text), sa.ARRAY(sa.Text))


BY_ORGANIZER = Ownership(KEY, organized_by)
BY_TERRITORY = Ownership(sa.Text(), in_territory)
BY_THEME = Ownership(sa.Text(), lambda theme: event.c.themes.contains(sa.cast(array([theme]), sa.ARRAY(sa.Text))))
