"""Whether each replica that is named follows the database that is named, and closely enough to be read."""

import asyncio
from collections.abc import Sequence

import asyncpg

from db import hosts
from db.engine import CONNECT_SECONDS, driver_arguments, each_host
from influents.doctor.findings import Finding, Subject
from influents.doctor.patient import Patient

subject = Subject("replica")
WHERE_IT_IS = """
    SELECT pg_is_in_recovery() AS follows, (SELECT system_identifier FROM pg_control_system()) AS of,
        CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
            ELSE extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) END AS lag
"""


async def following(patient: Patient) -> Sequence[Finding]:
    """Look at each replica itself; nothing where none is named. One of several may lead: after a promotion."""
    url = patient.settings.database_replica_url
    if url is None:
        return []
    named = each_host(url.get_secret_value())
    ours = (await patient.row("SELECT system_identifier AS of FROM pg_control_system()"))["of"]
    return await asyncio.gather(*(_one(patient, name, each, of=ours, alone=len(named) == 1) for name, each in named))


async def _one(patient: Patient, name: str, url: str, *, of: int, alone: bool) -> Finding:
    arguments = driver_arguments(url) | {"timeout": CONNECT_SECONDS, "statement_cache_size": 0}
    try:
        connection = await hosts.connected(**arguments)
        try:
            async with connection.transaction(readonly=True):
                [there] = await connection.fetch(WHERE_IT_IS)
        finally:
            await connection.close()
        several = len(await hosts.servers_behind(arguments)) > 1
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as wrong:
        told = f"{name} can't be reached ({type(wrong).__name__})"
        return subject.wrong(told, "check DATABASE_REPLICA_URL; the primary answers for it meanwhile")
    if several:
        return subject.wrong(f"{name} leads to several servers, of which each is elsewhere", hosts.NAME_EACH)
    if there["of"] != of:
        return subject.wrong(f"{name} follows another database", "name one that was copied from DATABASE_URL's")
    if not there["follows"]:
        if alone:
            return subject.wrong(f"{name} is a primary, and follows nobody", "name one that follows, or leave it out")
        return subject.ok(f"{name} leads")
    return lagging(name, float(there["lag"] or 0), most=patient.settings.replica_lag)


def lagging(name: str, seconds: float, *, most: float) -> Finding:
    """What it is that a replica is so far behind."""
    if seconds > most:
        told = f"{name} is {seconds:.0f} seconds behind, and left out"
        return subject.warning(told, "look at its load, its network, and what is being written on the primary")
    return subject.ok(f"{name} is {seconds:.1f} seconds behind")
