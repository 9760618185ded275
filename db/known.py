"""What hardly changes, kept by each process for everybody who asks: organisations and territories.

All of it is public. It is kept for as long as somebody hears what is announced, and forgotten when it changes, when it
is a minute old, or when something may have been missed.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from time import monotonic
from typing import Any, Generic, TypeVar

from db.queries import organizations, reference
from db.reading import Reader
from domain.announcements import changed_organizations
from domain.ids import OrganizationId, TerritoryCode
from domain.organizations import Organization
from domain.territories import Territory

K = TypeVar("K")
V = TypeVar("V")

KEPT_SECONDS = 60.0
MOST = 10_000
"""Things of a kind that are kept."""


class Kept(Generic[K, V]):
    """Things by their keys: a bounded number of them, for a while. What isn't there is looked for each time."""

    def __init__(
        self, *, most: int = MOST, seconds: float = KEPT_SECONDS, now: Callable[[], float] = monotonic
    ) -> None:
        self._most, self._seconds, self._now = most, seconds, now
        self._values: dict[K, V] = {}
        self._since: OrderedDict[K, float] = OrderedDict()
        """When each was read, the oldest first."""

    def __len__(self) -> int:
        return len(self._values)

    def young(self) -> Callable[[Any], V | None]:  # Any: a key, or None
        """What tells a thing by its key, for now."""
        self._forget_old()
        return self._values.get

    def all_of(self, keys: Iterable[K]) -> list[V] | None:
        """Some things in the order of their keys, where all of them are kept and young enough; else None."""
        self._forget_old()
        try:
            return list(map(self._values.__getitem__, keys))
        except KeyError:
            return None

    def found(self, keys: Iterable[K]) -> dict[K, V]:
        """Those of some things that are kept and young enough."""
        self._forget_old()
        return {key: self._values[key] for key in keys if key in self._values}

    def keep(self, found: Mapping[K, V]) -> None:
        """Keep what was just read. What was kept first goes first, where there is too much."""
        self._values |= found
        for key in found:
            self._since.pop(key, None)
            self._since[key] = self._now()
        while len(self._values) > self._most:
            self.forget(next(iter(self._since)))

    def forget(self, key: K) -> None:
        self._values.pop(key, None)
        self._since.pop(key, None)

    def clear(self) -> None:
        self._values.clear()
        self._since.clear()

    def _forget_old(self) -> None:
        oldest = self._now() - self._seconds
        while self._since and next(iter(self._since.values())) <= oldest:
            self.forget(next(iter(self._since)))


class Known:
    """What a process knows.

    Attributes:
        kept: Whether anything is kept: not as long as nobody hears what changes.
    """

    def __init__(self) -> None:
        self.kept = False
        self._organizations: Kept[OrganizationId, Organization] = Kept()
        self._territories: Kept[TerritoryCode, Territory] = Kept()
        self._below: Kept[None, Mapping[TerritoryCode | None, Sequence[Territory]]] = Kept()
        self._changes = 0

    def organizations_at_hand(self) -> Callable[[OrganizationId | None], Organization | None]:
        """What tells an organisation by its id, for as long as one question is answered; None where it isn't known."""
        return self._organizations.young()

    def already(self, ids: Sequence[OrganizationId]) -> list[Any] | None:
        """Organisations in the order of their ids, where all of them are known; else None. Any: of one kind or more."""
        return self._organizations.all_of(ids)

    async def organizations(
        self, reader: Reader, ids: Sequence[OrganizationId]
    ) -> Mapping[OrganizationId, Organization]:
        """Organisations by their ids."""
        found = self._organizations.found(ids)
        if missing := [each for each in dict.fromkeys(ids) if each not in found]:
            changes = self._changes
            read = await organizations.by_id(reader, missing)
            if self.kept and changes == self._changes:  # nothing was announced while it was read
                self._organizations.keep(read)
            found |= read
        return found

    async def territories(self, reader: Reader, codes: Sequence[TerritoryCode]) -> Mapping[TerritoryCode, Territory]:
        """Territories by their codes."""
        found = self._territories.found(codes)
        if missing := [each for each in dict.fromkeys(codes) if each not in found]:
            read = await reference.by_code(reader, missing)
            if self.kept:
                self._territories.keep(read)
            found |= read
        return found

    async def territories_below(self, reader: Reader) -> Mapping[TerritoryCode | None, Sequence[Territory]]:
        """All territories by the one that they lie right below, in French order; by None the countries."""
        found = self._below.young()(None)
        if found is None:
            found = await reference.by_parent(reader)
            if self.kept:
                self._below.keep({None: found})
        return found

    def hear(self, message: str) -> None:
        """Forget what a message says to have changed."""
        for each in changed_organizations(message):
            self._changes += 1
            self._organizations.forget(each)

    def changed_here(self) -> None:
        """Something was changed in this process: what it is will be announced, but is asked for before that."""
        self._changes += 1
        self._organizations.clear()

    def listening(self) -> None:
        """Nothing is missed from now on."""
        self._forget_all()
        self.kept = True

    def deaf(self) -> None:
        """Nothing is heard any more."""
        self.kept = False
        self._forget_all()

    def _forget_all(self) -> None:
        self._changes += 1
        self._organizations.clear()
        self._territories.clear()
        self._below.clear()
