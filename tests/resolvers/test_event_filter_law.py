"""Whatever is combined in a filter, it finds what a plain loop over the same events finds, in any order."""

import asyncio
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import timedelta
from itertools import count
from random import Random
from typing import Any

import pytest

from db import models
from db.engine import Database
from domain.events import EventFormat, EventStatus
from domain.filters import EventFilter, EventOrder, OrganizerKind
from domain.geography import Bounds, Near, distance_km
from domain.ids import TerritoryCode
from domain.organizations import OrganizationKind
from domain.paging import Window
from domain.participations import ParticipationStatus
from domain.words import ThemeCode
from resolvers import events
from resolvers.context import Context
from tests.clock import START
from tests.rows import citizen_row, event_row, keep, organization_row, participation_row

EVENTS, FILTERS = 120, 400
WITHIN = {"FR-44": {"FR-44", "FR-PDL", "FR"}, "FR-49": {"FR-49", "FR-PDL", "FR"}, "CH-GE": {"CH-GE", "CH"}}
TALENTS = ("Droit", "Comptabilité", "design graphique", "Œuvres")
PLAIN_TALENTS = {"droit": "DROIT", "comptabilite": "comptabilité", "design graphique": "Design  graphique"}


class Agenda:
    """Rows at random, and what each is by hand."""

    def __init__(self, random: Random, citizens: list[Any], organizations: list[models.Organization]) -> None:
        self.random, self.citizens, self.organizations = random, citizens, organizations
        self._numbers = count()
        self.rows = [self.row() for _ in range(EVENTS)]
        self.taken: dict[Any, int] = {}

    def row(self) -> models.Event:
        random, number = self.random, next(self._numbers)
        starts_at = START + timedelta(hours=random.randrange(0, 200))
        facts: dict[str, Any] = {
            "title": random.choice(["Barcamp", "Chœur d’été", "Marché solidaire"]),
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(hours=2),
            "updated_at": START + timedelta(hours=random.randrange(50)),
            "themes": random.sample([theme.value for theme in ThemeCode], random.randint(1, 3)),
            "format": random.choice(list(EventFormat)),
            "status": random.choices(list(EventStatus), [1, 1, 8, 1, 2, 4])[0],
            "territory_code": random.choice([None, *WITHIN]),
            "engagement": random.randint(1, 5),
            "worth": random.randint(1, 6) * 30,
            "capacity": random.choice([None, 1, 2]),
            "sought_talents": random.sample(TALENTS, random.randint(0, 2)),
            "external_id": random.choice([None, str(number)]),
            "organization_id": random.choice([None, *(each.id for each in self.organizations)]),
        }
        if random.random() < 0.7:
            facts |= {"latitude": random.uniform(46, 48), "longitude": random.uniform(-2.5, 0), "venue_city": "Nantes"}
        if facts["organization_id"] is None:
            facts["external_id"] = None
        facts["published_at"] = START if facts["status"] in OPEN else None
        return event_row(random.choice(self.citizens).id, **facts)


OPEN = {EventStatus.PUBLISHED, EventStatus.COMPLETED, EventStatus.CANCELLED}


def test_the_law_knows_every_field() -> None:
    assert {each.name for each in fields(EventFilter)} == set(MEANINGS) | {"near", "statuses", "maximum_engagement"}


def seats(event: models.Event, taken: int) -> bool:
    return event.capacity is None or taken < event.capacity


def words_of(event: models.Event) -> str:
    return {"Barcamp": "barcamp", "Chœur d’été": "choeur", "Marché solidaire": "marches"}[event.title]


def folded(talents: list[str] | tuple[str, ...]) -> set[str]:
    return {each.lower().replace("é", "e").replace("œ", "oe").replace("  ", " ") for each in talents}


def inside(bounds: Bounds, event: models.Event) -> bool:
    return (
        event.latitude is not None
        and event.longitude is not None
        and bounds.south <= event.latitude <= bounds.north
        and bounds.west <= event.longitude <= bounds.east
    )


MEANINGS: dict[str, Callable[[models.Event, Any, "Agenda"], bool]] = {
    "search": lambda event, word, _: words_of(event) == word,
    "themes": lambda event, themes, _: bool(set(event.themes) & {each.value for each in themes}),
    "territory": lambda event, code, _: code in WITHIN.get(event.territory_code or "", set()),
    "formats": lambda event, formats, _: event.format in formats,
    "starts_after": lambda event, at, _: event.starts_at >= at,
    "starts_before": lambda event, at, _: event.starts_at < at,
    "updated_since": lambda event, at, _: event.updated_at >= at,
    "minimum_engagement": lambda event, stars, _: event.engagement >= stars,
    "organizer": lambda event, who, _: (event.organization_id or event.proposer_id) == who,
    "organizer_kind": lambda event, kind, agenda: (
        (event.organization_id is None)
        if kind is OrganizerKind.CITIZEN
        else any(each.id == event.organization_id and each.kind.value == kind.value for each in agenda.organizations)
    ),
    "external_ids": lambda event, ids, _: event.external_id in ids,
    "sought_talents": lambda event, talents, _: bool(folded(event.sought_talents) & folded(talents)),
    "within": lambda event, bounds, _: inside(bounds, event),
    "with_seats": lambda event, wanted, agenda: seats(event, agenda.taken.get(event.id, 0)) is wanted,
}


def drawn(agenda: Agenda) -> EventFilter:
    """A few fields at random."""
    random = agenda.random
    at = START + timedelta(hours=random.randrange(200))
    stars = random.randint(1, 5)
    offers: dict[str, Any] = {
        "search": random.choice(["barcamp", "choeur", "marches"]),
        "themes": tuple(random.sample(list(ThemeCode), 2)),
        "territory": TerritoryCode(random.choice(["FR", "FR-PDL", "FR-44", "CH"])),
        "formats": tuple(random.sample(list(EventFormat), 2)),
        "statuses": tuple(random.sample(list(EventStatus), 3)),
        "starts_after": at,
        "starts_before": at + timedelta(hours=80),
        "updated_since": START + timedelta(hours=random.randrange(50)),
        "minimum_engagement": stars,
        "maximum_engagement": stars + 1,
        "organizer": random.choice([*agenda.citizens, *agenda.organizations]).id,
        "organizer_kind": random.choice(list(OrganizerKind)),
        "external_ids": tuple(str(each) for each in random.sample(range(EVENTS), 60)),
        "sought_talents": (random.choice(list(PLAIN_TALENTS.values())), "rien"),
        "near": Near(random.uniform(46, 48), random.uniform(-2.5, 0), random.uniform(10, 120)),
        "within": Bounds(north=random.uniform(47, 48), south=46.5, east=0, west=random.uniform(-2.5, -1)),
        "with_seats": random.choice([True, False]),
    }
    assert set(offers) == {each.name for each in fields(EventFilter)}
    return EventFilter(
        **{name: offers[name] for name in random.sample(list(offers), random.choice([1, 1, 2, 2, 3, 4]))}
    )


def expected(agenda: Agenda, where: EventFilter, order: EventOrder) -> list[Any]:
    fetched_again = (EventStatus.CANCELLED,) if where.updated_since else ()
    statuses = where.statuses or (EventStatus.PUBLISHED, EventStatus.COMPLETED, *fetched_again)
    near = where.near

    def found(event: models.Event) -> bool:
        return (
            event.status in statuses
            and event.status in OPEN
            and (where.maximum_engagement is None or event.engagement <= where.maximum_engagement)
            and (near is None or (distance(event) or 1e9) <= near.radius_km)
            and all(
                means(event, getattr(where, name), agenda)
                for name, means in MEANINGS.items()
                if getattr(where, name) is not None
            )
        )

    def distance(event: models.Event) -> float | None:
        if near is None or event.latitude is None or event.longitude is None:
            return None
        return distance_km(near, event.latitude, event.longitude)

    sorts: dict[EventOrder, Callable[[models.Event], Any]] = {
        EventOrder.STARTS_AT_ASC: lambda event: (event.starts_at, event.id),
        EventOrder.STARTS_AT_DESC: lambda event: (event.starts_at, event.id),
        EventOrder.UPDATED_AT_ASC: lambda event: (event.updated_at, event.id),
        EventOrder.POINTS_DESC: lambda event: (event.worth, event.id),
        EventOrder.DISTANCE_ASC: lambda event: (distance(event), event.id),
    }
    kept = [event for event in agenda.rows if found(event)]
    down = order in (EventOrder.STARTS_AT_DESC, EventOrder.POINTS_DESC)
    return [event.id for event in sorted(kept, key=sorts[order], reverse=down)]


@pytest.fixture
async def agenda(empty: Database) -> Agenda:
    citizens = [citizen_row() for _ in range(3)]
    kinds = (OrganizationKind.COMPANY, OrganizationKind.POLITICAL_GROUP)
    organizations = [organization_row(kind=kind) for kind in kinds]
    await keep(empty, *citizens, *organizations)
    made = Agenda(Random(20260901), citizens, organizations)  # noqa: S311 - the same rows each time
    await keep(empty, *made.rows)
    places = []
    for event in made.rows:
        for citizen in citizens[: made.random.randint(0, 3)]:
            status = made.random.choice(list(ParticipationStatus))
            attended = {"attended_at": START, "evidence": "ORGANIZER"} if status is ParticipationStatus.ATTENDED else {}
            places.append(participation_row(citizen.id, event.id, status=status, **attended))
            if status in (ParticipationStatus.REGISTERED, ParticipationStatus.ATTENDED):
                made.taken[event.id] = made.taken.get(event.id, 0) + 1
    await keep(empty, *places)
    return made


async def test_every_combination_finds_what_a_plain_loop_finds(agenda: Agenda, nobody: Context) -> None:
    """400 filters of one to four fields, each in an order at random, paged in steps of seven."""
    orders = [each for each in EventOrder if each is not EventOrder.RELEVANCE]
    found_any = 0
    for _ in range(FILTERS):
        where, order = drawn(agenda), agenda.random.choice(orders)
        if order is EventOrder.DISTANCE_ASC and where.near is None:
            where = replace(where, near=Near(47, -1, 300))
        wanted = expected(agenda, where, order)
        seen: list[Any] = []
        window: Window | None = Window(7)
        while window:
            page = await events.events(nobody, where, order=order, window=window)
            seen += [placed.item.id for placed in page.items]
            window = Window(7, after=page.items[-1].place) if page.has_next else None
        assert seen == wanted, (where, order)
        found_any += bool(wanted)
    assert found_any > FILTERS / 3  # the law is not about nothing


async def test_pages_have_no_gap_and_no_double_while_events_are_added(
    agenda: Agenda, nobody: Context, empty: Database
) -> None:
    """What was there at the start is met exactly once, both ways, whatever is added before, between and after."""
    where = EventFilter(near=Near(47, -1, 300))
    writing = True

    async def write() -> None:
        while writing:
            await keep(empty, agenda.row())
            await asyncio.sleep(0)

    for order in EventOrder:
        if order is EventOrder.RELEVANCE:
            continue
        there = set(expected(agenda, where, order))
        for backward in (False, True):
            writing = True
            writer = asyncio.ensure_future(write())
            seen: list[Any] = []
            window: Window | None = Window(5, backward=backward)
            while window:
                page = await events.events(nobody, where, order=order, window=window)
                seen += [placed.item.id for placed in page.items]
                if backward:
                    window = Window(5, before=page.items[0].place, backward=True) if page.has_previous else None
                else:
                    window = Window(5, after=page.items[-1].place) if page.has_next else None
            writing = False
            await writer
            assert len(set(seen)) == len(seen)
            assert there <= set(seen)
