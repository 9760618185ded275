"""The award that stands: a participation's ledger entry that no entry reverses."""

from functools import cache
from typing import Any

import sqlalchemy as sa

from db.paging import Row
from db.tables import account, event, ledger_entry, participation
from domain.ids import CitizenId
from domain.ledger import LedgerKind
from domain.points import ScoredEvent, Span
from domain.words import ThemeCode

SCORED = ("id", "starts_at", "ends_at", "effort_minutes", "engagement", "themes", "by_verified", "proposer_id")
"""The columns of an event that its worth rests on."""


@cache
def current_award(kind: LedgerKind = LedgerKind.PARTICIPATION) -> sa.Select[Any]:
    """Every un-reversed award of a kind; there is one at most for a citizen and an event.

    Statements don't change, and this one takes a millisecond to build.
    """
    reversal = ledger_entry.alias("reversal")
    reversed_ = sa.exists().where(
        reversal.c.citizen_id == ledger_entry.c.citizen_id, reversal.c.reverses_id == ledger_entry.c.id
    )
    return sa.select(ledger_entry).where(ledger_entry.c.kind == kind, sa.not_(reversed_))


@cache
def standing_award(name: str = "award") -> sa.Subquery:
    """The same, of the kind PARTICIPATION, to be joined."""
    return current_award().subquery(name)


def of_award(column: sa.Column[Any]) -> sa.ScalarSelect[Any]:
    """A column of the award that stands for the participation beside it; null where none does.

    A column, for PostgreSQL to look it up for the rows of a page alone, once those are found: joined, whole ledgers
    were read for it. Were there two, against the rule, it is the later one: `ledger verify` finds that.
    """
    its = current_award().where(
        ledger_entry.c.citizen_id == participation.c.citizen_id,
        ledger_entry.c.event_id == participation.c.event_id,  # for the index
        ledger_entry.c.participation_id == participation.c.id,
    )
    latest = its.order_by(ledger_entry.c.attempt.desc()).limit(sa.literal_column("1"))
    return latest.with_only_columns(column).correlate(participation).scalar_subquery()


def counting(organizer: sa.ColumnElement[Any] | CitizenId) -> tuple[sa.ColumnElement[int], sa.ColumnElement[int]]:
    """How many participants count towards the ORGANIZING award of `organizer`, and how many erased ones.

    Needs `participation`, and `account` as an outer join. Of an erased one nobody knows any more.
    """
    other, elsewhere = current_award().subquery("other"), event.alias("elsewhere")
    met_another = sa.exists().where(
        other.c.citizen_id == participation.c.citizen_id,
        other.c.event_id == elsewhere.c.id,
        sa.case((elsewhere.c.by_verified, elsewhere.c.organization_id), else_=elsewhere.c.proposer_id).is_distinct_from(
            organizer
        ),
    )
    counted = account.c.email_verified_at.is_not(None) & met_another
    return sa.func.count().filter(counted), sa.func.count().filter(account.c.citizen_id.is_(None))


def counted_organizer() -> sa.ColumnElement[Any]:
    """Who an event counts for: its verified organisation, else the citizen who proposed it (product.md, section 2)."""
    return sa.case((event.c.by_verified, event.c.organization_id), else_=event.c.proposer_id)


def scored_event(row: Row) -> ScoredEvent:
    """What an event's worth rests on, from a row that has its columns of `SCORED`."""
    return ScoredEvent(
        id=row.id,
        span=Span(row.starts_at, row.ends_at),
        effort_minutes=row.effort_minutes,
        engagement=row.engagement,
        themes=tuple(map(ThemeCode, row.themes)),
        counted_organizer=None if row.by_verified else row.proposer_id,
    )
