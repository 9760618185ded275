"""What is told: ratios first, then figures, and the same as JSON."""

import json
import platform
import re
import sys
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any  # JSON

import psutil
from rich.console import Console
from rich.table import Table

from benchmarks.side_by_side.rounds import Row
from benchmarks.side_by_side.variants import HERE

RESULTS = HERE.parent / "results"
LATEST, ABOUT = "latest.json", "about.json"
OURS, STOCK, LIMIT = "influents", "influents-graphql-core", "limit"
PEERS = ("yoga-jit", "mercurius-jit", "postgraphile")
PACKAGES = ("strawberry-graphql", "graphql-core", "asyncpg", "uvicorn", "uvloop", "orjson")


def machine(cores: str, node: str | None) -> dict[str, str]:
    """What all of it ran on."""
    packages = json.loads((HERE / "package.json").read_text(encoding="utf-8"))["dependencies"]
    return {
        "processor": f"{_processor()}, {psutil.cpu_count()} cores",
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GB",
        "system": f"{platform.system()} {platform.release()}",
        "cores": cores,
        "python": f"{platform.python_implementation()} {sys.version.split()[0]}: "
        + ", ".join(f"{name} {version(name)}" for name in PACKAGES),
        "node": "not installed"
        if node is None
        else f"Node {node}: " + ", ".join(f"{name} {number}" for name, number in packages.items()),
    }


def _processor() -> str:
    try:
        told = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    found = re.search(r"model name\s*:\s*(.+)", told)
    return found[1].strip() if found else platform.machine()


def write(rows: Sequence[Row], about: dict[str, Any], folder: Path) -> None:
    """Both files, each whole or not at all."""
    folder.mkdir(exist_ok=True)
    for name, value in ((LATEST, [row.rounded() for row in rows]), (ABOUT, about)):
        temporary = folder / f"{name}.new"
        temporary.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        temporary.replace(folder / name)


def read() -> tuple[list[Row], dict[str, Any]]:
    """What the last run wrote.

    Raises:
        OSError, ValueError: there was none, or it is no JSON.
    """
    rows = [Row(**row) for row in json.loads((RESULTS / LATEST).read_text(encoding="utf-8"))]
    return rows, json.loads((RESULTS / ABOUT).read_text(encoding="utf-8"))


def questions(rows: Iterable[Row]) -> list[str]:
    return list(dict.fromkeys(row.query for row in rows))


def ratios(rows: Sequence[Row]) -> list[tuple[str, dict[str, float | None]]]:
    """What this service comes to, by question: above one is better, but for CPU."""
    told = []
    for question in questions(rows):
        found = {row.variant: row for row in rows if row.query == question}
        ours = found.get(OURS)
        if ours is None:
            continue
        peers = [found[name] for name in PEERS if name in found]
        best = max(peers, key=lambda row: row.requests_per_second, default=None)
        thrifty = min((row.server_cpu_ms for row in peers), default=None)
        told.append(
            (
                question,
                {
                    "of the best peer": _share(ours.requests_per_second, _rate(best)),
                    "of the limit": _share(ours.requests_per_second, _rate(found.get(LIMIT))),
                    "of graphql-core": _share(ours.requests_per_second, _rate(found.get(STOCK))),
                    "server CPU, of the best peer's": _share(ours.server_cpu_ms, thrifty),
                },
            )
        )
    return told


def _rate(row: Row | None) -> float | None:
    return None if row is None else row.requests_per_second


def _share(one: float, other: float | None) -> float | None:
    return one / other if other else None


def show(rows: Sequence[Row], about: dict[str, Any], console: Console) -> None:
    """Ratios first."""
    shares = ratios(rows)
    if shares:
        table = Table(title="Requests a second of this service, as a share", title_justify="left")
        table.add_column("question")
        for name in shares[0][1]:
            table.add_column(name, justify="right")
        for question, found in shares:
            table.add_row(question, *("–" if value is None else f"{value:.2f}" for value in found.values()))
        console.print(table)
    figures = Table(title="Medians of all rounds", title_justify="left")
    for name in ("question", "server"):
        figures.add_column(name)
    for name in ("requests/s", "p50 ms", "p95 ms", "server CPU ms", "database CPU ms", "statements", "memory MB"):
        figures.add_column(name, justify="right")
    for question in questions(rows):
        for row in (row for row in rows if row.query == question):
            figures.add_row(*_cells(row))
        figures.add_section()
    console.print(figures)
    for name, value in about.items():
        if isinstance(value, str):
            console.print(f"[bold]{name}[/bold]: {value}", highlight=False)


def _cells(row: Row) -> list[str]:
    return [
        row.query,
        row.variant,
        f"{row.requests_per_second:,.0f}",
        f"{row.p50_ms:.1f}",
        f"{row.p95_ms:.1f}",
        f"{row.server_cpu_ms:.2f}",
        f"{row.database_cpu_ms:.2f}",
        str(row.statements),
        f"{row.memory_mb:.0f}",
    ]


def markdown(rows: Sequence[Row], about: dict[str, Any]) -> str:
    """Both tables for a page."""
    shares = ratios(rows)
    lines: list[str] = []
    if shares:
        names = list(shares[0][1])
        lines += [f"| Question | {' | '.join(names)} |", f"| --- |{' ---: |' * len(names)}"]
        for question, found in shares:
            cells = ("–" if value is None else f"{value:.2f}" for value in found.values())
            lines.append(f"| {question} | {' | '.join(cells)} |")
        lines.append("")
    lines += [
        "| Question | Server | Requests/s | p50 ms | p95 ms | Server CPU ms | Database CPU ms | Statements | Memory MB |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
        *(f"| {' | '.join(_cells(row))} |" for row in rows),
        "",
        *(f"- {name}: {value}" for name, value in about.items() if isinstance(value, str)),
    ]
    return "\n".join(lines)
