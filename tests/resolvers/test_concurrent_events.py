"""What happens to an event when several act on it at once."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta

import pytest

from db.engine import Database
from domain.event_life import EventNotInThatState, ReviewDecision
from domain.events import Event, EventStatus
from domain.participations import ParticipationStatus
from domain.refusals import Refusal, Refusals
from resolvers import event_changes, event_endings, events, participations
from resolvers.context import Context
from tests.clock import Clock
from tests.factories import Town
from tests.ledgers import broken_laws, lines, told


async def outcomes(*calls: Awaitable[object]) -> list[type]:
    """What each of the calls came to, all made at once: the type of what it answered or refused."""
    return [
        Event if isinstance(each, Event) else type(each)
        for each in await asyncio.gather(*calls, return_exceptions=True)
    ]


async def status(ctx: Context, event_id: object) -> ParticipationStatus:
    ctx.look_again()
    mine = await participations.viewer_participation(ctx, event_id)  # type: ignore[arg-type]
    assert mine is not None
    return mine.status


async def test_of_two_reviews_at_once_one_counts(town: Town) -> None:
    proposer = await town.citizen()
    one, other = await town.moderator(), await town.moderator()
    for _ in range(5):
        event = await town.event(proposer)
        found = await outcomes(
            events.review_event(one, event.id, decision=ReviewDecision.PUBLISH),
            events.review_event(other, event.id, decision=ReviewDecision.REJECT, reason="Où ?"),
        )

        assert sorted(each.__name__ for each in found) == ["Event", "EventNotInThatState"]
        proposer.look_again()
        final = await events.event(proposer, event.id)
        assert final is not None
        assert final.status is (EventStatus.PUBLISHED if found[1] is EventNotInThatState else EventStatus.REJECTED)
        assert (final.rejection_reason is None) == (final.status is EventStatus.PUBLISHED)
    assert len(await told(proposer)) == 5


async def test_whoever_checks_in_while_it_is_cancelled_keeps_nothing(town: Town, clock: Clock, empty: Database) -> None:
    owner = await town.citizen()
    organization = await town.organization(owner)
    people = [await town.citizen() for _ in range(12)]
    event = await town.event(owner, organization.id)
    for each in people:
        await participations.register(each, event.id)
    clock.now = event.details.starts_at - timedelta(minutes=10)
    code = await town.code(event.id)

    half = len(people) // 2
    await outcomes(
        *(participations.check_in(each, event.id, code=code) for each in people[:half]),
        event_endings.cancel_event(owner, event.id, reason="Alerte."),
        *(participations.check_in(each, event.id, code=code) for each in people[half:]),
    )

    for each in people:
        assert await status(each, event.id) is ParticipationStatus.CANCELLED
        assert sum(line.points for line in await lines(each)) == 0
        assert [kind for kind, _ in await told(each)].count("EVENT_CANCELLED") == 1
    assert await broken_laws(empty) == []


async def test_seats_removed_while_twenty_register_are_never_oversold(town: Town, empty: Database) -> None:
    owner = await town.citizen()
    event = await town.event(owner, (await town.organization(owner)).id, capacity=10)
    people = [await town.citizen() for _ in range(20)]

    await outcomes(
        *(participations.register(each, event.id) for each in people[:10]),
        event_changes.update_event(owner, event.id, {"capacity": 5}),
        *(participations.register(each, event.id) for each in people[10:]),
        event_changes.update_event(owner, event.id, {"capacity": 12}),
        event_changes.update_event(owner, event.id, {"capacity": 8}),
    )

    owner.look_again()
    final = await events.event(owner, event.id)
    counts = await events.counts(owner, event.id)
    assert final is not None
    assert final.details.capacity is not None
    # Nobody waits while there is a seat, and nobody has one that isn't there.
    assert counts.registered == final.details.capacity
    assert counts.registered + counts.waitlisted == 20
    assert await broken_laws(empty) == []


async def test_of_fifty_who_cancel_complete_or_annul_at_once_one_does(
    town: Town, clock: Clock, empty: Database
) -> None:
    owner = await town.citizen()
    event = await town.event(owner, (await town.organization(owner)).id)
    nath, moderator = await town.citizen(), await town.moderator()
    await town.attend(nath, event)
    clock.now = event.details.ends_at + timedelta(days=8)

    await outcomes(
        *(events.complete_event(owner, event.id) for _ in range(20)),
        *(event_endings.complete_overdue(Context(town.services)) for _ in range(10)),
        *(event_endings.annul_event(moderator, event.id, reason="Personne.") for _ in range(20)),
    )
    await outcomes(*(event_endings.annul_event(moderator, event.id, reason="Personne.") for _ in range(10)))

    assert [(line.kind, line.points) for line in await lines(nath)] == [("PARTICIPATION", 200), ("REVERSAL", -200)]
    assert [kind for kind, _ in await told(nath)].count("EVENT_CANCELLED") == 1
    assert await broken_laws(empty) == []


@pytest.mark.parametrize("capacity", [1, 3])
async def test_stars_change_or_somebody_attends_never_both(
    town: Town, clock: Clock, empty: Database, capacity: int
) -> None:
    owner = await town.citizen()
    organization = await town.organization(owner)
    nath = await town.citizen()
    event = await town.event(owner, organization.id, capacity=capacity)
    await participations.register(nath, event.id)
    clock.now = event.details.starts_at
    code = await town.code(event.id)

    _, changed = await asyncio.gather(
        participations.check_in(nath, event.id, code=code),
        event_changes.update_event(owner, event.id, {"engagement": 5}),
        return_exceptions=True,
    )

    owner.look_again()
    final = await events.event(owner, event.id)
    assert final is not None
    refused = isinstance(changed, Refusal | Refusals)
    assert final.details.engagement == (3 if refused else 5)
    assert [line.points for line in await lines(nath)] == events.points(owner, [final])
    assert await broken_laws(empty) == []
