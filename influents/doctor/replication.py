"""Whether the replica that is named follows the database that is named, and closely enough to be read."""

from collections.abc import Sequence

import asyncpg

from db.engine import CONNECT_SECONDS, driver_arguments
from influents.doctor.findings import Finding, Subject
from influents.doctor.patient import Patient

subject = Subject("replica")
WHERE_IT_IS = """
    SELECT pg_is_in_recovery() AS follows, (SELECT system_identifier FROM pg_control_system()) AS of,
        CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
            ELSE extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) END AS lag
"""


async def following(patient: Patient) -> Sequence[Finding]:
    """Look at the replica itself; nothing where none is named."""
    url = patient.settings.database_replica_url
    if url is None:
        return []
    try:
        connection = await asyncpg.connect(timeout=CONNECT_SECONDS, **driver_arguments(url.get_secret_value()))
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as wrong:
        told = f"it can't be reached ({type(wrong).__name__})"
        return [subject.wrong(told, "check DATABASE_REPLICA_URL; the primary answers for it meanwhile")]
    try:
        there = await connection.fetchrow(WHERE_IT_IS)
    finally:
        await connection.close()
    ours = (await patient.row("SELECT system_identifier AS of FROM pg_control_system()"))["of"]
    if not there["follows"]:
        return [subject.wrong("it is a primary, and follows nobody", "name one that follows, or leave it out")]
    if there["of"] != ours:
        return [subject.wrong("it follows another database", "name one that was copied from DATABASE_URL's")]
    return [lagging(float(there["lag"] or 0), most=patient.settings.replica_lag)]


def lagging(seconds: float, *, most: float) -> Finding:
    """What it is that it is so far behind."""
    if seconds > most:
        told = f"it is {seconds:.0f} seconds behind, and left out"
        return subject.warning(told, "look at its load, its network, and what is being written on the primary")
    return subject.ok(f"it is {seconds:.1f} seconds behind")
