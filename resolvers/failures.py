"""Telling a database that isn't there from a mistake of our own."""

import asyncpg
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

GONE = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # the server said good-bye in the middle of something
)
TROUBLED = (
    asyncpg.OperatorInterventionError,  # it starts, stops, crashed, or was told to end what it did
    asyncpg.InsufficientResourcesError,  # no disk, memory or connection is left
    asyncpg.PostgresSystemError,  # its disk can't be read or written
    asyncpg.ReadOnlySQLTransactionError,  # another leads now
    asyncpg.SerializationError,  # it follows another, which took away what was being read
)
CUT_OFF = (asyncpg.AdminShutdownError, asyncpg.CrashShutdownError, asyncpg.CannotConnectNowError)


def unavailable(error: BaseException) -> bool:
    """Whether trying again later may help: the database is gone, starting, stopping, full, busy or no longer leads."""
    if isinstance(error, (PoolTimeout, InterfaceError, OperationalError, *GONE, *TROUBLED)):
        return True
    cause = error.orig.__cause__ if isinstance(error, DBAPIError) and error.orig else None
    return isinstance(cause, GONE + TROUBLED) or (isinstance(error, DBAPIError) and error.connection_invalidated)


def lost(error: BaseException) -> bool:
    """Whether a replica is gone, or took away what was being read: the primary may answer the same."""
    gone = (*GONE, *CUT_OFF, asyncpg.PostgresSystemError, asyncpg.SerializationError)
    cause = error.orig.__cause__ if isinstance(error, DBAPIError) and error.orig else None
    invalidated = isinstance(error, DBAPIError) and error.connection_invalidated
    return isinstance(error, gone) or isinstance(cause, gone) or invalidated


BROKE_A_RULE = (IntegrityError, asyncpg.IntegrityConstraintViolationError)
"""The tables refused what was to be written: by a session, or by the driver."""


def points_to_nothing(error: Exception) -> bool:
    """Whether something was to be written of what isn't there any more."""
    cause = error.orig.__cause__ if isinstance(error, IntegrityError) and error.orig else error
    return isinstance(cause, asyncpg.ForeignKeyViolationError)
