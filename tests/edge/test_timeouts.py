"""What takes too long is given up, by type: waiting for a connection, a statement, a whole operation."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial

import httpx
import pytest
import sqlalchemy as sa

from db.engine import WAIT_SECONDS, Database, connect
from influents.app import application
from influents.operations import executing
from resolvers.context import Services
from tests.edge.over_http import code, post
from tests.processes import until

EVENTS = {"query": "{ events { totalCount } }"}
WORDS = {"query": '{ events(filter: {search: "jardin"}) { totalCount } }'}
BOTH = {"query": "{ themes { code } events { totalCount } }"}


@asynccontextmanager
async def asking(services: Services, database: Database) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(application(replace(services, database=database)))
    async with httpx.AsyncClient(transport=transport, base_url="http://influents.test") as client:
        yield client
    await database.close()


@asynccontextmanager
async def events_locked(database: Database) -> AsyncIterator[None]:
    """Nobody can read an event meanwhile."""
    async with database.unit_of_work() as work:
        await work.execute(sa.text("LOCK TABLE event IN ACCESS EXCLUSIVE MODE"))
        yield


async def _in_use(database: Database) -> bool:
    return database.reader.in_use == 1


async def test_without_a_connection_within_its_time_it_is_unavailable(services: Services, url: str) -> None:
    busy = connect(url, pool_size=1, wait_seconds=0.2)
    async with asking(services, busy) as http, busy.engine.connect():
        by_a_session = await post(http, WORDS)
    busy = connect(url, pool_size=1, wait_seconds=0.2)
    async with asking(services, busy) as http, asyncio.TaskGroup() as group, events_locked(services.database):
        group.create_task(post(http, EVENTS))
        await until(partial(_in_use, busy))
        by_the_reader = await post(http, EVENTS)
    for answer in (by_a_session, by_the_reader):
        assert (answer.status_code, code(answer)) == (503, "SERVICE_UNAVAILABLE")
        assert answer.headers["retry-after"] == "1"
    assert WAIT_SECONDS == 1


async def test_a_statement_that_takes_too_long_harms_its_field_alone(services: Services, url: str) -> None:
    slow = connect(url, statement_seconds=0.3)
    async with asking(services, slow) as http, events_locked(services.database):
        alone, beside = await post(http, EVENTS), await post(http, BOTH, Accept="application/json")
    assert (alone.status_code, code(alone)) == (503, "SERVICE_UNAVAILABLE")
    assert alone.headers["retry-after"] == "1"
    assert code(beside) == "SERVICE_UNAVAILABLE"
    assert "timeout" not in beside.json()["errors"][0]["message"].lower()


async def test_an_operation_that_takes_too_long_is_given_up(
    services: Services, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert executing.OPERATION_SECONDS == 10
    monkeypatch.setattr(executing, "OPERATION_SECONDS", 0.3)
    async with asking(services, connect(url, statement_seconds=20)) as http, events_locked(services.database):
        answer = await post(http, EVENTS)
    assert (answer.status_code, code(answer)) == (503, "TIMEOUT")
    assert answer.headers["retry-after"] == "1"
