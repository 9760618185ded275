"""Tables and indexes: what was left half made, what isn't vacuumed, and what has grown without need."""

from collections.abc import Iterator, Sequence

from influents.doctor.findings import Finding, Subject
from influents.doctor.patient import Patient, Row

LARGE = 100_000
"""Rows from which on it matters whether a table is vacuumed."""
DEAD = 0.2
"""Of its rows, above which autovacuum doesn't keep up: it begins at as many."""
SWOLLEN = 3.0
"""Times as large as its entries need."""
WORTH_IT = 64 * 1024 * 1024

index, vacuum = Subject("indexes"), Subject("vacuum")

HALF_MADE = """
    SELECT c.relname AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE (NOT i.indisvalid OR NOT i.indisready) AND n.nspname = current_schema()
        AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid)
    ORDER BY c.relname
"""
SIZES = """
    SELECT c.relname AS name, pg_relation_size(c.oid) AS bytes,
        (8 + 4 + coalesce(sum(s.avg_width), 0)) * greatest(c.reltuples, 1) / 0.8 AS needed
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am m ON m.oid = c.relam
        JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_class t ON t.oid = i.indrelid
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
        LEFT JOIN pg_stats s ON s.schemaname = n.nspname AND s.tablename = t.relname AND s.attname = a.attname
    WHERE m.amname = 'btree' AND i.indexprs IS NULL AND n.nspname = current_schema() AND c.reltuples >= 0
        AND pg_relation_size(c.oid) >= :least
    GROUP BY c.oid, c.relname, c.reltuples ORDER BY c.relname
"""
VACUUMED = """
    SELECT relname AS name, n_live_tup AS live, n_dead_tup AS dead, greatest(last_vacuum, last_autovacuum) AS at,
        greatest(last_analyze, last_autoanalyze) AS analyzed
    FROM pg_stat_user_tables WHERE schemaname = current_schema() AND n_live_tup + n_dead_tup >= :least ORDER BY relname
"""


async def indexes(patient: Patient) -> Sequence[Finding]:
    """Those that aren't used because they were cut short, and those that need to be made anew."""
    broken = [row["name"] for row in await patient.rows(HALF_MADE)]
    sizes = await patient.rows(SIZES, least=WORTH_IT)
    return index.unless([*unfinished(broken), *swollen(sizes)], "all are whole")


def unfinished(names: Sequence[str]) -> Iterator[Finding]:
    """What CREATE INDEX CONCURRENTLY left when it was cut short: kept up to date, and never used."""
    for name in names:
        yield index.wrong(f"{name} was left half made, and costs without helping", f"REINDEX INDEX CONCURRENTLY {name}")


def swollen(rows: Sequence[Row]) -> Iterator[Finding]:
    """Those far larger than what is in them; a guess, by the average width of their columns."""
    for row in rows:
        if row["bytes"] > SWOLLEN * float(row["needed"]):
            times = row["bytes"] / float(row["needed"])
            yield index.warning(
                f"{row['name']} has {row['bytes'] >> 20} MiB, some {times:.0f} times what it needs",
                f"REINDEX INDEX CONCURRENTLY {row['name']}",
            )


async def vacuumed(patient: Patient) -> Sequence[Finding]:
    """Whether autovacuum keeps up."""
    on = await patient.row("SELECT current_setting('autovacuum')::bool AND current_setting('track_counts')::bool AS on")
    off = [] if on["on"] else [vacuum.wrong("autovacuum is off: tables only grow", "set autovacuum to on")]
    return vacuum.unless([*off, *left_lying(await patient.rows(VACUUMED, least=LARGE))], "autovacuum keeps up")


def left_lying(rows: Sequence[Row]) -> Iterator[Finding]:
    """Tables with many dead rows, or that the planner knows nothing about."""
    for row in rows:
        if row["dead"] > DEAD * 2 * max(row["live"], 1):
            since = f"{row['at']:%Y-%m-%d %H:%M}" if row["at"] else "never"
            yield vacuum.warning(
                f"{row['dead']} rows of {row['name']} are dead beside {row['live']}, vacuumed last: {since}",
                "find what holds it up: old transactions, replication slots, a small autovacuum_vacuum_cost_limit",
            )
        elif row["analyzed"] is None:
            yield vacuum.warning(f"{row['name']} was never analysed: plans are guesses", f"ANALYZE {row['name']}")
