"""How PostgreSQL goes about what is asked of it: what is read whole, and how much is read for a page."""

import json
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import sqlalchemy as sa

from db.engine import Database
from db.reading import Reader
from db.statements import Statement

Plan = Mapping[str, Any]
"""Any: JSON, as PostgreSQL tells it."""
LARGE = 2_000
"""Rows from which on a table isn't to be read whole. Those that are small in a country too aren't filled here."""
FEW = {"territory", "territory_within", "scoring_policy", "territory_tally"}
"""Tables that don't grow: three countries have so many departments."""


@dataclass(slots=True)
class Plans:
    """What was asked, and how PostgreSQL goes about it."""

    database: Database
    asked: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    """Statements with the values that were put into them. Any: what each column takes."""

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Note everything that is asked within the block, by sessions and by the reader."""

        def note(_c: object, _cursor: object, statement: str, parameters: Any, _x: object, many: bool) -> None:
            self.asked[statement] = tuple(parameters[0] if many else parameters)

        rows = Reader.rows

        async def noting(
            reader: Reader, statement: Statement[Any], values: Mapping[str, Any], **how: bool
        ) -> list[Any]:
            self.asked[statement.sql] = tuple(values[name] for name in statement.names)
            return await rows(reader, statement, values, **how)

        engine = self.database.engine.sync_engine
        sa.event.listen(engine, "before_cursor_execute", note)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(Reader, "rows", noting)
            yield
        sa.event.remove(engine, "before_cursor_execute", note)

    async def whole(self) -> dict[str, list[str]]:
        """The large tables that are read whole, each with what asks for that."""
        async with self.database.reading() as session:
            sizes = await session.execute(sa.text("SELECT relname, reltuples FROM pg_class WHERE relkind = 'r'"))
            large = {name for name, rows in sizes if rows >= LARGE} - FEW
        found = defaultdict(list)
        async for statement, plan in self._explained("FORMAT JSON"):
            for node in nodes(plan):
                if node["Node Type"].endswith("Seq Scan") and node["Relation Name"] in large:
                    found[node["Relation Name"]].append(" ".join(statement.split())[:2000])
        return dict(found)

    async def rows_read(self) -> Counter[str]:
        """How many rows of each table are read for all of it: what was asked is asked again."""
        found = Counter[str]()
        async for _, plan in self._explained("ANALYZE, TIMING OFF, FORMAT JSON"):
            for node in nodes(plan):
                each = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
                found[node.get("Relation Name", "")] += round(each * node["Actual Loops"])
        return found

    async def _explained(self, how: str) -> AsyncIterator[tuple[str, Plan]]:
        async with self.database.reading() as session:
            raw = await (await session.connection()).get_raw_connection()
            driver: Any = raw.driver_connection  # Any: asyncpg's
            for statement, values in self.asked.items():
                if statement.split(None, 1)[0] in {"SELECT", "WITH", "INSERT", "UPDATE", "DELETE"}:
                    undone = driver.transaction()
                    await undone.start()
                    told = await driver.fetchval(f"EXPLAIN ({how}) {statement}", *values)
                    await undone.rollback()
                    plan = told if isinstance(told, list) else json.loads(told)
                    yield statement, plan[0]["Plan"]


def nodes(plan: Plan) -> Iterator[Plan]:
    """A plan's nodes, the outermost first."""
    yield plan
    for inner in plan.get("Plans", ()):
        yield from nodes(inner)
