"""Whether a pooler is where the settings say: PgBouncer in transaction mode lends connections, and what is kept on one
is gone with the next transaction.
"""

from collections.abc import Sequence

import asyncpg

from db.engine import driver_arguments
from db.poolers import lends
from influents.doctor.findings import Finding, Subject
from influents.doctor.patient import Patient

subject = Subject("pooler")


async def between(patient: Patient) -> Sequence[Finding]:
    """Look where both addresses of the database lead."""
    settings = patient.settings
    try:
        pooled = await lends(driver_arguments(patient.url))
    except (OSError, asyncpg.PostgresError):
        return []  # there is nothing there, which is told already
    found = []
    if pooled and settings.pooler is None:
        found.append(
            subject.wrong(
                "DATABASE_URL leads to a pooler in transaction mode",
                "set INFLUENTS_POOLER=transaction, and INFLUENTS_LISTEN_URL to the way around it",
            )
        )
    if not pooled and settings.pooler is not None:
        found.append(
            subject.warning(
                "INFLUENTS_POOLER is set, and no pooler in transaction mode is there", "leave it out: it costs time"
            )
        )
    if settings.listen_url is not None and await lends(driver_arguments(settings.listen_url.get_secret_value())):
        found.append(
            subject.wrong("INFLUENTS_LISTEN_URL leads to a pooler in transaction mode", "set it to the way around it")
        )
    return subject.unless(found, "one in transaction mode, as set" if pooled else "none in transaction mode, as set")
