"""Rounds: every server is asked every question in turn, over and over, and the median of each is told."""

import asyncio
import gc
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from statistics import median

import psutil
from rich.console import Console
from rich.progress import Progress, TimeElapsedColumn

from benchmarks.side_by_side.loading import CONNECTIONS, Unanswered, ask
from benchmarks.side_by_side.processes import Running, cpu_seconds, memory_mb
from benchmarks.side_by_side.questions import MUTATION, Body, Dialect

LONGEST_OF_PAIRS = 2.0
ATTEMPTS = 3
"""How often a turn is taken in which something was refused: where others use the machine, the service may be too slow
for its own limits."""

Bodies = Mapping[str, Mapping[Dialect, Iterable[Body]]]


@dataclass(frozen=True, slots=True)
class Pace:
    """How long is asked: to warm up, in each round, in how many rounds, and how many requests are under way at once."""

    warm: float
    seconds: float
    rounds: int
    connections: int = CONNECTIONS

    def of_pairs(self) -> "Pace":
        """For what is good for one request alone: less of it."""
        return replace(self, warm=min(self.warm, LONGEST_OF_PAIRS / 2), seconds=min(self.seconds, LONGEST_OF_PAIRS))

    def __str__(self) -> str:
        return (
            f"{self.rounds} rounds of {self.seconds:g} s after {self.warm:g} s to warm up, "
            f"by {self.connections} connections"
        )


@dataclass(frozen=True, slots=True)
class Row:
    """What one server takes for one question."""

    variant: str
    query: str
    requests_per_second: float
    p50_ms: float
    p95_ms: float
    server_cpu_ms: float
    database_cpu_ms: float
    statements: int
    memory_mb: float

    def rounded(self) -> dict[str, str | float]:
        return {name: round(value, 3) if isinstance(value, float) else value for name, value in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class _Turn:
    requests_per_second: float
    p50_ms: float
    p95_ms: float
    server_cpu_ms: float
    database_cpu_ms: float
    memory_mb: float


@dataclass(slots=True)
class Measured:
    """All turns, by server and question."""

    turns: dict[tuple[str, str], list[_Turn]]

    def rows(self, statements: Mapping[tuple[str, str], Sequence[str]]) -> list[Row]:
        return [
            Row(
                *key,
                requests_per_second=median(turn.requests_per_second for turn in turns),
                p50_ms=median(turn.p50_ms for turn in turns),
                p95_ms=median(turn.p95_ms for turn in turns),
                server_cpu_ms=median(turn.server_cpu_ms for turn in turns),
                database_cpu_ms=median(turn.database_cpu_ms for turn in turns),
                statements=len(statements.get(key, ())),
                memory_mb=turns[-1].memory_mb,
            )
            for key, turns in self.turns.items()
        ]

    def memory(self, variant: str) -> tuple[float, float]:
        """What a server held after its first turn, and after its last, in MB."""
        own = [turns for (name, _), turns in self.turns.items() if name == variant]
        return max((turns[0].memory_mb for turns in own), default=0), max(
            (turns[-1].memory_mb for turns in own), default=0
        )


async def nothing() -> None:
    """What is done before a turn, where nothing is."""


async def measure(
    servers: Sequence[Running],
    database: psutil.Process,
    bodies: Bodies,
    pace: Pace,
    console: Console,
    *,
    before: Callable[[], Awaitable[None]] = nothing,
) -> Measured:
    """Everybody in turn, one question after the other; then the other way round.

    Bodies that are an iterator are sent once each, whoever sends them. A turn in which something is refused again and
    again is left out, and a line says so. `before` is done before each turn.
    """
    cells = [(server, question) for question in bodies for server in servers if question in server.variant.questions]
    turns: dict[tuple[str, str], list[_Turn]] = defaultdict(list)
    gc.collect()
    gc.freeze()
    with Progress(*Progress.get_default_columns(), TimeElapsedColumn(), console=console, transient=True) as bar:
        task = bar.add_task("", total=len(cells) * (pace.rounds + 1))
        for number in range(-1, pace.rounds):
            for server, question in cells if number % 2 == 0 else cells[::-1]:
                bar.update(task, description=f"{question}: {server.variant.name}")
                seconds = pace.seconds if number >= 0 else pace.warm
                await before()
                try:
                    turn = await _turn(server, database, question, bodies, replace(pace, seconds=seconds))
                except Unanswered as wrong:
                    console.print(f"left out: {wrong}", style="yellow", highlight=False, markup=False)
                    continue
                finally:
                    bar.advance(task)
                if number >= 0:
                    turns[server.variant.name, question].append(turn)
    keys = [(server.variant.name, question) for server, question in cells]
    return Measured({key: turns[key] for key in keys if turns[key]})


async def _turn(server: Running, database: psutil.Process, question: str, bodies: Bodies, pace: Pace) -> _Turn:
    variant = server.variant
    sent = bodies[question][variant.dialect]
    for attempt in range(ATTEMPTS):
        server_before, database_before = cpu_seconds(server.process), cpu_seconds(database)
        try:
            asked = await ask(
                [variant.port], sent, seconds=pace.seconds, connections=pace.connections, once=question == MUTATION
            )
            break
        except (Unanswered, OSError) as wrong:
            if attempt == ATTEMPTS - 1:
                raise Unanswered(f"{variant.name}, {question}: {wrong}") from None
            await asyncio.sleep(1)
    else:
        raise AssertionError
    many = len(asked.milliseconds)
    if not many:
        raise Unanswered(f"{variant.name}, {question}: nothing is left to ask; take more citizens")
    await asyncio.sleep(0.05)
    return _Turn(
        requests_per_second=asked.requests_per_second,
        p50_ms=asked.percentile(0.5),
        p95_ms=asked.percentile(0.95),
        server_cpu_ms=(cpu_seconds(server.process) - server_before) * 1000 / many,
        database_cpu_ms=(cpu_seconds(database) - database_before) * 1000 / many,
        memory_mb=memory_mb(server.process),
    )
