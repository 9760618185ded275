"""Whom local actors found and invited, what they watch, and the boards of whole countries."""

from collections.abc import Collection, Iterable
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from db.models.columns import new_key
from db.tables import (
    activity,
    activity_board,
    event_invitation,
    finding,
    organization_member,
    territory,
    territory_within,
    watch,
    watch_hit,
)
from db.work import Work
from domain.ids import CitizenId, EventId, OrganizationId, TerritoryCode
from domain.local_actors import WINDOW, WatchId
from domain.words import ThemeCode


async def remember_found(
    work: Work, organizations: Collection[OrganizationId], citizens: Collection[CitizenId], *, on: date
) -> None:
    """Note who was shown to whom, once a day. Rows in the order of their keys: nobody waits in a circle."""
    rows = [
        {"citizen_id": who, "on_day": on, "organization_id": by}
        for who in sorted(citizens)
        for by in sorted(organizations)
    ]
    if rows:
        await work.execute(insert(finding).values(rows).on_conflict_do_nothing())


async def invite(
    work: Work, organization_id: OrganizationId, citizen_id: CitizenId, event_id: EventId, *, now: datetime
) -> bool:
    """Invite a citizen to an event; False where somebody has just done so."""
    row = insert(event_invitation).values(
        citizen_id=citizen_id, event_id=event_id, organization_id=organization_id, invited_at=now
    )
    added = row.on_conflict_do_nothing().returning(event_invitation.c.event_id)
    return await work.scalar(added) is not None


async def refuse_invitation(work: Work, citizen_id: CitizenId, event_id: EventId, *, now: datetime) -> bool:
    """Refuse an invitation; whether there was one. Twice is as good as once."""
    row = event_invitation.c
    refused = (
        sa.update(event_invitation)
        .where(row.citizen_id == citizen_id, row.event_id == event_id)
        .values(refused_at=sa.func.coalesce(row.refused_at, now))
        .returning(row.event_id)
    )
    return await work.scalar(refused) is not None


async def add_watch(
    work: Work,
    organization_id: OrganizationId,
    *,
    place: TerritoryCode,
    theme: ThemeCode | None,
    points: int,
    now: datetime,
) -> WatchId:
    key = WatchId(new_key())
    values = {"organization_id": organization_id, "territory_code": place, "theme": theme, "points": points}
    await work.execute(sa.insert(watch).values(id=key, created_at=now, **values))
    return key


async def remove_watch(work: Work, id: WatchId) -> None:
    await work.execute(sa.delete(watch).where(watch.c.id == id))


async def cross(work: Work, id: WatchId, citizens: Iterable[CitizenId], *, now: datetime) -> list[CitizenId]:
    """Note who has crossed a watch's mark; those of them who hadn't before."""
    rows = [{"citizen_id": who, "watch_id": id, "crossed_at": now} for who in sorted(citizens)]
    if not rows:
        return []
    added = insert(watch_hit).values(rows).on_conflict_do_nothing().returning(watch_hit.c.citizen_id)
    return list(await work.scalars(added))


async def members(work: Work, organization_id: OrganizationId) -> list[CitizenId]:
    """Who belongs to an organisation."""
    row = organization_member.c
    here = (row.organization_id == organization_id) & row.accepted_at.is_not(None) & row.left_at.is_(None)
    return list(await work.scalars(sa.select(row.citizen_id).where(here).order_by(row.citizen_id)))


async def count_boards(work: Work, *, now: datetime) -> None:
    """Count anew who became active in whole countries within 90 days."""
    row, since = activity.c, now - WINDOW
    lately = row.occurred_at >= since
    counted = (
        sa.select(
            row.citizen_id,
            territory_within.c.container_code,
            row.theme,
            sa.func.coalesce(sa.func.sum(row.points).filter(lately), 0),
            sa.func.count().filter(lately),
            sa.func.coalesce(sa.func.sum(row.points).filter(sa.not_(lately)), 0),
        )
        .join(territory_within, territory_within.c.code == row.territory_code)
        .join(territory, (territory.c.code == territory_within.c.container_code) & territory.c.parent_code.is_(None))
        .where(row.listed, row.occurred_at >= since - WINDOW)
        .group_by(row.citizen_id, territory_within.c.container_code, row.theme)
        .having(sa.func.sum(row.points).filter(lately) > 0)
    )
    # Counted aside, so that nobody whose points are taken back meanwhile has to wait.
    names = ["citizen_id", "territory_code", "theme", "points", "participations", "points_before"]
    fresh = sa.table("fresh_board", *(sa.column(name) for name in names))
    await work.execute(sa.text("CREATE TEMPORARY TABLE fresh_board (LIKE activity_board) ON COMMIT DROP"))
    await work.execute(sa.insert(fresh).from_select(names, counted))
    await work.execute(sa.delete(activity_board))
    await work.execute(sa.insert(activity_board).from_select(names, sa.select(fresh)))
