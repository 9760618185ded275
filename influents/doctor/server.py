"""PostgreSQL itself: its version, what it promises about what was committed, and who we are there."""

from collections.abc import Iterator, Sequence

from influents.doctor.findings import Finding, Subject
from influents.doctor.patient import Patient, Row

OLDEST = 15
WRAPAROUND = 1_000_000_000
"""Half the way to where PostgreSQL refuses to write."""

database, durability = Subject("database"), Subject("durability")

ABOUT = """
    SELECT current_setting('server_version_num')::int AS version, current_setting('server_version') AS called,
        pg_encoding_to_char(encoding) AS encoding, current_setting('TimeZone') AS zone,
        current_setting('statement_timeout') AS patience, pg_is_in_recovery() AS follows,
        age(datfrozenxid) AS age, r.rolsuper AS almighty
    FROM pg_database d, pg_roles r WHERE d.datname = current_database() AND r.rolname = current_user
"""
PROMISES = """
    SELECT current_setting('fsync') = 'on' AS fsync, current_setting('full_page_writes') = 'on' AS pages,
        current_setting('synchronous_commit') AS commits
"""


async def kind(patient: Patient) -> Sequence[Finding]:
    """What it is, and that connections are as they were asked for."""
    row = await patient.row(ABOUT)
    return database.unless(about(row, patient), f"PostgreSQL {row['called'].split()[0]}")


def about(row: Row, patient: Patient) -> Iterator[Finding]:
    """What is to be said about a server and who we are there."""
    if row["version"] < OLDEST * 10_000:
        yield database.wrong(f"PostgreSQL {row['called']} is too old", f"upgrade to {OLDEST} or newer")
    if row["encoding"] != "UTF8":
        yield database.wrong(f"its texts are kept in {row['encoding']}", "make a database with ENCODING 'UTF8'")
    if row["zone"] != "UTC" or row["patience"] == "0":
        yield database.wrong(
            "connections don't get the time zone and the timeouts that they ask for",
            "if a pooler drops them, take them out of its ignore_startup_parameters: see Processes in operations.md",
        )
    if row["follows"]:
        yield database.wrong("it is a replica: nothing can be written", "let DATABASE_URL lead to the primary")
    if row["age"] > WRAPAROUND:
        yield database.wrong("it runs out of transaction ids", "VACUUM (FREEZE), and find out what keeps autovacuum")
    if row["almighty"] and patient.in_earnest:
        yield database.warning("the service is a superuser there", "give it a role that owns its database alone")


async def promises(patient: Patient) -> Sequence[Finding]:
    """Whether what was acknowledged outlives a power cut."""
    return durability.unless(promised(await patient.row(PROMISES)), "what is committed outlives a power cut")


def promised(row: Row) -> Iterator[Finding]:
    """What settings of durability come to."""
    if not row["fsync"]:
        yield durability.wrong("fsync is off: a power cut loses the database", "set it to on")
    if not row["pages"]:
        yield durability.wrong("full_page_writes is off: a power cut tears pages", "set it to on")
    if row["commits"] == "off":
        yield durability.wrong("synchronous_commit is off: acknowledged mutations can be lost", "set it to on")
