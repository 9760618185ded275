"""The laws of points and seats, while many try to break them at once."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from random import Random

import pytest

from db.engine import Database
from domain.events import Event
from domain.refusals import RateLimited, Refusal, Refusals
from resolvers import adjustments, desk, event_endings, events, participations
from resolvers.context import Context
from tests.clock import Clock
from tests.factories import Town
from tests.ledgers import Line, broken_laws, lines, me
from tests.resolvers.test_organizing import attended_elsewhere, organized, verified, verify

Call = Callable[[], Awaitable[object]]


def again(ctx: Context) -> Context:
    """Another request by the same person."""
    return Context(ctx.services, viewer=ctx.viewer)


async def all_at_once(calls: Sequence[Call]) -> list[object]:
    """What came of calls made at once. Refusals are answers; anything else, a deadlock say, is raised."""
    met = await asyncio.gather(*(call() for call in calls), return_exceptions=True)
    for each in met:
        if isinstance(each, BaseException) and not isinstance(each, Refusal | Refusals | RateLimited):
            raise each
    return list(met)


async def test_whatever_citizens_and_organisers_do_at_once_the_laws_hold(
    town: Town, clock: Clock, empty: Database
) -> None:
    chance = Random(20131220)  # noqa: S311 - what is drawn is what is tried, the same each time
    organizer, moderator = await town.citizen(), await town.moderator()
    people = [await town.citizen(level=chance.randint(1, 3)) for _ in range(8)]
    event = await town.published(organizer, by=moderator, capacity=5)
    clock.now = event.details.starts_at
    code = await town.code(event.id)

    def one_call() -> Call:
        who, other = chance.sample(people, 2)
        settle = desk.confirm_attendance
        return chance.choice(
            [
                lambda: participations.register(again(who), event.id),
                lambda: participations.register(again(who), event.id),
                lambda: participations.cancel_registration(again(who), event.id),
                lambda: participations.check_in(again(who), event.id, code=code),
                lambda: settle(again(organizer), event.id, attended=[me(who)], absent=[]),
                lambda: settle(again(organizer), event.id, attended=[me(who)], absent=[me(other)]),
                lambda: adjustments.adjust_influence(again(moderator), me(who), points=-7, reason="Un essai."),
            ]
        )

    for _ in range(3):
        met = await all_at_once([one_call() for _ in range(25)])
        assert any(not isinstance(each, Exception) for each in met)
        assert await broken_laws(empty) == []

    clock.now = event.details.ends_at
    settle = [lambda: desk.confirm_attendance(again(organizer), event.id, attended=[me(people[0])], absent=[])]
    await all_at_once([lambda: events.complete_event(again(organizer), event.id), *settle * 5])
    await all_at_once([lambda: event_endings.annul_event(again(moderator), event.id, reason="Rien."), *settle * 5])
    assert await broken_laws(empty) == []
    for each in people:
        for_the_event = [line.points for line in await lines(each) if line.kind in ("PARTICIPATION", "REVERSAL")]
        assert sum(for_the_event) == 0


async def test_confirmed_and_checked_in_at_once_it_is_one_award(town: Town, clock: Clock, empty: Database) -> None:
    organizer, nath = await town.citizen(), await town.citizen()
    organization = await town.organization(organizer)
    event = await town.event(organizer, organization.id)
    await participations.register(nath, event.id)
    clock.now = event.details.starts_at
    code = await town.code(event.id)

    await all_at_once(
        [
            lambda: participations.check_in(again(nath), event.id, code=code),
            lambda: desk.confirm_attendance(again(organizer), event.id, attended=[me(nath)], absent=[]),
        ]
        * 8
    )

    assert await lines(nath) == [Line("PARTICIPATION", 200, 1)]
    assert await broken_laws(empty) == []


async def test_withdrawn_many_times_at_once_it_is_one_reversal(town: Town, clock: Clock, empty: Database) -> None:
    organizer, nath = await town.citizen(), await town.citizen()
    event = await organized(town, clock, nath, organizer=organizer)

    await all_at_once(
        [lambda: desk.confirm_attendance(again(organizer), event.id, attended=[], absent=[me(nath)])] * 10
    )

    assert await lines(nath) == [Line("PARTICIPATION", 200, 1), Line("REVERSAL", -200, 1)]
    assert await broken_laws(empty) == []


async def test_those_who_attend_each_others_events_never_wait_in_a_circle(
    town: Town, clock: Clock, empty: Database
) -> None:
    nath, lea = await verified(town, elsewhere=False), await verified(town, elsewhere=False)
    crowd = [await verified(town) for _ in range(2)]
    pairs: list[tuple[Context, Event, Context]] = []
    for host, guest in ((nath, lea), (lea, nath)):
        event = await organized(town, clock, *crowd, guest, organizer=host)
        await events.complete_event(host, event.id)
        pairs.append((host, event, guest))

    def settle(host: Context, event: Event, guest: Context, *, there: bool) -> Call:
        named = [me(each) for each in (guest, crowd[0])]
        return lambda: desk.confirm_attendance(
            again(host), event.id, attended=named if there else [], absent=[] if there else named
        )

    for there in (False, True):
        await all_at_once([settle(*pair, there=there) for pair in pairs for _ in range(5)])
        assert await broken_laws(empty) == []


@pytest.mark.parametrize("late_for", ["address", "attendance", "both"])
async def test_the_organiser_gets_the_points_in_whatever_order_the_third_comes_to_count(
    town: Town, clock: Clock, empty: Database, late_for: str
) -> None:
    organizer, late = await town.citizen(), await town.citizen()
    await attended_elsewhere(town, late)
    people = [await verified(town), await verified(town)]
    event = await town.published(organizer, by=await town.moderator())
    await participations.register(late, event.id)
    for each in people:
        await town.attend(each, event)
    clock.now = event.details.ends_at
    if late_for == "attendance":
        await verify(late)
    elif late_for == "address":
        await desk.confirm_attendance(organizer, event.id, attended=[me(late)], absent=[])

    await all_at_once(
        [
            lambda: verify(again(late)),
            lambda: desk.confirm_attendance(again(organizer), event.id, attended=[me(late)], absent=[]),
            lambda: events.complete_event(again(organizer), event.id),
        ]
    )

    assert await lines(organizer) == [Line("ORGANIZING", 200, 1)]
    assert await broken_laws(empty) == []


async def test_two_first_events_attended_at_once_count_for_each_others_organisers(
    town: Town, clock: Clock, empty: Database
) -> None:
    hosts = [await town.citizen(), await town.citizen()]
    crowd, new = [await verified(town) for _ in range(2)], await verified(town, elsewhere=False)
    moderator = await town.moderator()
    starts_at = clock() + timedelta(days=7)
    both = [
        await town.published(host, by=moderator, starts_at=starts_at + timedelta(hours=5 * number))
        for number, host in enumerate(hosts)
    ]
    for event in both:
        await participations.register(new, event.id)
        for each in crowd:
            await town.attend(each, event)
    clock.now = both[1].details.ends_at
    for host, event in zip(hosts, both, strict=True):
        await events.complete_event(host, event.id)

    def settle(host: Context, event: Event) -> Call:
        return lambda: desk.confirm_attendance(again(host), event.id, attended=[me(new)], absent=[])

    await all_at_once([settle(host, event) for host, event in zip(hosts, both, strict=True)])

    for host in hosts:
        assert await lines(host) == [Line("ORGANIZING", 200, 1)]
    assert await broken_laws(empty) == []
