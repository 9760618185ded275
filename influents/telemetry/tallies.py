"""What is counted several times with each request: plain numbers, which Prometheus is told when it asks.

Its own counters take a lock and a dozen calls for each number. Here one thread counts: the event loop's.
"""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate
from math import inf
from time import time

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

Labels = tuple[object, ...]


class Tally(Collector):
    """A counter: how often something happened, by its labels' values."""

    def __init__(self, name: str, documentation: str, *labels: str, registry: CollectorRegistry) -> None:
        self.name, self.documentation, self.labels = name, documentation, labels
        self._counts: dict[Labels, int] = {}
        self._since: dict[Labels, float] = {}
        registry.register(self)

    def add(self, *values: object) -> None:
        """Count one more."""
        try:
            self._counts[values] += 1
        except KeyError:
            self._counts[values], self._since[values] = 1, time()

    def collect(self) -> Iterator[CounterMetricFamily]:
        family = CounterMetricFamily(self.name, self.documentation, labels=self.labels)
        for values, count in self._counts.items():
            family.add_metric([str(each) for each in values], count, created=self._since[values])
        yield family


class _Spread:
    """How many durations fell into each bucket, and what they come to."""

    __slots__ = ("numbers", "seconds", "since")

    def __init__(self, buckets: int) -> None:
        self.numbers, self.seconds, self.since = [0] * buckets, 0.0, time()


class Durations(Collector):
    """A histogram: how long something took, by its labels' values."""

    def __init__(
        self, name: str, documentation: str, *labels: str, buckets: tuple[float, ...], registry: CollectorRegistry
    ) -> None:
        self.name, self.documentation, self.labels = name, documentation, labels
        self._bounds = (*buckets, inf)
        self._spreads: dict[Labels, _Spread] = {}
        registry.register(self)

    def add(self, seconds: float, *values: object) -> None:
        """Count one more, which took so long."""
        spread = self._spreads.get(values)
        if spread is None:
            spread = self._spreads[values] = _Spread(len(self._bounds))
        spread.numbers[bisect_left(self._bounds, seconds)] += 1
        spread.seconds += seconds

    def collect(self) -> Iterator[HistogramMetricFamily]:
        family = HistogramMetricFamily(self.name, self.documentation, labels=self.labels)
        bounds = [*(str(float(bound)) for bound in self._bounds[:-1]), "+Inf"]
        for values, spread in self._spreads.items():
            told = [str(each) for each in values]
            family.add_metric(told, list(zip(bounds, accumulate(spread.numbers), strict=True)), spread.seconds)
            family.add_sample(f"{self.name}_created", dict(zip(self.labels, told, strict=True)), spread.since)
        yield family


class Now(Collector):
    """A gauge: how many there are at the moment, in `number`."""

    def __init__(self, name: str, documentation: str, *, registry: CollectorRegistry) -> None:
        self.name, self.documentation, self.number = name, documentation, 0
        registry.register(self)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield GaugeMetricFamily(self.name, self.documentation, value=self.number)
