"""The service that the play is about: its own loop, the real database, and a cast that is there before each play."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeVar

import sqlalchemy as sa

from db.engine import Database, connect
from db.models import metadata
from domain.citizens import Viewer
from domain.ids import CitizenId, OrganizationId
from domain.permissions import signed_in
from domain.refusals import Forbidden, RateLimited, Refusal, Refusals, Unauthenticated
from resolvers import accounts
from resolvers.context import Context, Services
from tests.clock import START, Clock
from tests.emptying import FILLED, empty_all
from tests.factories import PASSWORD, Town, sign_up
from tests.laws.facts import Organization, Person
from tests.laws.model import World
from tests.ledgers import me
from tests.resolvers.test_organizing import verify

T = TypeVar("T")

CITIZENS: Final = ("citizen-1", "citizen-2", "citizen-3", "citizen-4", "citizen-5", "citizen-6")
HOSTS: Final = ("host", "owner", "founder")
"""Who proposes: in their own name, for a verified organisation, and for one that isn't."""
MODERATORS: Final = ("first-judge", "second-judge")
EVERYBODY: Final = (*CITIZENS, *HOSTS, *MODERATORS)
VERIFIED: Final = {"citizen-1", "citizen-2", "citizen-3", "host", "owner"}
ORGANIZATIONS: Final = {"owner": True, "founder": False}
"""Whose they are, and whether they are verified."""


def new_world() -> World:
    """The model of the cast, before anything has happened."""
    people = {name: Person(name, verified=name in VERIFIED, moderator=name in MODERATORS) for name in EVERYBODY}
    organizations = {name: Organization(verified, [people[name]]) for name, verified in ORGANIZATIONS.items()}
    return World(START, people, organizations)


@dataclass
class Stage:
    """Where the machine calls the service. Citizens are known by their names in the play."""

    runner: asyncio.Runner
    services: Services
    clock: Clock
    cast: dict[str, Context] = field(default_factory=dict)
    sessions: dict[str, Viewer] = field(default_factory=dict)
    organizations: dict[str, OrganizationId] = field(default_factory=dict)
    citizens: dict[str, CitizenId] = field(default_factory=dict)

    @property
    def database(self) -> Database:
        return self.services.database

    def run(self, call: Coroutine[Any, Any, T]) -> T:  # Any: what a coroutine is sent
        return self.runner.run(call)

    async def set_up(self) -> None:
        """Let everybody sign up, and keep the database as it is then."""
        town = Town(self.services)
        for name in EVERYBODY:
            ctx = self.cast[name] = await town.citizen(name)
            if name in VERIFIED:
                await verify(ctx)
            if name in MODERATORS:
                await accounts.grant_moderator(ctx, email=sign_up(name).email)
        for name, verified in ORGANIZATIONS.items():
            self.organizations[name] = (await town.organization(self.cast[name], verified=verified)).id
        async with self.database.engine.begin() as connection:
            await connection.execute(sa.text("CREATE SCHEMA kept"))
            for table in FILLED:
                await connection.execute(sa.text(f'CREATE TABLE kept."{table}" AS TABLE "{table}"'))

    async def begin(self) -> None:
        """Put everything back as it was before the first play."""
        self.clock.now = START
        self.citizens = {name: me(ctx) for name, ctx in self.cast.items()}
        self.sessions = {name: signed_in(ctx.viewer) for name, ctx in self.cast.items()}
        back = " ".join([_put_back(metadata.tables[table]) for table in await self._filled()])
        await empty_all(self.database, then=back)

    async def strike(self) -> None:
        async with self.database.engine.begin() as connection:
            await connection.execute(sa.text("DROP SCHEMA IF EXISTS kept CASCADE"))
        await self.database.close()

    async def asking(self, name: str) -> Context:
        """A request of somebody's; where their session is over, they sign in anew if they may."""
        ctx = Context(self.services)
        before = self.sessions[name]
        access = self.services.tokens.access(citizen=before.citizen_id, session=before.session_id, now=self.clock())
        if not await accounts.authenticate(ctx, access.token):
            with suppress(Refusal):
                await accounts.sign_in(ctx, email=sign_up(name).email, password=PASSWORD)
                self.sessions[name] = signed_in(ctx.viewer)
        return ctx

    async def _filled(self) -> list[str]:
        """The tables that the cast has something in."""
        filled = (f"SELECT '{table}' WHERE EXISTS (SELECT FROM kept.\"{table}\")" for table in FILLED)  # noqa: S608
        async with self.database.reading() as session:
            return list(await session.scalars(sa.text(" UNION ALL ".join(filled))))


def _put_back(table: sa.Table) -> str:
    """The statement that copies what is kept of a table; what is computed is computed anew."""
    columns = ", ".join(f'"{column.name}"' for column in table.columns if column.computed is None)
    return f'INSERT INTO "{table.name}" ({columns}) SELECT {columns} FROM kept."{table.name}";'  # noqa: S608


async def came_of(call: Coroutine[Any, Any, object]) -> frozenset[str]:  # Any: what a coroutine is sent
    """The codes that a call was refused with; none where it was done."""
    try:
        await call
    except Refusals as several:
        return frozenset(each.code.value for each in several.refusals)
    except Refusal as refusal:
        return frozenset({refusal.code.value})
    except Forbidden:
        return frozenset({"FORBIDDEN"})
    except Unauthenticated:
        return frozenset({"UNAUTHENTICATED"})
    except RateLimited:
        return frozenset({"RATE_LIMITED"})
    return frozenset()


def stage_on(services: Services, clock: Clock, runner: asyncio.Runner) -> Stage:
    """A stage of its own connections: a pool belongs to one loop."""
    url = services.database.engine.url.render_as_string(hide_password=False)
    return Stage(runner, replace(services, database=connect(url, pool_size=2, statement_seconds=20)), clock)
