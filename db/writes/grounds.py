"""What an award for an event rests on: periods of holding a skill, and the awards that stand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast

import asyncpg
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import array

from db.models.columns import Texts, Timestamp
from db.paging import KEY
from db.queries.awards import counted_organizer, standing_award
from db.queries.events import read_themes
from db.statements import Statement
from db.tables import event, skill_holding
from db.work import Work
from db.writes.awards import Organized, organizer_key
from domain.events import Event
from domain.ids import CitizenId, EventId
from domain.points import EarlierAward, Span
from domain.skills import Contribution, Holding

_CITIZEN = sa.bindparam("of_citizen", type_=KEY)
_EVENT = sa.bindparam("of_event", type_=KEY)


@dataclass(frozen=True, slots=True)
class Grounds:
    """What an award for an event rests on, as the books of who attended it have it.

    Attributes:
        given: Whether it was given, and stands.
        holdings: Every period in which they held a skill.
        earlier: Their other awards that stand, for what was near the event in time, or at the same time.
        contributions: Their confirmed participations on its themes that count towards skills.
        organized: Whose ORGANIZING awards it is decisive for: all else that they attended is of one organiser.
    """

    given: bool
    holdings: list[Holding]
    earlier: list[EarlierAward]
    contributions: list[Contribution]
    organized: frozenset[Organized]


async def grounds(work: Work, citizen_id: CitizenId, of: Event, *, days: int) -> Grounds:
    """What an award for `of` rests on, which counts repetitions within so many days."""
    span = of.details.span
    its = {"begins": span.starts_at, "ends": span.ends_at, "on_themes": tuple(map(str, of.details.themes))}
    found = await work.rows(_GROUNDS, {**values_of_grounds(citizen_id, of.id, days=days), **its})
    return read_grounds(cast("list[Mapping[str, Any]]", found), of)  # Any: as below


def values_of_grounds(citizen_id: CitizenId, event_id: EventId, *, days: int) -> Mapping[str, Any]:
    """What is put into `rows_of_grounds` besides what is of the event. Any: what each column takes."""
    return {"of_citizen": citizen_id, "of_event": event_id, "days": timedelta(days=days)}


def read_grounds(rows: Iterable[Mapping[str, Any]], of: Event) -> Grounds:
    """What rows of `rows_of_grounds` come to; those without themes are none. Any: what their columns hold."""
    held, earlier, counting, organized = list[Holding](), list[EarlierAward](), list[Contribution](), set[Organized]()
    given = False
    for row in rows:
        if row["on"] is None:
            continue
        event_id, themes = row["attended"], read_themes(row["on"])
        if event_id is None:
            held.append(Holding(themes[0], row["since"], row["until"]))
            continue
        given = given or event_id == of.id
        if row["near"]:
            earlier.append(EarlierAward(Span(row["since"], row["until"]), row["repeats"]))
        if row["counts"]:
            counting.append(Contribution(themes, row["organizer"]))
        if row["decides"]:
            organized.add(Organized(row["proposed_by"], event_id))
    return Grounds(given, held, earlier, counting, frozenset(organized))


class Its(NamedTuple):
    """What of an event decides on what an award for it rests on. Any: its themes."""

    begins: sa.ColumnElement[datetime] = sa.bindparam("begins", type_=Timestamp)
    ends: sa.ColumnElement[datetime] = sa.bindparam("ends", type_=Timestamp)
    themes: sa.ColumnElement[Any] = sa.bindparam("on_themes", type_=sa.ARRAY(sa.Text()))


def rows_of_grounds(its: Its) -> sa.CompoundSelect[Any]:
    """Periods of holding, which are of no event, and awards. Any: what their columns hold."""
    mine, window = _attended(), sa.bindparam("days", type_=sa.Interval())
    other = mine.c.id != _EVENT
    at_once = (mine.c.starts_at < its.ends) & (mine.c.ends_at > its.begins)
    near = other & (mine.c.starts_at.between(its.begins - window, its.begins + window) | at_once)
    counts = sa.not_(mine.c.overlapping) & mine.c.themes.overlap(its.themes)
    elsewhere = mine.alias("elsewhere")
    another = sa.exists().where(elsewhere.c.id != _EVENT, elsewhere.c.organizer_key != mine.c.organizer_key)
    by_citizen = other & mine.c.organization_id.is_(None) & mine.c.proposer_id.is_not(None)
    awards = sa.select(
        mine.c.id.label("attended"),
        mine.c.themes.label("on"),
        mine.c.starts_at.label("since"),
        mine.c.ends_at.label("until"),
        sa.case((sa.not_(mine.c.by_verified), mine.c.proposer_id)).label("repeats"),
        mine.c.organizer,
        mine.c.proposer_id.label("proposed_by"),
        near.label("near"),
        counts.label("counts"),
        (by_citizen & sa.not_(another)).label("decides"),
    ).where(near | counts | by_citizen | (mine.c.id == _EVENT))
    awards = awards.correlate(event)
    held, nobody, no = skill_holding.c, sa.cast(sa.null(), KEY), sa.false()
    themes = sa.cast(array([held.theme]), Texts)
    periods = sa.select(nobody, themes, held.acquired_at, held.lost_at, nobody, nobody, nobody, no, no, no)
    return awards.union_all(periods.where(held.citizen_id == _CITIZEN))


def _attended() -> sa.CTE:
    """What the citizen has attended, as far as awards stand for it."""
    award, columns = standing_award(), ("id", "themes", "starts_at", "ends_at", "by_verified")
    return (
        sa.select(
            *(event.c[name] for name in columns),
            event.c.proposer_id,
            event.c.organization_id,
            counted_organizer().label("organizer"),
            organizer_key().label("organizer_key"),
            award.c.overlapping,
        )
        .join(award, award.c.event_id == event.c.id)
        .where(award.c.citizen_id == _CITIZEN)
        .cte("mine")
    )


_GROUNDS = Statement(rows_of_grounds(Its()), asyncpg.Record)
