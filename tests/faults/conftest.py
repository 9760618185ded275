"""What faults stand on: fifty clients, and a database server of a test's own where it is the database that breaks."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from db.engine import Database, connect
from db.tables import account, outbox_message
from resolvers.context import Services
from resolvers.passwords import Passwords
from resolvers.webhook_addresses import WebhookAddresses
from tests.clock import Clock
from tests.factories import Town
from tests.faults.crowd import Crowd, gathered
from tests.faults.standing import MACHINE, services_on
from tests.hooks import Partner, partner
from tests.migrating import migrate_at
from tests.post_office import Mailbox, open_mailbox
from tests.receiver import Receiver, receiving
from tests.servers import PostgresServer, Servers, postgres_servers


@pytest.fixture(autouse=True)
def machine() -> None:
    """Others may work here too: what is to take 10 seconds may take as much longer as anything does."""
    MACHINE.look()


@pytest.fixture
def services(services: Services, clock: Clock) -> Services:
    """Processes have no other clock than the time that it is, and receivers of webhooks are on this machine."""
    clock.now = datetime.now(UTC)
    return replace(services, webhooks=WebhookAddresses(to_private=True))


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    async with open_mailbox() as opened:
        yield opened


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as opened:
        yield opened


@pytest.fixture
async def told(services: Services, town: Town, receiver: Receiver) -> Partner:
    """A partner whose systems are told of what happens. Nothing waits to be sent yet."""
    made = await partner(town, receiver.url)
    async with services.database.unit_of_work() as unit:
        await unit.execute(sa.delete(outbox_message))
        await unit.execute(sa.update(account).values(email_verified_at=services.clock()))
    return made


@pytest.fixture
async def crowd(services: Services, clock: Clock) -> Crowd:
    """Fifty who write to the run's own database."""
    return await gathered(services, clock)


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    with postgres_servers() as made:
        yield made


@pytest.fixture
async def server(servers: Servers) -> AsyncIterator[PostgresServer]:
    """A server to be broken, with a migrated database in it. fsync is off: a machine that stays up forgets nothing."""
    made = servers.started()
    await migrate_at(made.url())
    yield made
    made.stop("immediate")


@pytest.fixture
async def broken(server: PostgresServer, clock: Clock, passwords: Passwords) -> AsyncIterator[Crowd]:
    """Fifty who write to the server that is to be broken."""
    database: Database = connect(server.url(), pool_size=10, statement_seconds=20, wait_seconds=20)
    yield await gathered(await services_on(database, clock, passwords), clock)
    await database.close()
