"""No more is read than what is shown, and never less."""

import pytest
import sqlalchemy as sa

from db.narrowing import Shown, besides, narrowed
from db.paging import Order, one_page, rows_read
from db.queries.citizens import CitizenRow
from db.queries.events import SHOWN, EventRow
from db.queries.participations import OF, HistoryRow
from db.rows import joined
from db.tables import citizen, citizen_total, event, participation
from domain.paging import Window


def columns(select: sa.Select[tuple[object, ...]], rows: type, *shown: str) -> set[str]:
    return {str(each.key) for each in narrowed(select, rows, frozenset(shown), None).selected_columns}


EVENTS: sa.Select[tuple[object, ...]] = sa.select(*SHOWN)
HISTORY: sa.Select[tuple[object, ...]] = sa.select(*participation.c, *joined(SHOWN, OF))
CITIZENS: sa.Select[tuple[object, ...]] = sa.select(*citizen.c, citizen_total.c.points, citizen_total.c.entries)


@pytest.mark.parametrize(
    ("attributes", "read"),
    [
        ((), {"id"}),
        (("details.title", "slug"), {"id", "title", "slug"}),
        (("status", "details.themes"), {"id", "status", "themes"}),
        (("kept_worth",), {"id", "worth"}),
        (
            ("details.venue",),
            {"id", "venue_city", "venue_name", "venue_address", "venue_postal_code", "latitude", "longitude"},
        ),
    ],
)
def test_an_attribute_is_read_by_the_columns_that_it_is_made_of(attributes: tuple[str, ...], read: set[str]) -> None:
    assert columns(EVENTS, EventRow, *attributes) == read


def test_one_of_several_columns_is_read_alone() -> None:
    assert columns(CITIZENS, CitizenRow, "totals.points") == {"id", "points"}


def test_a_property_says_which_columns_it_looks_at() -> None:
    assert columns(CITIZENS, CitizenRow, "name") == {"id", "handle", "full_name"}


def test_what_is_joined_is_read_by_its_own_attributes_and_whether_it_is_there() -> None:
    assert columns(HISTORY, HistoryRow, "listed", "event.details.title") == {"id", "listed", "of_id", "of_title"}
    assert columns(HISTORY, HistoryRow, "event.") == {"id", "of_id"}


@pytest.mark.parametrize("shown", [None, frozenset({"event"}), frozenset({"listed", "no such thing"})])
def test_where_it_is_not_known_all_is_read(shown: Shown) -> None:
    assert narrowed(HISTORY, HistoryRow, shown, None) is HISTORY


def test_what_is_looked_at_besides_is_read_too() -> None:
    assert besides(frozenset({"name"}), "handle") == frozenset({"name", "handle"})
    assert besides(None, "handle") is None


def test_what_no_query_shows_is_never_read() -> None:
    assert "check_in_secret" not in columns(EVENTS, EventRow, *(column.name for column in event.c))


@pytest.mark.parametrize(("shown", "placed"), [(None, True), (frozenset({"place"}), True), (frozenset({"id"}), False)])
def test_where_a_row_stands_is_read_where_cursors_are_shown(shown: Shown, placed: bool) -> None:
    order = Order((event.c.starts_at, event.c.id))
    page = one_page(narrowed(EVENTS, EventRow, shown, None), order, Window(3, shown=shown))

    assert ("place_0" in {str(each.key) for each in page.selected_columns}) is placed


@pytest.mark.parametrize(("shown", "rows"), [(None, 6), (frozenset({"id", "more"}), 6), (frozenset({"id"}), 5)])
def test_one_more_row_is_read_where_it_is_shown_whether_there_is_one(shown: Shown, rows: int) -> None:
    assert rows_read(Window(5, shown=shown)) == rows


def test_whether_there_is_more_is_no_column() -> None:
    assert columns(EVENTS, EventRow, "id", "more") == columns(EVENTS, EventRow, "id")
