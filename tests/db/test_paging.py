"""Keyset pages cover their lists, whatever is added meanwhile."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from db.engine import Database
from db.paging import KEY, Order, Ownership, Row, count, counts, page, pages
from db.queries import ledger
from db.queries.event_filter import BY_ORGANIZER, BY_TERRITORY, BY_THEME
from db.queries.event_search import EventsOf, of_owners, totals_of_owners
from db.tables import event, ledger_entry
from domain.filters import EventFilter
from domain.ids import CitizenId
from domain.paging import BadPlace, Page, Place, Window
from tests.clock import START
from tests.rows import citizen_row, entry_row, event_row, keep, organization_row

BY_START = Order((event.c.starts_at, event.c.id))
LATEST = Order((event.c.starts_at, event.c.id), descending=True)
BY_NUMBER = Order((ledger_entry.c.number,))
BY_PROPOSER: Ownership[UUID] = Ownership(KEY, lambda key: event.c.proposer_id == key)
ROWS = sa.select(event.c.id, event.c.starts_at, event.c.proposer_id)
DAY = timedelta(days=1)


def read(row: Row) -> UUID:
    found: UUID = row.id
    return found


@dataclass(frozen=True)
class Listed:
    """Events of some citizens, many of them at the same time as another."""

    database: Database
    proposers: list[UUID]
    events: list[tuple[datetime, UUID, UUID]]

    def ids(self, *, descending: bool, of: UUID | None = None) -> list[UUID]:
        """As plain Python sorts them."""
        return [key for _, key, proposer in sorted(self.events, reverse=descending) if of in (None, proposer)]

    async def add(self, starts_at: datetime, proposer: UUID) -> None:
        row = event_row(proposer, starts_at=starts_at, ends_at=starts_at + DAY)
        await keep(self.database, row)
        self.events.append((starts_at, row.id, proposer))


@pytest.fixture
async def listed(empty: Database) -> Listed:
    chance = Random(20131220)  # noqa: S311 - a list, not a secret
    citizens = [citizen_row() for _ in range(3)]
    await keep(empty, *citizens)
    made = Listed(empty, [citizen.id for citizen in citizens], [])
    rows = []
    for _ in range(29):
        starts_at = START + chance.randrange(9) * DAY + timedelta(microseconds=chance.randrange(2))
        rows.append(event_row(chance.choice(made.proposers[:2]), starts_at=starts_at, ends_at=starts_at + DAY))
    await keep(empty, *rows)
    made.events.extend((row.starts_at, row.id, row.proposer_id or uuid4()) for row in rows)
    return made


async def one(listed: Listed, order: Order, window: Window) -> Page[UUID]:
    async with listed.database.reading() as session:
        return await page(session, ROWS, order, window, read)


async def walk(listed: Listed, order: Order, limit: int, *, backward: bool) -> AsyncIterator[Page[UUID]]:
    """Page after page, from one end to the other."""
    place: Place | None = None
    while True:
        window = Window(limit, before=place, backward=True) if backward else Window(limit, after=place)
        found = await one(listed, order, window)
        yield found
        if not (found.has_previous if backward else found.has_next):
            return
        place = found.items[0 if backward else -1].place


def items(found: Page[UUID]) -> list[UUID]:
    return [placed.item for placed in found.items]


@pytest.mark.parametrize("order", [BY_START, LATEST], ids=["up", "down"])
@pytest.mark.parametrize("limit", [1, 2, 7, 28, 29, 30])
async def test_pages_cover_a_list_both_ways_with_no_gap_and_no_double(listed: Listed, order: Order, limit: int) -> None:
    forward = [found async for found in walk(listed, order, limit, backward=False)]
    backward = [found async for found in walk(listed, order, limit, backward=True)]
    expected = listed.ids(descending=order.descending)

    assert [key for found in forward for key in items(found)] == expected
    assert [key for found in reversed(backward) for key in items(found)] == expected
    assert all(len(found.items) == limit for found in (*forward[:-1], *backward[:-1]))
    assert [found.has_previous for found in forward] == [False] + [True] * (len(forward) - 1)
    assert [found.has_next for found in backward] == [False] + [True] * (len(backward) - 1)


@pytest.mark.parametrize("order", [BY_START, LATEST], ids=["up", "down"])
@pytest.mark.parametrize("backward", [False, True], ids=["forward", "backward"])
async def test_what_is_added_on_the_way_moves_nothing_that_was_there(
    listed: Listed, order: Order, backward: bool
) -> None:
    """What comes in ahead of the reader is met, once; what comes in behind is not; and nothing else is lost."""
    expected = listed.ids(descending=order.descending)
    met: list[UUID] = []
    async for found in walk(listed, order, 4, backward=backward):
        met += reversed(items(found)) if backward else items(found)
        for starts_at in (START - DAY, START + 20 * DAY):
            await listed.add(starts_at, listed.proposers[0])
        if len(met) > 80:
            break
    assert len(met) == len(set(met))
    assert [key for key in (reversed(met) if backward else met) if key in set(expected)] == expected
    downward = order.descending != backward
    ahead = START - DAY if downward else START + 20 * DAY
    behind = START + 20 * DAY if downward else START - DAY
    times = {key: starts_at for starts_at, key, _ in listed.events}
    assert {times[key] for key in met[len(expected) :]} == {ahead}
    assert behind not in {times[key] for key in met}


@pytest.mark.parametrize("backward", [False, True])
async def test_a_window_lies_between_two_places(listed: Listed, backward: bool) -> None:
    everything = await one(listed, BY_START, Window(100))
    after, before = everything.items[5].place, everything.items[20].place

    found = await one(listed, BY_START, Window(6, after=after, before=before, backward=backward))

    between = items(everything)[6:20]
    assert items(found) == (between[-6:] if backward else between[:6])
    assert (found.has_next, found.has_previous) == (True, True)
    assert items(await one(listed, BY_START, Window(6, after=before, before=after, backward=backward))) == []


@pytest.mark.parametrize("order", [BY_START, LATEST], ids=["up", "down"])
@pytest.mark.parametrize("backward", [False, True], ids=["forward", "backward"])
@pytest.mark.parametrize("between", [False, True])
async def test_pages_of_many_lists_are_the_page_of_each(
    listed: Listed, order: Order, backward: bool, between: bool
) -> None:
    everything = (await one(listed, order, Window(100))).items
    after, before = (everything[3].place, everything[24].place) if between else (None, None)
    window = Window(4, after=after, before=before, backward=backward)
    asked = [*listed.proposers, uuid4(), listed.proposers[0]]

    async with listed.database.reading() as session:
        many = await pages(session, ROWS, owned=BY_PROPOSER, keys=asked, order=order, window=window, read=read)
        each = {
            key: await page(session, ROWS.where(event.c.proposer_id == key), order, window, read) for key in set(asked)
        }
        totals = await counts(session, ROWS, owned=BY_PROPOSER, keys=asked)
        alone = {key: await count(session, ROWS.where(event.c.proposer_id == key)) for key in set(asked)}

    assert many == each
    assert totals == alone
    assert [totals[key] for key in listed.proposers] == [
        len(listed.ids(descending=False, of=key)) for key in listed.proposers
    ]
    assert (totals[asked[3]], many[asked[3]].items) == (0, ())


async def test_events_of_many_owners_are_those_of_each(empty: Database) -> None:
    """In one statement or in one each; by who organises, by theme, and by territory with what it contains."""
    citizen, organization = citizen_row(), organization_row()
    await keep(empty, citizen, organization)
    places = {"FR-44": ("FR", "FR-PDL", "FR-44"), "FR-85": ("FR", "FR-PDL", "FR-85"), "CH-GE": ("CH", "CH-GE")}
    kept = []
    for number in range(12):
        place = list(places)[number % 3]
        themes = ["CULTURE", "ECONOMY"] if number % 2 else ["ECONOMY"]
        of = organization.id if number % 4 else None
        kept.append((event_row(citizen.id, organization_id=of, territory_code=place, themes=themes), places[place]))
    await keep(empty, *(row for row, _ in kept))
    expected: dict[Ownership[Any], dict[Any, set[UUID]]] = {  # Any: keys are ids or codes
        BY_ORGANIZER: {
            key: {row.id for row, _ in kept if (row.organization_id or row.proposer_id) == key}
            for key in (citizen.id, organization.id, uuid4())
        },
        BY_THEME: {
            key: {row.id for row, _ in kept if key in row.themes} for key in ("CULTURE", "ECONOMY", "TRANSPORT")
        },
        BY_TERRITORY: {
            key: {row.id for row, inside in kept if key in inside}
            for key in ("FR", "FR-PDL", "FR-44", "FR-85", "CH", "CH-GE", "CH-VD", "CA", "XX")
        },
    }

    async with empty.reading() as session:
        for owned, owners in expected.items():
            found = await of_owners(session, None, list(owners), EventFilter(), Window(100), owned=owned)
            totals = await totals_of_owners(
                session, None, [EventsOf(key, EventFilter()) for key in owners], owned=owned
            )
            for key in owners:
                assert {placed.item.id for placed in found[key].items} == owners[key], key
                assert totals[EventsOf(key, EventFilter())] == len(owners[key]), key
                alone = await of_owners(session, None, [key], EventFilter(), Window(3), owned=owned)
                assert alone[key].items == found[key].items[:3]


async def test_no_keys_are_no_pages(listed: Listed) -> None:
    async with listed.database.reading() as session:
        window = Window(4)
        assert not await pages(session, ROWS, owned=BY_PROPOSER, keys=[], order=LATEST, window=window, read=read)
        assert not await counts(session, ROWS, owned=BY_PROPOSER, keys=[])


async def test_a_place_is_what_json_can_hold_and_is_of_utc(listed: Listed) -> None:
    (first,) = (await one(listed, BY_START, Window(1))).items
    starts_at, key = first.place

    assert datetime.fromisoformat(str(starts_at)) == min(listed.events)[0]
    assert str(starts_at).endswith("+00:00")
    assert UUID(str(key)) == first.item


@pytest.mark.parametrize(
    "place",
    [
        (),
        ("2026-09-01T12:00:00+00:00",),
        ("2026-09-01T12:00:00+00:00", str(uuid4()), "more"),
        (str(uuid4()), "2026-09-01T12:00:00+00:00"),
        ("2026-09-01T12:00:00", str(uuid4())),
        ("yesterday", str(uuid4())),
        (1_788_264_000, str(uuid4())),
        ("2026-09-01T12:00:00+00:00", 12),
        ("2026-09-01T12:00:00+00:00", "é" * 36),
        ("9999-12-31T23:59:59-14:00", str(uuid4())),
        ("0001-01-01T00:00:00+14:00", str(uuid4())),
        ("\x00", str(uuid4())),
        ("\ud800", "\ud800"),
        (True, False),
    ],
)
@pytest.mark.parametrize("backward", [False, True])
async def test_a_place_that_is_none_of_this_list_is_told(listed: Listed, place: Place, backward: bool) -> None:
    with pytest.raises(BadPlace):
        await one(listed, BY_START, Window(4, after=place))
    with pytest.raises(BadPlace):
        await one(listed, LATEST, Window(4, before=place, backward=backward))


@pytest.mark.parametrize("number", ["1", 1.0, True, 2**31, -(2**31) - 1, 2**63, 10**400, float("nan"), float("inf")])
async def test_a_number_that_no_entry_can_have_is_no_place_in_a_ledger(empty: Database, number: str | float) -> None:
    async with empty.reading() as session:
        with pytest.raises(BadPlace):
            await page(session, sa.select(ledger_entry.c.id), BY_NUMBER, Window(4, after=(number,)), read)


async def test_a_ledger_is_paged_by_number_for_many_citizens_at_once(empty: Database) -> None:
    one, other = citizen_row(), citizen_row()
    await keep(empty, one, other)
    await keep(empty, *(entry_row(one.id, number) for number in range(1, 8)), entry_row(other.id, 1))
    asked = [CitizenId(one.id), CitizenId(other.id)]
    window = Window(3, after=(6,))

    found = await ledger.of_citizens(empty.reader, None, [(citizen, window) for citizen in asked])

    assert [placed.item.number for placed in found[asked[0], window].items] == [5, 4, 3]
    assert [placed.place for placed in found[asked[0], window].items] == [(5,), (4,), (3,)]
    assert found[asked[0], window].has_next
    assert [placed.item.number for placed in found[asked[1], window].items] == [1]


async def test_moments_of_a_place_are_compared_to_the_microsecond(empty: Database) -> None:
    somebody = citizen_row()
    await keep(empty, somebody)
    times = [START.astimezone(UTC) + timedelta(microseconds=number) for number in range(3)]
    rows = [event_row(somebody.id, starts_at=each, ends_at=each + DAY) for each in times]
    await keep(empty, *rows)
    listed = Listed(empty, [somebody.id], [])

    found = [items(each) async for each in walk(listed, BY_START, 1, backward=False)]

    assert found == [[row.id] for row in rows]
