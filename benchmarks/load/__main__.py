"""`python -m benchmarks.load`: what use comes to at the rate that the machine holds, and what ten times as much does."""

import json
import os
import sys
from argparse import ArgumentParser, Namespace
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import psutil
import sqlalchemy as sa
from rich.console import Console
from rich.progress import track

from benchmarks.load.driving import Came, Driver
from benchmarks.load.use import use
from benchmarks.side_by_side import country
from benchmarks.side_by_side.loading import percentile
from benchmarks.side_by_side.processes import Running, cpu_seconds, memory_mb, running
from benchmarks.side_by_side.rows import Size
from benchmarks.side_by_side.running import policy_in_force
from benchmarks.side_by_side.variants import Place, influents, tokens
from db.engine import Database
from tests.ports import free_port

RESULT = Path(__file__).parents[1] / "results" / "load.json"
PAGE = Path(__file__).parents[2] / "docs" / "performance.md"
BEGIN, END = "<!-- under load -->\n", "<!-- end of under load -->\n"
SIZE = Size(citizens=100_000, events=2_000, participations=1_000_000)
HELD = 0.6
"""Of what the server answers at most, what it is asked for ten minutes."""
TIMES = 10
CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"


@dataclass(frozen=True, slots=True)
class Told:
    """A stretch of the run, as it is written down."""

    stretch: str
    seconds: float
    rate: float
    asked: int
    answered: int
    shed: int
    failed: dict[str, int]
    unsent: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    shed_p95_ms: float
    ordinary_ms: float
    """What one request takes right after it."""
    cpu_percent: float
    memory_mb: float
    connections: int
    kinds: dict[str, int]


async def load(options: Namespace, url: str, console: Console) -> list[Told]:
    """First what it answers at most, then use for as long as is asked, ten times as much, and use again."""
    async with country.opened(url) as database:
        if not await country.is_filled(database, SIZE):
            await country.fill(database, SIZE, console)
        port = free_port()
        plain = influents(Place(url, await policy_in_force(database)), port)
        # One proxy before it says whom each request is from; the worker runs as in production.
        environment = {**plain.environment, "INFLUENTS_TRUSTED_PROXIES": "1", "INFLUENTS_RATE_LIMIT": "30000"}
        command = (*plain.command[:-1], "--worker", "--workers", str(options.workers))
        with running([replace(plain, environment=environment, command=command)], None) as [server]:
            started = (await use(database, SIZE, tokens(), first=1)).requests()
            driver = Driver(port, started)
            rate = options.rate or HELD * await _at_most(driver, console)
            stretch = _Stretches(driver, server, database)
            told = [await stretch.of("begun", rate, min(10, options.seconds))]
            minutes = max(1, options.seconds // 60)
            for minute in track(range(1, minutes + 1), "use", console=console, transient=True):
                told += [await stretch.of(f"minute {minute}", rate, options.seconds / minutes)]
            told.append(await stretch.of(f"{TIMES} times as much", rate * TIMES, options.overload))
            told.append(await stretch.of("right after it", rate, min(10, options.seconds)))
    return told


async def _at_most(driver: Driver, console: Console) -> float:
    """Requests a second, by asking at a rising rate until answers are late: twice, since a machine has its moments."""
    rate = 20.0
    await driver.drive(rate, 10)  # what nobody has asked yet is slow once
    while rate < 20_000:  # noqa: PLR2004
        if await _late(driver, rate) and await _late(driver, rate):
            break
        rate *= 1.3
    console.print(f"answered in time at most: {rate:.0f} requests/s", highlight=False)
    return rate / 1.3


async def _late(driver: Driver, rate: float) -> bool:
    came = await driver.drive(rate, 4)
    return came.percentile(0.95) > 250 or bool(came.shed_milliseconds or came.failed)  # noqa: PLR2004


@dataclass(slots=True)
class _Stretches:
    driver: Driver
    server: Running
    database: Database

    async def of(self, name: str, rate: float, seconds: float) -> Told:
        before = cpu_seconds(self.server.process)
        came: Came = await self.driver.drive(rate, seconds)
        used = cpu_seconds(self.server.process) - before
        ordinary = await self.driver.one()
        async with self.database.reading() as session:
            connections = int(await session.scalar(sa.text(CONNECTIONS)) or 0)
        shed = came.shed_milliseconds
        return Told(
            stretch=name,
            seconds=round(seconds, 1),
            rate=round(rate, 1),
            asked=came.asked,
            answered=len(came.milliseconds),
            shed=len(shed),
            failed=dict(came.failed),
            unsent=came.unsent,
            p50_ms=round(came.percentile(0.5), 1),
            p95_ms=round(came.percentile(0.95), 1),
            p99_ms=round(came.percentile(0.99), 1),
            shed_p95_ms=round(percentile(shed, 0.95), 1),
            ordinary_ms=round(ordinary, 1),
            cpu_percent=round(100 * used / seconds, 1),
            memory_mb=round(memory_mb(self.server.process), 1),
            connections=connections,
            kinds=dict(Counter(came.kinds)),
        )


COLUMNS = "| Stretch | Requests/s | Answered | Shed | Failed | p50 ms | p95 ms | p99 ms | Right after, ms | Memory MB | Connections |"


def table(told: list[Told]) -> str:
    """The figures for a page."""
    lines = [COLUMNS, "| --- |" + " ---: |" * (COLUMNS.count("|") - 2)]
    for each in told:
        failed = sum(each.failed.values())
        cells = [each.stretch, f"{each.rate:,.0f}", f"{each.answered:,}", f"{each.shed:,}", str(failed)]
        cells += [f"{figure:.0f}" for figure in (each.p50_ms, each.p95_ms, each.p99_ms, each.ordinary_ms)]
        lines.append("| " + " | ".join([*cells, f"{each.memory_mb:.0f}", str(each.connections)]) + " |")
    return "\n".join(lines)


def write_page() -> None:
    """Put the figures of the last run between their marks in docs/performance.md."""
    written = json.loads(RESULT.read_text(encoding="utf-8"))
    told = [Told(**each) for each in written["stretches"]]
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    about = f"Measured {written['about']['measured']} on {written['about']['cores']} cores."
    PAGE.write_text(before + BEGIN + f"\n{table(told)}\n\n{about}\n\n" + END + rest.partition(END)[2], encoding="utf-8")


def main() -> None:
    parser = ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--seconds", type=int, default=600, help="how long it is used (600)")
    parser.add_argument("--overload", type=int, default=60, help="how long it is asked ten times as much (60)")
    parser.add_argument("--rate", type=float, help="requests a second; without it, as many as it holds")
    parser.add_argument("--workers", type=int, default=1, help="processes that answer (1)")
    parser.add_argument("--folder", type=Path, help="where the database stays; without it, it goes with the run")
    parser.add_argument("--page", action="store_true", help="only put what the last run measured into the page")
    options = parser.parse_args()
    if options.page:
        write_page()
        return
    console = Console(stderr=True)
    try:
        told = country.asked(lambda url: load(options, url, console), options.folder)
    except KeyboardInterrupt:
        sys.exit("Stopped.")
    about = {
        "measured": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "cores": psutil.cpu_count(),
        "load now": os.getloadavg()[0],
    }
    RESULT.parent.mkdir(exist_ok=True)
    written = {"about": about, "stretches": [{name: getattr(each, name) for name in Told.__slots__} for each in told]}
    RESULT.write_text(json.dumps(written, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    sys.stdout.write(table(told) + "\n")


if __name__ == "__main__":
    main()
