"""Citizens as the asker may see them, and what their activity comes to."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple

import sqlalchemy as sa

from db.narrowing import Shown, besides
from db.paging import KEY, Row
from db.queries.awards import counted_organizer, standing_award
from db.questions import Select, Source, question
from db.rows import Aside, Composed, Told, read_as
from db.tables import citizen, citizen_total, event, participation, skill_holding
from db.visibility import attendance_public, citizen_visible
from domain.accounts import ProfileVisibility
from domain.citizens import Citizen, ProfileLink, Viewer
from domain.ids import CitizenId, SkillId
from domain.influence import Totals
from domain.participations import ParticipationStatus
from domain.permissions import Caller, person
from domain.skills import Skill, SkillOnTheme
from domain.words import ThemeCode


class ThemeSums(NamedTuple):
    """What a citizen did on a theme, and what of it counts to its skill."""

    theme: ThemeCode
    participations: int
    points: int
    contributions: int
    organizers: int


IDS = sa.bindparam("ids", type_=sa.ARRAY(KEY))
TEXTS = sa.ARRAY(sa.Text())


def shown_citizens(asker: Viewer | None) -> sa.Select[Any]:
    """Every citizen the asker may see, without what their visibility withholds."""
    return sa.select(*shown_columns()).where(citizen_visible(asker))


def shown_columns() -> tuple[sa.ColumnElement[Any], ...]:
    """What shows of a citizen who may be seen. Any: what the columns hold."""
    public = citizen.c.visibility == ProfileVisibility.PUBLIC
    return (
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
    )


def sums_columns() -> tuple[sa.ColumnElement[Any], ...]:
    """The sums of their ledger. Any: integers."""
    sums = (citizen_total.c.points, citizen_total.c.earned_points, citizen_total.c.entries)
    return tuple(sa.func.coalesce(each, 0).label(each.key) for each in sums)


def _links(kept: Iterable[Mapping[str, str]]) -> tuple[ProfileLink, ...]:
    return tuple(ProfileLink(link["label"], link["url"]) for link in kept)


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
        links=_links(row.links or ()),
        talents=tuple(row.talents),
    )


def _acquired_at(asker: Viewer | None) -> sa.ColumnElement[Any]:
    """When a skill was acquired; for others by the month, where what completed it isn't listed.

    Any: a moment.
    """
    row = skill_holding.c
    if asker is None:
        return row.told_at
    return sa.case((row.citizen_id == asker.citizen_id, row.acquired_at), else_=row.told_at)


def _held_now(asker: Viewer | None) -> sa.Select[Any]:
    """Skills that are held."""
    row = skill_holding.c
    columns = (column for column in row if column.name not in {"acquired_at", "told_at"})
    return sa.select(*columns, _acquired_at(asker).label("acquired_at")).where(row.lost_at.is_(None))


def _skill_themes(asker: Caller, _: Set[str]) -> sa.ColumnElement[Any]:
    """The themes of the skills that a citizen holds, in the same order, as words: the driver makes a text of them, and
    not a list. Any: a text.
    """
    held = skill_holding.c
    its = sa.select(held.theme.cast(sa.Text())).where(held.citizen_id == citizen.c.id, held.lost_at.is_(None))
    in_order = its.order_by(_acquired_at(person(asker)), held.theme).correlate(citizen)
    return sa.func.array_to_string(sa.func.array(in_order.scalar_subquery(), type_=TEXTS), " ")


@cache
def _skills_on(themes: str | None) -> tuple[SkillOnTheme, ...] | None:
    """What so many hold is made once for all of them: there are six themes."""
    return None if themes is None else tuple([SkillOnTheme(ThemeCode(theme)) for theme in themes.split()])


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


CitizenRow = read_as(
    Citizen,
    territory="territory_code",
    links=Composed(lambda kept: _links(json.loads(kept or "[]")), "links"),
    talents=Composed(tuple, "talents"),
    totals=Composed(Totals, "points", "earned_points", "entries"),
    name=Told("handle", "full_name"),
    skills_by_theme=Aside(_skill_themes, _skills_on),
)


def _shown_with_totals(asker: Caller) -> Select:
    """The same, with the sums of their ledgers: most of what asks for people asks for their level."""
    rows = shown_citizens(person(asker)).add_columns(*sums_columns())
    return rows.select_from(citizen.outerjoin(citizen_total, citizen_total.c.citizen_id == citizen.c.id))


@question(CitizenRow, read_citizen)
def _by_id(asker: Caller) -> Select:
    return _shown_with_totals(asker).where(citizen.c.id == sa.any_(IDS))


@question(CitizenRow, read_citizen)
def _by_handle(asker: Caller) -> Select:
    return _shown_with_totals(asker).where(citizen.c.handle == sa.any_(sa.bindparam("handles", type_=TEXTS)))


async def by_id(
    source: Source, asker: Viewer | None, ids: Sequence[CitizenId], shown: Shown = None
) -> Mapping[CitizenId, Citizen]:
    return {each.id: each for each in await _by_id.ask(source, asker, shown=besides(shown, "id"), ids=ids)}


async def by_handle(
    source: Source, asker: Viewer | None, handles: Sequence[str], shown: Shown = None
) -> Mapping[str, Citizen]:
    found = await _by_handle.ask(source, asker, shown=besides(shown, "handle"), handles=handles)
    return dict(zip(map(attrgetter("handle"), found), found, strict=True))


@question()
def _totals(_: Caller) -> Select:
    return sa.select(citizen_total).where(citizen_total.c.citizen_id == sa.any_(IDS))


async def totals(source: Source, ids: Sequence[CitizenId]) -> Mapping[CitizenId, Totals]:
    """Points of citizens; who has no ledger yet is left out."""
    return {
        each["citizen_id"]: Totals(each["points"], each["earned_points"], each["entries"])
        for each in await _totals.ask(source, None, ids=ids)
    }


SkillRow = read_as(Skill)


@question(SkillRow, read_skill)
def _skills(asker: Caller) -> Select:
    held = _held_now(person(asker)).where(skill_holding.c.citizen_id == sa.any_(IDS))
    return held.order_by("acquired_at", skill_holding.c.theme)


@question(SkillRow, read_skill)
def _skills_by_id(asker: Caller) -> Select:
    held = _held_now(person(asker)).join(citizen, citizen.c.id == skill_holding.c.citizen_id)
    return held.where(skill_holding.c.id == sa.any_(IDS), citizen_visible(asker))


async def skills(source: Source, asker: Viewer | None, ids: Sequence[CitizenId]) -> Mapping[CitizenId, Sequence[Skill]]:
    """The skills held now, the oldest first."""
    found: dict[CitizenId, list[Skill]] = defaultdict(list)
    for each in await _skills.ask(source, asker, ids=ids):
        found[each.citizen_id].append(each)
    return found


async def skills_by_id(source: Source, asker: Viewer | None, ids: Sequence[SkillId]) -> Mapping[SkillId, Skill]:
    """Skills held now by citizens that the asker may see."""
    return {each.id: each for each in await _skills_by_id.ask(source, asker, ids=ids)}


@question()
def _theme_sums(asker: Caller) -> Select:
    award = standing_award()
    mine = participation.c.citizen_id == asker.citizen_id if isinstance(asker, Viewer) else sa.false()
    counts = sa.not_(award.c.overlapping)
    each = sa.func.unnest(event.c.themes).table_valued("theme").render_derived(name="each")
    theme = each.c.theme
    return (
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
            participation.c.citizen_id == sa.any_(IDS),
            participation.c.status == ParticipationStatus.ATTENDED,
            attendance_public() | mine,
            citizen_visible(asker),
        )
        .group_by(participation.c.citizen_id, theme)
        .order_by(participation.c.citizen_id, sa.desc("points"), sa.desc("participations"), theme)
    )


async def theme_sums(
    source: Source, asker: Viewer | None, ids: Sequence[CitizenId]
) -> Mapping[CitizenId, Sequence[ThemeSums]]:
    """Per citizen and theme: participations, points, and the contributions and organisers that count to a skill.

    All of what shows to the asker: what isn't listed is counted for its citizen alone.
    """
    found: dict[CitizenId, list[ThemeSums]] = defaultdict(list)
    for each in await _theme_sums.ask(source, asker, ids=ids):
        sums = ThemeSums(
            ThemeCode(each["theme"]), each["participations"], each["points"], each["contributions"], each["organizers"]
        )
        found[each["citizen_id"]].append(sums)
    return found
