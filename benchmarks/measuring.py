"""Times in the database, and the plans they come from: what a query function really sends, explained as it runs."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine import Database

Asked = Callable[[AsyncSession], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Measured:
    """The statements of one question, their milliseconds in the database together, and how rows were found."""

    statements: int
    milliseconds: float
    scans: tuple[str, ...]


async def measure(database: Database, asked: Asked, *, runs: int) -> Measured:
    """The median of several runs, after one that warms up."""
    sent: list[tuple[str, Any]] = []

    def note(_c: object, _cursor: object, statement: str, parameters: Any, _x: object, _many: bool) -> None:
        sent.append((statement, parameters))

    sa.event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    try:
        async with database.reading() as session:
            await asked(session)
    finally:
        sa.event.remove(database.engine.sync_engine, "before_cursor_execute", note)
    times: list[float] = []
    scans: dict[str, None] = {}
    async with database.engine.connect() as connection:
        for _ in range(runs):
            took = 0.0
            for statement, parameters in sent:
                explained = f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}"
                told = (await connection.exec_driver_sql(explained, parameters)).scalar_one()
                plan = (json.loads(told) if isinstance(told, str) else told)[0]
                took += plan["Execution Time"] + plan["Planning Time"]
                scans |= dict.fromkeys(_scans(plan["Plan"]))
            times.append(took)
    return Measured(len(sent), median(times), tuple(scans))


def _scans(plan: dict[str, Any]) -> list[str]:
    """The indexes that a plan goes by, and the tables that it reads whole."""
    found = []
    if "Index Name" in plan:
        found.append(plan["Index Name"])
    elif plan["Node Type"] == "Seq Scan" and plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0) > 1_000:  # noqa: PLR2004
        found.append(f"ALL of {plan['Relation Name']}")
    for part in plan.get("Plans", ()):
        found += _scans(part)
    return found
