"""What faults stand on: fifty clients, and a database server of a test's own where it is the database that breaks."""

from collections.abc import AsyncIterator, Iterator

import pytest

from db.engine import Database, connect
from db.migrate import migrate
from resolvers.context import Services
from resolvers.passwords import Passwords
from tests.clock import Clock
from tests.faults.crowd import Crowd, gathered
from tests.faults.standing import services_on
from tests.servers import PostgresServer, Servers, postgres_servers


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
    database = connect(made.url(), pool_size=1)
    await migrate(database)
    await database.close()
    yield made
    made.stop("immediate")


@pytest.fixture
async def broken(server: PostgresServer, clock: Clock, passwords: Passwords) -> AsyncIterator[Crowd]:
    """Fifty who write to the server that is to be broken."""
    database: Database = connect(server.url(), pool_size=10, statement_seconds=20, wait_seconds=20)
    yield await gathered(await services_on(database, clock, passwords), clock)
    await database.close()
