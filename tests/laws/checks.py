"""What the database says after each step, held against the model; and what is asked of it once a play is over."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa

from db.engine import Database
from domain.ids import CitizenId, EventId
from resolvers.audit import audited
from resolvers.context import Context
from tests.laws.facts import DECLARED, Event
from tests.laws.model import World
from tests.laws.stage import Stage
from tests.leaving import kept, passed_on, traces

EVENTS = "SELECT id, status, capacity, engagement, by_verified FROM event"
LINES = "SELECT event_id, citizen_id, status, answered, listed FROM participation ORDER BY queued_at, id"
LEDGERS = "SELECT citizen_id, kind, points, event_id FROM ledger_entry ORDER BY citizen_id, number"
SKILLS = "SELECT citizen_id, theme, source, lost_at IS NULL FROM skill_holding ORDER BY acquired_at, theme"
TOTALS = "SELECT citizen_id, points FROM citizen_total WHERE entries > 0"


Row = tuple[object, ...]


class State(NamedTuple):
    """Everything that the model and the database both know."""

    events: dict[UUID, list[Row]]
    lines: dict[UUID, list[Row]]
    ledgers: dict[UUID, list[Row]]
    skills: dict[UUID, list[Row]]
    totals: dict[UUID, list[Row]]


async def state(database: Database) -> State:
    """What is kept. Places are in the order of their lines."""
    async with database.reading() as session:

        async def rows(query: str) -> list[Row]:
            return [tuple(row) for row in await session.execute(sa.text(query))]

        return State(
            events=_grouped(await rows(EVENTS)),
            lines=_grouped(await rows(LINES)),
            ledgers=_grouped(await rows(LEDGERS)),
            skills=_grouped(await rows(SKILLS)),
            totals=_grouped(await rows(TOTALS)),
        )


def expected(world: World, citizens: Mapping[str, CitizenId], ids: Mapping[Event, EventId]) -> State:
    """What should be kept."""
    people = [(citizens[person.name], person) for person in world.people.values()]
    places = [
        (ids[event], citizens[person.name], place.status, place.answered, place.listed)
        for event in world.events
        for person, place in sorted(event.places.items(), key=lambda each: each[1].queued)
    ]
    return State(
        events=_grouped((ids[of], of.status, of.capacity, of.stars, of.by_verified) for of in world.events),
        lines=_grouped(places),
        ledgers=_grouped(
            (citizen, entry.kind, entry.points, entry.event and ids[entry.event])
            for citizen, person in people
            for entry in person.ledger
        ),
        skills=_grouped(
            (citizen, skill.theme, skill.source, skill.lost is None)
            for citizen, person in people
            for skill in sorted(person.skills, key=lambda skill: (skill.gained, skill.theme))
        ),
        totals=_grouped((citizen, person.points) for citizen, person in people if person.ledger),
    )


def differences(kept: State, should: State, names: Mapping[str, str]) -> Iterator[str]:
    """Where the two disagree, each in a line; people by their names."""
    for name, have, want in zip(State._fields, kept, should, strict=True):
        for key in sorted({*have, *want}):
            if have.get(key) != want.get(key):
                told = f"{name} of {key}: kept {have.get(key)}, the model says {want.get(key)}"
                yield re.sub(r"(UUID\(')?([0-9a-f-]{36})('\))?", lambda found: names.get(found[2], found[2]), told)


def undeclared(before: State, after: State) -> Iterator[str]:
    """Events that went from a state into one that doesn't follow it."""
    for key in {*before.events, *after.events}:
        old, new = (each.events[key][0][0] if key in each.events else None for each in (before, after))
        if old != new and (old, new) not in DECLARED:
            yield f"an event went from {old} to {new}"


async def replayed(stage: Stage) -> list[str]:
    """What two replays find: nothing, and both the same."""
    first, second = [[each async for each in audited(Context(stage.services))] for _ in range(2)]
    found = [str(difference) for each in first for difference in each.differences]
    return found if first == second else [*found, "two replays differ"]


async def remembered(stage: Stage, gone: Mapping[str, CitizenId]) -> list[str]:
    """What is still kept of people whose account is gone: their address, their id."""
    await passed_on(stage.database)
    marks = [mark for name, citizen in gone.items() for mark in (f"{name}@example.org", str(citizen))]
    return traces(await kept(stage.database), *marks)


def _grouped(rows: Iterable[Row]) -> dict[UUID, list[Row]]:
    """Rows by what stands first in each."""
    found: dict[UUID, list[Row]] = {}
    for key, *others in rows:
        assert isinstance(key, UUID)
        found.setdefault(key, []).append(tuple(others))
    return found
