"""A pooler between: PgBouncer in transaction mode lends a connection of PostgreSQL's to each transaction."""

from typing import Any

import asyncpg

from db import hosts

SECONDS = 5


class Lent(asyncpg.Connection):
    """A connection to a pooler: what takes two steps is done within a transaction, so that both reach one server."""

    # Any, below: asyncpg's own signature; SQLAlchemy calls it for JSON whenever it connects.
    async def set_type_codec(self, *names: Any, **more: Any) -> None:
        async with self.transaction(readonly=True):
            await super().set_type_codec(*names, **more)


async def lends(arguments: dict[str, Any]) -> bool:
    """Whether connections are lent there: two clients that are there at once are served by one server.

    Args:
        arguments: Where to connect to, as asyncpg takes it. Any: as asyncpg takes it.

    Raises:
        OSError, asyncpg.PostgresError: there is nothing to be reached.
    """
    one = await _connected(arguments)
    try:
        first = await _server(one)
        if first == one.get_server_pid():  # poolers make up the number that cancels a statement
            return False
        other = await _connected(arguments)
        try:
            return await _server(other) == first or await _server(one) != first
        finally:
            await other.close()
    finally:
        await one.close()


async def _connected(arguments: dict[str, Any]) -> asyncpg.Connection:
    return await hosts.connected(**arguments, timeout=SECONDS, command_timeout=SECONDS, statement_cache_size=0)


async def _server(connection: asyncpg.Connection) -> int:
    """The process of PostgreSQL that serves a connection now."""
    async with connection.transaction(readonly=True):
        found: int = await connection.fetchval("SELECT pg_backend_pid()")
        return found
