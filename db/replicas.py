"""Replicas to read from: how far each is behind, and whether it has what was written before."""

import asyncio
import random
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from time import monotonic

import asyncpg
import sqlalchemy as sa

from db.engine import Database
from db.places import here, replayed
from db.reading import NoneFree
from db.statements import Statement

WAIT_SECONDS = 0.1
"""How long whoever must find what was written waits for it to arrive."""
ASK_AGAIN_SECONDS = 0.002
CHECK_SECONDS = 1.0
PLACES = 600
"""Places that are remembered, one a look: what is further behind is so by a time that nobody knows."""
_HERE = Statement(sa.select(here().label("place")), asyncpg.Record)
_THERE = Statement(sa.select(sa.func.pg_is_in_recovery().label("follows"), replayed().label("place")), asyncpg.Record)


class Replica:
    """A replica, as one process sees it: one server, since how far another has come says nothing of this one.

    A place is how far the log of the database goes, in bytes. Once the replica has come to a place, it has all that was
    committed before.

    Attributes:
        database: Where to read.
        name: What it is called where several are told of.
        leads: Whether it follows nobody, when last looked at: it is the primary now.
        well: Whether it is to be read from: it follows, and isn't too far behind.
        keeps_up: Whether it came to where the primary was within a moment, when last looked at.
        lag: By how many seconds at most it was behind when last looked at; infinite where that isn't known.
        read: How often something was read there.
        behind: How often somebody was sent to the primary since it hadn't come far enough.
    """

    def __init__(self, database: Database, primary: Database, *, most_lag: float, name: str = "") -> None:
        """Begin as one that nothing is known of.

        Args:
            database: The replica.
            primary: What it follows.
            most_lag: By how many seconds it may be behind.
            name: What it is called.
        """
        self.name, self.leads = name, False
        self.database, self._primary, self._most_lag = database, primary, most_lag
        self.well, self.lag = False, float("inf")
        self.read = self.behind = 0
        self._place = 0
        self.keeps_up = False
        self._places: deque[tuple[float, int]] = deque(maxlen=PLACES)
        self._waiting: list[tuple[int, asyncio.Future[None]]] = []
        self._asking: asyncio.Task[None] | None = None

    def came_to(self, place: int | None) -> bool:
        """Whether it is well and known to have come to a place already. None stands for anything."""
        return self.well and (place is None or place <= self._place)

    async def has(self, place: int | None) -> bool:
        """Whether it is well and has what was committed before a place; it may arrive within a moment.

        Who asks at the same time waits together: the replica is asked once for all. None stands for anything: it isn't
        asked then.
        """
        found = self.came_to(place) or (
            self.well and place is not None and self.keeps_up and await self._comes_to(place)
        )
        if found:
            self.read += 1
        elif self.well:
            self.behind += 1
        return found

    def leave_out(self) -> None:
        """Read from it no more, until it has been looked at again."""
        self.well, self.leads, self.lag = False, False, float("inf")
        self._place, self.keeps_up = 0, False

    async def look(self) -> None:
        """See how far it is behind. A primary that is gone leaves it as it was: then nothing is written.

        Raises:
            Exception: it can't be asked, and is left out.
        """
        try:
            await self._see(await self._where_the_primary_is())
        except Exception:
            self.leave_out()
            raise

    async def _where_the_primary_is(self) -> int:
        """Where it is now, or was last: while it is gone, nothing is written."""
        began = monotonic()
        try:
            async with asyncio.timeout(CHECK_SECONDS):
                [row] = await self._primary.reader.rows(_HERE, {})
        except Exception:
            if not self._places:
                raise
        else:
            if row["place"] is not None:
                self._places.append((began, row["place"]))
        return self._places[-1][1] if self._places else 0

    async def _see(self, place: int) -> None:
        async with asyncio.timeout(CHECK_SECONDS):
            follows = await self._ask()
        arrived = follows and await self._comes_to(place)
        while len(self._places) > 1 and self._places[1][1] <= self._place:
            self._places.popleft()
        if arrived:
            lag = 0.0
        elif self._places and self._places[0][1] <= self._place:
            lag = monotonic() - self._places[0][0]
        else:
            lag = float("inf")
        self.keeps_up, self.lag = arrived, lag
        self.well = follows and lag <= self._most_lag

    async def _comes_to(self, place: int) -> bool:
        """Whether it comes to a place within a moment."""
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((place, waiter))
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask_for_all())
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                await waiter
        except TimeoutError:
            return False
        finally:
            waiter.cancel()
        return True

    async def _ask_for_all(self) -> None:
        """Ask again and again, until nobody waits any more."""
        while self._waiting:
            try:
                with suppress(NoneFree):
                    await self._ask()
            except Exception:  # noqa: BLE001 - whatever it is, who waits goes elsewhere
                self.leave_out()
                self._waiting.clear()
                return
            for place, waiter in self._waiting:
                if place <= self._place and not waiter.done():
                    waiter.set_result(None)
            self._waiting = [each for each in self._waiting if not each[1].done()]
            if self._waiting:
                await asyncio.sleep(ASK_AGAIN_SECONDS)

    async def _ask(self) -> bool:
        """Whether it follows; where it is is noted."""
        [row] = await self.database.reader.rows(_THERE, {})
        self._place, self.leads = row["place"] or 0, not row["follows"]
        return not self.leads


async def one_that_has(replicas: Sequence[Replica], place: int | None) -> Replica | None:
    """One of them that is well and has what was committed before a place, by chance; it may arrive within a moment.

    Args:
        replicas: All of them.
        place: None stands for anything.
    """
    well = [each for each in replicas if each.well]
    there = [each for each in well if each.came_to(place)] or [each for each in well if each.keeps_up] or well
    if not there:
        return None
    chosen = random.choice(there)  # noqa: S311 - no secret
    return chosen if await chosen.has(place) else None
