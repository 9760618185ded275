"""Taking part, on the real database."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from db.engine import Database
from db.tables import ledger_entry, participation
from domain.events import Event, UnknownEvent
from domain.filters import ParticipationFilter
from domain.ids import EventId, ParticipationId
from domain.paging import Window
from domain.participations import (
    AttendanceEvidence,
    CheckInIsOver,
    CheckInNotOpenYet,
    EventIsOver,
    NotRegistered,
    OwnEvent,
    ParticipationStatus,
    WrongCheckInCode,
)
from domain.permissions import signed_in
from domain.refusals import Refusal, Unauthenticated
from domain.words import ThemeCode
from resolvers import events, participations
from resolvers.context import Context
from tests.at_once import how_many
from tests.clock import Clock
from tests.factories import Town
from tests.recorder import recorded
from tests.rows import by_value

INSTANT, MINUTE, HOUR, DAY = timedelta(microseconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
REGISTERED, WAITLISTED, CANCELLED, ATTENDED, NO_SHOW = ParticipationStatus
ALL = Window(100)


async def published(town: Town, *, capacity: int | None = None) -> Event:
    organizer = await town.citizen()
    return await town.event(organizer, (await town.organization(organizer)).id, capacity=capacity)


# ---- registering


async def test_who_registers_has_a_seat_and_it_shows_to_nobody_else(town: Town, nobody: Context, clock: Clock) -> None:
    event, nath = await published(town), await town.citizen()

    registered = await participations.register(nath, event.id)

    assert (registered.status, registered.registered_at, registered.queued_at) == (REGISTERED, clock.now, clock.now)
    assert (registered.points_awarded, registered.ledger_entry_id, registered.evidence) == (0, None, None)
    assert by_value(await participations.viewer_participation(nath, event.id)) == by_value(registered)
    assert by_value(await participations.participation(nath, registered.id)) == by_value(registered)
    for ctx in (nobody, await town.citizen(), await town.moderator()):
        assert await participations.participation(ctx, registered.id) is None
        assert await participations.viewer_participation(ctx, event.id) is None
        assert await participations.participant_total(ctx, event.id) == 0


async def test_one_registers_until_the_end_and_coming_late_again_changes_nothing(town: Town, clock: Clock) -> None:
    event, nath, late = await published(town), await town.citizen(), await town.citizen()
    clock.now = event.details.ends_at - INSTANT
    registered = await participations.register(nath, event.id)

    clock.now = event.details.ends_at
    with pytest.raises(EventIsOver):
        await participations.register(late, event.id)
    assert by_value(await participations.register(nath, event.id)) == by_value(registered)


async def test_neither_its_proposer_nor_a_member_registers_for_an_event(town: Town, empty: Database) -> None:
    owner = await town.citizen()
    organization = await town.organization(owner)
    of_organization = await town.event(owner, organization.id)
    in_their_own_name = await town.published(owner, by=await town.moderator())
    async with empty.unit_of_work() as work:  # whoever has left an organisation that they proposed for
        await work.execute(sa.text("DELETE FROM organization_member"))
    left = owner
    await town.look_again(left)

    for event in (of_organization, in_their_own_name):
        with pytest.raises(OwnEvent):
            await participations.register(left, event.id)
    assert await how_many(empty, participation) == 0


async def test_a_member_who_did_not_propose_it_does_not_register_either(town: Town, empty: Database) -> None:
    owner, member = await town.citizen(), await town.citizen()
    organization = await town.organization(owner)
    event = await town.event(owner, organization.id)
    joined = sa.text(
        "INSERT INTO organization_member (organization_id, citizen_id, role, invited_at, accepted_at)"
        " VALUES (:organization, :citizen, 'MANAGER', :now, :now)"
    )
    async with empty.unit_of_work() as work:
        viewer = signed_in(member.viewer)
        values = {"organization": organization.id, "citizen": viewer.citizen_id, "now": town.services.clock()}
        await work.execute(joined, values)
    await town.look_again(member)

    with pytest.raises(OwnEvent):
        await participations.register(member, event.id)


async def test_what_one_may_not_see_and_what_is_not_there_is_unknown(town: Town, nobody: Context) -> None:
    nath = await town.citizen()
    draft = await town.event(await town.citizen(), submit=False)

    for event in (draft.id, EventId(signed_in(nath.viewer).citizen_id)):
        with pytest.raises(UnknownEvent):
            await participations.register(nath, event)
        with pytest.raises(UnknownEvent):
            await participations.check_in(nath, event, code="ABCDEFGH")
    with pytest.raises(Unauthenticated):
        await participations.register(nobody, draft.id)
    with pytest.raises(Unauthenticated):
        await participations.check_in(nobody, draft.id, code="ABCDEFGH")


async def test_who_finds_the_event_full_waits_in_line(town: Town) -> None:
    event = await published(town, capacity=2)
    crowd = [await town.citizen() for _ in range(4)]

    statuses = [(await participations.register(ctx, event.id)).status for ctx in crowd]

    assert statuses == [REGISTERED, REGISTERED, WAITLISTED, WAITLISTED]
    counts = await events.counts(Context(town.services), event.id)
    assert (counts.registered, counts.waitlisted, counts.remaining(2)) == (2, 2, 0)


async def test_who_attended_keeps_their_seat(town: Town) -> None:
    event, nath, other = await published(town, capacity=1), await town.citizen(), await town.citizen()
    await town.attend(nath, event)

    assert (await participations.register(other, event.id)).status is WAITLISTED


# ---- checking in


async def test_one_checks_in_from_half_an_hour_before_until_two_hours_after(town: Town, clock: Clock) -> None:
    event = await published(town)
    opens, closes = event.details.starts_at - 30 * MINUTE, event.details.ends_at + 2 * HOUR
    moments: list[tuple[timedelta, type[Refusal] | None]] = [
        (opens - INSTANT - event.details.starts_at, CheckInNotOpenYet),
        (opens - event.details.starts_at, None),
        (closes - event.details.starts_at, None),
        (closes + INSTANT - event.details.starts_at, CheckInIsOver),
    ]
    for after, refusal in moments:
        nath = await town.citizen()
        await participations.register(nath, event.id)
        before, clock.now = clock.now, event.details.starts_at + after
        code = await town.code(event.id)
        if refusal is None:
            attended = await participations.check_in(nath, event.id, code=code)
            assert (attended.status, attended.attended_at) == (ATTENDED, clock.now)
            assert (attended.evidence, attended.points_awarded) == (AttendanceEvidence.CHECK_IN_CODE, 200)
        else:
            with pytest.raises(refusal):
                await participations.check_in(nath, event.id, code=code)
        clock.now = before


async def test_the_code_of_ten_minutes_before_is_good_and_no_older_one_and_none_of_another_event(
    town: Town, clock: Clock
) -> None:
    event, other = await published(town), await published(town)
    nath, late = await town.citizen(), await town.citizen()
    for ctx in (nath, late):
        await participations.register(ctx, event.id)
    clock.now = event.details.starts_at
    shown, of_other = await town.code(event.id), await town.code(other.id)
    assert shown != of_other

    with pytest.raises(WrongCheckInCode):
        await participations.check_in(nath, event.id, code=of_other)
    clock.advance(minutes=19, seconds=59)
    assert (await participations.check_in(nath, event.id, code=f" {shown.lower()} ")).status is ATTENDED
    clock.advance(seconds=1)
    with pytest.raises(WrongCheckInCode):
        await participations.check_in(late, event.id, code=shown)


async def test_only_who_is_registered_checks_in(town: Town, clock: Clock, empty: Database) -> None:
    event = await published(town, capacity=1)
    seated, waiting, stranger = [await town.citizen() for _ in range(3)]
    for ctx in (seated, waiting):
        await participations.register(ctx, event.id)
    clock.now = event.details.starts_at
    code = await town.code(event.id)

    for ctx in (waiting, stranger):
        with pytest.raises(NotRegistered):
            await participations.check_in(ctx, event.id, code=code)
    assert await how_many(empty, ledger_entry) == 0


async def test_to_check_in_again_changes_nothing_whatever_the_code_and_the_time(town: Town, clock: Clock) -> None:
    event, nath = await published(town), await town.citizen()
    attended = by_value(await town.attend(nath, event))
    clock.now = event.details.ends_at + 30 * DAY

    assert by_value(await participations.check_in(nath, event.id, code="ABCDEFGH")) == attended
    assert by_value(await participations.viewer_participation(nath, event.id)) == attended


async def test_who_was_counted_absent_does_not_check_in_any_more(town: Town, clock: Clock) -> None:
    organizer, nath = await town.citizen(), await town.citizen()
    event = await town.event(organizer, (await town.organization(organizer)).id)
    await participations.register(nath, event.id)
    clock.now = event.details.ends_at
    await events.complete_event(organizer, event.id)

    with pytest.raises(NotRegistered):
        await participations.check_in(nath, event.id, code=await town.code(event.id))


# ---- what is shown of it


async def test_the_history_shows_what_was_attended_the_newest_first_and_ones_own_list_shows_all(
    town: Town, nobody: Context, clock: Clock
) -> None:
    organizer = await town.citizen()
    organization = (await town.organization(organizer)).id
    culture = (ThemeCode.CULTURE,)
    first = await town.event(organizer, organization, starts_at=clock.now + DAY)
    second = await town.event(organizer, organization, starts_at=clock.now + 2 * DAY, themes=culture)
    coming = await town.event(organizer, organization, starts_at=clock.now + 3 * DAY)
    nath = await town.citizen()
    of = signed_in(nath.viewer).citizen_id
    for event in (first, second):
        await town.attend(nath, event)
    await participations.register(nath, coming.id)

    async def history(ctx: Context, where: ParticipationFilter) -> list[EventId]:
        [page] = await participations.histories(ctx, [of], where, ALL)
        assert await participations.history_total(ctx, of, where) == len(page.items)
        return [placed.item.event_id for placed in page.items]

    async def own(where: ParticipationFilter) -> list[EventId]:
        page = await participations.own(nath, where, ALL)
        assert await participations.own_total(nath, where) == len(page.items)
        assert all(placed.item.event and placed.item.event.id == placed.item.event_id for placed in page.items)
        return [placed.item.event_id for placed in page.items]

    starts = first.details.starts_at
    assert await history(nobody, ParticipationFilter()) == [second.id, first.id]
    assert await history(nath, ParticipationFilter()) == [second.id, first.id]
    assert await history(nobody, ParticipationFilter(theme=ThemeCode.CULTURE)) == [second.id]
    assert await history(nobody, ParticipationFilter(starts_from=starts + INSTANT)) == [second.id]
    assert await history(nobody, ParticipationFilter(starts_before=starts + INSTANT)) == [first.id]
    assert await history(nobody, ParticipationFilter(statuses=(REGISTERED,))) == []
    assert await history(nobody, ParticipationFilter(statuses=())) == []
    both = (REGISTERED, ATTENDED)
    assert await history(nobody, ParticipationFilter(theme=ThemeCode.CULTURE, statuses=both)) == [second.id]
    assert await own(ParticipationFilter()) == [coming.id, second.id, first.id]
    assert await own(ParticipationFilter(statuses=(REGISTERED,))) == [coming.id]
    assert await own(ParticipationFilter(theme=ThemeCode.CULTURE, statuses=both)) == [second.id]
    assert await own(ParticipationFilter(statuses=())) == []
    assert (await participations.own(nobody, ParticipationFilter(), ALL)).items == ()
    assert await participations.own_total(nobody, ParticipationFilter()) == 0
    [participants] = await participations.participants(nobody, [first.id], ALL)
    assert [placed.item.citizen_id for placed in participants.items] == [of]
    assert await participations.participation(nobody, ParticipationId(first.id)) is None


# ---- what it takes


async def test_taking_part_asks_for_each_thing_once(town: Town, clock: Clock, empty: Database) -> None:
    event, nath, warm = await published(town), await town.citizen(), await town.citizen()
    await town.attend(warm, event)
    clock.now = event.details.starts_at
    code = await town.code(event.id)

    with recorded(empty) as registered:
        await participations.register(nath, event.id)
    with recorded(empty) as attended:
        await participations.check_in(nath, event.id, code=code)
    with recorded(empty) as again:
        await participations.check_in(nath, event.id, code=code)

    assert len(registered) == 2, registered  # where they stand is asked; a seat is given
    assert len(attended) == 2, attended  # the same with what the award rests on; all that comes of it is written
    assert len(again) == 2, again  # and what it brought
