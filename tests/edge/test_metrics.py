"""Metrics: what is counted, who may read them, and that nothing of a client's gets into them."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, MutableMapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from db.tables import outbox_message
from db.writes.outbox import tell
from domain.notifications import NotificationKind
from domain.permissions import signed_in
from influents.app import application
from influents.settings import Settings
from influents.stopping import Stopping
from influents.telemetry.exposition import for_operators, lag_measured
from influents.telemetry.metrics import LAG, REGISTRY, errors_told, subscribed
from influents.telemetry.readiness import Readiness
from influents.telemetry.statements import watch
from influents.telemetry.tallies import Durations, Tally
from resolvers.context import Services
from tests.clock import Clock
from tests.factories import Town
from tests.processes import Running, running, until, variables

MARK = "zyxmark"
Samples = dict[tuple[str, ...], float]


def client(app: object) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)  # type: ignore[arg-type]  # an application
    return httpx.AsyncClient(transport=transport, base_url="http://influents.test")


@pytest.fixture
async def http(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    async with client(application(services)) as opened:
        yield opened


@pytest.fixture
async def operators(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    async with client(for_operators(services, Readiness(services.database, Stopping()))) as opened:
        yield opened


async def read(operators: httpx.AsyncClient) -> Samples:
    """Every sample, by its name and the values of its labels, in the order of those."""
    answer = await operators.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def more(before: Samples, after: Samples) -> Samples:
    """What has grown."""
    return {name: value - before.get(name, 0) for name, value in after.items() if value > before.get(name, 0)}


async def test_requests_operations_and_errors_are_counted(
    http: httpx.AsyncClient, operators: httpx.AsyncClient
) -> None:
    before = await read(operators)
    await http.post("/graphql", json={"query": "{ themes { code } }"})
    await http.post("/graphql", json={"query": '{ node(id: "none of ours") { id } }'})
    await http.post("/graphql", content=b"no json", headers={"Content-Type": "text/plain"})

    grown = more(before, await read(operators))

    assert grown["influents_http_requests_total", "POST", "/graphql", "200"] == 2
    assert grown["influents_http_requests_total", "POST", "/graphql", "415"] == 1
    assert grown["influents_http_request_seconds_count", "/graphql"] == 3
    assert grown["influents_operations_total", "query", "", "ok"] == 1
    assert grown["influents_operations_total", "query", "", "errors"] == 1
    assert grown["influents_errors_total", "BAD_USER_INPUT"] == 1
    assert grown["influents_errors_total", "UNSUPPORTED_MEDIA_TYPE"] == 1


async def test_an_operation_is_named_where_its_document_is_trusted(
    services: Services, operators: httpx.AsyncClient, tmp_path: Path
) -> None:
    trusted, other = "query Themes { themes { code } }", f"query {MARK} {{ themes {{ code }} }}"
    (tmp_path / "manifest.json").write_text(json.dumps({"one": trusted}), encoding="utf-8")
    settings = Settings.model_construct(trusted_documents=tmp_path / "manifest.json")
    before = await read(operators)
    async with client(application(services, settings=settings)) as http:
        for body in ({"documentId": "one"}, {"query": trusted}, {"query": other}):
            assert (await http.post("/graphql", json=body)).status_code == 200

    grown = more(before, await read(operators))

    assert grown["influents_operations_total", "query", "Themes", "ok"] == 2
    assert grown["influents_operations_total", "query", "", "ok"] == 1


async def test_nothing_that_a_client_chooses_becomes_a_label(
    http: httpx.AsyncClient, operators: httpx.AsyncClient
) -> None:
    await http.post("/graphql", json={"query": f"query {MARK} {{ themes {{ code }} }}"})
    await http.post("/graphql", json={"query": f"{{ {MARK} }}", "operationName": MARK})
    await http.post(f"/{MARK}?{MARK}={MARK}", headers={"X-Request-Id": MARK, "User-Agent": MARK})
    await http.request(MARK.upper(), "/graphql")
    await http.get(f"/{MARK}")
    known = set(await read(operators))
    for number in range(20):
        await http.get(f"/{MARK}/{number}")

    assert set(await read(operators)) == known
    assert MARK not in (await operators.get("/metrics")).text.lower()


def test_codes_of_errors_cannot_grow_without_end() -> None:
    for number in range(500):
        errors_told({"errors": [{"extensions": {"code": f"NOBODYS_{number}"}}]})
    counted = REGISTRY.get_sample_value("influents_errors_total", {"code": "OTHER"})
    assert counted
    assert counted >= 400


async def test_statements_connections_and_the_outbox_are_measured(
    services: Services, town: Town, operators: httpx.AsyncClient
) -> None:
    citizen = signed_in((await town.citizen()).viewer).citizen_id
    async with services.database.unit_of_work() as work:
        await work.execute(sa.delete(outbox_message))
        await tell(work, [citizen], NotificationKind.LEVEL_REACHED, now=services.clock(), level=2)
    services.clock.advance(minutes=3)  # type: ignore[attr-defined]  # the clock of the tests
    watch(services.database)
    before = await read(operators)

    after = await read(operators)

    assert more(before, after)["influents_sql_statement_seconds_count", "SELECT"] >= 1
    assert after["influents_outbox_waiting", "notification"] == 1
    assert after["influents_outbox_late_seconds", "notification"] == 180
    assert after["influents_pool_connections", "in use"] == 0
    assert after["influents_pool_connections", "idle"] >= 1
    assert (after["influents_pool_size",], after["influents_pool_waiting",]) == (40, 0)
    assert (after["influents_ready", "ready"], after["influents_ready", "no database"]) == (1, 0)


async def test_who_waits_for_a_connection_is_counted(services: Services, operators: httpx.AsyncClient) -> None:
    database = services.database
    held = [await database.engine.connect() for _ in range(20)]
    asking = [asyncio.ensure_future(database.engine.connect().start()) for _ in range(3)]
    await asyncio.sleep(0.1)

    waiting = database.engine.pool.waiting  # type: ignore[attr-defined]  # ours
    for each in held:
        await each.close()
    for got in await asyncio.gather(*asking):
        await got.close()

    assert waiting == 3
    assert (await read(operators))["influents_pool_waiting",] == 0


async def test_without_a_database_metrics_are_told_all_the_same(services: Services) -> None:
    from dataclasses import replace

    from db.engine import connect

    gone = connect("postgresql://nobody@127.0.0.1:9/none")
    app = for_operators(replace(services, database=gone), Readiness(gone, Stopping()))
    async with client(app) as operators:
        samples = await read(operators)
        assert samples["influents_ready", "no database"] == 1
        assert not any(name[0] == "influents_outbox_waiting" for name in samples)
    await gone.close()


async def test_how_late_the_event_loop_is_can_be_seen() -> None:
    def slow() -> float:
        return REGISTRY.get_sample_value("influents_event_loop_lag_seconds_bucket", {"le": "0.25"}) or 0

    async with lag_measured():
        await asyncio.sleep(0)
        import time

        before = LAG.collect()
        time.sleep(1)  # noqa: ASYNC251 - the mistake that is to be seen
        await asyncio.sleep(0.05)
    assert before
    assert (REGISTRY.get_sample_value("influents_event_loop_lag_seconds_sum") or 0) >= 0.5
    assert slow() >= 0


async def test_how_a_socket_ended_is_counted_and_it_has_the_id_it_was_asked_with(
    services: Services, operators: httpx.AsyncClient
) -> None:
    before, sent = await read(operators), []
    scope = {
        "type": "websocket",
        "path": "/graphql",
        "query_string": b"",
        "headers": [(b"host", b"influents.test"), (b"x-request-id", b"from-the-proxy")],
        "client": ("127.0.0.1", 1),
        "subprotocols": ["none of ours"],
        "extensions": {"websocket.http.response": {}},
    }

    async def receive() -> dict[str, object]:
        return {"type": "websocket.connect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    await application(services)(scope, receive, send)

    assert [message["type"] for message in sent] == ["websocket.accept", "websocket.close"]
    assert (b"x-request-id", b"from-the-proxy") in sent[0]["headers"]
    assert more(before, await read(operators))["influents_websockets_total", "4406"] == 1


def test_subscriptions_are_counted_while_they_last() -> None:
    labels = {"field": "event"}
    with subscribed("event"):
        assert REGISTRY.get_sample_value("influents_subscriptions_now", labels) == 1
    assert REGISTRY.get_sample_value("influents_subscriptions_now", labels) == 0


async def operators_port(process: Running) -> str:
    async def told() -> str | None:
        found = re.search(r"metrics +host=127.0.0.1 port=(\d+)", process.log())
        return f"http://127.0.0.1:{found[1]}" if found else None

    return await until(told)


async def test_metrics_have_a_port_of_their_own_and_the_public_one_has_none(url: str, tmp_path: Path) -> None:
    env = variables(url, tmp_path, INFLUENTS_METRICS_PORT="0")
    async with running("serve", "--no-demo", env=env, folder=tmp_path) as serve, httpx.AsyncClient() as http:
        public, private = await serve.address(), await operators_port(serve)
        assert (await http.get(f"{public}/metrics")).status_code == 404
        assert (await http.get(f"{public}/readyz")).status_code == 200
        async with httpx.AsyncClient(base_url=private) as operators:
            told = await read(operators)
        assert (await http.post(f"{private}/graphql", json={"query": "{ themes { code } }"})).status_code == 404
        await serve.stopped()

    assert told["influents_http_requests_total", "GET", "/readyz", "200"] == 1
    assert told["process_resident_memory_bytes",] > 0


async def test_the_worker_tells_what_it_does(url: str, town: Town, clock: Clock, tmp_path: Path) -> None:
    clock.now = datetime.now(UTC)
    await town.citizen()  # who is sent a mail to verify their address
    env = variables(url, tmp_path, INFLUENTS_METRICS_PORT="0")
    async with (
        running("worker", env=env, folder=tmp_path) as worker,
        httpx.AsyncClient(base_url=await operators_port(worker)) as http,
    ):

        async def delivered() -> Samples | None:
            samples = await read(http)
            told = ("influents_deliveries_total", "done", "mail"), ("influents_worker_duties_total", "deliver", "done")
            return samples if all(map(samples.get, told)) else None  # the mail is counted before its duty is done

        samples = await until(delivered)
        assert (await http.get("/readyz")).json() == {"status": "ready"}
        await worker.stopped()

    assert samples["influents_worker_duties_total", "deliver", "done"] >= 1
    assert samples["influents_worker_duty_done_timestamp_seconds", "deliver"] > clock().timestamp()


def test_what_is_counted_with_each_request_is_told_as_prometheus_tells_its_own() -> None:
    ours, theirs = CollectorRegistry(), CollectorRegistry()
    tally = Tally("counted", "How many", "kind", "status", registry=ours)
    counter = Counter("counted", "How many", ["kind", "status"], registry=theirs)
    durations = Durations("took_seconds", "How long", "kind", buckets=(0.0005, 0.5, 1, 2.5), registry=ours)
    histogram = Histogram("took_seconds", "How long", ["kind"], buckets=(0.0005, 0.5, 1, 2.5), registry=theirs)
    for kind, status, seconds in [
        ("a", 200, 0.5),
        ("b", 404, 0.0),
        ("a", 200, 7.0),
        ("a", 500, 1.25),
        ("b", 404, 0.75),
    ]:
        tally.add(kind, status)
        counter.labels(kind, status).inc()
        durations.add(seconds, kind)
        histogram.labels(kind).observe(seconds)

    began = re.compile(r"(_created\{.*\}) .*")
    assert began.sub(r"\1", generate_latest(ours).decode()) == began.sub(r"\1", generate_latest(theirs).decode())
