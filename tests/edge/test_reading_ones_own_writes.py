"""All of it at once, on real servers: a gateway before two processes, which ask the primary and a replica through a
PgBouncer each, in transaction mode. Whoever changes something by one process finds it changed by the other.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from db.engine import connect
from db.migrate import migrate
from examples.federation.labels.schema import Labels
from examples.federation.mobility.offers import Offers
from resolvers.context import Context
from resolvers.passwords import Passwords
from tests.clock import Clock
from tests.conftest import services_on
from tests.edge.over_http import bearer
from tests.factories import Town
from tests.gateways import gateway
from tests.poolers import pgbouncer
from tests.ports import free_ports
from tests.processes import running, variables
from tests.servers import FOLLOWED, PostgresServer, Servers, postgres_servers

pytestmark = [pytest.mark.xdist_group("gateways"), pytest.mark.timeout(300)]

TRIALS = 60
GATEWAYS = {"apollo": ("apollo-gateway.mjs", "apollo"), "hive": ("hive-gateway.mjs", "guild")}
CHANGE = "mutation($bio: String!) { updateProfile(input: {bio: $bio}) { viewer { citizen { bio } } errors { code } } }"
OWN = "{ viewer { citizen { bio } } }"


@dataclass(frozen=True)
class Service:
    """Two processes of the service, and somebody who has an account there."""

    addresses: tuple[str, str]
    operators: tuple[str, str]
    person: Context
    follower: PostgresServer

    async def read(self, http: httpx.AsyncClient) -> dict[str, float]:
        """How often somebody's question was answered by the replica, and how often it hadn't what they must have."""
        found = {"replica": 0.0, "primary": 0.0}
        for each in self.operators:
            for family in text_string_to_metric_families((await http.get(f"{each}/metrics")).text):
                for sample in family.samples:
                    if sample.name == "influents_replica_asked_total":
                        found[sample.labels["read"]] += sample.value
        return found


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    with postgres_servers() as made:
        yield made


@pytest.fixture
async def service(servers: Servers, passwords: Passwords, tmp_path: Path) -> AsyncIterator[Service]:
    primary = servers.started(FOLLOWED)
    follower = servers.replica(primary)
    database = connect(primary.url(), statement_seconds=20)
    await migrate(database)
    made = await services_on(database, Clock(), passwords)
    person = await Town(replace(made, clock=lambda: datetime.now(UTC))).citizen()
    ports = free_ports(2)
    with ExitStack() as poolers:
        env = variables(
            poolers.enter_context(pgbouncer(primary)),
            tmp_path,
            DATABASE_REPLICA_URL=poolers.enter_context(pgbouncer(follower)),
            INFLUENTS_POOLER="transaction",
            INFLUENTS_LISTEN_URL=primary.url(),
            INFLUENTS_RATE_LIMIT="off",
        )
        async with AsyncExitStack() as processes:
            one, other = [
                await processes.enter_async_context(
                    running("serve", "--no-demo", env=env | {"INFLUENTS_METRICS_PORT": str(port)}, folder=tmp_path)
                )
                for port in ports
            ]
            addresses = (await one.address(), await other.address())
            for each in (one, other):
                await each.says("the replica is read from")
            operators = (f"http://127.0.0.1:{ports[0]}", f"http://127.0.0.1:{ports[1]}")
            yield Service(addresses, operators, person, follower)
    await database.close()
    follower.stop()
    primary.stop()


async def test_by_two_processes_in_turns(service: Service) -> None:
    async with httpx.AsyncClient(timeout=30, trust_env=False, headers=bearer(service.person)) as http:
        for number, (here, there) in zip(range(TRIALS), cycle([service.addresses, service.addresses[::-1]])):
            await _changed(http, f"{here}/graphql", f"Trial {number}")
            assert await _own(http, f"{there}/graphql") == f"Trial {number}"
        read = await service.read(http)

    assert read["replica"] > TRIALS / 2, f"hardly anything was read from the replica: {read}"


async def test_where_nothing_arrives_the_primary_answers(service: Service) -> None:
    service.follower.execute("SELECT pg_wal_replay_pause()")
    async with httpx.AsyncClient(timeout=30, trust_env=False, headers=bearer(service.person)) as http:
        for number, (here, there) in zip(range(10), cycle([service.addresses, service.addresses[::-1]])):
            await _changed(http, f"{here}/graphql", f"Trial {number}")
            assert await _own(http, f"{there}/graphql") == f"Trial {number}"
    service.follower.execute("SELECT pg_wal_replay_resume()")


@pytest.mark.parametrize("name", list(GATEWAYS))
async def test_by_a_gateway_that_asks_them_in_turns(service: Service, tmp_path: Path, name: str) -> None:
    script, composer = GATEWAYS[name]
    async with (
        httpx.AsyncClient(timeout=30, trust_env=False) as http,
        gateway(script, composer, tmp_path) as through,
    ):
        through.serve(service.person.services, offers=Offers([]), labels=Labels({}))
        through.influents.app = in_turns(http, *service.addresses)
        who = bearer(service.person)
        for number in range(TRIALS):
            answer = await through.ask(CHANGE, headers=who, bio=f"Trial {number}")
            assert answer["data"]["updateProfile"]["errors"] == []
            answer = await through.ask(OWN, headers=who)
            assert answer["data"]["viewer"]["citizen"]["bio"] == f"Trial {number}"
        read = await service.read(http)

    assert read["replica"] > TRIALS / 2, f"hardly anything was read from the replica: {read}"


def in_turns(http: httpx.AsyncClient, *addresses: str) -> Starlette:
    """What asks each of them in turn, as a balancer behind a gateway does."""
    turns = cycle(addresses)

    async def passed_on(request: Request) -> Response:
        headers = {name: value for name, value in request.headers.items() if name not in {"host", "content-length"}}
        there = f"{next(turns)}{request.url.path}"
        answer = await http.request(request.method, there, headers=headers, content=await request.body())
        return Response(answer.content, answer.status_code, media_type=answer.headers["content-type"])

    return Starlette(routes=[Route("/{path:path}", passed_on, methods=["GET", "POST"])])


async def _changed(http: httpx.AsyncClient, url: str, bio: str) -> None:
    answer = await http.post(url, json={"query": CHANGE, "variables": {"bio": bio}})
    assert answer.json()["data"]["updateProfile"] == {"viewer": {"citizen": {"bio": bio}}, "errors": []}


async def _own(http: httpx.AsyncClient, url: str) -> object:
    answer = await http.post(url, json={"query": OWN})
    return answer.json()["data"]["viewer"]["citizen"]["bio"]
