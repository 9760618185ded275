"""What holds after every fault: asked of the database, of the ledger's own command, and of the process that serves."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, process_time

import httpx
import psutil

from db.engine import Database
from db.queries import reference
from domain.ids import EventId
from resolvers.badge_keys import BadgeIssuer
from resolvers.context import Context, Services
from resolvers.passwords import Passwords
from resolvers.tokens import Tokens
from schema.ids import Kind, seal
from tests.clock import Clock
from tests.faults.crowd import Crowd, token
from tests.ledgers import broken_laws
from tests.ports import free_port
from tests.processes import ISSUER, SECRET, Running, running, until, variables
from tests.sockets import Socket, socket_to

BACK_SECONDS = 10.0
"""Within what everything is as before, once what broke is there again: as the service promises, of an idle machine."""
START_SECONDS = 90.0
ATTENDANCE = "subscription($id: ID!) { attendance(event: $id) { status } }"


@dataclass
class Machine:
    """How much longer work takes here than where nobody else works, as seen before a test does anything itself."""

    slowness: float = 1.0

    def look(self) -> None:
        """Measure it: how long a process waits for the 0.3 seconds of a processor that it asks for."""
        began, before = monotonic(), process_time()
        while process_time() - before < 0.3:
            pass
        self.slowness = max(1.0, (monotonic() - began) / 0.3)


MACHINE = Machine()


def back_seconds() -> float:
    """The same for this machine as it was when the test began."""
    return BACK_SECONDS * MACHINE.slowness


async def services_on(database: Database, clock: Clock, passwords: Passwords) -> Services:
    """What the test has to look into a database of its own, with tokens that processes take."""
    async with database.reading() as session:
        policies = await reference.policies(session)
    secret = SECRET.encode()
    return Services(
        database=database,
        policies=policies,
        passwords=passwords,
        tokens=Tokens(secret=secret, issuer=ISSUER),
        badges=BadgeIssuer(secret=secret, address=ISSUER),
        clock=clock,
    )


async def assert_nothing_was_lost(crowd: Crowd, url: str, folder: Path) -> None:
    """What was acknowledged is there, once; every law holds; `ledger verify` finds nothing."""
    assert crowd.wrong == []
    assert crowd.acknowledged_at
    assert await crowd.lost_or_done_twice(crowd.services.database) == []
    assert await broken_laws(crowd.services.database) == []
    async with running("ledger", "verify", env=variables(url, folder), folder=folder) as verifying:
        assert await asyncio.wait_for(verifying.process.wait(), 60) == 0, verifying.log()


@dataclass
class Service:
    """The service on a port of its own, as processes that can be killed and started again."""

    url: str
    folder: Path
    arguments: tuple[str, ...]
    more: dict[str, str]
    stack: AsyncExitStack
    port: int = field(default_factory=free_port)
    running: Running | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> Running:
        """Start it, and wait until it answers."""
        env = variables(self.url, self.folder, **self.more) | {"INFLUENTS_PORT": str(self.port)}
        process = running("serve", "--no-demo", *self.arguments, env=env, folder=self.folder)
        self.running = await self.stack.enter_async_context(process)
        await self.becomes(200, within=START_SECONDS)
        return self.running

    def log(self) -> str:
        assert self.running is not None
        return self.running.log()

    async def ready(self) -> int:
        """What `/readyz` answers; 0 where nobody does."""
        try:
            async with httpx.AsyncClient(timeout=5, trust_env=False) as http:
                return (await http.get(f"{self.address}/readyz")).status_code
        except httpx.TransportError:
            return 0

    async def becomes(self, status: int, *, within: float | None = None) -> float:
        """Wait until `/readyz` answers so; how many seconds that took."""

        async def so() -> bool:
            return await self.ready() == status

        began = monotonic()
        await until(so, within or back_seconds())
        return monotonic() - began


@asynccontextmanager
async def serving(url: str, folder: Path, *arguments: str, **more: str) -> AsyncIterator[Service]:
    """The service on a database, started; all its processes are gone at the end."""
    async with AsyncExitStack() as stack:
        service = Service(url, folder, arguments, {"INFLUENTS_RATE_LIMIT": "off", **more}, stack)
        first = await service.start()
        try:
            yield service
        finally:
            left = psutil.Process(first.process.pid).children() if first.process.returncode is None else []
            for each in left:
                each.kill()


@dataclass
class Watcher:
    """Somebody who watches an event's attendance, and how often they were told to look again."""

    socket: Socket
    told: int = 0
    look_again: int = 0
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def watch(self) -> None:
        while isinstance(said := await self.socket.hear(seconds=None), dict):
            if said["type"] != "next" or "errors" in said["payload"]:
                break
            self.told += 1
            self.look_again += said["payload"]["data"]["attendance"] is None
        self.over.set()

    async def looks_again(self) -> None:
        """Wait until they are told to look again."""

        async def so() -> bool:
            return self.look_again > 0

        await until(so, back_seconds())

    async def until_over(self) -> None:
        """Wait until they know that it is over."""
        await asyncio.wait_for(self.over.wait(), back_seconds())


@asynccontextmanager
async def watching(address: str, organizer: Context, event: EventId) -> AsyncIterator[Watcher]:
    """Somebody who organises an event watches who comes, for as long as the block lasts."""
    async with socket_to(address) as socket:
        await socket.begin(token(organizer))
        await socket.subscribe(ATTENDANCE, id=seal(Kind.EVENT, event))
        watcher = Watcher(socket)
        task = asyncio.create_task(watcher.watch())
        try:
            yield watcher
        finally:
            task.cancel()
            await asyncio.wait({task})
