"""Events to recommend to a citizen: what they can join, as many as are worth weighing, found by indexes alone."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from db.paging import Row
from db.queries.awards import SCORED, counted_organizer, scored_event, standing_award
from db.queries.filters import codes_within
from db.queries.standings import their_own
from db.tables import citizen, event, participation, territory, territory_within
from db.visibility import Condition, event_visible
from domain.citizens import Viewer
from domain.events import EventFormat, EventStatus
from domain.ids import CitizenId
from domain.participations import ParticipationStatus
from domain.points import TWO_PLACES
from domain.recommendations import Candidate
from domain.skills import Contribution
from domain.words import ThemeCode

NEXT_NEARBY, NEXT_ONLINE, NEXT_THAT_SEEK = 300, 100, 100
"""How many are weighed: of those nearby, online, and that seek a talent, the ones that begin next."""
NEXT_OF_EACH = 20
"""Of each territory, for whoever says no more than in which country they live."""
SEATED = (ParticipationStatus.REGISTERED, ParticipationStatus.ATTENDED)
COLUMNS = (*SCORED, "time_zone", "format", "venue_city", "capacity", "sought_talents")


class CandidatesFor(NamedTuple):
    """A question: what a citizen could join, of what begins after a moment."""

    citizen_id: CitizenId
    after: datetime


async def candidates(
    session: AsyncSession, asker: Viewer, keys: Sequence[CandidatesFor]
) -> Mapping[CandidatesFor, Sequence[Candidate]]:
    """For the asker alone: nobody else's preferences are looked at."""
    found = {}
    for key in keys:
        if key.citizen_id == asker.citizen_id:
            found[key] = [_read(row) for row in await session.execute(_joinable(asker, key.after))]
    return found


async def contributions(session: AsyncSession, ids: Sequence[CitizenId]) -> Mapping[CitizenId, Sequence[Contribution]]:
    """The confirmed participations that count towards skills. Ask the domain first who may know."""
    award = standing_award()
    rows = await session.execute(
        sa.select(award.c.citizen_id, event.c.themes, counted_organizer().label("organizer"))
        .join(award, award.c.event_id == event.c.id)
        .where(award.c.citizen_id.in_(ids), sa.not_(award.c.overlapping))
    )
    found: dict[CitizenId, list[Contribution]] = {each: [] for each in ids}
    for row in rows:
        found[row.citizen_id].append(Contribution(tuple(map(ThemeCode, row.themes)), row.organizer))
    return found


def _joinable(asker: Viewer, after: datetime) -> sa.Select[Any]:
    taken = (
        sa.select(sa.func.count())
        .where(participation.c.event_id == event.c.id, participation.c.status.in_(SEATED))
        .correlate(event)
        .scalar_subquery()
    )
    home = sa.select(citizen.c.territory_code).where(citizen.c.id == asker.citizen_id).scalar_subquery()
    inside = codes_within(home)
    around = sa.select(territory_within.c.container_code).where(territory_within.c.code == home)
    return sa.select(
        *(event.c[name] for name in COLUMNS),
        counted_organizer().label("organizer"),
        sa.func.coalesce(event.c.territory_code.in_(inside.union(around)), sa.false()).label("home"),
        sa.and_(event.c.capacity.is_not(None), taken >= event.c.capacity).label("full"),
    ).where(
        event.c.id.in_(_in_reach(asker, after)),
        event_visible(asker),
        sa.not_(their_own(asker)),
        event.c.id.not_in(_own(participation.c.event_id, asker)),
        sa.not_(_busy(asker, after)),
    )


def _in_reach(asker: Viewer, after: datetime) -> sa.CompoundSelect[Any]:
    """The next ones nearby, online, and that seek a talent of theirs. Each part reads an index in its order."""
    me = _myself(asker)
    reach = _reach(me)
    ahead = (event.c.status == sa.literal_column(f"'{EventStatus.PUBLISHED.value}'"), event.c.starts_at > after)
    by_start = (event.c.starts_at, event.c.id)
    ids = sa.select(event.c.id).where(*ahead).order_by(*by_start)

    def nearby(most_of_each: int) -> sa.Select[Any]:
        there = sa.select(event.c.id, event.c.starts_at).where(*ahead, event.c.territory_code == reach.c.code)
        each = there.order_by(*by_start).limit(most_of_each).correlate(reach).lateral("each")
        all_of_them = sa.select(each.c.id).select_from(reach.join(each, sa.true()))
        return all_of_them.order_by(each.c.starts_at, each.c.id).limit(NEXT_NEARBY)

    online = event.c.format != sa.literal_column(f"'{EventFormat.IN_PERSON.value}'")
    talents = sa.func.plain_texts(sa.select(me.c.talents).scalar_subquery())
    seeking = sa.func.plain_texts(event.c.sought_talents).op("&&", is_comparison=True)(talents)
    nowhere = sa.exists().where(me.c.territory_code.is_(None))
    wide = sa.exists().where(me.c.wide)
    parts = (
        nearby(NEXT_NEARBY).where(sa.not_(wide)),
        nearby(NEXT_OF_EACH).where(wide),
        ids.where(nowhere).limit(NEXT_NEARBY),
        ids.where(online).limit(NEXT_ONLINE),
        ids.where(seeking, event.c.territory_code.in_(sa.select(reach.c.code)) | nowhere).limit(NEXT_THAT_SEEK),
    )
    return sa.union_all(*(sa.select(each.subquery().c.id) for each in parts))


def _myself(asker: Viewer) -> sa.CTE:
    """Where the asker lives, whether that is as wide as a country, and what they offer."""
    return (
        sa.select(
            citizen.c.territory_code,
            sa.and_(citizen.c.territory_code.is_not(None), territory.c.parent_code.is_(None)).label("wide"),
            citizen.c.talents,
        )
        .outerjoin(territory, territory.c.code == citizen.c.territory_code)
        .where(citizen.c.id == asker.citizen_id)
        .cte("me")
    )


def _reach(me: sa.CTE) -> sa.CTE:
    """A citizen's territory with the others of its region, and what contains it; not all of a country."""
    region = territory.alias("region")
    root = (
        sa.select(sa.func.coalesce(region.c.code, territory.c.code).label("code"))
        .select_from(territory)
        .outerjoin(region, (region.c.code == territory.c.parent_code) & region.c.parent_code.is_not(None))
        .where(territory.c.code == sa.select(me.c.territory_code).scalar_subquery())
        .scalar_subquery()
    )
    inside = codes_within(root)
    around = sa.select(territory_within.c.container_code).where(
        territory_within.c.code == sa.select(me.c.territory_code).scalar_subquery()
    )
    return inside.union(around).cte("reach")


def _own(column: sa.ColumnElement[Any], asker: Viewer) -> sa.Select[Any]:
    return sa.select(column).where(participation.c.citizen_id == asker.citizen_id)


def _busy(asker: Viewer, after: datetime) -> Condition:
    """Whether they have a seat elsewhere meanwhile: nobody is in two places at once."""
    other = event.alias("other")
    seats = (
        sa.select(other.c.starts_at, other.c.ends_at)
        .join(participation, participation.c.event_id == other.c.id)
        .where(
            participation.c.citizen_id == asker.citizen_id,
            participation.c.status.in_(SEATED),
            other.c.ends_at > after,
            other.c.status == EventStatus.PUBLISHED,
        )
        .cte("seats")
    )
    both = sa.func.least(seats.c.ends_at, event.c.ends_at) - sa.func.greatest(seats.c.starts_at, event.c.starts_at)
    return sa.exists().where(both > sa.cast(TWO_PLACES, sa.Interval)).correlate(event)


def _read(row: Row) -> Candidate:
    return Candidate(
        event=scored_event(row),
        organizer=row.organizer,
        time_zone=row.time_zone,
        city=row.venue_city,
        online=row.format == EventFormat.ONLINE or (row.format == EventFormat.HYBRID and not row.home),
        home=row.home,
        full=row.full,
        sought_talents=tuple(row.sought_talents),
    )
