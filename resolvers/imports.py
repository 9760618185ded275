"""Agendas that others keep, brought in: each row is a new event, a change to one, or nothing new."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from db.queries import organizations, reference
from db.queries.events import participant_counts
from db.work import Work
from db.writes import imports as writes
from domain import fields
from domain.events import Event, EventCounts, EventDetails, EventStatus, check_details, located
from domain.ids import TerritoryCode
from domain.imports import ImportedEvent, NotKept
from domain.organizations import Organization, UnknownOrganization
from domain.refusals import Refusal, Refusals
from domain.territories import Territory, UnknownTerritory
from resolvers import event_changes, event_endings, import_rules
from resolvers.context import Context
from resolvers.failures import NOT_TAKEN, cause_of, unavailable
from resolvers.slugs import slug_of

BATCH = 500
"""Rows in a unit of work: enough to be quick, few enough to hold no lock for long."""

LONGEST_EXTERNAL_ID = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedRow:
    """A row that wasn't taken. `row` is its place among what was given, from 0; `refusals` tell why."""

    row: int
    external_id: str
    title: str
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What became of the rows. `completed` and `cancelled` count those of `created` and `updated` that are so now."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    completed: int = 0
    cancelled: int = 0
    refused: tuple[RefusedRow, ...] = ()

    def __add__(self, other: "ImportReport") -> "ImportReport":
        return ImportReport(
            created=self.created + other.created,
            updated=self.updated + other.updated,
            unchanged=self.unchanged + other.unchanged,
            completed=self.completed + other.completed,
            cancelled=self.cancelled + other.cancelled,
            refused=self.refused + other.refused,
        )


_Row = tuple[int, ImportedEvent]


async def import_events(
    ctx: Context, organization: Organization, events: Sequence[ImportedEvent], *, dry_run: bool = False
) -> ImportReport:
    """Bring events of an organisation in, by their external ids; what is here and the same stays untouched.

    A verified organisation's are published, another's are submitted; those that are over are COMPLETED. A row that
    can't be taken is reported and harms no other. Who may import for the organisation is for the caller to ask.

    Args:
        ctx: Who asks.
        organization: Whose events they are; whether it is verified is read afresh for each batch.
        events: The rows. A second one with the external id of another is refused.
        dry_run: Tell what would become of them, and write nothing.

    Raises:
        UnknownOrganization: It has gone.
    """
    total = ImportReport()
    first: dict[str, _Row] = {event.external_id: (row, event) for row, event in reversed(list(enumerate(events)))}
    again = [each for each in enumerate(events) if first[each[1].external_id] != each]
    twice = [_refused(each, fields.Repeated("externalId")) for each in again]
    rows = [first[external_id] for external_id in sorted(first)]
    for start in range(0, len(rows), BATCH):
        total += await _taken(ctx, organization, rows[start : start + BATCH], dry_run=dry_run)
    return replace(total, refused=tuple(sorted([*total.refused, *twice], key=attrgetter("row"))))


async def _taken(ctx: Context, organization: Organization, rows: Sequence[_Row], *, dry_run: bool) -> ImportReport:
    """One batch. Where it fails, its halves are tried, down to the row that is to blame."""
    try:
        if dry_run:
            async with ctx.reading() as session:
                return (await _weighed(ctx, session, organization, rows, locked=False)).report()
        return await _written(ctx, organization, rows)
    except NOT_TAKEN as error:
        if len(rows) > 1:
            middle = len(rows) // 2
            first = await _taken(ctx, organization, rows[:middle], dry_run=dry_run)
            return first + await _taken(ctx, organization, rows[middle:], dry_run=dry_run)
        if unavailable(error):
            raise
        reason, *_ = str(cause_of(error)).splitlines() or [""]
        return ImportReport(refused=(_refused(rows[0], NotKept(reason=reason)),))


async def _written(ctx: Context, organization: Organization, rows: Sequence[_Row]) -> ImportReport:
    """One unit of work. What concerns people who take part has one of its own, as if its organisers had done it.

    Rows that somebody else brought in at the same moment are looked at again.
    """
    async with ctx.unit_of_work() as work:
        weighed = await _weighed(ctx, work, organization, rows, locked=True)
        people = {key for key, change in weighed.changed.items() if change.concerns_people} if len(rows) > 1 else set()
        changes = [change for key, change in weighed.changed.items() if key not in people]
        await writes.change(work, [change.after for change in changes], policies=ctx.policies)
        for change in changes:
            if change.concerns_people:
                await _follow_up(ctx, work, change)
        added = await writes.add(
            work, organization.id, list(weighed.new.values()), policies=ctx.policies, now=ctx.now()
        )
    late = weighed.new.keys() - added
    weighed.leave_out(late | people)
    report = weighed.report()
    alone = [[row] for row in rows if row[1].external_id in people]
    for again in ([row for row in rows if row[1].external_id in late], *alone):
        if again:
            report += await _taken(ctx, organization, again, dry_run=False)
    return report


async def _follow_up(ctx: Context, work: Work, change: "_Change") -> None:
    """What a change brings about for those who take part."""
    before, after = change.before, change.after
    now = after.updated_at
    if after.status is EventStatus.CANCELLED and before.status is not EventStatus.CANCELLED:
        await event_endings.call_off(ctx, work, after, reason=after.cancellation_reason, annulled=False, now=now)
    else:
        await event_changes.follow_up(ctx, work, before, after, now=now)


@dataclass(frozen=True, slots=True)
class _Change:
    before: Event
    after: Event
    concerns_people: bool


@dataclass(frozen=True, slots=True)
class _Weighed:
    """What is to be done with the rows of a batch, by external id."""

    new: dict[str, writes.Arrival]
    changed: dict[str, _Change]
    same: set[str]
    refused: list[RefusedRow]

    def leave_out(self, external_ids: Collection[str]) -> None:
        for external_id in external_ids:
            self.new.pop(external_id, None)
            self.changed.pop(external_id, None)

    def report(self) -> ImportReport:
        statuses = [each.status for each in self.new.values()]
        statuses += [each.after.status for each in self.changed.values()]
        return ImportReport(
            created=len(self.new),
            updated=len(self.changed),
            unchanged=len(self.same),
            completed=statuses.count(EventStatus.COMPLETED),
            cancelled=statuses.count(EventStatus.CANCELLED),
            refused=tuple(self.refused),
        )


async def _weighed(
    ctx: Context, session: AsyncSession, organization: Organization, rows: Sequence[_Row], *, locked: bool
) -> _Weighed:
    """Decide on each row. What differs from what is here is locked, if that is asked, and looked at again."""
    owner = (await organizations.by_id(session, [organization.id])).get(organization.id)
    if owner is None:
        raise UnknownOrganization("organization")
    weighed = _Weighed({}, {}, set(), [])
    good = await _checked(session, rows, weighed.refused)
    known = await writes.known(session, owner.id, [event.external_id for _, event in good])
    different: list[_Row] = []
    for each in good:
        key = each[1].external_id
        if key not in known:
            weighed.new[key] = _arrival(each[1], verified=owner.verified, now=ctx.now())
        elif import_rules.same(known[key], each[1]):
            weighed.same.add(key)
        else:
            different.append(each)
    if different:
        await _reconsider(ctx, session, weighed, different, owner, locked=locked)
    return weighed


async def _reconsider(
    ctx: Context, session: AsyncSession, weighed: _Weighed, rows: Sequence[_Row], owner: Organization, *, locked: bool
) -> None:
    """Decide on rows that are here already, and different."""
    known = await writes.known(session, owner.id, [event.external_id for _, event in rows], locked=locked)
    now = ctx.now()  # not before the locks: what happened meanwhile came first
    ids = [each.id for each in known.values()]
    counts = await participant_counts(session, ids)
    confirmed = await writes.ever_confirmed(session, ids)
    for row in rows:
        event = row[1]
        here = known[event.external_id]
        there = counts.get(here.id, EventCounts())
        if import_rules.same(here, event):
            weighed.same.add(event.external_id)
            continue
        try:
            after = import_rules.changed(
                here,
                event,
                taken=there.registered + there.attended,
                confirmed=here.id in confirmed,
                verified=owner.verified,
                now=now,
            )
        except Refusal as refusal:
            weighed.refused.append(_refused(row, refusal))
        except Refusals as several:
            weighed.refused.append(_refused(row, *several.refusals))
        else:
            people = there != EventCounts() or here.id in confirmed
            weighed.changed[event.external_id] = _Change(here, after, people)


async def _checked(session: AsyncSession, rows: Sequence[_Row], refused: list[RefusedRow]) -> list[_Row]:
    """The rows that follow the rules of every event, with their territory; the others are added to `refused`."""
    rows = [(row, replace(event, details=_in_utc(located(event.details)))) for row, event in rows]
    codes = {code for _, event in rows if (code := event.details.territory) and code.isprintable()}
    territories = await reference.by_code(session, sorted(codes))
    good: list[_Row] = []
    for each in rows:
        if wrong := list(_wrong(each[1], territories)):
            refused.append(_refused(each, *wrong))
        else:
            good.append(each)
    return good


def _wrong(event: ImportedEvent, territories: Mapping[TerritoryCode, Territory]) -> Iterator[Refusal]:
    yield from fields.text(event.external_id, "externalId", minimum=1, maximum=LONGEST_EXTERNAL_ID)
    if not event.external_id.isprintable():
        yield NotKept("externalId", reason="a character that can't be printed")
    yield from check_details(event.details)
    if event.details.territory and event.details.territory not in territories:
        yield UnknownTerritory("territory")


def _arrival(event: ImportedEvent, *, verified: bool, now: datetime) -> writes.Arrival:
    details = event.details
    over = details.ends_at <= now
    # An agenda repeats its titles: the day tells them apart, and stays the same in whichever order they come.
    day = details.starts_at.astimezone(ZoneInfo(details.time_zone)).date()
    return writes.Arrival(
        external_id=event.external_id,
        details=details,
        slug=f"{slug_of(details.title, otherwise='evenement')}-{day}",
        status=import_rules.status_on_arrival(event, verified=verified, now=now),
        by_verified=verified,
        published_at=now if verified or over else None,
        cancellation_reason=import_rules.CALLED_OFF if event.cancelled else None,
    )


def _in_utc(details: EventDetails) -> EventDetails:
    return replace(details, starts_at=details.span.starts_at, ends_at=details.span.ends_at)


def _refused(row: _Row, *refusals: Refusal) -> RefusedRow:
    number, event = row
    return RefusedRow(row=number, external_id=event.external_id, title=event.details.title, refusals=refusals)
