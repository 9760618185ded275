"""Everything that what happens may touch: what a process has, and what one request has."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeAlias, TypeVar
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine import Database
from db.known import Known
from db.loaders import Loaders
from db.queries.accounts import account_of
from db.reading import Reader
from db.replicas import Replica, one_that_has
from db.work import Work
from db.writes.kept_answers import Key, mark_done
from domain.account_changes import SomebodyHasJustLeft
from domain.api_tokens import Partner
from domain.citizens import Viewer
from domain.permissions import Caller
from domain.policy import Policies
from domain.refusals import Unauthenticated
from domain.words import Locale
from resolvers.badge_keys import BadgeIssuer
from resolvers.counting import Counter, Uncounted
from resolvers.failures import BROKE_A_RULE, points_to_nothing
from resolvers.hub import Hub
from resolvers.outside_tokens import OutsideIssuer
from resolvers.passwords import Passwords
from resolvers.tokens import Tokens
from resolvers.webhook_addresses import WebhookAddresses

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Services:
    """What a process has. `clock` tells the time, and whoever makes a demo town sets it.

    Attributes:
        hub: Who watches what in this process.
        known: What hardly changes, as this process keeps it.
        watching: The same database for those who watch, with few connections of their own: however many there are,
            whoever asks something is not kept waiting.
        webhooks: Where webhooks may lead.
        replicas: What to read from, where it has all that who asks may know of.
    """

    database: Database
    policies: Policies
    passwords: Passwords
    tokens: Tokens
    badges: BadgeIssuer
    clock: Callable[[], datetime]
    hub: Hub = field(default_factory=Hub)
    known: Known = field(default_factory=Known)
    counter: Counter = field(default_factory=Uncounted)
    watching: Database | None = None
    outside: OutsideIssuer | None = None
    webhooks: WebhookAddresses = field(default_factory=WebhookAddresses)
    replicas: Sequence[Replica] = ()

    def for_watching(self) -> "Services":
        """The same, with what those who watch have of the database."""
        return replace(self, database=self.watching or self.database)


Soon: TypeAlias = list[T] | Awaitable[list[T]]
"""Something for each of many: at once where it is there already, so that nobody has to wait a turn for it."""


class TurnLost(Exception):  # noqa: N818
    """Who is so slow that another had to begin in their place changes nothing any more."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn to do what is asked for under an idempotency key."""

    key: Key
    id: UUID


@dataclass(slots=True)
class Context:
    """What one request has: who asks (a person, a partner's system, or nobody), in which language, and loaders.

    Attributes:
        know: Establishes anew who asks, or raises `Unauthenticated`; for whoever goes on asking as time goes by.
        address: Where it comes from; None where that isn't known.
        cost: What the operation costs, once that is known.
        before_execution: Told what an operation costs; may refuse it.
        turn: Under which idempotency key something is about to be changed; None once it is.
    """

    services: Services
    viewer: Viewer | None = None
    partner: Partner | None = None
    locale: Locale = Locale.FR
    user_agent: str | None = None
    know: Callable[["Context"], Awaitable[None]] | None = None
    address: str | None = None
    cost: int | None = None
    before_execution: Callable[[int], Awaitable[None]] | None = None
    turn: Turn | None = None
    _loaders: Loaders | None = None
    _elsewhere: Replica | None = None

    @property
    def caller(self) -> Caller:
        """Who asks: a person, a partner's system by its token, or nobody."""
        return self.viewer or self.partner

    @property
    def loaders(self) -> Loaders:
        """Made when the first thing is asked."""
        if self._loaders is None:
            self._loaders = Loaders(self._read_from, self.caller, self.services.known, lasting=self.lasting)
        return self._loaders

    @property
    def policies(self) -> Policies:
        return self.services.policies

    def now(self) -> datetime:
        return self.services.clock()

    async def read_elsewhere(self) -> bool:
        """Read from a replica from here on, where one has all that who asks may know of: whether it does.

        That is what was committed before they were looked up: what they did before, and what they were told of. Nobody
        is known to have done anything.
        """
        replicas, who = self.services.replicas, self.caller
        if not replicas or (who is not None and who.as_of is None):
            return False
        replica = await one_that_has(replicas, None if who is None else who.as_of)
        if replica is None:
            return False
        self._elsewhere = replica
        self.look_again()
        return True

    @property
    def reads_elsewhere(self) -> bool:
        return self._elsewhere is not None

    def read_here(self, *, replica_failed: bool = False) -> None:
        """Read from the database itself again."""
        if replica_failed and self._elsewhere is not None:
            self._elsewhere.leave_out()
            self.before_execution = None  # what it costs was counted
        self._elsewhere = None
        self.look_again()

    def look_again(self) -> None:
        """Forget what was loaded: it may have changed, or somebody else is asking."""
        self._loaders = None

    def become(self, viewer: Viewer | None) -> None:
        """Go on as somebody else: who has just signed in or out is the viewer of what the payload shows."""
        self.viewer, self.partner = viewer, None
        if viewer is not None:
            self.locale = viewer.locale
        self.look_again()

    async def known_again(self) -> None:
        """Read everything afresh, who asks first: for whoever watches, each time they are told something.

        Raises:
            Unauthenticated: they are nobody that we know any more.
        """
        self.look_again()
        if self.know is not None:
            await self.know(self)

    def become_partner(self, partner: Partner) -> None:
        """Go on as a system of an organisation. Nobody is signed in then."""
        self.viewer, self.partner = None, partner
        self.look_again()

    @asynccontextmanager
    async def unit_of_work(self) -> AsyncIterator[Work]:
        """One transaction, all of it or nothing; what is read afterwards is read afresh.

        Raises:
            Unauthenticated: the viewer's account was erased in the meantime, and the tables refuse what points to it.
            SomebodyHasJustLeft: somebody else's was.
        """
        try:
            async with self.services.database.unit_of_work() as work:
                if self.turn is not None and not await mark_done(work, self.turn.key, self.turn.id):
                    raise TurnLost
                yield work
        except BROKE_A_RULE as failure:
            if await self._viewer_is_gone():
                raise Unauthenticated from None
            if points_to_nothing(failure):
                raise SomebodyHasJustLeft from None
            raise
        self._was_changed()

    async def at_once(self, written: Awaitable[T | None]) -> T | None:
        """What a statement writes that is a unit of work by itself; None where it came to nothing.

        It does where the tables refuse it, too: who then asks and writes in a unit of work is told why.
        """
        try:
            found = await written
        except (asyncpg.IntegrityConstraintViolationError, asyncpg.TransactionRollbackError):
            return None
        if found is not None:
            self._was_changed()
        return found

    def _was_changed(self) -> None:
        self.services.hub.changed.set()
        self.services.known.changed_here()
        self.read_here()

    async def _viewer_is_gone(self) -> bool:
        if self.viewer is None:
            return False
        async with self.reading() as session:
            return await account_of(session, self.viewer.citizen_id) is None

    @property
    def reader(self) -> Reader:
        """What answers questions that are asked for many at once."""
        return self._read_from.reader

    @property
    def lasting(self) -> Reader:
        """The same for what the process keeps for others: it is never behind what was announced."""
        return self.services.database.reader

    def reading(self) -> AsyncSession:
        """A session to read with, outside of the loaders' batches."""
        return self._read_from.reading()

    @property
    def _read_from(self) -> Database:
        return self.services.database if self._elsewhere is None else self._elsewhere.database
