"""What is counted and measured. `docs/operations.md` says what to look at.

Every label takes a bounded number of values, all of them words of our own: no name, address, id or text of a client's.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import perf_counter
from typing import Any, Self

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
)

from influents.telemetry.tallies import Durations, Now, Tally

REGISTRY = CollectorRegistry()
PlatformCollector(REGISTRY)
ProcessCollector(registry=REGISTRY)
GCCollector(REGISTRY)

QUICK = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)
LONG = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
MAXIMUM_CODES = 100
"""More than there are codes of errors: what would go beyond is counted as OTHER."""

_codes: set[str] = set()


def _counter(name: str, documentation: str, *labels: str) -> Counter:
    return Counter(f"influents_{name}", documentation, labels, registry=REGISTRY)


def _histogram(name: str, documentation: str, *labels: str, buckets: tuple[float, ...] = LONG) -> Histogram:
    return Histogram(f"influents_{name}_seconds", documentation, labels, buckets=buckets, registry=REGISTRY)


def _tally(name: str, documentation: str, *labels: str) -> Tally:
    return Tally(f"influents_{name}", documentation, *labels, registry=REGISTRY)


def _durations(name: str, documentation: str, *labels: str, buckets: tuple[float, ...] = LONG) -> Durations:
    return Durations(f"influents_{name}_seconds", documentation, *labels, buckets=buckets, registry=REGISTRY)


REQUESTS = _tally("http_requests", "Requests that were answered", "method", "route", "status")
REQUEST_SECONDS = _durations("http_request", "How long requests took, streams left out", "route")
SOCKETS = _counter("websockets", "WebSockets that were closed, and how", "code")
SOCKETS_NOW = Gauge("influents_websockets_now", "WebSockets open", registry=REGISTRY)
REQUESTS_NOW = Now("influents_http_requests_now", "Requests under way", registry=REGISTRY)
OPERATIONS = _tally(
    "operations", "Queries and mutations; `name` for trusted documents alone", "kind", "name", "outcome"
)
OPERATION_SECONDS = _durations("operation", "How long operations took", "kind", "name")
LEFT_TO_CORE = _counter("operations_left_to_graphql_core", "What the engine executes no plan of, and why", "reason")
ERRORS = _counter("errors", "Errors that clients were told, by extensions.code", "code")
REFUSED = _counter("refused", "What a limit refused", "limit")
SUBSCRIPTIONS = Gauge("influents_subscriptions_now", "Subscriptions open", ["field"], registry=REGISTRY)
EVENTS_SENT = _counter("subscription_events", "What subscribers were sent", "field", "outcome")
STATEMENTS = _durations("sql_statement", "How long SQL statements took", "verb", buckets=QUICK)
STATEMENTS_FAILED = _counter("sql_statements_failed", "SQL statements that failed", "error")
DELIVERIES = _counter("deliveries", "What was taken from the outbox", "topic", "outcome")
DUTIES = _histogram("worker_duty", "How long the worker's duties took", "duty")
DUTIES_DONE = _counter("worker_duties", "The worker's duties", "duty", "outcome")
DUTY_AT = Gauge(
    "influents_worker_duty_done_timestamp_seconds", "When a duty was last done", ["duty"], registry=REGISTRY
)
LAG = _histogram("event_loop_lag", "How late the event loop was", buckets=QUICK)


def errors_told(body: Mapping[str, Any]) -> None:  # Any: JSON
    """Count the errors of an answer by their codes."""
    for error in body.get("errors") or ():
        code = str(error["extensions"]["code"])
        if len(_codes) < MAXIMUM_CODES:
            _codes.add(code)
        ERRORS.labels(code if code in _codes else "OTHER").inc()


def left_to_core(reason: str) -> None:
    """Count an operation that graphql-core executes, by why: the engine's own words."""
    LEFT_TO_CORE.labels(reason).inc()


@contextmanager
def subscribed(field: str) -> Iterator[None]:
    """A subscription is open for as long as the block lasts."""
    gauge = SUBSCRIPTIONS.labels(field)
    gauge.inc()
    try:
        yield
    finally:
        gauge.dec()


class Timed:
    """Counts and times a query or a mutation for the length of a block.

    Args:
        kind: `query` or `mutation`.
        name: Of a trusted document; empty for any other, since clients choose theirs.

    Attributes:
        outcome: How it came out: to be set before the block ends.
    """

    __slots__ = ("_began", "kind", "name", "outcome")

    def __init__(self, kind: str, name: str) -> None:
        self.kind, self.name, self.outcome = kind, name, "failed"

    def __enter__(self) -> Self:
        self._began = perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        OPERATION_SECONDS.add(perf_counter() - self._began, self.kind, self.name)
        OPERATIONS.add(self.kind, self.name, self.outcome)
