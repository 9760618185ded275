"""What tests stand on: the real PostgreSQL, migrated once per run and cloned for each worker."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from hypothesis import settings as hypothesis_settings
from sqlalchemy.ext.asyncio import create_async_engine

from db.engine import Database, connect
from db.migrate import migrate
from db.queries import reference
from influents import logs
from influents.embedded import Cluster, start
from resolvers.badge_keys import BadgeIssuer
from resolvers.context import Context, Services
from resolvers.passwords import Passwords
from resolvers.tokens import Tokens
from tests import skips
from tests.clock import Clock
from tests.emptying import empty_all
from tests.every_kind import Everything, every_kind
from tests.factories import Town

hypothesis_settings.register_profile("influents", deadline=None)  # machines are slow at times, rules are not
hypothesis_settings.register_profile("thorough", deadline=None, max_examples=1_000)  # for `make check`
hypothesis_settings.load_profile("influents")

FOLDER = "INFLUENTS_TEST_FOLDER"
QUICK_PASSWORDS = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def pytest_configure(config: pytest.Config) -> None:
    """One folder per run: workers inherit its name, and share the database server in it."""
    skips.watch(config)
    if not hasattr(config, "workerinput"):
        folder = Path(tempfile.mkdtemp(prefix="influents-tests-"))
        folder.chmod(0o755)  # for root, PostgreSQL runs as another user
        os.environ[FOLDER] = str(folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ.pop(FOLDER), ignore_errors=True)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """The run's own server; the last worker out stops it."""
    careless = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    # two pools of each worker, and those of the services that tests start
    started = start(Path(os.environ[FOLDER]), {**careless, "max_connections": "200"})
    yield started
    started.release()


async def _administer(cluster: Cluster, *statements: str) -> None:
    engine = create_async_engine(cluster.url("postgres"), isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        for statement in statements:
            await connection.execute(sa.text(statement))
    await engine.dispose()


async def _clone(cluster: Cluster, name: str) -> None:
    """A database of its own from the migrated template, which whoever comes first makes."""
    folder = Path(os.environ[FOLDER])
    with (folder / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "template.made").exists():
            cluster.ensure_database("template")
            database = connect(cluster.url("template"))
            await migrate(database)
            await database.close()
            (folder / "template.made").touch()
        await _administer(cluster, f'CREATE DATABASE "{name}" TEMPLATE template')


@pytest.fixture(scope="session")
async def database(cluster: Cluster, worker_id: str) -> AsyncIterator[Database]:
    """This worker's database, and a pool large enough for fifty clients at once."""
    name = f"test_{worker_id}"
    await _clone(cluster, name)
    connected = connect(cluster.url(name), pool_size=20, statement_seconds=20, wait_seconds=20)
    yield connected
    await connected.close()


@pytest.fixture
def url(cluster: Cluster, database: Database, worker_id: str) -> str:
    """Where this worker's database is, for processes of the service."""
    return cluster.url(f"test_{worker_id}")


@pytest.fixture
async def empty(database: Database) -> AsyncIterator[Database]:
    """The same database with nothing in it but what is given; emptied again, and left by observers, afterwards."""
    observers = database.reader.observers.copy()
    yield database
    database.reader.observers[:] = observers
    await empty_all(database)


@pytest.fixture(autouse=True)
def logs_stay_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that runs in this process would set up logs for every test after it."""
    monkeypatch.setattr(logs, "set_up", lambda **_: None)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def passwords() -> Iterator[Passwords]:
    made = Passwords(workers=2, hasher=QUICK_PASSWORDS)
    yield made
    made.close()


@pytest.fixture
async def services(empty: Database, clock: Clock, passwords: Passwords) -> Services:
    """What a process has, with a clock that the test sets."""
    return await services_on(empty, clock, passwords)


async def services_on(database: Database, clock: Clock, passwords: Passwords) -> Services:
    """What a process has that works on this database."""
    async with database.reading() as session:
        policies = await reference.policies(session)
    secret, address = b"a secret of the tests, 32 bytes at least", "https://influents.test"
    return Services(
        database=database,
        policies=policies,
        passwords=passwords,
        tokens=Tokens(secret=secret, issuer=address),
        badges=BadgeIssuer(secret=secret, address=address),
        clock=clock,
    )


@pytest.fixture(scope="module")
async def everything(database: Database, passwords: Passwords) -> AsyncIterator[Everything]:
    """A ledger with an entry of every kind and case, made once for a module's tests: they leave it as it is.

    Such a module is an `xdist_group` of its own, and uses no fixture that empties the database.
    """
    clock = Clock()
    yield await every_kind(await services_on(database, clock, passwords), clock)
    await empty_all(database)


@pytest.fixture
def nobody(services: Services) -> Context:
    """A request by nobody."""
    return Context(services)


@pytest.fixture
def town(services: Services) -> Town:
    """Makes citizens, organisations and events."""
    return Town(services)
