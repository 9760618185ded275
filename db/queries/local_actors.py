"""Who is becoming active: those alone who agree to be found, by what they list."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from db.paging import Order, Row, count, page
from db.queries.citizens import read_citizen, shown_citizens
from db.queries.filters import codes_within
from db.tables import activity, activity_board, citizen, event_invitation, finding, territory, watch
from domain.accounts import ProfileVisibility
from domain.ids import CitizenId, EventId, OrganizationId, TerritoryCode
from domain.local_actors import Emerging, EventInvitation, Found, Search, Watch, WatchId
from domain.paging import Page, Window

ANY_THEME = ""


def active(search: Search) -> sa.Subquery:
    """What each citizen did in the window and in the one before, in a territory with what it contains."""
    row = activity.c
    lately = row.occurred_at >= search.since
    inside = codes_within(sa.literal(search.territory))
    return (
        sa.select(
            row.citizen_id,
            sa.func.coalesce(sa.func.sum(row.points).filter(lately), 0).label("points"),
            sa.func.count().filter(lately).label("participations"),
            sa.func.coalesce(sa.func.sum(row.points).filter(sa.not_(lately)), 0).label("points_before"),
        )
        .where(
            row.listed,
            row.theme == _theme(search),
            row.territory_code.in_(inside),
            row.occurred_at >= search.before,
            row.occurred_at <= search.now,
        )
        .group_by(row.citizen_id)
        .having(sa.func.sum(row.points).filter(lately) > 0)
        .subquery("active")
    )


def _counted(search: Search) -> sa.Subquery:
    """The same as it was last counted, of a whole country."""
    row = activity_board.c
    found = sa.select(row.citizen_id, row.points, row.participations, row.points_before)
    return found.where(row.territory_code == search.territory, row.theme == _theme(search)).subquery("active")


def _theme(search: Search) -> str:
    return ANY_THEME if search.theme is None else search.theme.value


async def is_country(session: AsyncSession, code: TerritoryCode) -> bool:
    """Whether a territory lies in no other."""
    whole = sa.select(territory.c.code).where(territory.c.code == code, territory.c.parent_code.is_(None))
    return await session.scalar(whole) is not None


def _emerging(search: Search, *, counted: bool) -> tuple[sa.Select[Any], Order]:
    found = _counted(search) if counted else active(search)
    findable = citizen.c.discoverable & (citizen.c.visibility != ProfileVisibility.HIDDEN)
    rows = (
        shown_citizens(None)
        .add_columns(found.c.points, found.c.participations, found.c.points_before)
        .join(found, found.c.citizen_id == citizen.c.id)
        .where(findable)
    )
    return rows, Order((found.c.points, found.c.citizen_id), descending=True)


async def emerging(session: AsyncSession, search: Search, window: Window, *, counted: bool) -> Page[Emerging]:
    """One page, the most points first; `counted` takes what was last counted of a whole country."""
    rows, order = _emerging(search, counted=counted)
    return await page(session, rows, order, window, _read)


async def emerging_total(session: AsyncSession, search: Search, *, counted: bool) -> int:
    rows, _ = _emerging(search, counted=counted)
    return await count(session, rows)


async def past_mark(session: AsyncSession, search: Search, mark: int, *, counted: bool) -> list[tuple[CitizenId, int]]:
    """Everybody who wants to be found and has earned so many points or more."""
    rows, order = _emerging(search, counted=counted)
    points = order.columns[0]
    found = await session.execute(rows.where(points >= mark).with_only_columns(citizen.c.id, points.label("points")))
    return [(row.id, row.points) for row in found]


def _read(row: Row) -> Emerging:
    return Emerging(
        citizen=read_citizen(row),
        points=row.points,
        participations=row.participations,
        points_before=row.points_before,
    )


FOUND_ORDER = Order((finding.c.on_day, finding.c.organization_id), descending=True)


async def found_by(session: AsyncSession, citizen_id: CitizenId, since: date, window: Window) -> Page[Found]:
    """Which organisations found a citizen, the last day first."""
    return await page(session, _findings(citizen_id, since), FOUND_ORDER, window, _finding)


async def found_by_total(session: AsyncSession, citizen_id: CitizenId, since: date) -> int:
    return await count(session, _findings(citizen_id, since))


def _findings(citizen_id: CitizenId, since: date) -> sa.Select[Any]:
    return sa.select(finding).where(finding.c.citizen_id == citizen_id, finding.c.on_day > since)


def _finding(row: Row) -> Found:
    return Found(organization_id=row.organization_id, on=row.on_day)


async def has_found(session: AsyncSession, organization_id: OrganizationId, citizen_id: CitizenId, since: date) -> bool:
    """Whether an organisation has found a citizen since a day, who still wants to be found."""
    found = sa.exists().where(
        finding.c.citizen_id == citizen_id,
        finding.c.organization_id == organization_id,
        finding.c.on_day > since,
        citizen.c.id == finding.c.citizen_id,
        citizen.c.discoverable,
        citizen.c.visibility != ProfileVisibility.HIDDEN,
    )
    return bool(await session.scalar(sa.select(found)))


async def invitations(
    session: AsyncSession, citizen_id: CitizenId, event_ids: Sequence[EventId] | None = None
) -> Sequence[EventInvitation]:
    """The invitations of a citizen that were not refused, the latest first; to some events where they are named."""
    row = event_invitation.c
    asked = sa.select(event_invitation).where(row.citizen_id == citizen_id)
    asked = asked.where(row.refused_at.is_(None)) if event_ids is None else asked.where(row.event_id.in_(event_ids))
    return [
        EventInvitation(
            event_id=each.event_id,
            organization_id=each.organization_id,
            invited_at=each.invited_at,
            refused_at=each.refused_at,
        )
        for each in await session.execute(asked.order_by(row.invited_at.desc()).limit(100))
    ]


async def watches(
    session: AsyncSession, organizations: Sequence[OrganizationId]
) -> Mapping[OrganizationId, Sequence[Watch]]:
    """What organisations watch, the first first."""
    found: dict[OrganizationId, list[Watch]] = {}
    asked = sa.select(watch).where(watch.c.organization_id.in_(organizations)).order_by(watch.c.created_at, watch.c.id)
    for row in await session.execute(asked):
        found.setdefault(row.organization_id, []).append(read_watch(row))
    return found


async def watches_after(session: AsyncSession, last: WatchId | None, *, limit: int) -> Sequence[Watch]:
    """All watches in turn, by their ids."""
    asked = sa.select(watch).order_by(watch.c.id).limit(limit)
    if last is not None:
        asked = asked.where(watch.c.id > last)
    return [read_watch(row) for row in await session.execute(asked)]


async def watch_by_id(session: AsyncSession, id: WatchId) -> Watch | None:
    row = (await session.execute(sa.select(watch).where(watch.c.id == id))).one_or_none()
    return None if row is None else read_watch(row)


def read_watch(row: Row) -> Watch:
    return Watch(
        id=row.id,
        organization_id=row.organization_id,
        territory=row.territory_code,
        theme=row.theme,
        points=row.points,
        created_at=row.created_at,
    )
