"""The ledger grows under the lock of its citizen's total, so that numbers and balances follow each other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

import asyncpg
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql.dml import ReturningInsert, ReturningUpdate

from db.engine import Database
from db.models.columns import Timestamp
from db.paging import KEY
from db.queries.awards import counted_organizer, standing_award
from db.queries.participations import ParticipationRow
from db.statements import Statement
from db.tables import citizen_total, event, ledger_entry, participation, skill_holding
from db.versions import Versions, as_it_was_read
from db.work import Work
from db.writes.outbox import News, tell_news, telling_news, values_of_news
from domain.ids import CitizenId, EventId, LedgerEntryId, ParticipationId
from domain.influence import Totals
from domain.ledger import LedgerKind
from domain.participations import AttendanceEvidence, Participation, ParticipationStatus
from domain.points import Award
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
    found = await work.rows(_LOCK, {"concerned": ids})
    return {row["citizen_id"]: Totals(row["points"], row["earned_points"], row["entries"]) for row in found}


def locking(*, once: sa.CTE | None = None) -> ReturningInsert[Any]:
    """Takes the totals of those who are `concerned`, in order; `once` there is a row of something else, if told so."""
    total = citizen_total
    ids = sa.func.unnest(sa.bindparam("concerned", type_=sa.ARRAY(KEY))).table_valued(sa.column("id", KEY))
    asked, nothing = ids.render_derived("asked"), sa.literal(0)
    rows = sa.select(asked.c.id, nothing, nothing, nothing).order_by(asked.c.id)
    if once is not None:
        rows = rows.select_from(asked.join(once, sa.true()))
    taken = insert(total).from_select(["citizen_id", "points", "earned_points", "entries"], rows)
    kept = taken.on_conflict_do_update(index_elements=["citizen_id"], set_={"entries": total.c.entries})
    return kept.returning(total)


_LOCK = Statement(locking(), asyncpg.Record)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An entry that was appended, and the totals after it."""

    id: LedgerEntryId
    totals: Totals


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
    of = {"event_id": event_id, "participation_id": participation_id, "reverses_id": reverses_id}
    recorded, values = _recorded(citizen_id, totals, award, kind=kind, now=now)
    await work.run(_RECORD, values | {f"entry_{name}": value for name, value in of.items()})
    return recorded


async def record_attendance(
    work: Work, of: Participation, evidence: AttendanceEvidence, totals: Totals, award: Award, *, now: datetime
) -> tuple[Participation, Totals]:
    """Establish that somebody was there, append what it brings and keep the total, at once; and what both are now."""
    recorded, values = _recorded(of.citizen_id, totals, award, kind=LedgerKind.PARTICIPATION, now=now)
    values |= {"entry_event_id": of.event_id, "entry_participation_id": of.id, "entry_reverses_id": None}
    [attended] = await work.rows(_ATTEND, values | {"evidence": evidence})
    return attended, recorded.totals


async def attend_at_once(
    database: Database,
    of: Participation,
    evidence: AttendanceEvidence,
    totals: Totals,
    award: Award,
    *,
    gained: Sequence[ThemeCode],
    news: Sequence[News],
    versions: Versions,
    now: datetime,
) -> Participation | None:
    """The same as a unit of work by itself, with the skills that are gained and all that there is to tell.

    None, and nothing is written, where the event, the totals or the participation aren't of these versions any more.
    """
    _, values = _recorded(of.citizen_id, totals, award, kind=LedgerKind.PARTICIPATION, now=now)
    values |= {"entry_event_id": of.event_id, "entry_participation_id": of.id, "entry_reverses_id": None}
    values |= {f"{name}_version": each for name, each in versions._asdict().items()} | {"evidence": evidence}
    if not news:
        return await database.at_once(_ATTEND_AT_ONCE, values)
    values |= _values_of_gain(of.citizen_id, gained, news, event_id=of.event_id, now=now)
    return await database.at_once(_ATTEND_AND_TELL_AT_ONCE, values)


def after(totals: Totals, award: Award, kind: LedgerKind) -> Totals:
    """What an award makes of totals."""
    return Totals(
        points=totals.points + award.points,
        earned_points=totals.earned_points + (0 if kind is LedgerKind.SELF_ASSESSMENT else award.points),
        entries=totals.entries + 1,
    )


def _recorded(
    citizen_id: CitizenId, totals: Totals, award: Award, *, kind: LedgerKind, now: datetime
) -> tuple[Recorded, dict[str, Any]]:
    """What comes of an award, and what is written of it. Any: what columns hold."""
    sums = after(totals, award, kind)
    computation, key = award.computation, LedgerEntryId(uuid4())
    return Recorded(key, sums), {
        "entry_citizen_id": citizen_id,
        "entry_id": key,
        "entry_number": sums.entries,
        "entry_kind": kind,
        "entry_occurred_at": now,
        "entry_base_points": award.base_points,
        "entry_multiplier": award.multiplier,
        "entry_points": award.points,
        "entry_balance": sums.points,
        "entry_theme": award.skill_theme,
        "entry_stars": computation.stars,
        "entry_minutes": computation.minutes,
        "entry_skill_factor": computation.skill_factor,
        "entry_repeat_factor": computation.repeat_factor,
        "entry_repeats": computation.repeats,
        "entry_overlapping": computation.overlapping,
        "entry_reason": computation.reason,
        "entry_policy_version": award.policy_version,
        "total_points": sums.points,
        "total_earned_points": sums.earned_points,
        "total_entries": sums.entries,
    }


_ALWAYS = sa.true()
_ENTRY = {
    column.name: sa.bindparam(f"entry_{column.name}", type_=column.type)
    for column in ledger_entry.c
    if column.name != "attempt"
}


def _record(once: sa.ColumnElement[bool] = _ALWAYS) -> sa.Update:
    """The entry and the total. A withdrawn award can be given again: the attempts at one are numbered."""
    last = sa.select(sa.func.max(ledger_entry.c.attempt)).where(
        ledger_entry.c.citizen_id == _ENTRY["citizen_id"],
        ledger_entry.c.event_id == _ENTRY["event_id"],
        ledger_entry.c.kind == sa.cast(_ENTRY["kind"], ledger_entry.c.kind.type),
    )
    entry = {**_ENTRY, "attempt": sa.func.coalesce(last.scalar_subquery(), 0) + 1}
    row = sa.select(*entry.values()).where(once)
    added = insert(ledger_entry).from_select(list(entry), row, include_defaults=False).cte("added")
    total = citizen_total.c
    sums = {each.name: sa.bindparam(f"total_{each.name}", type_=each.type) for each in total if not each.primary_key}
    theirs = total.citizen_id == _ENTRY["citizen_id"]
    return sa.update(citizen_total).where(theirs, once).values(sums).add_cte(added)


def _attend(once: sa.ColumnElement[bool] = _ALWAYS) -> ReturningUpdate[Any]:
    """The same, and the participation that it is for. Any: what it answers."""
    its = participation.c
    this = (its.citizen_id == _ENTRY["citizen_id"]) & (its.id == _ENTRY["participation_id"])
    evidence = sa.bindparam("evidence", type_=its.evidence.type)
    there = {"status": ParticipationStatus.ATTENDED, "attended_at": _ENTRY["occurred_at"], "evidence": evidence}
    brought = _ENTRY["points"].label("points_awarded"), _ENTRY["id"].label("ledger_entry_id")
    attended = sa.update(participation).where(this, once).values(there).returning(*its, *brought)
    return attended.add_cte(_record(once).cte("recorded"))


def _all_as_it_was_read() -> sa.Exists:
    """Locks what was decided on in the order of all who do: the event, the total, the participation.

    Of each, only if what comes before is as it was read; it holds if all of it is.
    """
    total, its, here = citizen_total.c, participation.c, event.c.id == _ENTRY["event_id"]
    locked = as_it_was_read(sa.select(event.c.id).where(here), event, "event_version", shared=True)
    theirs = sa.select(total.citizen_id).select_from(citizen_total.join(locked, sa.true()))
    taken = as_it_was_read(theirs.where(total.citizen_id == _ENTRY["citizen_id"]), citizen_total, "total_version")
    this = (its.citizen_id == _ENTRY["citizen_id"]) & (its.id == _ENTRY["participation_id"])
    place = sa.select(its.id).select_from(participation.join(taken, sa.true())).where(this)
    return sa.exists().select_from(as_it_was_read(place, participation, "place_version"))


_RECORD, _ATTEND = Statement(_record(), asyncpg.Record), Statement(_attend(), ParticipationRow)
_ATTEND_AT_ONCE = Statement(_attend(_all_as_it_was_read()), ParticipationRow)


async def gain_skills(
    work: Work,
    citizen_id: CitizenId,
    themes: Sequence[ThemeCode],
    news: Sequence[News] = (),
    *,
    event_id: EventId | None = None,
    now: datetime,
) -> None:
    """Begin a period of holding for each theme whose skill isn't held, and tell its citizen what there is to tell.

    Ids are random: one that tells the time would date the participation that completed it, which may not be listed.
    """
    if not themes:
        await tell_news(work, citizen_id, news, event_id=event_id, now=now)
        return
    await work.run(_GAIN, _values_of_gain(citizen_id, themes, news, event_id=event_id, now=now))


def _values_of_gain(
    citizen_id: CitizenId,
    themes: Sequence[ThemeCode],
    news: Sequence[News],
    *,
    event_id: EventId | None,
    now: datetime,
) -> dict[str, Any]:  # Any: what columns hold
    gained = {"gaining": citizen_id, "skills": [uuid4() for _ in themes], "themes": list(themes)}
    return gained | values_of_news(citizen_id, news, event_id=event_id, now=now)


def _gain(once: sa.ColumnElement[bool] = _ALWAYS) -> sa.Insert:
    given = sa.func.unnest(
        sa.bindparam("skills", type_=sa.ARRAY(KEY)), sa.bindparam("themes", type_=sa.ARRAY(sa.Text()))
    ).table_valued(sa.column("id", KEY), sa.column("theme", sa.Text()))
    rows = given.render_derived("gained")
    gained = sa.select(
        sa.bindparam("gaining", type_=KEY),
        rows.c.id,
        rows.c.theme,
        sa.literal_column(f"'{SkillSource.REPEATED_CONTRIBUTION}'"),
        sa.bindparam("now", type_=Timestamp),
    ).where(once)
    names = ["citizen_id", "id", "theme", "source", "acquired_at"]
    kept = insert(skill_holding).from_select(names, gained, include_defaults=False).on_conflict_do_nothing()
    return telling_news(once).add_cte(kept.cte("kept"))


def _attend_and_tell() -> ReturningUpdate[Any]:
    once = _all_as_it_was_read()
    return _attend(once).add_cte(_gain(once).cte("gained"))


_GAIN = Statement(_gain(), asyncpg.Record)
_ATTEND_AND_TELL_AT_ONCE = Statement(_attend_and_tell(), ParticipationRow)


async def lose_skills(work: Work, citizen_id: CitizenId, themes: Iterable[ThemeCode], *, now: datetime) -> None:
    """End the holding of what repeated contribution gave; what was recognised stays."""
    held = skill_holding.c
    which = (held.citizen_id == citizen_id) & held.theme.in_(sorted(themes)) & held.lost_at.is_(None)
    by_repetition = held.source == SkillSource.REPEATED_CONTRIBUTION
    # A skill is held from its beginning on: what was gained by an attendance recorded later isn't lost before it.
    lost = sa.func.greatest(sa.cast(now, held.acquired_at.type), held.acquired_at)
    await work.execute(sa.update(skill_holding).where(which, by_repetition).values(lost_at=lost))
