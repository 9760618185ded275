"""Who watches what in this process. What is announced is heard here, and waits for each of them to look."""

import asyncio
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from domain.announcements import Announcement, Topic

MOST_WAITING = 100
"""Announcements that wait for one watcher at most."""


@dataclass(frozen=True, slots=True)
class Watched:
    """Something to watch: a topic, and of whom or what; without that, all of it."""

    topic: Topic
    of: UUID | None = None


@dataclass(eq=False, slots=True)
class Watcher:
    """What waits for one who watches: each announcement once, the oldest first, and no more than a bound.

    Whoever can't keep up loses the oldest, and is told so.
    """

    _waiting: dict[Announcement, None] = field(default_factory=dict)
    _missed: bool = False
    _stirred: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, announcement: Announcement) -> None:
        self._waiting[announcement] = None
        if len(self._waiting) > MOST_WAITING:
            del self._waiting[next(iter(self._waiting))]
            self._missed = True
        self._stirred.set()

    def miss(self) -> None:
        """Something may have been missed."""
        self._missed = True
        self._stirred.set()

    async def next(self) -> Announcement | None:
        """The oldest announcement; None where some were missed: look again."""
        await self._anything()
        if self._missed:
            self._missed = False
            return None
        oldest = next(iter(self._waiting))
        del self._waiting[oldest]
        return oldest

    async def everything(self) -> frozenset[Announcement] | None:
        """All that waits, for whoever looks once however much was announced; None where some were missed."""
        await self._anything()
        heard = None if self._missed else frozenset(self._waiting)
        self._waiting.clear()
        self._missed = False
        return heard

    async def _anything(self) -> None:
        while not (self._waiting or self._missed):
            self._stirred.clear()
            await self._stirred.wait()


@dataclass(eq=False, slots=True)
class Hub:
    """The watchers of a process.

    Attributes:
        changed: Set after each unit of work: there may be something to pass on.
    """

    changed: asyncio.Event = field(default_factory=asyncio.Event)
    _watchers: dict[Watched, set[Watcher]] = field(default_factory=dict)

    @contextmanager
    def watching(self, watched: Collection[Watched]) -> Iterator[Watcher]:
        """A watcher of all that, for as long as the block lasts."""
        watcher = Watcher()
        for each in watched:
            self._watchers.setdefault(each, set()).add(watcher)
        try:
            yield watcher
        finally:
            for each in watched:
                self._watchers[each].discard(watcher)
                if not self._watchers[each]:
                    del self._watchers[each]

    def announce(self, announcements: Iterable[Announcement]) -> None:
        """Let everybody who watches one of these know."""
        for each in announcements:
            for watcher in self._concerned(each):
                watcher.hear(each)

    def _concerned(self, by: Announcement) -> set[Watcher]:
        keys = {Watched(by.topic), Watched(by.topic, by.subject)}
        if by.event is not None:  # a participation is of its event
            keys.add(Watched(by.topic, by.event))
        return set().union(*(self._watchers.get(key, set()) for key in keys))

    def look_again(self) -> None:
        """Something may have been missed: everybody looks again."""
        for watcher in self._all():
            watcher.miss()

    def _all(self) -> set[Watcher]:
        return set().union(*self._watchers.values())

    def __bool__(self) -> bool:
        """Whether anybody watches anything."""
        return bool(self._watchers)

    def __len__(self) -> int:
        """How many watch."""
        return len(self._all())
