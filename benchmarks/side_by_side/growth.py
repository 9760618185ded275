"""What grows with what: the rows, the items that are asked for at once, and the processes that answer; and what the
largest of it weighs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import psutil
from rich.console import Console

from benchmarks.side_by_side import country, upkeep
from benchmarks.side_by_side.figures import Figures
from benchmarks.side_by_side.loading import Asked, Unanswered, ask
from benchmarks.side_by_side.processes import Cores, pin, pin_this, running
from benchmarks.side_by_side.questions import DOCUMENTS, Body, by_handle, reading
from benchmarks.side_by_side.rows import Size
from benchmarks.side_by_side.running import policy_in_force, postmaster_of
from benchmarks.side_by_side.variants import Place, influents
from tests.ports import free_port

PARTICIPATIONS = (10_000, 100_000, 1_000_000, 10_000_000)
ITEMS = (1, 10, 100, 500)
PROCESSES = (1, 2)
CONNECTIONS = 2
"""A few only: what is told is how long one waits, not how long others keep one waiting."""
ASKING_ALL = 8
"""So many that two processes have enough to do."""


@dataclass(frozen=True, slots=True)
class Grown:
    """What was asked of what, and how long it took."""

    what: str
    much: int
    query: str
    requests_per_second: float
    p50_ms: float
    p95_ms: float


def size_of(participations: int) -> Size:
    """Ten for each citizen up to 100,000 of them, fifty or more for each event."""
    return Size(
        citizens=min(100_000, max(1_000, participations // 10)),
        events=min(2_000, max(200, participations // 50)),
        participations=participations,
    )


def grow(most: int, seconds: float, results: Path, console: Console) -> None:
    """All three, in databases that are gone afterwards; figures are written to the folder `results`."""
    sizes = [size_of(many) for many in PARTICIPATIONS if many <= most]
    found: list[Grown] = []
    for size in sizes:
        found += country.asked(
            partial(_grown, size=size, seconds=seconds, results=results, console=console, last=size == sizes[-1])
        )
        FIGURES.write(found, results)
    FIGURES.show(found, console)


async def _grown(url: str, size: Size, seconds: float, results: Path, console: Console, *, last: bool) -> list[Grown]:
    cores = Cores.found()
    async with country.opened(url) as database:
        await country.fill(database, size, console)
        postmaster = await postmaster_of(database)
        place = Place(url, await policy_in_force(database))
    _pin(postmaster, cores.rest)
    found = []
    with running([influents(place, free_port())], cores.server) as [server]:
        for question in DOCUMENTS:
            bodies = reading(question, "influents", size)
            asked = await _ask(server.variant.port, bodies, seconds, console)
            found += _told("participations", size.participations, question, asked)
        for many in ITEMS if last else ():
            asked = await _ask(server.variant.port, by_handle(size, many), seconds, console)
            found += _told("citizens asked for", many, "entities", asked)
    if last:
        found += await _workers(place, size, postmaster, seconds, console)
        _pin(postmaster, cores.rest)
        async with country.opened(url) as database:
            weighed = await upkeep.weigh(database)
        upkeep.FIGURES.write(weighed, results)
        upkeep.FIGURES.show(weighed, console)
    return found


async def _workers(
    place: Place, size: Size, postmaster: psutil.Process, seconds: float, console: Console
) -> list[Grown]:
    """One process and two, on all cores, which they share with the database and what asks."""
    _pin(postmaster, None)
    found = []
    for many in PROCESSES:
        one = influents(place, free_port())
        with running([replace(one, command=(*one.command, "--workers", str(many)))], None) as [server]:
            for question in DOCUMENTS:
                bodies = reading(question, "influents", size)
                asked = await _ask(server.variant.port, bodies, seconds, console, connections=ASKING_ALL)
                found += _told("processes", many, question, asked)
    return found


def _pin(postmaster: psutil.Process, core: int | None) -> None:
    """The database, and what asks, which is this process."""
    pin(postmaster, core)
    pin_this(core)


async def _ask(
    port: int, bodies: Sequence[Body], seconds: float, console: Console, connections: int = CONNECTIONS
) -> Asked | None:
    """What came of it, after a while to warm up; None where something was refused, and a line says so."""
    try:
        await ask([port], bodies, seconds=seconds / 2, connections=connections)
        return await ask([port], bodies, seconds=seconds, connections=connections)
    except Unanswered as wrong:
        console.print(f"left out: {wrong}", style="yellow", highlight=False, markup=False)
        return None


def _told(what: str, much: int, query: str, asked: Asked | None) -> list[Grown]:
    if asked is None:
        return []
    p50, p95 = round(asked.percentile(0.5), 3), round(asked.percentile(0.95), 3)
    return [Grown(what, much, query, round(asked.requests_per_second, 1), p50, p95)]


COLUMNS = ("of what", "question", "how many", "requests/s", "p50 ms", "p95 ms")


def _cells(each: Grown) -> list[str]:
    rate = f"{each.requests_per_second:,.0f}"
    return [each.what, each.query, f"{each.much:,}", rate, f"{each.p50_ms:.1f}", f"{each.p95_ms:.1f}"]


FIGURES = Figures("growth.json", "What grows with what", COLUMNS, 2, Grown, _cells)
