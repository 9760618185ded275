"""Looking at everything: a few checks at once, each for a few seconds at most, and none at the mercy of another."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError

from db.engine import connect
from db.migrate import superseded
from influents.doctor.checks import CHECKS, Check, Needs
from influents.doctor.findings import Finding, Subject
from influents.doctor.patient import Patient
from influents.settings import Settings
from resolvers.failures import unavailable

SECONDS: Final = 5.0
AT_ONCE: Final = 3
"""Checks together: a database that is nearly full isn't to be filled by who looks at it."""


@asynccontextmanager
async def examined(settings: Settings, url: str) -> AsyncIterator[Patient]:
    """An installation, for as long as the block lasts.

    Raises:
        BadDatabaseUrl: `url` can't be read.
    """
    pooled = settings.pooler is not None
    database = connect(url, pool_size=AT_ONCE, statement_seconds=SECONDS, wait_seconds=SECONDS, pooled=pooled)
    try:
        yield Patient(settings, url, database)
    finally:
        await database.close()


async def examine(patient: Patient, checks: Sequence[Check] = CHECKS, *, seconds: float = SECONDS) -> list[Finding]:
    """What all checks find, in their order."""
    there = await _there(patient)
    turns = asyncio.Semaphore(AT_ONCE)

    async def look(check: Check) -> Sequence[Finding]:
        async with turns:
            return await looked(check, patient, seconds=seconds)

    found = await asyncio.gather(*(look(each) for each in checks if each.needs <= there))
    unseen = [each.name for each in checks if each.needs > there]
    return [*_without(there, unseen), *(finding for findings in found for finding in findings)]


async def looked(check: Check, patient: Patient, *, seconds: float) -> Sequence[Finding]:
    """What a check finds; that it failed, where it does. No error's words are told, which may hold anything."""
    try:
        async with asyncio.timeout(seconds):
            return await check.look(patient)
    except TimeoutError:
        return [Subject(check.name).wrong(f"no answer within {seconds:g} seconds", "look what it waits for")]
    except Exception as failed:  # noqa: BLE001 - the others are to be told all the same
        kind = type(failed.__cause__ or failed).__name__
        todo = "is it reachable?" if unavailable(failed) else "may it be read by this role?"
        return [Subject(check.name).wrong(f"couldn't be looked at ({kind})", todo)]


async def _there(patient: Patient) -> Needs:
    """What checks can stand on: a database that answers, with the tables that this code knows."""
    try:
        async with asyncio.timeout(SECONDS):
            known = await patient.row("SELECT to_regclass('alembic_version') IS NOT NULL AS known")
            if not known["known"]:
                return Needs.DATABASE
            applied = {row["version_num"] for row in await patient.rows("SELECT version_num FROM alembic_version")}
    except (OSError, TimeoutError, DBAPIError):
        return Needs.NOTHING
    return Needs.TABLES if applied and not applied & superseded() else Needs.DATABASE


def _without(there: Needs, unseen: Sequence[str]) -> list[Finding]:
    if there is Needs.NOTHING:
        return [
            Subject("database").wrong(
                "it can't be reached, or lets us not in", "check DATABASE_URL, and that it runs; the rest comes after"
            )
        ]
    if unseen:
        return [Subject("database").warning(f"not looked at: {', '.join(unseen)}", "migrate first")]
    return []
