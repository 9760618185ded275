"""`/metrics` for Prometheus, `/healthz` and `/readyz`: what a port for operators serves."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from db.engine import Pool
from db.replicas import Replica
from domain.deliveries import Waiting
from influents.telemetry.metrics import LAG, REGISTRY
from influents.telemetry.readiness import Readiness, State
from resolvers.context import Services
from resolvers.deliveries import waiting
from resolvers.failures import unavailable

LAG_SECONDS = 0.25
OUTBOX_SECONDS = 3.0


def health_routes(readiness: Readiness) -> list[Route]:
    """`/healthz`: the process is alive. `/readyz`: it can do its work."""

    async def alive(_: Request) -> Response:
        return JSONResponse({"status": "alive"})

    async def ready(_: Request) -> Response:
        state = await readiness.state()
        return JSONResponse({"status": state}, 200 if state is State.READY else 503)

    return [Route("/healthz", alive), Route("/readyz", ready)]


def for_operators(services: Services, readiness: Readiness) -> Starlette:
    """What the port for operators serves; who may come there is the network's to say."""

    async def metrics(_: Request) -> Response:
        state = _State(services, await readiness.state(), await _backlog(services))
        now = CollectorRegistry()
        now.register(state)
        return Response(generate_latest(REGISTRY) + generate_latest(now), media_type=CONTENT_TYPE_LATEST)

    return Starlette(routes=[Route("/metrics", metrics), *health_routes(readiness)])


@asynccontextmanager
async def lag_measured() -> AsyncIterator[None]:
    """Measure how late the event loop is, for as long as the block lasts."""

    async def measure() -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + LAG_SECONDS
            await asyncio.sleep(LAG_SECONDS)
            LAG.observe(max(0, loop.time() - due))

    measuring = asyncio.create_task(measure())
    try:
        yield
    finally:
        measuring.cancel()
        with suppress(asyncio.CancelledError):
            await measuring


async def _backlog(services: Services) -> Sequence[Waiting] | None:
    """What waits in the outbox; None where the database can't say."""
    try:
        async with asyncio.timeout(OUTBOX_SECONDS):
            return await waiting(services)
    except Exception as error:
        if not unavailable(error):
            raise
        return None


class _State(Collector):
    """What is measured when it is asked for."""

    def __init__(self, services: Services, state: State, backlog: Sequence[Waiting] | None) -> None:
        self.pool, self.reader = services.database.engine.pool, services.database.reader
        self.state, self.backlog, self.replicas = state, backlog, services.replicas

    def collect(self) -> Iterator[Metric]:
        ready = GaugeMetricFamily("influents_ready", "1 for what /readyz says", labels=["state"])
        for each in State:
            ready.add_metric([each], float(each is self.state))
        yield ready
        if isinstance(self.pool, Pool):
            connections = GaugeMetricFamily("influents_pool_connections", "Connections to PostgreSQL", labels=["state"])
            connections.add_metric(["in use"], self.pool.checkedout() + self.reader.in_use)
            connections.add_metric(["idle"], self.pool.checkedin() + self.reader.idle)
            yield connections
            size, waiting = self.pool.size() + self.reader.size, self.pool.waiting + self.reader.waiting
            yield GaugeMetricFamily("influents_pool_size", "Connections at most", value=size)
            yield GaugeMetricFamily("influents_pool_waiting", "Who waits for a connection", value=waiting)
        if self.replicas:
            yield from _of(self.replicas)
        if self.backlog is not None:
            number = GaugeMetricFamily("influents_outbox_waiting", "What waits in the outbox", labels=["topic"])
            late = GaugeMetricFamily(
                "influents_outbox_late_seconds", "How long the oldest is overdue", labels=["topic"]
            )
            for topic in self.backlog:
                number.add_metric([topic.topic], topic.number)
                late.add_metric([topic.topic], topic.late.total_seconds())
            yield from (number, late)


def _of(replicas: Sequence[Replica]) -> Iterator[Metric]:
    in_use = GaugeMetricFamily("influents_replica_in_use", "1 while the replica is read from", labels=["replica"])
    lag = GaugeMetricFamily("influents_replica_lag_seconds", "How far behind it was when last seen", labels=["replica"])
    asked = CounterMetricFamily(
        "influents_replica_asked", "Who was to read from it, and where they did", labels=["replica", "read"]
    )
    for each in replicas:
        in_use.add_metric([each.name], float(each.well))
        lag.add_metric([each.name], each.lag)
        asked.add_metric([each.name, "replica"], each.read)
        asked.add_metric([each.name, "primary"], each.behind)
    yield from (in_use, lag, asked)
