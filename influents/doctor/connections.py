"""Room for connections: what PostgreSQL takes, against what each process may open."""

from collections.abc import Iterator, Sequence

from influents.doctor.findings import Finding, Subject
from influents.doctor.patient import Patient, Row

FULL = 0.85
FEW = 2
"""Processes that there is room for at least: a restart has old and new ones beside each other."""

subject = Subject("connections")

ROOM = """
    SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS most,
        (SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user) AS of_role,
        (SELECT datconnlimit FROM pg_database WHERE datname = current_database()) AS of_database,
        (SELECT sum(numbackends)::int FROM pg_stat_database) AS used,  -- which every role may see
        (SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'
            AND state_change < now() - interval '1 minute') AS idling
"""


async def room(patient: Patient) -> Sequence[Finding]:
    """How many processes there is room for, and how much of it is taken."""
    row = await patient.row(ROOM)
    each = of_a_process(patient.settings.pool_size)
    most = _most(row)
    told = f"{row['used']} of {most} are open, a process opens {each} at most"
    return subject.unless(crowded(row, each=each, pooled=patient.settings.listen_url is not None), told)


def of_a_process(pool_size: int) -> int:
    """Connections that one process may open: for readers and writers, half as many for who watches, and a listener."""
    return 2 * pool_size + 2 * max(1, pool_size // 2) + 1


def crowded(row: Row, *, each: int, pooled: bool) -> Iterator[Finding]:
    """What is to be said about the room that there is. Behind a pooler, processes open connections to that."""
    most = _most(row)
    if not pooled and each * FEW > most:
        yield subject.wrong(
            f"PostgreSQL takes {most}, {FEW} processes open {each * FEW}",
            "raise max_connections, lower INFLUENTS_POOL_SIZE, or put a pooler between",
        )
    if row["used"] > most * FULL:
        yield subject.wrong(f"{row['used']} of {most} are open", "raise max_connections or end what holds them")
    if row["idling"]:
        yield subject.warning(
            f"{row['idling']} have done nothing within a transaction for a minute", "find whose: pg_stat_activity"
        )


def _most(row: Row) -> int:
    limits = [row["most"], *(row[name] for name in ("of_role", "of_database") if row[name] >= 0)]
    return int(min(limits))
