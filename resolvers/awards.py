"""Awards: given, taken back, and the organiser's that hangs on those of the participants.

Whoever gives or takes back holds the event's row first, then opens the books of everybody concerned. Two who do so
at once wait for each other, and the later sees what the earlier did.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from db.work import Work
from db.writes import awards as writes
from db.writes import ledger
from db.writes.awards import Organized
from db.writes.grounds import Grounds
from db.writes.outbox import News, tell_news
from db.writes.participations import mark_attended
from db.writes.standings import AtTheDoor
from domain.events import Event, EventStatus
from domain.ids import CitizenId, LedgerEntryId, ParticipationId
from domain.influence import Totals
from domain.ledger import LedgerEntry, LedgerKind, reversal_of
from domain.notifications import NotificationKind
from domain.organizing import deserved
from domain.participations import AttendanceEvidence, Participation
from domain.points import Award, organizing_award, participation_award
from domain.skills import Contribution, skills_earned
from domain.words import ThemeCode
from resolvers.context import Context


class OthersAreConcerned(Exception):  # noqa: N818
    """Awards of others hang on it, whose totals weren't taken.

    Attributes:
        citizens: Whose totals are to be taken, theirs and all others.
    """

    def __init__(self, citizens: Iterable[CitizenId]) -> None:
        super().__init__()
        self.citizens = frozenset(citizens)


@dataclass(frozen=True, slots=True)
class Books:
    """The locked totals of the citizens that a unit of work may give to or take from, and whose awards hang on it."""

    totals: dict[CitizenId, Totals]
    organized: frozenset[Organized]


@dataclass(frozen=True, slots=True)
class Brought:
    """What it brings to have been there: an award, skills that it completes, and what there is to tell of both."""

    award: Award
    skills: list[ThemeCode]
    news: list[News]


async def open_books(
    work: Work, citizens: Collection[CitizenId], *, event: Event | None, settled: bool = False
) -> Books:
    """Lock the totals of `citizens`, and of the organisers whose awards hang on what these attend, in order of id.

    Args:
        work: The unit of work; the event's row is locked already.
        citizens: Whose attendance of `event` changes; without an event, who changes themselves.
        event: What they attend, or attend no more.
        settled: Whether the event's own organiser is concerned: it is completed, or was.
    """
    own = _own(event) if event is not None and settled else frozenset()
    organized = own
    await work.mark()
    while True:
        # Who organises is known for sure once the participants are locked; where somebody is missing, all are
        # let go and taken anew, for only in order of id does nobody wait in a circle.
        totals = await ledger.lock_all(work, {*citizens, *(each.citizen_id for each in organized)})
        needed = own | await writes.hanging_on(work, citizens, event.id if event else None)
        if {each.citizen_id for each in needed} <= totals.keys():
            return Books(totals, frozenset(needed))
        await work.go_back()
        organized = organized | needed


def books_of_one(totals: dict[CitizenId, Totals], rests_on: Grounds, event: Event) -> Books:
    """The books of one who attends, once their totals are locked, and those of whom it may concern.

    Raises:
        OthersAreConcerned: totals are missing; nobody waits in a circle only where all are taken anew, in order of id.
    """
    needed = _concerned(rests_on, event)
    citizens = {each.citizen_id for each in needed}
    if not citizens <= totals.keys():
        raise OthersAreConcerned(citizens | totals.keys())
    return Books(totals, needed)


def _concerned(rests_on: Grounds, event: Event) -> frozenset[Organized]:
    """The awards that hang on somebody's attending an event."""
    return rests_on.organized | (_own(event) if event.status is EventStatus.COMPLETED else frozenset())


def _own(event: Event) -> frozenset[Organized]:
    """The award of who organises an event in their own name, if anybody does."""
    if event.organization_id is not None or event.proposer_id is None:
        return frozenset()
    return frozenset([Organized(event.proposer_id, event.id)])


async def give(
    ctx: Context,
    work: Work,
    event: Event,
    seated: Participation,
    evidence: AttendanceEvidence,
    *,
    rests_on: Grounds,
    books: Books,
    now: datetime,
) -> Participation:
    """Establish that somebody was there, give the points of it, and the skills that it completes.

    No points where the award stands already. The organisers' awards that hang on it are looked at by `reconsider`,
    once everything is given. Answers the participation with what it brought.
    """
    if rests_on.given:
        return await mark_attended(work, seated, evidence=evidence, now=now)
    citizen_id = seated.citizen_id
    before = books.totals[citizen_id]
    brought = _brought(ctx, event, rests_on, before, now=now)
    attended, after = await ledger.record_attendance(work, seated, evidence, before, brought.award, now=now)
    books.totals[citizen_id] = after
    await ledger.gain_skills(work, citizen_id, brought.skills, brought.news, event_id=event.id, now=now)
    return attended


async def give_at_once(ctx: Context, door: AtTheDoor, seated: Participation, *, now: datetime) -> Participation | None:
    """The same for who checks in, as one statement, where nothing that it rests on changes before it is written.

    None, and nothing is given, where it does, or where there is more to do: they come for the first time, it was given
    before, or awards of others hang on it.
    """
    event, rests_on, totals = door.event, door.grounds, door.totals
    if totals is None or rests_on.given or _concerned(rests_on, event):
        return None
    brought = _brought(ctx, event, rests_on, totals, now=now)
    written = ledger.attend_at_once(
        ctx.services.database,
        seated,
        AttendanceEvidence.CHECK_IN_CODE,
        totals,
        brought.award,
        gained=brought.skills,
        news=brought.news,
        versions=door.versions,
        now=now,
    )
    return await ctx.at_once(written)


def _brought(ctx: Context, event: Event, rests_on: Grounds, before: Totals, *, now: datetime) -> Brought:
    """What it brings to have been there."""
    themes, policy = event.details.themes, ctx.policies.in_force_at(event.details.starts_at)
    award = participation_award(event.scored(), holdings=rests_on.holdings, earlier=rests_on.earlier, policy=policy)
    this = [] if award.computation.overlapping else [Contribution(themes, event.counted_for_skills)]
    earned = skills_earned([*rests_on.contributions, *this], policy=policy)
    held = {holding.theme for holding in rests_on.holdings if holding.lost_at is None}
    gained = sorted((earned & set(themes)) - held)
    news = [News(NotificationKind.SKILL_GAINED, {"theme": theme.value}) for theme in gained]
    after = ledger.after(before, award, LedgerKind.PARTICIPATION)
    return Brought(award, gained, news + _level(ctx, before, after, now=now))


async def take_back(
    ctx: Context, work: Work, event: Event, citizen_id: CitizenId, *, books: Books, now: datetime
) -> None:
    """Reverse the award of an attendance, exactly and once; a skill goes where either mark isn't reached any more."""
    standing = await writes.standing(work, citizen_id, event.id)
    if standing is None:
        return
    await _reverse(ctx, work, event, standing, books=books, now=now)
    policy = ctx.policies.in_force_at(event.details.starts_at)
    themes = event.details.themes
    earned = skills_earned(await ledger.contributions(work, citizen_id, themes), policy=policy)
    await ledger.lose_skills(work, citizen_id, set(themes) - earned, now=now)


async def take_back_all(ctx: Context, work: Work, event: Event, *, now: datetime) -> None:
    """Reverse every award of an event that was cancelled or annulled; call it once the event's row says so."""
    citizens = await writes.awarded(work, event.id)
    books = await open_books(work, citizens, event=event, settled=True)
    while citizens:
        for citizen_id in sorted(citizens):
            await take_back(ctx, work, event, citizen_id, books=books, now=now)
        # Who erased their account meanwhile has another id: nobody's award is forgotten.
        citizens = await writes.awarded(work, event.id)
        books = Books(
            books.totals | await ledger.lock_all(work, set(citizens) - books.totals.keys()),
            books.organized,
        )
    await reconsider(ctx, work, books=books, now=now)


async def reconsider_event(ctx: Context, work: Work, event: Event, *, now: datetime) -> None:
    """Give its organiser what a completed event brings; call it once the event's row says so."""
    await reconsider(ctx, work, books=await open_books(work, [], event=event, settled=True), now=now)


async def reconsider_organizing(ctx: Context, work: Work, citizen_id: CitizenId, *, now: datetime) -> None:
    """Look again at the awards of those who organised what a citizen attended: their address was just verified."""
    await reconsider(ctx, work, books=await open_books(work, [citizen_id], event=None), now=now)


async def reconsider(ctx: Context, work: Work, *, books: Books, now: datetime) -> None:
    """Give or take back each ORGANIZING award that hangs on what was changed under these books."""
    for organized in sorted(books.organized):
        await _reconsider(ctx, work, organized, books=books, now=now)


async def _reconsider(ctx: Context, work: Work, of: Organized, *, books: Books, now: datetime) -> None:
    facts = await writes.organizing_facts(work, of)
    standing = await writes.standing(work, of.citizen_id, of.event_id, LedgerKind.ORGANIZING)
    policy = ctx.policies.in_force_at(facts.event.details.starts_at)
    due = deserved(
        took_place=facts.took_place,
        counted=facts.counted,
        erased=facts.erased,
        stands=standing is not None,
        taken_back_at=None if standing else await writes.last_reversal(work, of),
        policy=policy,
        now=now,
    )
    if standing is not None and not due:
        await _reverse(ctx, work, facts.event, standing, books=books, now=now)
    elif standing is None and due:
        days = policy.repeat_window_days
        earlier = await writes.earlier_organized(work, of.citizen_id, facts.event, days=days)
        award = organizing_award(facts.event.scored(), earlier=earlier, policy=policy)
        await record(ctx, work, of.citizen_id, award, LedgerKind.ORGANIZING, books=books, event=facts.event, now=now)


async def _reverse(ctx: Context, work: Work, event: Event, entry: LedgerEntry, *, books: Books, now: datetime) -> None:
    await record(
        ctx,
        work,
        entry.citizen_id,
        reversal_of(entry),
        LedgerKind.REVERSAL,
        books=books,
        event=event,
        participation_id=entry.participation_id,
        reverses_id=entry.id,
        now=now,
    )


async def record(
    ctx: Context,
    work: Work,
    citizen_id: CitizenId,
    award: Award,
    kind: LedgerKind,
    *,
    books: Books,
    event: Event | None = None,
    participation_id: ParticipationId | None = None,
    reverses_id: LedgerEntryId | None = None,
    now: datetime,
) -> LedgerEntryId:
    """Append an entry, keep the books, and tell the citizen of a level that it reaches."""
    before = books.totals[citizen_id]
    recorded = await ledger.record(
        work,
        citizen_id,
        before,
        award,
        kind=kind,
        event_id=event.id if event else None,
        participation_id=participation_id,
        reverses_id=reverses_id,
        now=now,
    )
    books.totals[citizen_id] = recorded.totals
    news = _level(ctx, before, recorded.totals, now=now)
    await tell_news(work, citizen_id, news, event_id=event.id if event else None, now=now)
    return recorded.id


def _level(ctx: Context, before: Totals, after: Totals, *, now: datetime) -> list[News]:
    """What there is to tell of a level that somebody reaches."""
    policy = ctx.policies.in_force_at(now)
    level = policy.level_at(after.points)
    return [News(NotificationKind.LEVEL_REACHED, {"level": level})] if level > policy.level_at(before.points) else []
