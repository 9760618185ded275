"""Citizens as the asker may see them, and what their activity comes to."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from db.paging import Row
from db.queries.awards import counted_organizer, current_award
from db.tables import citizen, citizen_total, event, ledger_entry, participation, skill_holding
from db.visibility import attendance_public, citizen_visible
from domain.accounts import ProfileVisibility
from domain.citizens import Citizen, ProfileLink, Viewer
from domain.ids import CitizenId, SkillId
from domain.influence import Totals
from domain.participations import ParticipationStatus
from domain.skills import Skill
from domain.words import ThemeCode


class ThemeSums(NamedTuple):
    """What a citizen did on a theme, and what of it counts to its skill."""

    theme: ThemeCode
    participations: int
    points: int
    contributions: int
    organizers: int


def shown_citizens(asker: Viewer | None) -> sa.Select[Any]:
    """Every citizen the asker may see, without what their visibility withholds."""
    public = citizen.c.visibility == ProfileVisibility.PUBLIC
    return sa.select(
        citizen.c.id,
        citizen.c.handle,
        citizen.c.visibility,
        citizen.c.member_since,
        citizen.c.bio,
        citizen.c.territory_code,
        citizen.c.talents,
        sa.case((public, citizen.c.full_name)).label("full_name"),
        sa.case((public, citizen.c.avatar_url)).label("avatar_url"),
        sa.case((public, citizen.c.links)).label("links"),
    ).where(citizen_visible(asker))


def read_citizen(row: Row) -> Citizen:
    return Citizen(
        id=row.id,
        handle=row.handle,
        visibility=row.visibility,
        member_since=row.member_since,
        full_name=row.full_name,
        bio=row.bio,
        avatar_url=row.avatar_url,
        territory=row.territory_code,
        links=tuple(ProfileLink(link["label"], link["url"]) for link in row.links or ()),
        talents=tuple(row.talents),
    )


async def by_id(session: AsyncSession, asker: Viewer | None, ids: Sequence[CitizenId]) -> Mapping[CitizenId, Citizen]:
    rows = await session.execute(shown_citizens(asker).where(citizen.c.id.in_(ids)))
    return {row.id: read_citizen(row) for row in rows}


async def by_handle(session: AsyncSession, asker: Viewer | None, handles: Sequence[str]) -> Mapping[str, Citizen]:
    rows = await session.execute(shown_citizens(asker).where(citizen.c.handle.in_(handles)))
    return {row.handle: read_citizen(row) for row in rows}


async def totals(session: AsyncSession, ids: Sequence[CitizenId]) -> Mapping[CitizenId, Totals]:
    """Points of citizens; who has no ledger yet is left out."""
    table = citizen_total
    rows = await session.execute(sa.select(table).where(table.c.citizen_id.in_(ids)))
    return {row.citizen_id: Totals(row.points, row.earned_points, row.entries) for row in rows}


async def skills(
    session: AsyncSession, asker: Viewer | None, ids: Sequence[CitizenId]
) -> Mapping[CitizenId, Sequence[Skill]]:
    """The skills held now, the oldest first."""
    held = _held_now(asker).where(skill_holding.c.citizen_id.in_(ids))
    found: dict[CitizenId, list[Skill]] = defaultdict(list)
    for row in await session.execute(held.order_by("acquired_at", skill_holding.c.theme)):
        found[row.citizen_id].append(read_skill(row))
    return found


async def skills_by_id(session: AsyncSession, asker: Viewer | None, ids: Sequence[SkillId]) -> Mapping[SkillId, Skill]:
    """Skills held now by citizens that the asker may see."""
    held = _held_now(asker).join(citizen, citizen.c.id == skill_holding.c.citizen_id)
    rows = await session.execute(held.where(skill_holding.c.id.in_(ids), citizen_visible(asker)))
    return {row.id: read_skill(row) for row in rows}


def _held_now(asker: Viewer | None) -> sa.Select[Any]:
    """Skills that are held; one that a participation completed which isn't listed is dated for others by its month."""
    row, entry = skill_holding.c, ledger_entry.c
    others = sa.true() if asker is None else row.citizen_id != asker.citizen_id
    completed = (participation.c.citizen_id == entry.citizen_id) & (participation.c.id == entry.participation_id)
    not_listed = sa.exists().where(
        entry.citizen_id == row.citizen_id,
        entry.occurred_at == row.acquired_at,
        completed,
        participation.c.listed.is_(False),
    )
    month = sa.func.date_trunc("month", row.acquired_at, "Europe/Paris")
    columns = (column for column in row if column.name != "acquired_at")
    shown = sa.case((others & not_listed, month), else_=row.acquired_at).label("acquired_at")
    return sa.select(*columns, shown).where(row.lost_at.is_(None))


def read_skill(row: Row) -> Skill:
    return Skill(
        id=row.id,
        citizen_id=row.citizen_id,
        theme=row.theme,
        source=row.source,
        acquired_at=row.acquired_at,
        recognized_by=row.recognized_by,
        reason=row.reason,
    )


async def theme_sums(
    session: AsyncSession, asker: Viewer | None, ids: Sequence[CitizenId]
) -> Mapping[CitizenId, Sequence[ThemeSums]]:
    """Per citizen and theme: participations, points, and the contributions and organisers that count to a skill.

    All of what shows to the asker: what isn't listed is counted for its citizen alone.
    """
    award = current_award().subquery("award")
    mine = sa.false() if asker is None else participation.c.citizen_id == asker.citizen_id
    counts = sa.not_(award.c.overlapping)
    each = sa.func.unnest(event.c.themes).table_valued("theme").render_derived(name="each")
    theme = each.c.theme
    sums = (
        sa.select(
            participation.c.citizen_id,
            theme.label("theme"),
            sa.func.count().label("participations"),
            sa.func.sum(award.c.points).label("points"),
            sa.func.count().filter(counts).label("contributions"),
            sa.func.count(sa.distinct(counted_organizer())).filter(counts).label("organizers"),
        )
        .select_from(participation)
        .join(citizen, citizen.c.id == participation.c.citizen_id)
        .join(event, event.c.id == participation.c.event_id)
        .join(
            award,
            (award.c.citizen_id == participation.c.citizen_id) & (award.c.participation_id == participation.c.id),
        )
        .join(each, sa.true())
        .where(
            participation.c.citizen_id.in_(ids),
            participation.c.status == ParticipationStatus.ATTENDED,
            attendance_public() | mine,
            citizen_visible(asker),
        )
        .group_by(participation.c.citizen_id, theme)
        .order_by(participation.c.citizen_id, sa.desc("points"), sa.desc("participations"), theme)
    )
    found: dict[CitizenId, list[ThemeSums]] = defaultdict(list)
    for row in await session.execute(sums):
        sums_of_theme = ThemeSums(
            ThemeCode(row.theme), row.participations, row.points, row.contributions, row.organizers
        )
        found[row.citizen_id].append(sums_of_theme)
    return found
