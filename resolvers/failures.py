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
    asyncpg.DeadlockDetectedError,  # two waited for each other: nothing of this one was kept
    asyncpg.SerializationError,  # it follows another, which took away what was being read
)
CUT_OFF = (asyncpg.AdminShutdownError, asyncpg.CrashShutdownError, asyncpg.CannotConnectNowError)
NOT_TAKEN = (DBAPIError, asyncpg.PostgresError, asyncpg.InterfaceError)
"""What was asked wasn't done, whatever the reason: by a session, or by the driver."""


def cause_of(error: BaseException) -> BaseException | None:
    """What the driver said, where a session asked it."""
    if not isinstance(error, DBAPIError):
        return error
    return error.orig.__cause__ if error.orig else None


def unavailable(error: BaseException) -> bool:
    """Whether trying again later may help: the database is gone, starting, stopping, full, busy or no longer leads."""
    if isinstance(error, (PoolTimeout, InterfaceError, OperationalError, *GONE, *TROUBLED)):
        return True
    return isinstance(cause_of(error), GONE + TROUBLED) or (
        isinstance(error, DBAPIError) and error.connection_invalidated
    )


def lost(error: BaseException) -> bool:
    """Whether a replica is gone, or took away what was being read: the primary may answer the same."""
    gone = (*GONE, *CUT_OFF, asyncpg.PostgresSystemError, asyncpg.SerializationError)
    invalidated = isinstance(error, DBAPIError) and error.connection_invalidated
    return isinstance(cause_of(error), gone) or invalidated


BROKE_A_RULE = (IntegrityError, asyncpg.IntegrityConstraintViolationError)
"""The tables refused what was to be written: by a session, or by the driver."""


def points_to_nothing(error: Exception) -> bool:
    """Whether something was to be written of what isn't there any more."""
    return isinstance(cause_of(error), asyncpg.ForeignKeyViolationError)
