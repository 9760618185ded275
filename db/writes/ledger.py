"""The ledger grows under the lock of its citizen's total, so that numbers and balances follow each other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import array, insert
from sqlalchemy.sql.dml import ReturningInsert

from db.models.columns import Texts, Timestamp
from db.paging import KEY
from db.queries.awards import counted_organizer, standing_award
from db.statements import Statement
from db.tables import citizen_total, event, ledger_entry, skill_holding
from db.work import Work
from domain.events import Event
from domain.ids import CitizenId, EventId, LedgerEntryId, ParticipationId
from domain.influence import Totals
from domain.ledger import LedgerKind
from domain.points import Award, EarlierAward, Span
from domain.skills import Contribution, Holding, SkillSource
from domain.words import ThemeCode


async def lock_totals(work: Work, citizen_id: CitizenId) -> Totals:
    """Take a citizen's total for the rest of the unit of work: first of all, before anything is decided on it."""
    return (await lock_all(work, [citizen_id]))[citizen_id]


async def lock_all(work: Work, citizens: Iterable[CitizenId]) -> dict[CitizenId, Totals]:
    """Take many citizens' totals, always in the order of their ids: whoever needs some of them waits in turn."""
    ids = sorted(set(citizens))
    if not ids:
        return {}
    found = await work.rows(_LOCK, {"ids": ids})
    return {row["citizen_id"]: Totals(row["points"], row["earned_points"], row["entries"]) for row in found}


def _lock() -> ReturningInsert[Any]:
    total = citizen_total
    ids = sa.func.unnest(sa.bindparam("ids", type_=sa.ARRAY(KEY))).table_valued(sa.column("id", KEY))
    asked, nothing = ids.render_derived("asked"), sa.literal(0)
    rows = sa.select(asked.c.id, nothing, nothing, nothing).order_by(asked.c.id)
    taken = insert(total).from_select(["citizen_id", "points", "earned_points", "entries"], rows)
    kept = taken.on_conflict_do_update(index_elements=["citizen_id"], set_={"entries": total.c.entries})
    return kept.returning(total)


_LOCK = Statement(_lock(), asyncpg.Record)


@dataclass(frozen=True, slots=True)
class Grounds:
    """What an award for an event rests on, as the books of who attended it have it.

    Attributes:
        given: Whether it was given, and stands.
        holdings: Every period in which they held a skill.
        earlier: Their other awards that stand, for what was near the event in time, or at the same time.
        contributions: Their confirmed participations on its themes that count towards skills.
    """

    given: bool
    holdings: list[Holding]
    earlier: list[EarlierAward]
    contributions: list[Contribution]


@dataclass(frozen=True, slots=True)
class Recorded:
    """An entry that was appended, and the totals after it."""

    id: LedgerEntryId
    totals: Totals


async def grounds(work: Work, citizen_id: CitizenId, of: Event, *, days: int) -> Grounds:
    """What an award for `of` rests on, which counts repetitions within so many days."""
    window, span = timedelta(days=days), of.details.span
    values = {
        "citizen": citizen_id,
        "of_event": of.id,
        "near_from": span.starts_at - window,
        "near_until": span.starts_at + window,
        "begins": span.starts_at,
        "ends": span.ends_at,
        "on": [theme.value for theme in of.details.themes],
    }
    held, earlier, counting = list[Holding](), list[EarlierAward](), list[Contribution]()
    given = False
    for row in await work.rows(_GROUNDS, values):
        themes = tuple(map(ThemeCode, row["themes"]))
        if row["event_id"] is None:
            held.append(Holding(themes[0], row["since"], row["until"]))
        given = given or row["event_id"] == of.id
        if row["near"]:
            earlier.append(EarlierAward(Span(row["since"], row["until"]), row["repeats"]))
        if row["counts"]:
            counting.append(Contribution(themes, row["organizer"]))
    return Grounds(given, held, earlier, counting)


def _grounds() -> sa.CompoundSelect[Any]:
    """Periods of holding, which are of no event, and awards."""
    citizen_id, this = sa.bindparam("citizen", type_=KEY), sa.bindparam("of_event", type_=KEY)
    award, held = standing_award(), skill_holding.c
    begins, ends = sa.bindparam("begins", type_=Timestamp), sa.bindparam("ends", type_=Timestamp)
    around = sa.bindparam("near_from", type_=Timestamp), sa.bindparam("near_until", type_=Timestamp)
    at_once = (event.c.starts_at < ends) & (event.c.ends_at > begins)
    near = (event.c.id != this) & (event.c.starts_at.between(*around) | at_once)
    counts = sa.not_(award.c.overlapping) & event.c.themes.overlap(sa.bindparam("on", type_=sa.ARRAY(sa.Text())))
    awards = (
        sa.select(
            event.c.id.label("event_id"),
            event.c.themes,
            event.c.starts_at.label("since"),
            event.c.ends_at.label("until"),
            sa.case((sa.not_(event.c.by_verified), event.c.proposer_id)).label("repeats"),
            counted_organizer().label("organizer"),
            near.label("near"),
            counts.label("counts"),
        )
        .join(award, award.c.event_id == event.c.id)
        .where(award.c.citizen_id == citizen_id, near | counts | (event.c.id == this))
    )
    nobody, no = sa.cast(sa.null(), KEY), sa.false()
    themes = sa.cast(array([held.theme]), Texts)
    periods = sa.select(nobody, themes, held.acquired_at, held.lost_at, nobody, nobody, no, no)
    return awards.union_all(periods.where(held.citizen_id == citizen_id))


_GROUNDS = Statement(_grounds(), asyncpg.Record)


async def holdings(work: Work, citizen_id: CitizenId) -> list[Holding]:
    """Every period in which a citizen held a skill."""
    rows = await work.execute(sa.select(skill_holding).where(skill_holding.c.citizen_id == citizen_id))
    return [Holding(row.theme, row.acquired_at, row.lost_at) for row in rows]


async def contributions(work: Work, citizen_id: CitizenId, themes: Sequence[ThemeCode]) -> list[Contribution]:
    """The confirmed participations on `themes` that count towards skills."""
    award = standing_award()
    wanted = [theme.value for theme in themes]
    rows = await work.execute(
        sa.select(event.c.themes, counted_organizer().label("organizer"))
        .join(award, award.c.event_id == event.c.id)
        .where(
            award.c.citizen_id == citizen_id,
            sa.not_(award.c.overlapping),
            event.c.themes.overlap(sa.cast(wanted, sa.ARRAY(sa.Text))),
        )
    )
    return [Contribution(tuple(map(ThemeCode, row.themes)), row.organizer) for row in rows]


async def record(
    work: Work,
    citizen_id: CitizenId,
    totals: Totals,
    award: Award,
    *,
    kind: LedgerKind,
    event_id: EventId | None = None,
    participation_id: ParticipationId | None = None,
    reverses_id: LedgerEntryId | None = None,
    now: datetime,
) -> Recorded:
    """Append an entry and keep the total. `totals` are the locked ones."""
    after = Totals(
        points=totals.points + award.points,
        earned_points=totals.earned_points + (0 if kind is LedgerKind.SELF_ASSESSMENT else award.points),
        entries=totals.entries + 1,
    )
    computation, key = award.computation, LedgerEntryId(uuid4())
    entry = {
        "citizen_id": citizen_id,
        "id": key,
        "number": after.entries,
        "kind": kind,
        "occurred_at": now,
        "base_points": award.base_points,
        "multiplier": award.multiplier,
        "points": award.points,
        "balance": after.points,
        "event_id": event_id,
        "participation_id": participation_id,
        "theme": award.skill_theme,
        "stars": computation.stars,
        "minutes": computation.minutes,
        "skill_factor": computation.skill_factor,
        "repeat_factor": computation.repeat_factor,
        "repeats": computation.repeats,
        "overlapping": computation.overlapping,
        "reason": computation.reason,
        "reverses_id": reverses_id,
        "policy_version": award.policy_version,
    }
    sums = {"points": after.points, "earned_points": after.earned_points, "entries": after.entries}
    values = {f"entry_{name}": value for name, value in entry.items()}
    await work.run(_RECORD, values | {f"total_{name}": value for name, value in sums.items()})
    return Recorded(key, after)


def _record() -> sa.Update:
    """The entry and the total. A withdrawn award can be given again: the attempts at one are numbered."""
    entry = {
        column.name: sa.bindparam(f"entry_{column.name}", type_=column.type)
        for column in ledger_entry.c
        if column.name != "attempt"
    }
    last = sa.select(sa.func.max(ledger_entry.c.attempt)).where(
        ledger_entry.c.citizen_id == entry["citizen_id"],
        ledger_entry.c.event_id == entry["event_id"],
        ledger_entry.c.kind == sa.cast(entry["kind"], ledger_entry.c.kind.type),
    )
    attempt = sa.func.coalesce(last.scalar_subquery(), 0) + 1
    added = insert(ledger_entry).values({**entry, "attempt": attempt}).cte("added")
    total = citizen_total.c
    sums = {each.name: sa.bindparam(f"total_{each.name}", type_=each.type) for each in total if not each.primary_key}
    return sa.update(citizen_total).where(total.citizen_id == entry["citizen_id"]).values(sums).add_cte(added)


_RECORD = Statement(_record(), asyncpg.Record)


async def gain_skills(work: Work, citizen_id: CitizenId, themes: Sequence[ThemeCode], *, now: datetime) -> None:
    """Begin a period of holding for each theme whose skill isn't held.

    Ids are random: one that tells the time would date the participation that completed it, which may not be listed.
    """
    if themes:
        ids = [uuid4() for _ in themes]
        await work.run(_GAIN, {"citizen": citizen_id, "ids": ids, "on": list(themes), "now": now})


def _gain() -> sa.Insert:
    given = sa.func.unnest(
        sa.bindparam("ids", type_=sa.ARRAY(KEY)), sa.bindparam("on", type_=sa.ARRAY(sa.Text()))
    ).table_valued(sa.column("id", KEY), sa.column("theme", sa.Text()))
    rows = given.render_derived("gained")
    gained = sa.select(
        sa.bindparam("citizen", type_=KEY),
        rows.c.id,
        rows.c.theme,
        sa.literal_column(f"'{SkillSource.REPEATED_CONTRIBUTION}'"),
        sa.bindparam("now", type_=Timestamp),
    )
    names = ["citizen_id", "id", "theme", "source", "acquired_at"]
    return insert(skill_holding).from_select(names, gained, include_defaults=False).on_conflict_do_nothing()


_GAIN = Statement(_gain(), asyncpg.Record)


async def lose_skills(work: Work, citizen_id: CitizenId, themes: Iterable[ThemeCode], *, now: datetime) -> None:
    """End the holding of what repeated contribution gave; what was recognised stays."""
    held = skill_holding.c
    which = (held.citizen_id == citizen_id) & held.theme.in_(sorted(themes)) & held.lost_at.is_(None)
    by_repetition = held.source == SkillSource.REPEATED_CONTRIBUTION
    # A skill is held from its beginning on: what was gained by an attendance recorded later isn't lost before it.
    lost = sa.func.greatest(sa.cast(now, held.acquired_at.type), held.acquired_at)
    await work.execute(sa.update(skill_holding).where(which, by_repetition).values(lost_at=lost))
