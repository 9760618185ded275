"""The ledger grows under the lock of its citizen's total, so that numbers and balances follow each other."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db import models
from db.queries.awards import counted_organizer, standing_award
from db.tables import citizen_total, event, ledger_entry, skill_holding
from domain.events import Event
from domain.ids import CitizenId, EventId, LedgerEntryId, ParticipationId
from domain.influence import Totals
from domain.ledger import LedgerKind
from domain.points import Award, EarlierAward, Span
from domain.skills import Contribution, Holding, SkillSource
from domain.words import ThemeCode


async def lock_totals(work: AsyncSession, citizen_id: CitizenId) -> Totals:
    """Take a citizen's total for the rest of the unit of work: first of all, before anything is decided on it."""
    return (await lock_all(work, [citizen_id]))[citizen_id]


async def lock_all(work: AsyncSession, citizens: Iterable[CitizenId]) -> dict[CitizenId, Totals]:
    """Take many citizens' totals, always in the order of their ids: whoever needs some of them waits in turn."""
    rows = [{"citizen_id": key, "points": 0, "earned_points": 0, "entries": 0} for key in sorted(set(citizens))]
    if not rows:
        return {}
    total = citizen_total
    taken = insert(total).values(rows)
    kept = taken.on_conflict_do_update(index_elements=["citizen_id"], set_={"entries": total.c.entries})
    found = await work.execute(kept.returning(total))
    return {row.citizen_id: Totals(row.points, row.earned_points, row.entries) for row in found}


async def earlier_awards(work: AsyncSession, citizen_id: CitizenId, of: Event, *, days: int) -> list[EarlierAward]:
    """The citizen's awards that stand and that an award for `of` looks at: near it in time, or at the same time."""
    award = standing_award()
    window, span = timedelta(days=days), of.details.span
    near = event.c.starts_at.between(span.starts_at - window, span.starts_at + window)
    at_once = (event.c.starts_at < span.ends_at) & (event.c.ends_at > span.starts_at)
    rows = await work.execute(
        sa.select(event.c.starts_at, event.c.ends_at, event.c.by_verified, event.c.proposer_id)
        .join(award, award.c.event_id == event.c.id)
        .where(award.c.citizen_id == citizen_id, near | at_once, event.c.id != of.id)
    )
    return [
        EarlierAward(Span(row.starts_at, row.ends_at), None if row.by_verified else row.proposer_id) for row in rows
    ]


async def holdings(work: AsyncSession, citizen_id: CitizenId) -> list[Holding]:
    """Every period in which a citizen held a skill."""
    rows = await work.execute(sa.select(skill_holding).where(skill_holding.c.citizen_id == citizen_id))
    return [Holding(row.theme, row.acquired_at, row.lost_at) for row in rows]


async def contributions(work: AsyncSession, citizen_id: CitizenId, themes: Sequence[ThemeCode]) -> list[Contribution]:
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
    work: AsyncSession,
    citizen_id: CitizenId,
    totals: Totals,
    award: Award,
    *,
    kind: LedgerKind,
    event_id: EventId | None = None,
    participation_id: ParticipationId | None = None,
    reverses_id: LedgerEntryId | None = None,
    now: datetime,
) -> Totals:
    """Append an entry and keep the total. `totals` are the locked ones; the new ones come back."""
    after = Totals(
        points=totals.points + award.points,
        earned_points=totals.earned_points + (0 if kind is LedgerKind.SELF_ASSESSMENT else award.points),
        entries=totals.entries + 1,
    )
    computation = award.computation
    work.add(
        models.LedgerEntry(
            citizen_id=citizen_id,
            number=after.entries,
            kind=kind,
            attempt=await _next_attempt(work, citizen_id, event_id, kind),
            occurred_at=now,
            base_points=award.base_points,
            multiplier=award.multiplier,
            points=award.points,
            balance=after.points,
            event_id=event_id,
            participation_id=participation_id,
            theme=award.skill_theme,
            stars=computation.stars,
            minutes=computation.minutes,
            skill_factor=computation.skill_factor,
            repeat_factor=computation.repeat_factor,
            repeats=computation.repeats,
            overlapping=computation.overlapping,
            reason=computation.reason,
            reverses_id=reverses_id,
            policy_version=award.policy_version,
        )
    )
    await work.flush()
    await work.execute(
        sa.update(citizen_total)
        .where(citizen_total.c.citizen_id == citizen_id)
        .values(points=after.points, earned_points=after.earned_points, entries=after.entries)
    )
    return after


async def _next_attempt(work: AsyncSession, citizen_id: CitizenId, event_id: EventId | None, kind: LedgerKind) -> int:
    """A withdrawn award can be given again: the attempts at one are numbered."""
    if event_id is None:
        return 1
    last = sa.select(sa.func.max(ledger_entry.c.attempt)).where(
        ledger_entry.c.citizen_id == citizen_id, ledger_entry.c.event_id == event_id, ledger_entry.c.kind == kind
    )
    return (await work.scalar(last) or 0) + 1


async def gain_skills(work: AsyncSession, citizen_id: CitizenId, themes: Iterable[ThemeCode], *, now: datetime) -> None:
    """Begin a period of holding for each theme whose skill isn't held.

    Ids are random: one that tells the time would date the participation that completed it, which may not be listed.
    """
    rows: list[dict[str, Any]] = [
        {
            "id": uuid4(),
            "citizen_id": citizen_id,
            "theme": theme,
            "source": SkillSource.REPEATED_CONTRIBUTION,
            "acquired_at": now,
        }
        for theme in sorted(themes)
    ]
    if rows:
        await work.execute(insert(skill_holding).values(rows).on_conflict_do_nothing())


async def lose_skills(work: AsyncSession, citizen_id: CitizenId, themes: Iterable[ThemeCode], *, now: datetime) -> None:
    """End the holding of what repeated contribution gave; what was recognised stays."""
    held = skill_holding.c
    which = (held.citizen_id == citizen_id) & held.theme.in_(sorted(themes)) & held.lost_at.is_(None)
    by_repetition = held.source == SkillSource.REPEATED_CONTRIBUTION
    # A skill is held from its beginning on: what was gained by an attendance recorded later isn't lost before it.
    lost = sa.func.greatest(sa.cast(now, held.acquired_at.type), held.acquired_at)
    await work.execute(sa.update(skill_holding).where(which, by_repetition).values(lost_at=lost))
