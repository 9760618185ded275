"""The database with nothing in it but what a migration brings: after every test, and between plays."""

import sqlalchemy as sa

from db.engine import Database
from db.models import metadata

GIVEN = {"territory", "territory_within", "scoring_policy", "alembic_version"}
"""Tables that a migrated database comes with."""
FILLED = [table.name for table in metadata.sorted_tables if table.name not in GIVEN]
"""Those that people fill."""


async def empty_all(database: Database, *, then: str = "") -> None:
    """Empty every table in one go, and do something more in the same transaction."""
    deletes = " ".join(f'DELETE FROM "{table}";' for table in FILLED)  # noqa: S608 - names of our own tables
    async with database.engine.begin() as connection:
        await connection.execute(sa.text("SET LOCAL session_replication_role = replica"))  # the ledger's trigger too
        await connection.execute(sa.text(f"DO $$ BEGIN {deletes} {then} END $$"))  # in one statement: it is done often
