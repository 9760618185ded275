"""Telling a database that isn't there from a mistake of our own."""

import asyncpg
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

GONE = (OSError, TimeoutError, asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError, asyncpg.InterfaceError)
BUSY = (asyncpg.QueryCanceledError, asyncpg.TooManyConnectionsError, asyncpg.AdminShutdownError)


def unavailable(error: BaseException) -> bool:
    """Whether trying again later may help: the database is gone, starting, stopping or busy."""
    if isinstance(error, (PoolTimeout, InterfaceError, OperationalError, *GONE, *BUSY)):
        return True
    cause = error.orig.__cause__ if isinstance(error, DBAPIError) and error.orig else None
    return isinstance(cause, GONE + BUSY) or (isinstance(error, DBAPIError) and error.connection_invalidated)


def points_to_nothing(error: IntegrityError) -> bool:
    """Whether something was to be written of what isn't there any more."""
    cause = error.orig.__cause__ if error.orig else None
    return isinstance(cause, asyncpg.ForeignKeyViolationError)
