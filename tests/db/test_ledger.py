"""What an award looks at, and how the ledger grows."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from db.engine import Database
from db.queries import citizens, events, ledger, participations
from db.tables import citizen_total
from db.writes import ledger as writes
from db.writes.grounds import grounds
from domain.events import Event
from domain.ids import CitizenId, EventId, ParticipationId
from domain.influence import Totals
from domain.ledger import LedgerKind
from domain.paging import Window
from domain.participations import AttendanceEvidence, ParticipationStatus
from domain.points import assessment_award
from domain.skills import Contribution
from domain.words import ThemeCode
from tests.books import assert_balanced
from tests.clock import START
from tests.rows import citizen_row, entry_row, event_row, keep, organization_row, participation_row
from tests.samples import POLICY

DAY, HOUR, INSTANT = timedelta(days=1), timedelta(hours=1), timedelta(microseconds=1)
CULTURE, ECONOMY = ThemeCode.CULTURE, ThemeCode.ECONOMY
Attended = Callable[..., Awaitable[UUID]]


@pytest.fixture
async def nath(empty: Database) -> CitizenId:
    row = citizen_row()
    await keep(empty, row)
    return CitizenId(row.id)


@pytest.fixture
async def attended(empty: Database, nath: CitizenId) -> Attended:
    """Makes an event that lasts two hours and is awarded to nath; its id comes back."""
    organizer = citizen_row()
    await keep(empty, organizer)
    numbers = iter(range(1, 100))

    async def make(
        after: timedelta, *, lasts: timedelta = 2 * HOUR, entry: dict[str, Any] | None = None, **changes: Any
    ) -> UUID:
        starts_at = START + after
        event = event_row(organizer.id, starts_at=starts_at, ends_at=starts_at + lasts, **changes)
        await keep(empty, event, entry_row(nath, next(numbers), event_id=event.id, **(entry or {})))
        return event.id

    return make


async def the_event(database: Database, id: UUID) -> Event:
    async with database.reading() as session:
        return (await events.by_id(session, None, [EventId(id)]))[EventId(id)]


async def looked_at(database: Database, nath: CitizenId, of: Event) -> list[timedelta]:
    """When the events began that an award for `of` looks at, from START on."""
    async with database.unit_of_work() as work:
        found = (await grounds(work, nath, of, days=90)).earlier
    return sorted(each.event_span.starts_at - START for each in found)


async def test_an_award_looks_at_what_is_near_or_at_the_same_time_and_at_nothing_else(
    empty: Database, nath: CitizenId, attended: Attended
) -> None:
    of = await the_event(empty, await attended(timedelta()))
    near = [-90 * DAY, 90 * DAY, -DAY, HOUR]
    for after in (*near, -90 * DAY - INSTANT, 90 * DAY + INSTANT):
        await attended(after)
    await attended(-200 * DAY, lasts=300 * DAY)
    await attended(-200 * DAY + HOUR, lasts=200 * DAY - HOUR)  # over when the other began

    assert await looked_at(empty, nath, of) == sorted([*near, -200 * DAY])


async def test_what_was_taken_back_and_what_others_attended_is_not_looked_at(
    empty: Database, nath: CitizenId, attended: Attended
) -> None:
    of, other = await the_event(empty, await attended(timedelta())), citizen_row()
    await keep(empty, other)
    taken_back, elsewhere = await attended(DAY), await attended(2 * DAY)
    page = await ledger.of_citizens(empty.reader, None, [(nath, Window(10))])
    award = next(each.item for each in page[nath, Window(10)].items if each.item.event_id == taken_back)
    reversal = {"kind": LedgerKind.REVERSAL, "reverses_id": award.id, "event_id": taken_back, "points": -200}
    await keep(empty, entry_row(nath, 50, **reversal), entry_row(other.id, 1, event_id=elsewhere))

    assert await looked_at(empty, nath, of) == [2 * DAY]
    assert await looked_at(empty, CitizenId(other.id), of) == [2 * DAY]


async def test_who_a_repeat_counts_for_is_the_proposer_unless_the_organisation_is_verified(
    empty: Database, nath: CitizenId, attended: Attended
) -> None:
    organization = organization_row()
    await keep(empty, organization)
    of = await the_event(empty, await attended(timedelta()))
    await attended(DAY, organization_id=organization.id)
    await attended(2 * DAY, organization_id=organization.id, by_verified=True)

    async with empty.unit_of_work() as work:
        found = (await grounds(work, nath, of, days=90)).earlier

    by_start = {each.event_span.starts_at - START: each.counted_organizer for each in found}
    assert by_start == {DAY: of.proposer_id, 2 * DAY: None}


async def test_contributions_are_awards_on_a_theme_that_stand_and_did_not_overlap(
    empty: Database, nath: CitizenId, attended: Attended
) -> None:
    organization = organization_row()
    await keep(empty, organization)
    verified = {"organization_id": organization.id, "by_verified": True}
    one = await the_event(empty, await attended(timedelta(), themes=["CULTURE"]))
    await attended(DAY, themes=["ECONOMY", "CULTURE"], **verified)
    await attended(2 * DAY, themes=["CULTURE"], entry={"overlapping": True})
    await attended(3 * DAY, themes=["TRANSPORT"])

    async with empty.unit_of_work() as work:
        found = await writes.contributions(work, nath, [CULTURE])
        of_two = await writes.contributions(work, nath, [CULTURE, ThemeCode.TRANSPORT])

    assert one.proposer_id is not None
    assert {each.themes for each in found} == {(CULTURE,), (ECONOMY, CULTURE)}
    assert Contribution((ECONOMY, CULTURE), organization.id) in found
    assert Contribution((CULTURE,), one.proposer_id) in found
    assert len(of_two) == 3


async def test_what_is_recorded_is_numbered_summed_and_counted_as_declared_or_earned(
    empty: Database, nath: CitizenId
) -> None:
    declared = assessment_award(3, policy=POLICY)
    async with empty.unit_of_work() as work:
        totals = await writes.lock_totals(work, nath)
        assert totals == Totals()
        first = await writes.record(work, nath, totals, declared, kind=LedgerKind.SELF_ASSESSMENT, now=START)
        adjusted = replace(declared, points=-100)
        second = await writes.record(work, nath, first.totals, adjusted, kind=LedgerKind.ADJUSTMENT, now=START)
    assert second.totals == Totals(points=300, earned_points=-100, entries=2)

    async with empty.reading() as session:
        assert (await citizens.totals(session, [nath]))[nath] == second.totals
        page = await ledger.of_citizens(empty.reader, None, [(nath, Window(10))])
    kept = [(each.item.number, each.item.points, each.item.balance) for each in page[nath, Window(10)].items]
    assert kept == [(2, -100, 300), (1, 400, 400)]
    await assert_balanced(empty)


async def test_an_award_is_given_again_as_another_attempt(empty: Database, nath: CitizenId, attended: Attended) -> None:
    event = EventId(await attended(timedelta()))
    award = assessment_award(2, policy=POLICY)
    async with empty.unit_of_work() as work:
        totals = Totals(points=200, earned_points=200, entries=1)
        await writes.lock_totals(work, nath)
        await writes.record(work, nath, totals, award, kind=LedgerKind.PARTICIPATION, event_id=event, now=START)

    async with empty.reading() as session:
        attempts = await session.scalars(sa.text("SELECT attempt FROM ledger_entry ORDER BY number"))
        assert list(attempts) == [1, 2]


async def test_of_two_awards_that_should_not_both_stand_the_later_is_told(empty: Database, nath: CitizenId) -> None:
    event = event_row(nath)
    await keep(empty, event)
    there = {"status": ParticipationStatus.ATTENDED, "attended_at": START, "evidence": AttendanceEvidence.ORGANIZER}
    place = participation_row(nath, event.id, **there)
    await keep(empty, place)
    key, of = ParticipationId(place.id), {"participation_id": place.id, "event_id": event.id}
    awards = [entry_row(nath, number, attempt=number, points=100 * number, **of) for number in (1, 2)]
    last = awards[1].id
    await keep(empty, *awards)

    told = (await participations.by_id(empty.reader, None, [key]))[key]

    assert (told.points_awarded, told.ledger_entry_id) == (200, last)


async def test_totals_are_one_askers_at_a_time_and_leave_no_trace_where_nothing_came_of_it(
    empty: Database, nath: CitizenId
) -> None:
    async def seen() -> Totals:
        async with empty.unit_of_work() as work:
            return await writes.lock_totals(work, nath)

    async with empty.unit_of_work() as work:
        totals = await writes.lock_totals(work, nath)
        waiting = asyncio.create_task(seen())
        done, _ = await asyncio.wait([waiting], timeout=0.2)
        assert not done
        award = assessment_award(2, policy=POLICY)
        await writes.record(work, nath, totals, award, kind=LedgerKind.ADJUSTMENT, now=START)
    assert await waiting == Totals(points=100, earned_points=100, entries=1)

    other = citizen_row()
    await keep(empty, other)

    async def change_their_mind() -> None:
        async with empty.unit_of_work() as work:
            await writes.lock_totals(work, CitizenId(other.id))
            raise InterruptedError

    with pytest.raises(InterruptedError):
        await change_their_mind()
    async with empty.reading() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(citizen_total)) == 1


async def test_many_totals_are_taken_in_one_order_whoever_asks(empty: Database) -> None:
    """Two who need the same citizens, told in opposite orders, never wait for each other in a circle."""
    rows = [citizen_row() for _ in range(10)]
    await keep(empty, *rows)
    people = [CitizenId(row.id) for row in rows]

    async def take(some: list[CitizenId]) -> int:
        async with empty.unit_of_work() as work:
            return len(await writes.lock_all(work, some))

    taken = await asyncio.gather(*(take(people if number % 2 else people[::-1]) for number in range(20)))

    assert taken == [10] * 20


async def test_a_skill_is_gained_once_and_lost_where_it_came_of_repetition(empty: Database, nath: CitizenId) -> None:
    async with empty.unit_of_work() as work:
        for _ in range(2):
            await writes.gain_skills(work, nath, [CULTURE, ECONOMY], now=START)
        await writes.gain_skills(work, nath, [], now=START)
        await writes.lose_skills(work, nath, [CULTURE], now=START + DAY)
        await writes.gain_skills(work, nath, [CULTURE], now=START + 2 * DAY)
        held = await writes.holdings(work, nath)

    periods = sorted((each.theme, each.acquired_at, each.lost_at) for each in held if each.lost_at)
    assert periods == [(CULTURE, START, START + DAY)]
    assert {(each.theme, each.acquired_at) for each in held if each.lost_at is None} == {
        (ECONOMY, START),
        (CULTURE, START + 2 * DAY),
    }
