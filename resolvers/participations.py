"""Taking part: registering, giving it up, and checking in."""

from collections.abc import Collection, Sequence
from datetime import datetime

from db.queries import participations as queries
from db.queries.participations import HistoryOf
from db.reading import Reader
from db.rows import attributes
from db.work import Work
from db.writes import check_in_brakes as brakes
from db.writes import events as event_writes
from db.writes import participations as writes
from db.writes.standings import AtTheDoor, Seeking, ask_for_a_seat, at_the_door, come_in, seeking
from domain import check_in_codes
from domain.check_in_brake import Brake, after_wrong_code, check_brake
from domain.citizens import Viewer
from domain.events import Event, UnknownEvent
from domain.filters import ParticipationFilter
from domain.ids import CitizenId, EventId, ParticipationId
from domain.paging import Page, Window
from domain.participations import (
    AttendanceEvidence,
    NotTakingPart,
    Participation,
    ParticipationStatus,
    WrongCheckInCode,
    check_may_cancel,
    check_may_check_in,
    check_may_register,
    status_on_registering,
)
from domain.permissions import organizes, person, signed_in
from resolvers import awards
from resolvers.certainty import certain
from resolvers.context import Context, Soon
from resolvers.waiting_list import promote


async def participation(ctx: Context, id: ParticipationId) -> Participation | None:
    return await ctx.loaders.participation.load(id)


async def many(ctx: Context, ids: Sequence[ParticipationId]) -> list[Participation | None]:
    """Participations in the order of their ids."""
    found = await queries.by_id(ctx.reader, person(ctx.caller), ids)
    return [found.get(each) for each in ids]


def points(ctx: Context, of: Sequence[Participation]) -> Soon[int]:
    """What each brought. Asked for where it wasn't read with them."""
    read = attributes(of, "points_awarded")
    return _points(ctx, of) if None in read else read


async def _points(ctx: Context, of: Sequence[Participation]) -> list[int]:
    return [each.points_awarded or 0 for each in await with_awards(ctx, of)]


async def with_awards(ctx: Context, of: Sequence[Participation]) -> Sequence[Participation]:
    """The same, with the award that stands for each: it is asked for where it wasn't read with them."""
    missing = [each.id for each in of if each.points_awarded is None]
    found = await queries.by_id(ctx.reader, person(ctx.caller), missing) if missing else {}
    return [found.get(each.id, each) for each in of]


async def histories(
    ctx: Context, of: Sequence[CitizenId], where: ParticipationFilter, window: Window
) -> Sequence[Page[Participation]]:
    """What citizens have attended and list, newest first."""
    found = await queries.history(ctx.reader, person(ctx.caller), of, where, window)
    return [found[each] for each in of]


async def history_total(ctx: Context, of: CitizenId, where: ParticipationFilter) -> int:
    return await ctx.loaders.history_total.load(HistoryOf(of, where))


async def own(ctx: Context, where: ParticipationFilter, window: Window) -> Page[Participation]:
    """The viewer's participations in every status."""
    return await ctx.loaders.own_participations.load((where, window))


async def own_total(ctx: Context, where: ParticipationFilter) -> int:
    return await ctx.loaders.own_participation_total.load(where)


async def participants(ctx: Context, of: Sequence[EventId], window: Window) -> Sequence[Page[Participation]]:
    """Who attended events, lists it, and may be seen."""
    found = await queries.participants(ctx.reader, person(ctx.caller), of, window)
    return list(map(found.__getitem__, of))


async def participant_total(ctx: Context, of: EventId) -> int:
    return await ctx.loaders.participant_total.load(of)


async def viewer_participation(ctx: Context, in_: EventId) -> Participation | None:
    return await ctx.loaders.viewer_participation.load(in_)


async def register(ctx: Context, event_id: EventId) -> Participation:
    """Take a seat, or a place in line where there is none. However often it is called, there is one."""
    viewer = signed_in(ctx.caller)
    if ctx.turn is None and (seat := await _register_at_once(ctx, viewer, event_id)) is not None:
        return seat
    async with ctx.unit_of_work() as work:
        asked = await ask_for_a_seat(work, viewer, event_id, in_turn=True)
        if asked is None:
            raise UnknownEvent("event")
        event, enough = asked.event, asked.facts
        now = ctx.now()  # after the wait for the event: the line is in the order of its times
        seat = await _take_seat(work, viewer, event, enough, now=now) if enough else None
        if seat is None:  # it takes what is known now that it is their turn
            seat = await _take_seat(work, viewer, event, await seeking(work, viewer, event_id), now=now)
    return certain(seat, "a participation under the lock of its event")


async def _register_at_once(ctx: Context, viewer: Viewer, event_id: EventId) -> Participation | None:
    """A seat for who comes for the first time, where there are seats without end; None where it takes one's turn."""
    asked = await ask_for_a_seat(ctx.services.database.reader, viewer, event_id, in_turn=False)
    if asked is None or asked.facts is None:
        return None
    event, now = asked.event, ctx.now()
    check_may_register(event, organizes=organizes(viewer, event) or asked.facts.organizes, now=now)
    seated = ParticipationStatus.REGISTERED
    database, version = ctx.services.database, asked.version
    return await ctx.at_once(
        writes.add_at_once(database, viewer.citizen_id, event.id, seated, version=version, now=now)
    )


async def _take_seat(
    work: Work, viewer: Viewer, event: Event, facts: Seeking, *, now: datetime
) -> Participation | None:
    """The seat, or the place in line; None where they have one that wasn't known of."""
    if facts.known is not None and facts.known.status is not ParticipationStatus.CANCELLED:
        return await writes.known(work, facts.known)
    check_may_register(event, organizes=organizes(viewer, event) or facts.organizes, now=now)
    status = status_on_registering(taken=facts.taken, capacity=event.details.capacity)
    if facts.known is None:
        return await writes.add_participation(work, viewer.citizen_id, event.id, status, now=now)
    return await writes.come_back(work, facts.known, status, now=now)


async def cancel_registration(ctx: Context, event_id: EventId) -> Participation:
    """Give up a seat or a place in line; the first who waits moves up. Called again, it changes nothing."""
    viewer = signed_in(ctx.caller)
    async with ctx.unit_of_work() as work:
        event = await event_writes.lock_event(work, event_id, viewer)
        if event is None:
            raise UnknownEvent("event")
        now = ctx.now()  # after the wait for the event: the line is in the order of its times
        known = await writes.find(work, viewer.citizen_id, event_id)
        check_may_cancel(event, known, now=now)
        if known is not None and known.status is not ParticipationStatus.CANCELLED:
            await writes.withdraw(work, known, now=now)
            await promote(ctx, work, event, now=now)
    return await _again(ctx, event_id)


async def set_listed(ctx: Context, event_id: EventId, *, listed: bool) -> Participation:
    """Show a participation on one's profile, or hide it: it counts either way."""
    viewer = signed_in(ctx.caller)
    async with ctx.unit_of_work() as work:
        if not await writes.list_on_profile(work, viewer.citizen_id, event_id, listed=listed):
            raise NotTakingPart("event")
    return await _again(ctx, event_id)


async def check_in(ctx: Context, event_id: EventId, *, code: str) -> Participation:
    """Attend, by the code shown on the spot; the points are given once, however often it is called.

    Raises:
        RateLimited: after ten wrong codes, whatever this one is.
    """
    attended = await _check_in_at_once(ctx, event_id, code) if ctx.turn is None else None
    if attended is None:
        attended = await _check_in(ctx, event_id, code)
    if attended is None:  # said once the count is kept: a refusal within the unit of work would undo it
        raise WrongCheckInCode("code")
    return attended


async def _check_in_at_once(ctx: Context, event_id: EventId, code: str) -> Participation | None:
    """The attendance of who has guessed nothing before, where nobody else is concerned; None where it takes a turn."""
    reader = ctx.services.database.reader
    door = await _at_the_door(ctx, reader, event_id)
    if door.known is not None and door.known.status is ParticipationStatus.ATTENDED:
        return await writes.find(reader, door.known.citizen_id, event_id)
    now = ctx.now()
    seated = check_may_check_in(door.event, door.known, organizes=door.organizes, now=now)
    if door.brake != Brake() or not check_in_codes.is_good(code, secret=door.secret, now=now):
        return None
    return await awards.give_at_once(ctx, door, seated, now=now)


async def _at_the_door(ctx: Context, source: Work | Reader, event_id: EventId) -> AtTheDoor:
    days = ctx.policies.longest_repeat_window_days
    door = await at_the_door(source, signed_in(ctx.caller), event_id, days=days)
    if door is None:
        raise UnknownEvent("event")
    return door


async def _check_in(ctx: Context, event_id: EventId, code: str) -> Participation | None:
    """The attendance; None where the code was wrong, and still needed. Guesses at once wait for each other."""
    concerned = frozenset([signed_in(ctx.caller).citizen_id])
    while True:
        try:
            async with ctx.unit_of_work() as work:
                return await _let_in(ctx, work, event_id, code, concerned)
        except awards.OthersAreConcerned as others:  # nothing was changed: the totals of all are taken anew
            concerned = others.citizens


async def _let_in(
    ctx: Context, work: Work, event_id: EventId, code: str, concerned: Collection[CitizenId]
) -> Participation | None:
    viewer = signed_in(ctx.caller)
    totals = await come_in(work, viewer, event_id, concerned)
    now = ctx.now()  # after the wait for the totals: what is recorded later is never dated before
    door = await _at_the_door(ctx, work, event_id)
    event = door.event
    if door.known is not None and door.known.status is ParticipationStatus.ATTENDED:
        return await writes.known(work, door.known)
    seated = check_may_check_in(event, door.known, organizes=door.organizes, now=now)
    check_brake(door.brake, now=now)
    if not check_in_codes.is_good(code, secret=door.secret, now=now):
        await brakes.keep(work, viewer.citizen_id, event.id, after_wrong_code(door.brake, now=now))
        return None
    books = awards.books_of_one(totals, door.grounds, event)
    if door.brake != Brake():
        await brakes.release(work, viewer.citizen_id, event.id)
    by_code = AttendanceEvidence.CHECK_IN_CODE
    attended = await awards.give(ctx, work, event, seated, by_code, rests_on=door.grounds, books=books, now=now)
    await awards.reconsider(ctx, work, books=books, now=now)
    return attended


async def _again(ctx: Context, event_id: EventId) -> Participation:
    return certain(await viewer_participation(ctx, event_id), "a participation that was just kept")
