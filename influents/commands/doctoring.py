"""`doctor`: what is right and wrong with an installation."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer
from pydantic import ValidationError

from influents.commands.running import read_settings, setting_of, told_in_a_line
from influents.doctor.examining import examine, examined
from influents.doctor.findings import Finding, Level, Subject, counted
from influents.embedded import EmbeddedDatabaseError
from influents.opening import database_url
from influents.settings import Settings


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="For programs: findings and how many there are.")] = False,
) -> None:
    """Look over an installation, and say in a line each what is right, and what is wrong and to be done.

    Settings, files, poolers, the database (version, durability, migrations, connections, replica, journal, indexes,
    vacuum), whether announcements arrive, clocks, policies, the worker, a sample of the ledger, the mail server, the
    store of rate limits, the outside issuer, and the keys that are published. Run it where the service runs, with the
    same settings.

    Each check takes 5 seconds at most. Nothing is written, no mail is sent, and no secret is shown. Exit code 1 where
    something is wrong; warnings alone are 0.
    """
    with told_in_a_line():
        found = _findings()
    typer.echo(_as_json(found) if as_json else _as_text(found))
    if counted(found)[Level.WRONG]:
        raise typer.Exit(1)


def _findings() -> list[Finding]:
    subject = Subject("settings")
    try:
        settings = read_settings()
    except ValidationError as wrong:
        return [subject.wrong(setting_of(each["loc"], each["msg"]), "correct it") for each in wrong.errors()]
    if settings.database_url is None and not any(settings.data_dir.glob("pg*/data")):
        return [subject.wrong("there is no database", "set DATABASE_URL, or start `python -m influents serve` once")]
    try:
        with database_url(settings) as url:
            return asyncio.run(_examined(settings, url))
    except EmbeddedDatabaseError as wrong:
        return [Subject("database").wrong(str(wrong), "see docs/operations.md")]


async def _examined(settings: Settings, url: str) -> list[Finding]:
    async with examined(settings, url) as patient:
        return await examine(patient)


def _as_text(found: Sequence[Finding]) -> str:
    number = counted(found)
    warnings = "warning" if number[Level.WARNING] == 1 else "warnings"
    total = f"{number[Level.WRONG]} wrong, {number[Level.WARNING]} {warnings}, {number[Level.OK]} ok"
    return "\n".join([*(each.line for each in found), total])


def _as_json(found: Sequence[Finding]) -> str:
    return json.dumps({"findings": [asdict(each) for each in found], "counts": counted(found)}, ensure_ascii=False)
