"""Reading from a replica, on real servers: nobody misses what they did themselves, and what lags is left out."""

from asyncio import StreamReader, StreamWriter, TaskGroup, open_connection, start_server
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path

import httpx
import pytest

from db.engine import connect
from db.migrate import migrate
from db.replicas import Replica
from influents.app import application
from influents.settings import Settings
from influents.stopping import Stopping
from influents.telemetry.exposition import for_operators
from influents.telemetry.readiness import Readiness
from resolvers import organizations
from resolvers.context import Context, Services
from resolvers.passwords import Passwords
from tests.clock import Clock
from tests.conftest import services_on
from tests.edge.over_http import bearer, post
from tests.factories import Town
from tests.processes import running, until, variables
from tests.recorder import recorded
from tests.servers import FOLLOWED, OWNER, PostgresServer, Servers, postgres_servers

pytestmark = pytest.mark.xdist_group("replicas")

TRIALS = 300
CHANGE = """mutation($bio: String!) { updateProfile(input: {bio: $bio}) {
  viewer { citizen { bio } } errors { code } } }"""
OWN = "{ viewer { citizen { bio } } }"
PUBLIC = "query($handle: String!) { citizen(handle: $handle) { bio } }"


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    with postgres_servers() as made:
        yield made


@pytest.fixture(scope="module")
def primary(servers: Servers) -> PostgresServer:
    return servers.started(FOLLOWED)


@pytest.fixture(scope="module")
def follower(servers: Servers, primary: PostgresServer) -> PostgresServer:
    return servers.replica(primary)


@pytest.fixture
async def services(
    primary: PostgresServer, follower: PostgresServer, passwords: Passwords, clock: Clock
) -> AsyncIterator[Services]:
    """A process with a replica, which is looked at when a test says so."""
    database = connect(primary.url(), statement_seconds=20, wait_seconds=20)
    copy = connect(follower.url(), statement_seconds=20, wait_seconds=20)
    await migrate(database)
    made = await services_on(database, clock, passwords)
    replica = Replica(copy, database, most_lag=1.0, name="copy")
    yield replace(made, replicas=[replica])
    await copy.close()
    await database.close()


@asynccontextmanager
async def asking(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    settings = Settings.model_construct(rate_limit="off")
    app = httpx.ASGITransport(application(services, settings=settings))
    async with httpx.AsyncClient(transport=app, base_url="http://influents.test") as http:
        yield http


def replica_of(services: Services) -> Replica:
    [replica] = services.replicas
    return replica


async def change(http: httpx.AsyncClient, person: Context, bio: str) -> None:
    answer = await post(http, {"query": CHANGE, "variables": {"bio": bio}}, **bearer(person))
    assert answer.json()["data"]["updateProfile"] == {"viewer": {"citizen": {"bio": bio}}, "errors": []}


async def own(http: httpx.AsyncClient, person: Context) -> object:
    answer = await post(http, {"query": OWN}, **bearer(person))
    return answer.json()["data"]["viewer"]["citizen"]["bio"]


async def public(http: httpx.AsyncClient, person: Context) -> object:
    assert person.viewer is not None
    handle = (await person.loaders.citizen.load(person.viewer.citizen_id)).handle  # type: ignore[union-attr]
    answer = await post(http, {"query": PUBLIC, "variables": {"handle": handle}})
    return answer.json()["data"]["citizen"]["bio"]


async def well(replica: Replica) -> None:
    """Look until it is well."""

    async def seen() -> bool:
        with suppress(Exception):
            await replica.look()
        return replica.well

    await until(seen)


@contextmanager
def paused(follower: PostgresServer) -> Iterator[None]:
    """What is written doesn't arrive for as long as the block lasts."""
    follower.execute("SELECT pg_wal_replay_pause()")
    follower.until("SELECT pg_get_wal_replay_pause_state()", "paused")
    try:
        yield
    finally:
        follower.execute("SELECT pg_wal_replay_resume()")


async def test_what_one_wrote_is_there_300_times_of_300(services: Services) -> None:
    replica, person = replica_of(services), await Town(services).citizen()
    await well(replica)
    stale = 0
    async with asking(services) as http:
        for number in range(TRIALS):
            await change(http, person, f"Trial {number}")
            stale += await own(http, person) != f"Trial {number}"

    assert stale == 0
    assert replica.read > TRIALS / 2, "hardly anything was read from the replica"


async def test_a_query_costs_as_many_statements_as_without_a_replica(services: Services) -> None:
    replica, person = replica_of(services), await Town(services).citizen()
    async with asking(services) as http, asking(replace(services, replicas=[])) as without:
        with recorded(services.database) as alone:
            await own(without, person)
        await well(replica)
        with recorded(services.database) as here, recorded(replica.database) as there:
            await own(http, person)

    assert len(here) == 1, here  # who asks is looked up where what ended a moment ago has ended
    assert len(here) + len(there) == len(alone)


async def test_mutations_with_their_payloads_stay_on_the_primary(services: Services) -> None:
    replica, person = replica_of(services), await Town(services).citizen()
    await well(replica)
    async with asking(services) as http:
        with recorded(replica.database) as there:
            await change(http, person, "A change")
    assert not there


async def test_where_nothing_arrives_one_reads_what_one_wrote_and_others_what_was(
    services: Services, follower: PostgresServer
) -> None:
    replica, person = replica_of(services), await Town(services).citizen()
    async with asking(services) as http:
        await change(http, person, "before")
        await well(replica)
        with paused(follower):
            await change(http, person, "after")
            assert await own(http, person) == "after"
            assert await public(http, person) == "before"
            assert replica.behind == 1


async def test_one_that_lags_is_left_out_until_it_has_caught_up(services: Services, follower: PostgresServer) -> None:
    replica, person = replica_of(services), await Town(services).citizen()
    async with asking(services) as http:
        await change(http, person, "before")
        await well(replica)
        with paused(follower):
            await change(http, person, "after")

            async def left_out() -> bool:
                await replica.look()
                return not replica.well

            await until(left_out)
            assert replica.lag > 1.0
            assert await public(http, person) == "after"
        await well(replica)
        with recorded(services.database) as here:
            assert await public(http, person) == "after"
        assert not here


@pytest.mark.parametrize("by_a_loader", [True, False], ids=["one", "a column"])
async def test_what_is_kept_for_all_is_read_from_the_primary(
    services: Services, follower: PostgresServer, *, by_a_loader: bool
) -> None:
    """A process keeps organisations until it hears that they changed: what it keeps mustn't be older than that."""
    replica, town = replica_of(services), Town(services)
    owner = await town.citizen()
    await well(replica)
    with paused(follower):
        organization = await town.organization(owner)
        services.known.listening()
        nobody = Context(services)
        assert await nobody.read_elsewhere()
        if by_a_loader:
            found = await nobody.loaders.organization.load(organization.id)
        else:
            [found] = await organizations.many(nobody, [organization.id])
        assert found is not None


async def test_one_that_is_killed_is_not_missed_and_comes_back(services: Services, follower: PostgresServer) -> None:
    replica, person = replica_of(services), await Town(services).citizen()
    async with asking(services) as http:
        await change(http, person, "here")
        await well(replica)
        assert await public(http, person) == "here"
        follower.kill()
        answers = [await public(http, person), await own(http, person), await public(http, person)]
        assert answers == ["here"] * 3
        assert not replica.well
        with pytest.raises(ConnectionRefusedError):
            await replica.look()
        (follower.data / "postmaster.pid").unlink()
        follower.start()
        await well(replica)
        with recorded(services.database) as here:
            assert await public(http, person) == "here"
        assert not here


async def test_operators_see_whether_it_is_read_from(services: Services) -> None:
    await well(replica_of(services))
    transport = httpx.ASGITransport(for_operators(services, Readiness(services.database, Stopping())))
    async with httpx.AsyncClient(transport=transport, base_url="http://influents.test") as http:
        told = (await http.get("/metrics")).text
    assert 'influents_replica_in_use{replica="copy"} 1.0' in told
    assert 'influents_replica_lag_seconds{replica="copy"} 0.0' in told
    assert 'influents_replica_asked_total{read="primary",replica="copy"} 0.0' in told


async def test_processes_read_from_it_by_themselves_and_do_without_it(
    services: Services, primary: PostgresServer, follower: PostgresServer, tmp_path: Path
) -> None:
    """What one process was told to change the other finds changed."""
    person = await Town(replace(services, clock=lambda: datetime.now(UTC))).citizen()
    env = variables(primary.url(), tmp_path, DATABASE_REPLICA_URL=follower.url(), INFLUENTS_RATE_LIMIT="off")
    async with (
        running("serve", "--no-demo", env=env, folder=tmp_path) as one,
        httpx.AsyncClient(base_url=await one.address(), timeout=30) as writer,
        running("serve", "--no-demo", "--no-worker", env=env, folder=tmp_path) as other,
        httpx.AsyncClient(base_url=await other.address(), timeout=30) as reader,
    ):
        await other.says("the replica is read from")
        for number in range(40):
            await change(writer, person, f"Told {number}")
            assert await own(reader, person) == f"Told {number}"
        follower.kill()
        await other.says("the replica is left out")
        await change(writer, person, "Told alone")
        assert await own(reader, person) == "Told alone"
        (follower.data / "postmaster.pid").unlink()
        follower.start()

        async def back() -> bool:
            return other.log().count("the replica is read from") == 2

        await until(back)
        assert await own(reader, person) == "Told alone"


async def test_of_two_each_is_known_by_its_own_place(
    services: Services, servers: Servers, primary: PostgresServer, follower: PostgresServer
) -> None:
    """One lags: how far the other has come says nothing of it."""
    second = servers.replica(primary)
    copies = [replica_of(services), Replica(connect(second.url()), services.database, most_lag=60, name="second")]
    person = await Town(services).citizen()
    for each in copies:
        await well(each)
    async with asking(replace(services, replicas=copies)) as http:
        with paused(second):
            await change(http, person, "One")
            await copies[1].look()
            for number in range(40):
                await change(http, person, f"Trial {number}")
                assert await own(http, person) == f"Trial {number}"
    await copies[1].database.close()
    second.stop()

    assert replica_of(services).read > 20, "hardly anything was read where it had arrived"


@asynccontextmanager
async def one_address_for(*behind: PostgresServer) -> AsyncIterator[str]:
    """An address that leads to each of several in turn, as a name or a balancer does."""
    turns, lines = cycle(behind), TaskGroup()

    async def carry(reader: StreamReader, writer: StreamWriter) -> None:
        while data := await reader.read(65_536):
            writer.write(data)
        writer.close()

    async def lead(reader: StreamReader, writer: StreamWriter) -> None:
        there, back = await open_connection("127.0.0.1", next(turns).port)
        lines.create_task(carry(reader, back))
        lines.create_task(carry(there, writer))

    async with lines:
        listener = await start_server(lead, "127.0.0.1", 0)
        yield f"postgresql://{OWNER}@127.0.0.1:{listener.sockets[0].getsockname()[1]}/influents"
        listener.close()


async def test_one_address_for_two_is_refused_in_a_line_and_the_doctor_says_so(
    servers: Servers, primary: PostgresServer, follower: PostgresServer, services: Services, tmp_path: Path
) -> None:
    second = servers.replica(primary)
    async with one_address_for(follower, second) as url:
        env = variables(primary.url(), tmp_path, DATABASE_REPLICA_URL=url)
        async with running("serve", "--no-demo", env=env, folder=tmp_path) as process:
            assert await process.process.wait() == 1
            assert "leads to several servers: name each of them in DATABASE_REPLICA_URL" in process.log()
            assert "Traceback" not in process.log()
        async with running("doctor", env=env, folder=tmp_path) as process:
            await process.process.wait()
            assert "leads to several servers, of which each is elsewhere; name each of them" in process.log()
    second.stop()
