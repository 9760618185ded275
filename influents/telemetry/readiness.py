"""Whether a process is ready: not while it stops, not without its database, and not where that lacks migrations."""

import asyncio
from enum import StrEnum
from time import monotonic

from sqlalchemy.exc import TimeoutError as PoolTimeout

from db.engine import Database
from db.migrate import is_current
from influents.stopping import Stopping
from influents.telemetry.statements import answered_within
from resolvers.failures import unavailable

FRESH_SECONDS = 1.0
"""How long an answer holds for all who ask: whoever asks without end costs a statement a second."""
ASKING_SECONDS = 2.0


class State(StrEnum):
    """What `/readyz` says."""

    READY = "ready"
    STOPPING = "stopping"
    NO_DATABASE = "no database"
    NOT_MIGRATED = "not migrated"


class Readiness:
    """Asks the database, once for all who want to know at the same time."""

    def __init__(self, database: Database, stopping: Stopping) -> None:
        self._database, self._stopping = database, stopping
        self._asking = asyncio.Lock()
        self._state, self._asked_at = State.NO_DATABASE, float("-inf")

    async def state(self) -> State:
        """What holds now, or held a second ago; known within a few seconds, whatever the database does."""
        if not self._stopping.begun.is_set():
            async with self._asking:
                if monotonic() - self._asked_at >= FRESH_SECONDS:
                    self._state = await self._asked()
                    self._asked_at = monotonic()
        return State.STOPPING if self._stopping.begun.is_set() else self._state

    async def _asked(self) -> State:
        try:
            async with asyncio.timeout(ASKING_SECONDS):
                return State.READY if await is_current(self._database) else State.NOT_MIGRATED
        except PoolTimeout:
            # Every connection is at work. Where they are answered, it is busy; to send its clients to the others
            # would make them busier still.
            return State.READY if answered_within(self._database, ASKING_SECONDS) else State.NO_DATABASE
        except Exception as error:
            if not unavailable(error):
                raise
            return State.NO_DATABASE
