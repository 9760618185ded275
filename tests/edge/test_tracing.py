"""Traces: what they hold and what they never do, whose trace is gone on with, and nothing at all unless wanted."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from pydantic import SecretStr
from sqlalchemy.exc import DBAPIError

from influents.app import application
from influents.settings import Settings
from influents.telemetry import spans
from influents.telemetry.tracing import tracing
from resolvers.context import Services
from tests.clock import Clock
from tests.collector import Collector, attributes, collecting
from tests.factories import PASSWORD, Town
from tests.processes import CHECKOUT, running, variables

GATEWAY = "the gateway's secret, 32 bytes at least"
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
MARK = "zyxmark"


@pytest.fixture
async def collector() -> AsyncIterator[Collector]:
    async with collecting() as opened:
        yield opened


@asynccontextmanager
async def traced(services: Services, collector: Collector, **more: object) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the service while it is traced; afterwards the collector has everything."""
    settings = Settings.model_construct(otlp_endpoint=collector.url, **more)  # type: ignore[arg-type]  # by name
    async with tracing(collector.url, services.database):
        transport = httpx.ASGITransport(application(services, settings=settings), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://influents.test") as http:
            yield http


async def test_a_request_holds_its_operation_and_that_its_statements(
    services: Services, town: Town, collector: Collector
) -> None:
    await town.citizen("nath")
    query = 'query Profile { citizen(handle: "nath") { name skills { source } } }'
    async with traced(services, collector) as http:
        answer = await http.post("/graphql", json={"query": query})

    (request,), (operation,) = collector.named("POST /graphql"), collector.named("query")
    statements = [span for span in collector.spans if span.name.startswith("SELECT")]
    assert attributes(request) == {
        "http.request.method": "POST",
        "http.route": "/graphql",
        "http.response.status_code": 200,
        "influents.request": answer.headers["x-request-id"],
    }
    assert attributes(operation) == {
        "graphql.operation.type": "query",
        "graphql.operation.name": "Profile",
        "influents.outcome": "ok",
    }
    assert operation.parent_span_id == request.span_id
    assert len(statements) >= 2
    assert {span.parent_span_id for span in statements} == {operation.span_id}
    assert all("$1" in str(attributes(span)["db.query.text"]) for span in statements)
    assert {span.trace_id for span in collector.spans} == {request.trace_id}
    assert collector.services == {"influents"}


async def test_spans_hold_nothing_that_people_sent(services: Services, town: Town, collector: Collector) -> None:
    await town.citizen(MARK)
    headers = {"Authorization": f"Bearer {MARK}", "User-Agent": MARK, "X-Forwarded-For": MARK}
    sign_in = "mutation($e: String!, $p: String!) { signIn(input: {email: $e, password: $p}) { errors { code } } }"
    evaluate = "query($a: [AnswerInput!]!) { evaluateInfluence(answers: $a) { token } }"
    async with traced(services, collector) as http:
        asked = [
            {"query": sign_in, "variables": {"e": f"{MARK}@example.org", "p": PASSWORD}},
            {"query": evaluate, "variables": {"a": [{"question": "vote", "choice": MARK}]}},
            {"query": f'{{ citizen(handle: "{MARK}") {{ name }} }}'},
        ]
        for each in asked:
            await http.post("/graphql", json=each)
        await http.post(f"/graphql?{MARK}", json=asked[0], headers=headers)
        await http.get(f"/{MARK}")

    assert len(collector.named("POST /graphql")) == 4
    assert len(collector.named("GET other")) == 1
    assert MARK.encode() not in collector.raw.lower()
    assert PASSWORD.encode() not in collector.raw


async def test_a_failing_statement_is_told_without_its_words(services: Services, collector: Collector) -> None:
    async with traced(services, collector), services.database.reading() as session:
        with pytest.raises(DBAPIError, match=MARK), spans.span("test"):
            await session.execute(sa.text("SELECT CAST(CAST(:wrong AS text) AS integer)"), {"wrong": MARK})

    (statement,) = collector.named("SELECT")
    assert statement.status.code == statement.status.STATUS_CODE_ERROR
    assert MARK.encode() not in collector.raw


@pytest.mark.parametrize("secret", [GATEWAY, f"{GATEWAY}?", None])
async def test_a_trace_is_gone_on_with_for_the_gateway_alone(
    services: Services, collector: Collector, secret: str | None
) -> None:
    headers = {"traceparent": PARENT} | ({"Influents-Gateway": secret} if secret else {})
    async with traced(services, collector, gateway_secret=SecretStr(GATEWAY)) as http:
        await http.post("/graphql", json={"query": "{ themes { code } }"}, headers=headers)

    (request,) = collector.named("POST /graphql")
    assert (request.trace_id.hex() == PARENT.split("-")[1]) == (secret == GATEWAY)
    assert (request.parent_span_id.hex() == PARENT.split("-")[2]) == (secret == GATEWAY)


async def test_without_a_gateway_nobodys_trace_is_gone_on_with(services: Services, collector: Collector) -> None:
    async with traced(services, collector) as http:
        await http.post("/graphql", json={"query": "{ themes { code } }"}, headers={"traceparent": PARENT})

    (request,) = collector.named("POST /graphql")
    assert request.trace_id.hex() != PARENT.split("-")[1]


async def test_the_worker_is_traced_and_hands_over_what_is_left_when_it_stops(
    url: str, town: Town, clock: Clock, collector: Collector, tmp_path: Path
) -> None:
    clock.now = datetime.now(UTC)
    await town.citizen()  # who is sent a mail
    env = variables(url, tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT=collector.url, OTEL_SERVICE_NAME="post")
    async with running("worker", env=env, folder=tmp_path) as worker:
        await worker.says("mail kept")
        log = await worker.stopped()

    (delivery,) = collector.named("deliver")
    assert attributes(delivery) == {"influents.topic": "mail", "influents.attempt": 1}
    assert [span for span in collector.spans if span.parent_span_id == delivery.span_id]
    assert collector.services == {"post"}
    assert f"trace={delivery.trace_id.hex()}" in log


async def test_a_collector_that_is_gone_holds_nobody_up(url: str, tmp_path: Path) -> None:
    env = variables(url, tmp_path, OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:9")
    async with running("serve", "--no-demo", "--no-worker", env=env, folder=tmp_path) as serve:
        async with httpx.AsyncClient(base_url=await serve.address()) as http:
            answers = await asyncio.gather(
                *(http.post("/graphql", json={"query": "{ themes { code } }"}) for _ in range(5))
            )
        assert {answer.status_code for answer in answers} == {200}
        await serve.stopped()


def test_nothing_of_opentelemetry_is_imported_unless_traces_are_wanted() -> None:
    code = """
import sys
from influents import cli
from influents.app import application
found = [name for name in sys.modules if name.partition(".")[0] == "opentelemetry"]
sys.exit(", ".join(found[:3]) or 0)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
