"""One run: the rows, the servers, whether they agree, what they execute, and then the rounds."""

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import perf_counter
from uuid import UUID

import psutil
import sqlalchemy as sa
from rich.console import Console

from benchmarks.side_by_side import agreeing, country, effects, report
from benchmarks.side_by_side.agreeing import Different
from benchmarks.side_by_side.loading import Unanswered, answer, ask
from benchmarks.side_by_side.processes import Cores, Running, pin, pin_this, running
from benchmarks.side_by_side.questions import DOCUMENTS, DRAWN, MUTATION, Body, Dialect, drawn, reading, taking_part
from benchmarks.side_by_side.rounds import Measured, Pace, Row, measure
from benchmarks.side_by_side.rows import Size
from benchmarks.side_by_side.statements import executed
from benchmarks.side_by_side.variants import ROOT, Place, Variant, tokens, variants
from db.engine import Database
from db.queries.reference import policies
from influents.node import Node, run
from tests.ports import free_port, free_ports

COMPARED = 20
"""Bodies of each question for which all answers must be equal before anything is measured."""
TRIED = 5
"""Citizens whom each server lets take part before that."""
MOST_PAIRS = 60_000
SEEDS = 50
LONGEST_DRAWN = 0.5
"""Seconds; eight at once have to be answered within the service's own limits."""
LEAST_DRAWN = 4_000
"""Bytes: rows must come of it."""


@dataclass(frozen=True, slots=True)
class Options:
    """What is to be run.

    Attributes:
        names: Which servers, all where there are none.
        seed: What the drawn query is drawn by.
        folder: Where the database stays; in a folder of its own that goes with the run where None.
        results: Where figures are written.
    """

    size: Size
    pace: Pace
    names: tuple[str, ...] = ()
    questions: tuple[str, ...] = (*DOCUMENTS, DRAWN, MUTATION)
    seed: int = 7
    folder: Path | None = None
    node: Node | None = None
    results: Path = report.RESULTS


def bench(options: Options, console: Console) -> list[Row]:
    """Everything, and what came of it; nothing is left behind."""
    return country.asked(lambda url: _bench(options, url, console), options.folder)


async def _bench(options: Options, url: str, console: Console) -> list[Row]:
    cores = Cores.found()
    async with country.opened(url) as database:
        if not await country.is_filled(database, options.size):
            await country.fill(database, options.size, console)
        postmaster = await postmaster_of(database)
        pin(postmaster, cores.rest)
        pin_this(cores.rest)
        about = report.machine(str(cores), _node_version(options.node))
        about |= {
            "database": await _version(database),
            "rows": str(options.size),
            "asked": str(options.pace),
            "ceiling of what asks": f"{await _ceiling(cores):,.0f} requests/s of a server that does nothing",
            "measured": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, load {os.getloadavg()[0]:.1f} before",
        }
        place = Place(url, await policy_in_force(database))
        chosen = [
            each for each in variants(place, free_ports(6), options.node) if each.name in (options.names or {each.name})
        ]
        with running(chosen, cores.server) as servers:
            console.print(f"{len(servers)} servers are up", highlight=False)
            rows, executed, drawn_text = await _measured(options, servers, database, postmaster, console)
    report.write(rows, {**about, "drawn": drawn_text, "executed": executed}, options.results)
    report.show(rows, about, console)
    return rows


async def _measured(
    options: Options, servers: Sequence[Running], database: Database, postmaster: psutil.Process, console: Console
) -> tuple[list[Row], dict[str, list[str]], list[str]]:
    """First what is read, then those who take part: what these write changes nothing for the others."""
    size, questions = options.size, options.questions
    bodies: dict[str, dict[Dialect, list[Body]]] = {
        question: {dialect: reading(question, dialect, size) for dialect in ("influents", "postgraphile")}
        for question in DOCUMENTS
        if question in questions
    }
    told: list[str] = []
    if DRAWN in questions and (able := [server.variant for server in servers if DRAWN in server.variant.questions]):
        seed, bodies[DRAWN] = await _drawn(options, able)
        told = [f"drawn by seed {seed}", bodies[DRAWN]["influents"][0].text.decode()]
        console.print(*told, markup=False, highlight=False, soft_wrap=True)
    await _agree(servers, bodies, console)
    executed = await _statements(servers, bodies, database, console)
    measured = await measure(servers, postmaster, bodies, options.pace, console)
    rows = measured.rows(executed)
    if MUTATION in questions:
        writing, written = await _taking_part(options, servers, database, postmaster, console)
        rows += writing.rows(written)
        executed |= written
    for server in servers if bodies else ():
        first, last = measured.memory(server.variant.name)
        console.print(f"{server.variant.name}: {first:.0f} MB after the first round, {last:.0f} MB after the last")
    return rows, {f"{name}, {question}": each for (name, question), each in executed.items()}, told


async def _drawn(options: Options, able: Sequence[Variant]) -> tuple[int, dict[Dialect, list[Body]]]:
    """What the seed draws, or the next one whose answer has rows and no errors, and doesn't take long.

    Raises:
        Unanswered: there is none among the next fifty.
    """
    for seed in range(options.seed, options.seed + SEEDS):
        with suppress(LookupError, Different, Unanswered):
            bodies = drawn(seed, options.size)
            for variant in able:
                agreeing.read(await answer(variant.port, bodies[0]), variant.name)  # the first one fills its caches
                begun = perf_counter()
                said = await answer(variant.port, bodies[0])
                agreeing.read(said, variant.name)
                if perf_counter() - begun > LONGEST_DRAWN or len(said) < LEAST_DRAWN:
                    raise Unanswered("too slow, or next to nothing")
            return seed, {"influents": bodies}
    raise Unanswered(f"no seed from {options.seed} on draws what can be answered")


async def _agree(
    servers: Sequence[Running], bodies: Mapping[str, Mapping[Dialect, list[Body]]], console: Console
) -> None:
    for question, by_dialect in bodies.items():
        asked = [server.variant for server in servers if question in server.variant.questions]
        if len(asked) > 1:
            few = {dialect: each[:COMPARED] for dialect, each in by_dialect.items()}
            many = await agreeing.compare(question, asked, few)
            names = ", ".join(each.name for each in asked)
            console.print(f"{question}: {many} answers are the same by {names}", highlight=False)


async def _statements(
    servers: Sequence[Running],
    bodies: Mapping[str, Mapping[Dialect, list[Body]]],
    database: Database,
    console: Console,
) -> dict[tuple[str, str], list[str]]:
    """What each executes for the first body of each question, once it is warm."""
    found = {}
    for question, by_dialect in bodies.items():
        for variant in (server.variant for server in servers if question in server.variant.questions):
            asking = partial(answer, variant.port, by_dialect[variant.dialect][0], who=variant.name)
            found[variant.name, question] = await executed(database, asking)
            _print_statements(variant.name, question, found[variant.name, question], console)
    return found


async def _taking_part(
    options: Options, servers: Sequence[Running], database: Database, postmaster: psutil.Process, console: Console
) -> tuple[Measured, dict[tuple[str, str], list[str]]]:
    able = [server for server in servers if MUTATION in server.variant.questions]
    begun = await _taken_part(database) + 1
    bodies = taking_part(options.size, tokens(), range(begun, min(options.size.citizens, begun + MOST_PAIRS) + 1))
    pairs = iter(bodies)
    found = {}
    for variant in (server.variant for server in able):
        await effects.check(variant, database, [next(pairs) for _ in range(TRIED)])
        found[variant.name, MUTATION] = await executed(database, partial(_next, variant, pairs))
        _print_statements(variant.name, MUTATION, found[variant.name, MUTATION], console)
    console.print(f"mutation: {TRIED} citizens' rows are the same by {', '.join(each.variant.name for each in able)}")

    async def forget() -> None:
        """The service alone passes on what the triggers announce: not for what others have changed before its turn."""
        async with database.reading() as session:
            await session.execute(sa.text("DELETE FROM announcement"))

    pace = options.pace.of_pairs()
    return await measure(able, postmaster, {MUTATION: {"influents": pairs}}, pace, console, before=forget), found


async def _next(variant: Variant, pairs: Iterator[Body]) -> bytes:
    return await answer(variant.port, next(pairs), who=variant.name)


def _print_statements(name: str, question: str, statements: Sequence[str], console: Console) -> None:
    console.print(f"[bold]{question} by {name}[/bold]: {len(statements)} statements", highlight=False)
    for statement in statements:
        console.print(f"  {statement}", highlight=False, markup=False, soft_wrap=True)


def _node_version(node: Node | None) -> str | None:
    return None if node is None else run([node.path, "--version"], ROOT).strip()


async def postmaster_of(database: Database) -> psutil.Process:
    async with database.reading() as session:
        backend = psutil.Process(await session.scalar(sa.text("SELECT pg_backend_pid()")))
    parent = backend.parent()
    assert parent is not None
    return parent


async def _version(database: Database) -> str:
    async with database.reading() as session:
        return str(await session.scalar(sa.text("SELECT 'PostgreSQL ' || current_setting('server_version')")))


async def policy_in_force(database: Database) -> str:
    async with database.reading() as session:
        return (await policies(session)).in_force_at(datetime.now(UTC)).version


async def _taken_part(database: Database) -> int:
    """The number of the last who took part in what is under way, in runs before this one: keys begin with it."""
    last = "SELECT max(p.citizen_id::text) FROM participation p JOIN event e ON e.id = p.event_id WHERE e.status = 'PUBLISHED'"
    async with database.reading() as session:
        key = await session.scalar(sa.text(last))
    return UUID(key).int >> 80 if key else 0


async def _ceiling(cores: Cores) -> float:
    """How many requests a second are asked of a server that does nothing."""
    port = free_port()
    command = (sys.executable, "-m", "benchmarks.side_by_side.null")
    null = Variant("null", command, {"SIDE_BY_SIDE": json.dumps({"port": port})}, port, ROOT, ())
    with running([null], cores.server):
        return (await ask([port], [Body(b"{}" * 300)], seconds=1)).requests_per_second
