"""Behind PgBouncer in transaction mode, as it is deployed: every answer is right, wrong settings are told at once."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import httpx
import pytest
import sqlalchemy as sa

from db.engine import connect, driver_arguments
from db.poolers import lends
from db.statements import Statement
from domain.charter import CHARTER_VERSION
from tests.poolers import pgbouncer
from tests.processes import CHECKOUT, running, variables
from tests.servers import PostgresServer, postgres_servers

pytestmark = pytest.mark.xdist_group("poolers")

ASKED = 300
SIGN_UP = "mutation($input: SignUpInput!) { signUp(input: $input) { session { viewer { citizen { handle } } } } }"
MINE = Statement(sa.insert(sa.table("mine", sa.column("number", sa.Integer()))), asyncpg.Record, columns=("number",))
ECHO = Statement(
    sa.select(sa.bindparam("number", type_=sa.Integer()).label("number"), sa.func.pg_sleep(0.001).label("slept")),
    asyncpg.Record,
)


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with postgres_servers() as servers:
        yield servers.started()


@pytest.fixture(scope="module")
def pooler(server: PostgresServer) -> Iterator[str]:
    """Five connections for all who come."""
    with pgbouncer(server, default_pool_size="5") as url:
        yield url


async def test_300_at_once_are_all_answered_rightly(pooler: str) -> None:
    database = connect(pooler, pool_size=20, wait_seconds=20, statement_seconds=20, pooled=True)

    async def read(number: int) -> int:
        [row] = await database.reader.rows(ECHO, {"number": number})
        return int(row["number"])

    async def queried(number: int) -> object:
        async with database.reading() as session:
            return await session.scalar(sa.select(sa.literal(number), sa.func.pg_sleep(0.001)))

    async def written(number: int) -> object:
        async with database.unit_of_work() as work:
            await work.execute(sa.text("CREATE TEMPORARY TABLE mine (number int) ON COMMIT DROP"))
            await work.run(MINE, {"number": number})
            return await work.scalar(sa.text("SELECT number FROM mine"))

    ways = (read, queried, written)
    try:
        answers = await asyncio.gather(*(ways[each % 3](each) for each in range(ASKED)))
    finally:
        await database.close()

    assert answers == list(range(ASKED))


async def test_a_server_is_told_what_a_pooler_passes_on_to_nobody(pooler: str) -> None:
    database = connect(pooler, pool_size=1, pooled=True)
    names = ("statement_timeout", "idle_in_transaction_session_timeout", "jit", "timezone")
    async with database.reading() as session:
        told = [await session.scalar(sa.select(sa.func.current_setting(name))) for name in names]
    await database.close()

    assert told == ["2s", "30s", "off", "UTC"]


async def test_whether_connections_are_lent_is_found_out(server: PostgresServer, pooler: str) -> None:
    assert await lends(driver_arguments(pooler))
    assert not await lends(driver_arguments(server.url()))
    with pgbouncer(server, pool_mode="session") as kept:
        assert not await lends(driver_arguments(kept))


async def test_a_service_behind_it_is_migrated_around_it_and_answers_through_it(
    server: PostgresServer, pooler: str, tmp_path: Path
) -> None:
    env = variables(pooler, tmp_path, INFLUENTS_POOLER="transaction", INFLUENTS_LISTEN_URL=server.url())
    migrated = await asyncio.to_thread(_influents, "migrate", env)
    assert migrated.returncode == 0, migrated.stderr

    async with running("serve", "--no-demo", env=env, folder=tmp_path) as process:
        async with httpx.AsyncClient(base_url=await process.address(), timeout=30) as http:
            answers = []
            for first in range(0, 60, 6):
                asked = (http.post("/graphql", json=_asked(number)) for number in range(first, first + 6))
                answers += [answer.json()["data"] for answer in await asyncio.gather(*asked)]
        await process.stopped()

    assert [answer["territory"]["name"] for answer in answers if "territory" in answer] == ["Loire-Atlantique"] * 50
    signed_up = [answer["signUp"]["session"]["viewer"]["citizen"] for answer in answers if "signUp" in answer]
    assert [each["handle"] for each in signed_up] == [f"pooled-{number}" for number in range(0, 60, 6)]


def _asked(number: int) -> dict[str, object]:
    """A query, or now and then a sign-up."""
    if number % 6:
        return {"query": '{ territory(code: "FR-44") { name } events(first: 5) { totalCount } stats { citizens } }'}
    sign_up = {
        "email": f"pooled-{number}@example.org",
        "password": "a long pass phrase",
        "handle": f"pooled-{number}",
        "charterVersion": CHARTER_VERSION,
        "atLeastFifteen": True,
    }
    return {"query": SIGN_UP, "variables": {"input": sign_up}}


async def test_the_doctor_sees_through_it(server: PostgresServer, pooler: str, tmp_path: Path) -> None:
    env = variables(pooler, tmp_path, INFLUENTS_POOLER="transaction", INFLUENTS_LISTEN_URL=server.url())

    looked = await asyncio.to_thread(_influents, "doctor", env)

    assert "be reached" not in looked.stdout + looked.stderr
    assert "wrong    pooler" not in looked.stdout
    assert "wrong    database" not in looked.stdout


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({}, "DATABASE_URL leads to a pooler in transaction mode: set INFLUENTS_POOLER=transaction"),
        ({"INFLUENTS_POOLER": "transaction"}, "INFLUENTS_LISTEN_URL must be set where INFLUENTS_POOLER is"),
        (
            {"INFLUENTS_POOLER": "transaction", "INFLUENTS_LISTEN_URL": "{pooler}?application_name=around"},
            "INFLUENTS_LISTEN_URL leads to a pooler in transaction mode",
        ),
    ],
)
async def test_settings_that_know_of_no_pooler_are_told_in_a_line(
    pooler: str, settings: dict[str, str], line: str, tmp_path: Path
) -> None:
    told = {name: value.format(pooler=pooler) for name, value in settings.items()}

    ended = await asyncio.to_thread(_influents, "serve", variables(pooler, tmp_path, **told))

    assert ended.returncode == 1
    assert line in ended.stderr
    assert "Traceback" not in ended.stderr


def _influents(command: str, env: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    arguments = [sys.executable, "-m", "influents", command]
    return subprocess.run(arguments, cwd=CHECKOUT, env=env, capture_output=True, text=True, timeout=60, check=False)
