"""The statements of a request, as the database's own log tells them: with those that begin and end transactions."""

import json
import re
from collections.abc import Awaitable, Callable
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from db.engine import Database

_EXECUTED = re.compile(r"(?:statement|execute [^:]*): (.*)", re.DOTALL)
ATTEMPTS = 5


async def executed(database: Database, asking: Callable[[], Awaitable[object]]) -> list[str]:
    """What the database is asked for while `asking` is under way; twice the same, so that nothing strayed into it."""
    before: list[str] | None = None
    async with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        await _log_statements(connection, "all")
        try:
            for _ in range(ATTEMPTS):
                found = await _logged(connection, asking)
                if before is not None and len(before) == len(found):
                    return found
                before = found
        finally:
            await _log_statements(connection, "none")
    return before or []


async def _log_statements(connection: AsyncConnection, which: str) -> None:
    await connection.execute(sa.text(f"ALTER SYSTEM SET log_statement = '{which}'"))
    await connection.execute(sa.text("SELECT pg_reload_conf(), pg_sleep(0.2)"))


async def _logged(connection: AsyncConnection, asking: Callable[[], Awaitable[object]]) -> list[str]:
    mark = uuid4().hex
    await connection.execute(sa.text(f"SELECT 'begin {mark}'"))
    await asking()
    await connection.execute(sa.text(f"SELECT 'end {mark}', pg_sleep(0.1)"))
    log = "pg_read_file(pg_current_logfile('jsonlog'))"
    told = (await connection.execute(sa.text(f"SELECT {log}"))).scalar_one()
    found: list[str] = []
    within = False
    for line in told.splitlines():
        try:
            message = json.loads(line).get("message", "")
        except ValueError:
            continue
        text = _EXECUTED.match(message)
        if text is None:
            continue
        if mark in text[1]:
            within = "begin" in text[1]
        elif within:
            found.append(" ".join(text[1].split()))
    return found
