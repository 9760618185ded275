"""The organisers' desk: who registered, who was there, and who wasn't."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from db.queries import desk as queries
from db.queries.desk import RegistrationsOf
from db.writes import events as event_writes
from db.writes import participations as writes
from db.writes.grounds import grounds
from db.writes.outbox import tell
from domain.attendance import check_desk_open, check_settled
from domain.events import Event, EventStatus, UnknownEvent
from domain.filters import ParticipationFilter
from domain.ids import EventId, ParticipationId
from domain.notifications import NotificationKind
from domain.paging import Page, Window
from domain.participations import AttendanceEvidence, Participation, ParticipationStatus
from domain.permissions import may_confirm, person, sits_at_desk, somebody
from domain.refusals import refuse_if_any
from resolvers import awards
from resolvers.context import Context
from resolvers.waiting_list import promote


def sits_at(ctx: Context, of: Event) -> bool:
    """Whether who asks may see who registered: those who organise, their tokens, and moderators."""
    return sits_at_desk(ctx.caller, of)


async def registrations(
    ctx: Context, of: EventId, where: ParticipationFilter, *, search: str, window: Window
) -> Page[Participation]:
    """Everyone who registered, in any state, by handle; nobody where the viewer doesn't sit at that desk."""
    return await ctx.loaders.registrations.load((RegistrationsOf(of, where, search), window))


async def registration_total(ctx: Context, of: EventId, where: ParticipationFilter, *, search: str) -> int:
    return await ctx.loaders.registration_total.load(RegistrationsOf(of, where, search))


async def handle(ctx: Context, of: ParticipationId) -> str | None:
    """The handle of who takes part; None where neither the profile shows nor the viewer sits at that desk."""
    return await ctx.loaders.participant_handle.load(of)


async def place_in_line(ctx: Context, of: Participation) -> int | None:
    """The place of who waits, from 1 on, to themselves and at the desk; None for whoever doesn't wait."""
    waits = of.status is ParticipationStatus.WAITLISTED
    return await ctx.loaders.place_in_line.load(of.id) if waits else None


async def confirm_attendance(
    ctx: Context, event_id: EventId, *, attended: Sequence[UUID], absent: Sequence[UUID]
) -> list[Participation]:
    """Say who was there, and who wasn't; each is awarded once, and what was confirmed by mistake is taken back.

    Args:
        ctx: The request, by one who organises the event or by a token of its organisation.
        event_id: The event.
        attended: Who was there: ids of participations or of citizens.
        absent: Who wasn't, likewise.

    Returns:
        The participations that were named, in that order, as they are now.

    Raises:
        Refusals: somebody named can't be taken, each at their place; then nobody is.
    """
    asking = somebody(ctx.caller)
    viewer = person(asking)
    evidence = AttendanceEvidence.ORGANIZER if viewer else AttendanceEvidence.PARTNER
    now = ctx.now()
    named = [*attended, *absent]
    async with ctx.unit_of_work() as work:
        event = await event_writes.lock_event(work, event_id, asking)
        if event is None:
            raise UnknownEvent("event")
        may_confirm(asking, event)
        check_desk_open(event, now=now)
        found = await queries.at_desk(work, event_id, named)
        here, away = [found.get(key) for key in attended], [found.get(key) for key in absent]
        people = {each.citizen_id for each in found.values()}
        refuse_if_any(
            check_settled(
                attended=here,
                absent=away,
                organizing=({viewer.citizen_id} if viewer else set())
                | await queries.organizing(work, event_id, people),
                taken=await writes.seats_taken(work, event_id),
                capacity=event.details.capacity,
            )
        )
        came = _once(each for each in here if each and each.status is not ParticipationStatus.ATTENDED)
        stayed_away = _once(each for each in away if each and each.status is not ParticipationStatus.NO_SHOW)
        concerned = {each.citizen_id for each in (*came, *stayed_away)}
        completed = event.status is EventStatus.COMPLETED
        books = await awards.open_books(work, concerned, event=event, settled=completed)
        now = ctx.now()  # after the wait for the books: what is recorded later is never dated before
        for each in stayed_away:
            await writes.mark_absent(work, each)
            await awards.take_back(ctx, work, event, each.citizen_id, books=books, now=now)
        policy = ctx.policies.in_force_at(event.details.starts_at)
        for each in came:
            rests_on = await grounds(work, each.citizen_id, event, days=policy.repeat_window_days)
            given = await awards.give(ctx, work, event, each, evidence, rests_on=rests_on, books=books, now=now)
            points = given.points_awarded or 0
            kind = NotificationKind.ATTENDANCE_CONFIRMED
            await tell(work, [each.citizen_id], kind, event_id=event_id, now=now, points=points)
        await awards.reconsider(ctx, work, books=books, now=now)
        await promote(ctx, work, event, now=now)
    async with ctx.reading() as session:
        found = await queries.at_desk(session, event_id, named)
    return _once(found[key] for key in named if key in found)


def _once(people: Iterable[Participation]) -> list[Participation]:
    """Each of them once, in their order."""
    return list({each.id: each for each in people}.values())
