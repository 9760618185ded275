"""What awards rest on: who attended what, and whose ORGANIZING award hangs on it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from db.paging import KEY, Row
from db.queries.awards import counted_organizer, counting, current_award, standing_award
from db.queries.events import SECRETS, read_event
from db.queries.ledger import read_entry
from db.questions import Select, question
from db.tables import account, event, ledger_entry, participation
from db.work import Work
from domain.events import Event, EventStatus
from domain.ids import CitizenId, EventId
from domain.ledger import LedgerEntry, LedgerKind
from domain.permissions import Caller
from domain.points import EarlierAward, Span


class Organized(NamedTuple):
    """A citizen and an event that they organise in their own name. They sort, so that all take them in one order."""

    citizen_id: CitizenId
    event_id: EventId


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizingFacts:
    """What decides on an ORGANIZING award.

    `counted` participants have a verified address and have attended another organiser's event. Of an `erased` one
    nobody knows any more: they give no award, and take none away.
    """

    event: Event
    took_place: bool
    counted: int
    erased: int


def organizer_key() -> sa.ColumnElement[Any]:
    """Who an event counts for; never null."""
    return sa.func.coalesce(counted_organizer(), event.c.organization_id)


async def standing(
    work: Work, citizen_id: CitizenId, event_id: EventId, kind: LedgerKind = LedgerKind.PARTICIPATION
) -> LedgerEntry | None:
    """The citizen's un-reversed award of a kind for an event."""
    mine = current_award(kind).where(ledger_entry.c.citizen_id == citizen_id, ledger_entry.c.event_id == event_id)
    row = (await work.execute(_whole(mine))).one_or_none()
    return None if row is None else read_entry(row)


async def numbered(work: Work, citizen_id: CitizenId, number: int) -> LedgerEntry:
    """An entry by its number in the citizen's ledger."""
    entries = sa.select(ledger_entry)
    mine = entries.where(ledger_entry.c.citizen_id == citizen_id, ledger_entry.c.number == number)
    return read_entry((await work.execute(_whole(mine))).one())


async def has_account(work: Work, citizen_id: CitizenId) -> bool:
    """Whether there is such a citizen, and not what is left of one whose account is gone."""
    return bool(await work.scalar(sa.select(sa.exists().where(account.c.citizen_id == citizen_id))))


async def awarded(work: Work, event_id: EventId) -> list[CitizenId]:
    """Whose PARTICIPATION award for an event stands."""
    award = current_award().subquery("award")
    rows = await work.execute(
        sa.select(participation.c.citizen_id)
        .join(award, (award.c.citizen_id == participation.c.citizen_id) & (award.c.event_id == event_id))
        .where(participation.c.event_id == event_id)
    )
    return list(rows.scalars())


async def last_reversal(work: Work, of: Organized) -> datetime | None:
    """When the ORGANIZING award was last taken back; None where it never was."""
    reversal = ledger_entry.alias("reversal")
    last: datetime | None = await work.scalar(
        sa.select(sa.func.max(reversal.c.occurred_at))
        .join(
            ledger_entry,
            (ledger_entry.c.citizen_id == reversal.c.citizen_id) & (ledger_entry.c.id == reversal.c.reverses_id),
        )
        .where(
            reversal.c.citizen_id == of.citizen_id,
            ledger_entry.c.event_id == of.event_id,
            ledger_entry.c.kind == LedgerKind.ORGANIZING,
        )
    )
    return last


async def organizing_facts(work: Work, of: Organized) -> OrganizingFacts:
    """The facts as they are now. They are right under the lock of the organiser's totals."""
    columns = (column for column in event.c if column.name not in SECRETS)
    row = (await work.execute(sa.select(*columns).where(event.c.id == of.event_id))).one()
    award, (counted, erased) = current_award().subquery("award"), counting(of.citizen_id)
    sums = (
        await work.execute(
            sa.select(counted.label("counted"), erased.label("erased"))
            .select_from(participation)
            .join(award, (award.c.citizen_id == participation.c.citizen_id) & (award.c.event_id == of.event_id))
            .outerjoin(account, account.c.citizen_id == participation.c.citizen_id)
            .where(participation.c.event_id == of.event_id)
        )
    ).one()
    return OrganizingFacts(
        event=read_event(row),
        took_place=row.status == EventStatus.COMPLETED and row.annulled_at is None,
        counted=sums.counted,
        erased=sums.erased,
    )


async def earlier_organized(work: Work, citizen_id: CitizenId, of: Event, *, days: int) -> list[EarlierAward]:
    """The citizen's other ORGANIZING awards that stand, for events that began within so many days of `of`."""
    award = current_award(LedgerKind.ORGANIZING).where(ledger_entry.c.citizen_id == citizen_id).subquery("award")
    near = sa.func.abs(sa.extract("epoch", event.c.starts_at - of.details.starts_at)) <= days * 86_400
    rows = await work.execute(
        sa.select(event.c.starts_at, event.c.ends_at)
        .join(award, award.c.event_id == event.c.id)
        .where(near, event.c.id != of.id)
    )
    return [EarlierAward(Span(row.starts_at, row.ends_at), citizen_id) for row in rows]


@question()
def _hanging_on(_: Caller, besides: bool) -> Select:
    award = standing_award()
    citizens, changed = sa.bindparam("citizens", type_=sa.ARRAY(KEY)), sa.bindparam("changed", type_=KEY)
    attended = (
        sa.select(award.c.citizen_id, event.c.id, event.c.organization_id, event.c.proposer_id, organizer_key())
        .join(event, event.c.id == award.c.event_id)
        .where(award.c.citizen_id == sa.any_(citizens), event.c.id != changed if besides else sa.true())
    ).subquery("attended")
    citizen_id, event_id, organization_id, proposer_id, organizer = attended.c
    found = sa.select(proposer_id, event_id).where(organization_id.is_(None), proposer_id.is_not(None))
    if besides:
        of_one = sa.select(citizen_id).group_by(citizen_id).having(sa.func.count(organizer.distinct()) == 1)
        found = found.where(citizen_id.in_(of_one))
    return found.distinct()


async def hanging_on(work: Work, citizens: Collection[CitizenId], changed: EventId | None) -> set[Organized]:
    """Whose ORGANIZING awards may change with what `citizens` are or attend, besides the event itself.

    Where all that a citizen has attended, but for the `changed` event, comes from one organiser, that event is what
    makes them count there, or not. With no event it is the citizens themselves who change: all that they attended.
    """
    found = await _hanging_on.ask(work, None, changed is not None, citizens=list(citizens), changed=changed)
    return {Organized(row["proposer_id"], row["id"]) for row in found}


def _whole(entries: sa.Select[Any]) -> sa.Select[Row]:
    """Entries as they are, for what is done with them."""
    return entries.add_columns(sa.null().label("event_title"), sa.false().label("redacted"))
