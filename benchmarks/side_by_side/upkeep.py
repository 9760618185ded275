"""What large tables weigh, and what clearing dead rows away takes."""

from dataclasses import dataclass
from time import perf_counter

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from benchmarks.side_by_side.figures import Figures
from db.engine import Database

TABLES = ("participation", "ledger_entry", "citizen", "citizen_total", "skill_holding", "event")
ONE_IN = 100
"""Of so many rows one is changed, and so leaves a dead one behind."""
COLUMNS = ("table", "rows", "MB", "MB of indexes", "dead rows", "VACUUM ANALYZE s")


@dataclass(frozen=True, slots=True)
class Weighed:
    """A table: its rows, the bytes of it and of its indexes, and how long vacuum took over how many dead rows."""

    table: str
    rows: int
    table_bytes: int
    index_bytes: int
    dead: int
    vacuum_seconds: float


async def weigh(database: Database) -> list[Weighed]:
    """Weigh the tables, change some of their rows, and clear up. No trigger fires: the ledger takes no changes else."""
    async with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        await connection.execute(sa.text("SET statement_timeout = 0"))
        await connection.execute(sa.text("SET session_replication_role = replica"))
        return [await _weighed(connection, table) for table in TABLES]


async def _weighed(connection: AsyncConnection, table: str) -> Weighed:
    sizes = sa.text(
        "SELECT reltuples::bigint, pg_table_size(oid), pg_indexes_size(oid) FROM pg_class WHERE oid = :t ::regclass"
    )
    rows, table_bytes, index_bytes = (await connection.execute(sizes, {"t": table})).one()
    first = await connection.scalar(
        sa.text("SELECT attname FROM pg_attribute WHERE attrelid = :t ::regclass AND attnum = 1"), {"t": table}
    )
    changed = f'UPDATE {table} SET "{first}" = "{first}" WHERE hashtext(ctid::text) % {ONE_IN} = 0'
    dead = (await connection.execute(sa.text(changed))).rowcount
    begun = perf_counter()
    await connection.execute(sa.text(f"VACUUM ANALYZE {table}"))
    return Weighed(table, rows, table_bytes, index_bytes, dead, round(perf_counter() - begun, 1))


def _cells(each: Weighed) -> list[str]:
    sizes = [f"{size / 1e6:,.0f}" for size in (each.table_bytes, each.index_bytes)]
    return [f"`{each.table}`", f"{each.rows:,}", *sizes, f"{each.dead:,}", f"{each.vacuum_seconds:.1f}"]


FIGURES = Figures("upkeep.json", "What it weighs, and what clearing up takes", COLUMNS, 1, Weighed, _cells)
