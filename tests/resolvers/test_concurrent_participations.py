"""Many at once on the real database: each thing has one effect, and the books balance."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import pytest
import sqlalchemy as sa

from db.engine import Database
from db.tables import ledger_entry, participation, skill_holding
from domain.events import Event
from domain.organizations import OrganizationDetails, OrganizationKind
from domain.participations import NotRegistered, Participation, ParticipationStatus
from domain.permissions import signed_in
from resolvers import events, organizations, participations
from resolvers.context import Context
from tests.at_once import at_once, blocked, how_many, same
from tests.books import assert_balanced, assert_replayed
from tests.clock import Clock
from tests.factories import Town

REGISTERED, WAITLISTED, _, ATTENDED, NO_SHOW = ParticipationStatus


async def published(town: Town, *, capacity: int | None = None) -> Event:
    organizer = await town.citizen()
    return await town.event(organizer, (await town.organization(organizer)).id, capacity=capacity)


@pytest.mark.parametrize("capacity", [5, None])
async def test_to_register_twenty_times_at_once_is_to_register_once(
    town: Town, empty: Database, capacity: int | None
) -> None:
    event, nath = await published(town, capacity=capacity), await town.citizen()

    done, refused = await at_once(*(participations.register(ctx, event.id) for ctx in same(nath, 20)))

    assert refused == []
    assert len(done) == 20
    assert len({each.id for each in done}) == await how_many(empty, participation) == 1


async def test_to_check_in_twenty_times_at_once_brings_points_once(town: Town, empty: Database, clock: Clock) -> None:
    event, nath = await published(town), await town.citizen()
    await participations.register(nath, event.id)
    clock.now = event.details.starts_at
    code = await town.code(event.id)

    done, refused = await at_once(*(participations.check_in(ctx, event.id, code=code) for ctx in same(nath, 20)))

    assert refused == []
    assert {(each.status, each.points_awarded) for each in done} == {(ATTENDED, 200)}
    assert await how_many(empty, ledger_entry) == 1
    await assert_balanced(empty)


async def test_fifty_citizens_for_one_seat_are_one_with_a_seat_and_a_line_of_49(town: Town, empty: Database) -> None:
    event = await published(town, capacity=1)
    crowd = [await town.citizen() for _ in range(50)]

    done, refused = await at_once(*(participations.register(ctx, event.id) for ctx in crowd))

    assert refused == []
    assert Counter(each.status for each in done) == {REGISTERED: 1, WAITLISTED: 49}
    in_line = sorted(done, key=lambda each: (each.queued_at, each.id))
    assert in_line[0].status is REGISTERED  # nobody who waits came before
    counts = await events.counts(Context(town.services), event.id)
    assert (counts.registered, counts.waitlisted, counts.remaining(1)) == (1, 49, 0)


async def test_who_waits_while_seats_are_limited_has_a_place_in_line(town: Town, empty: Database) -> None:
    event, first, nath = await published(town), await town.citizen(), await town.citizen()
    await participations.register(first, event.id)

    async with empty.unit_of_work() as work:
        await work.execute(sa.text("UPDATE event SET capacity = 1 WHERE id = :id"), {"id": event.id})
        waiting = asyncio.create_task(participations.register(nath, event.id))
        await blocked(empty)

    assert (await waiting).status is WAITLISTED


async def test_who_gave_up_their_seat_and_comes_back_twice_at_once_has_one(town: Town, empty: Database) -> None:
    event, nath = await published(town), await town.citizen()
    await participations.register(nath, event.id)
    await participations.cancel_registration(nath, event.id)

    done, refused = await at_once(*(participations.register(ctx, event.id) for ctx in same(nath, 10)))

    assert refused == []
    assert {each.status for each in done} == {REGISTERED}
    assert len({each.registered_at for each in done}) == await how_many(empty, participation) == 1


async def test_no_more_register_than_there_are_seats_while_others_come_twice(town: Town) -> None:
    event = await published(town, capacity=7)
    crowd = [await town.citizen() for _ in range(12)]

    done, _ = await at_once(*(participations.register(ctx, event.id) for each in crowd for ctx in same(each, 3)))

    by_citizen = {each.citizen_id: each.status for each in done}
    assert len(by_citizen) == 12
    assert Counter(by_citizen.values()) == {REGISTERED: 7, WAITLISTED: 5}


async def a_day_of_short_events(town: Town, clock: Clock, number: int) -> list[Event]:
    """Events one after the other, of two organisers in turn, all of which take check-ins when the clock is set."""
    opening = clock.now + timedelta(days=1)
    lasts = timedelta(minutes=110) / number
    organizers = []
    for _ in range(2):
        organizer = await town.citizen()
        organizers.append((organizer, (await town.organization(organizer)).id))
    found = []
    for place in range(number):
        organizer, organization = organizers[place % 2]
        starts_at = opening + place * lasts
        found.append(
            await town.event(
                organizer, organization, starts_at=starts_at, ends_at=starts_at + lasts, effort_minutes=270
            )
        )
    return found


async def check_in_to_all(town: Town, ctx: Context, some: Sequence[Event]) -> list[Participation]:
    for event in some:
        await participations.register(ctx, event.id)
    town.services.clock.now = some[0].details.ends_at + timedelta(minutes=100)  # type: ignore[attr-defined]
    codes = [await town.code(event.id) for event in some]
    done, refused = await at_once(
        *(
            participations.check_in(asking, event.id, code=code)
            for asking, event, code in zip(same(ctx, len(some)), some, codes, strict=True)
        )
    )
    assert refused == []
    return done


async def test_who_checks_in_to_many_events_at_once_gains_a_skill_once_and_the_books_balance(
    town: Town, empty: Database, clock: Clock
) -> None:
    nath = await town.citizen(level=3)
    some = await a_day_of_short_events(town, clock, 14)

    done = await check_in_to_all(town, nath, some)

    assert len(done) == 14
    await assert_balanced(empty)
    viewer = signed_in(nath.viewer)
    kept = await assert_replayed(empty, viewer, policies=town.services.policies, level=3)
    assert [entry.number for entry in kept] == list(range(1, 16))
    assert {entry.points for entry in kept[1:]} <= {200, 400}
    assert [entry.theme for entry in kept[:6]] == [None] * 6
    assert await how_many(empty, skill_holding) == 1


async def test_of_events_at_the_same_time_one_alone_brings_points(town: Town, empty: Database, clock: Clock) -> None:
    organizer = await town.citizen()
    organization = (await town.organization(organizer)).id
    some = [await town.event(organizer, organization) for _ in range(5)]
    nath = await town.citizen()
    for event in some:
        await participations.register(nath, event.id)
    clock.now = some[0].details.starts_at
    codes = [await town.code(event.id) for event in some]

    done, _ = await at_once(
        *(
            participations.check_in(ctx, event.id, code=code)
            for ctx, event, code in zip(same(nath, 5), some, codes, strict=True)
        )
    )

    assert [each.status for each in done] == [ATTENDED] * 5
    kept = await assert_replayed(empty, signed_in(nath.viewer), policies=town.services.policies)
    assert [entry.points for entry in kept] == [200, 0, 0, 0, 0]
    await assert_balanced(empty)


async def test_a_crowd_that_checks_in_at_once_is_awarded_each_on_their_own(
    town: Town, empty: Database, clock: Clock
) -> None:
    event = await published(town)
    crowd = [await town.citizen(level=2 if number % 2 else None) for number in range(16)]
    for ctx in crowd:
        await participations.register(ctx, event.id)
    clock.now = event.details.starts_at
    code = await town.code(event.id)

    done, refused = await at_once(*(participations.check_in(ctx, event.id, code=code) for ctx in crowd))

    assert refused == []
    assert {each.points_awarded for each in done} == {200}
    await assert_balanced(empty)


async def test_who_checks_in_while_the_event_is_completed_has_attended_or_has_not(
    town: Town, empty: Database, clock: Clock
) -> None:
    organizer = await town.citizen()
    event = await town.event(organizer, (await town.organization(organizer)).id)
    crowd = [await town.citizen() for _ in range(12)]
    for ctx in crowd:
        await participations.register(ctx, event.id)
    clock.now = event.details.ends_at
    code = await town.code(event.id)

    async def complete() -> None:
        await events.complete_event(organizer, event.id)

    arrivals = [participations.check_in(ctx, event.id, code=code) for ctx in crowd]
    done, refused = await at_once(*arrivals[:6], complete(), *arrivals[6:])

    assert {type(refusal) for refusal in refused} <= {NotRegistered}
    counts = await events.counts(Context(town.services), event.id)
    assert (counts.registered, counts.waitlisted) == (0, 0)
    assert counts.attended == sum(each is not None for each in done) == await how_many(empty, ledger_entry)
    assert counts.attended + len(refused) == 12
    await assert_balanced(empty)


async def test_who_comes_first_is_first_in_line_however_long_they_waited_for_the_row(
    town: Town, empty: Database, clock: Clock
) -> None:
    event, nath, other = await published(town, capacity=1), await town.citizen(), await town.citizen()

    async with empty.unit_of_work() as work:
        await work.execute(sa.text("SELECT 1 FROM event WHERE id = :id FOR UPDATE"), {"id": event.id})
        waiting = asyncio.create_task(participations.register(nath, event.id))
        await blocked(empty)
        clock.advance(minutes=5)
    seated = await waiting
    queued = await participations.register(other, event.id)

    assert (seated.status, queued.status) == (REGISTERED, WAITLISTED)
    assert seated.registered_at == clock.now


async def test_titles_that_are_the_same_get_slugs_that_are_not(town: Town, clock: Clock) -> None:
    organizer = await town.citizen()
    organization = (await town.organization(organizer)).id
    details = town.details()
    neighbours = OrganizationDetails(name="Les Voisins", kind=OrganizationKind.ASSOCIATION)

    proposed, _ = await at_once(
        *(events.propose_event(ctx, details, organization_id=organization, submit=True) for ctx in same(organizer, 10))
    )
    made, _ = await at_once(*(organizations.create_organization(ctx, neighbours) for ctx in same(organizer, 10)))

    expected = {"", *(f"-{number}" for number in range(2, 11))}
    assert {event.slug.removeprefix("barcamp-datajournalisme") for event in proposed} == expected
    assert {each.slug.removeprefix("les-voisins") for each in made} == expected
