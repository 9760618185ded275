"""One primary may not be enough some day: nothing in the database stands in the way of spreading it by citizen."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from db.engine import Database
from db.placement import AT_HOME, COPIED, LET_GO, SPREAD_BY, UNIQUE_IN_THE_COUNTRY, Place, place, statements

SCALE = Path(__file__).parents[2] / "docs" / "scale.md"
TABLES = "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
SEQUENCES = "SELECT relname FROM pg_class WHERE relkind = 'S'"
UNIQUE_KEYS = """
    SELECT c.relname, array_agg(a.attname::text ORDER BY k.place)
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid AND c.relnamespace = 'public'::regnamespace
    CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY k(number, place)
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number
    WHERE i.indisunique AND k.place <= i.indnkeyatts GROUP BY i.indexrelid, c.relname
"""
REFERENCES = """
    SELECT f.conrelid::regclass::text, f.confrelid::regclass::text, array_agg(a.attname::text),
        array_agg(b.attname::text)
    FROM pg_constraint f CROSS JOIN LATERAL unnest(f.conkey, f.confkey) k(ours, theirs)
    JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.ours
    JOIN pg_attribute b ON b.attrelid = f.confrelid AND b.attnum = k.theirs
    WHERE f.contype = 'f' GROUP BY f.oid
"""


async def rows(database: Database, question: str) -> list[tuple[object, ...]]:
    async with database.reading() as session:
        return [tuple(row) for row in await session.execute(sa.text(question))]


async def test_each_table_has_a_place_and_one_only(database: Database) -> None:
    tables = {str(name) for (name,) in await rows(database, TABLES)}

    assert {*SPREAD_BY, *COPIED, *AT_HOME} == tables
    assert len(SPREAD_BY) + len(COPIED) + len(AT_HOME) == len(tables)


async def test_no_number_is_given_out_by_one_node(database: Database) -> None:
    assert await rows(database, SEQUENCES) == []


async def test_what_is_a_citizens_is_unique_with_the_citizen(database: Database) -> None:
    """A node can only vouch for what is on it."""
    without = {
        str(table): tuple(columns)
        for table, columns in await rows(database, UNIQUE_KEYS)
        if table in SPREAD_BY and isinstance(columns, list) and SPREAD_BY[str(table)] not in columns
    }

    assert without == UNIQUE_IN_THE_COUNTRY


async def test_no_reference_leads_from_node_to_node(database: Database) -> None:
    across = {
        (str(table), str(column))
        for table, other, ours, theirs in await rows(database, REFERENCES)
        if isinstance(ours, list) and isinstance(theirs, list)
        for column in ours[:1]
        if leads_away(str(table), str(other), list(zip(ours, theirs, strict=True)))
    }

    assert across == LET_GO


def leads_away(table: str, other: str, columns: list[tuple[str, str]]) -> bool:
    """Whether the row that is pointed to may be on another node."""
    if place(other) is Place.SPREAD:
        return place(table) is not Place.SPREAD or (SPREAD_BY[table], SPREAD_BY[other]) not in columns
    return place(other) is Place.AT_HOME and place(table) is not Place.AT_HOME


async def test_the_ledger_stands_alone(database: Database) -> None:
    """It is the largest and the last to be lost: events come and go without it."""
    to = {str(other) for table, other, *_ in await rows(database, REFERENCES) if table == "ledger_entry"}

    assert to == {"citizen", "scoring_policy"}


@pytest.mark.parametrize("statement", list(statements()))
def test_docs_say_how_it_is_spread(statement: str) -> None:
    assert statement in SCALE.read_text()
