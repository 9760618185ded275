"""Counting territories anew: one pass over each table, whatever number of territories there is."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from db.queries.awards import current_award
from db.queries.statistics import ALL_THEMES, EVERYWHERE
from db.tables import account, citizen, event, organization, participation, territory_tally, territory_within
from db.work import Work
from db.writes.local_actors import count_boards
from domain.events import EventStatus
from domain.participations import ParticipationStatus

LOCK = 0x7A11
LONGEST = "30min"
"""One pass over a country's participations takes longer than any question may."""


async def counted_since(work: Work, moment: datetime) -> bool:
    """Whether territories were counted at a moment or later."""
    return bool(await work.scalar(sa.select(sa.exists().where(territory_tally.c.counted_at >= moment))))


async def count_territories(work: Work, *, now: datetime, unless_within: timedelta) -> bool:
    """Count everything anew, unless somebody is at it or has just done it; whether it was done."""
    if not await work.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(LOCK))):
        return False
    if await counted_since(work, now - unless_within):
        return False
    await work.execute(sa.text(f"SET LOCAL statement_timeout = '{LONGEST}'"))
    await work.execute(sa.delete(territory_tally))
    await count_boards(work, now=now)
    for counted in (_citizens(), _organizations(), _events(now), _attendances()):
        await _keep(work, counted, now)
    return True


async def _keep(work: Work, counted: sa.Select[Any], now: datetime) -> None:
    """Write some of the columns of every territory's rows; those that are there already keep their others."""
    names = [column.name for column in counted.selected_columns]
    rows = counted.add_columns(sa.literal(now, territory_tally.c.counted_at.type).label("counted_at"))
    given = insert(territory_tally).from_select([*names, "counted_at"], rows)
    keys = ("territory_code", "theme")
    fresh = {name: given.excluded[name] for name in names if name not in keys}
    await work.execute(given.on_conflict_do_update(index_elements=keys, set_=fresh))


def _places(code: sa.ColumnElement[Any]) -> tuple[sa.FromClause, sa.ColumnElement[Any]]:
    """Everywhere that something in a territory counts: there, in what contains it, and in the whole."""
    containers = sa.select(territory_within.c.container_code.label("place")).where(territory_within.c.code == code)
    places = containers.union_all(sa.select(sa.literal(EVERYWHERE))).subquery("places").lateral()
    return places, places.c.place


def _citizens() -> sa.Select[Any]:
    """A true count, hidden ones included; not those who have left, of whom a profile stays that nobody can read."""
    places, place = _places(citizen.c.territory_code)
    return (
        sa.select(
            place.label("territory_code"), sa.literal(ALL_THEMES).label("theme"), sa.func.count().label("citizens")
        )
        .select_from(citizen.join(account, account.c.citizen_id == citizen.c.id).join(places, sa.true()))
        .group_by(place)
    )


def _organizations() -> sa.Select[Any]:
    places, place = _places(organization.c.territory_code)
    return (
        sa.select(
            place.label("territory_code"), sa.literal(ALL_THEMES).label("theme"), sa.func.count().label("organizations")
        )
        .select_from(organization.join(places, sa.true()))
        .group_by(place)
    )


def _themes() -> tuple[sa.FromClause, sa.ColumnElement[Any]]:
    """Each theme of an event, and all of them."""
    each = sa.func.unnest(sa.func.array_append(event.c.themes, ALL_THEMES)).table_valued("theme")
    themes = each.render_derived(name="each_theme")
    return themes, themes.c.theme


def _events(now: datetime) -> sa.Select[Any]:
    places, place = _places(event.c.territory_code)
    themes, theme = _themes()
    shown = event.c.status.in_([EventStatus.PUBLISHED, EventStatus.COMPLETED])
    upcoming = (event.c.status == EventStatus.PUBLISHED) & (event.c.starts_at > now)
    return (
        sa.select(
            place.label("territory_code"),
            theme.label("theme"),
            sa.func.count().label("events"),
            sa.func.count().filter(upcoming).label("upcoming_events"),
        )
        .select_from(event.join(places, sa.true()).join(themes, sa.true()))
        .where(shown)
        .group_by(place, theme)
    )


def _attendances() -> sa.Select[Any]:
    """Where the event was, or where who attended it online lives; hours as they were counted for points."""
    award = current_award().subquery("award")
    places, place = _places(sa.func.coalesce(event.c.territory_code, citizen.c.territory_code))
    themes, theme = _themes()
    came = (
        participation.join(event, event.c.id == participation.c.event_id)
        .join(citizen, citizen.c.id == participation.c.citizen_id)
        .join(
            award,
            (award.c.citizen_id == participation.c.citizen_id) & (award.c.participation_id == participation.c.id),
        )
    )
    return (
        sa.select(
            place.label("territory_code"),
            theme.label("theme"),
            sa.func.count().label("attendances"),
            sa.func.count(sa.distinct(participation.c.citizen_id)).label("people"),
            sa.func.coalesce(sa.func.sum(award.c.minutes), 0).label("minutes"),
        )
        .select_from(came.join(places, sa.true()).join(themes, sa.true()))
        .where(participation.c.status == ParticipationStatus.ATTENDED)
        .group_by(place, theme)
    )
