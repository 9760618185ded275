"""A citizen's ledger, made by the calls that clients make, is what the facts come to."""

from collections import Counter
from datetime import datetime, timedelta
from random import Random
from typing import Any

from db import models
from db.engine import Database
from domain.ids import EventId
from domain.participations import ParticipationStatus
from domain.permissions import signed_in
from domain.words import ThemeCode
from resolvers import participations
from tests.books import assert_balanced, assert_replayed
from tests.clock import START, Clock
from tests.factories import Town
from tests.rows import citizen_row, event_row, keep, organization_row, participation_row

TOWNS, EVENTS, LEVELS = 4, 15, (None, 7)
MINUTES = (1, 20, 45, 90, 270, 600, 1441, 3 * 1440)
PAUSES = (0, 15, 30, 600, 1440, 7 * 1440)


async def some_events(database: Database, chance: Random) -> list[models.Event]:
    """Events of a verified organisation, of one that isn't, and of two citizens; some at the same time as another."""
    proposers = [citizen_row() for _ in range(4)]
    verified, unverified = organization_row(verified_at=START), organization_row()
    await keep(database, *proposers, verified, unverified)
    themes = [theme.value for theme in chance.sample(list(ThemeCode), 2)]
    found = []
    starts_at = START
    for _ in range(EVENTS):
        starts_at += timedelta(minutes=chance.choice(PAUSES))
        proposer = chance.choice((0, 1, 2, 2, 2, 3))
        facts: dict[str, Any] = {
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(minutes=chance.choice(MINUTES)),
            "effort_minutes": chance.choice((None, None, None, 30, 100_000)),
            "engagement": chance.randint(1, 5),
            "themes": chance.sample(themes, chance.randint(1, 2)),
            "organization_id": {0: verified.id, 1: unverified.id}.get(proposer),
            "by_verified": proposer == 0,
        }
        found.append(event_row(proposers[proposer].id, **facts))
    await keep(database, *found)
    return found


def some_visits(events: list[models.Event], chance: Random) -> list[tuple[datetime, models.Event]]:
    """Most of the events, each with a moment at which one can check in; in order of time unless chance has it."""
    visits = []
    for event in events:
        opens, closes = event.starts_at - timedelta(minutes=30), event.ends_at + timedelta(hours=2)
        if chance.random() < 0.9:
            visits.append((opens + chance.random() * (closes - opens), event))
    if chance.random() < 0.8:  # else they are recorded in any order, as organisers would
        visits.sort(key=lambda visit: visit[0])
    return visits


async def test_a_ledger_is_what_its_facts_come_to(town: Town, empty: Database, clock: Clock) -> None:
    met: Counter[str] = Counter()
    for seed in range(TOWNS):
        chance = Random(seed)  # noqa: S311 - a town, not a secret
        events = await some_events(empty, chance)
        for level in LEVELS:
            clock.now = START - timedelta(days=1)
            nath = await town.citizen(level=level)
            viewer = signed_in(nath.viewer)
            await keep(empty, *(participation_row(viewer.citizen_id, event.id) for event in events))
            visits = some_visits(events, chance)

            for clock.now, event in visits:
                key = EventId(event.id)
                attended = await participations.check_in(nath, key, code=await town.code(key))
                assert attended.status is ParticipationStatus.ATTENDED

            kept = await assert_replayed(empty, viewer, policies=town.services.policies, level=level)
            assert len(kept) == len(visits) + (level is not None)
            met.update("doubled" for entry in kept if entry.theme)
            met.update("two places" for entry in kept if entry.computation and entry.computation.overlapping)
            met.update(f"{entry.computation.repeat_factor:.1f}" for entry in kept if entry.computation)
    await assert_balanced(empty)
    assert min(met[case] for case in ("doubled", "two places", "1.0", "0.5", "0.0")) > 2, met
