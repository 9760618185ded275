"""Figures of a kind: kept as JSON beside the others, and shown as a table, in a terminal or on a page."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from rich.console import Console
from rich.table import Table

from benchmarks.side_by_side import report

F = TypeVar("F")


@dataclass(frozen=True, slots=True)
class Figures(Generic[F]):
    """Rows of a table.

    Attributes:
        name: What the file is called that they are kept in.
        title: What the table is called.
        columns: What its columns are.
        words: How many of these hold words; the others hold numbers.
        row: The dataclass of a row. Any: what it is made of.
        cells: What a row says in each column.
    """

    name: str
    title: str
    columns: Sequence[str]
    words: int
    row: Callable[..., F]
    cells: Callable[[F], list[str]]

    def write(self, found: Sequence[F], folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        rows: list[Any] = list(found)  # Any: dataclasses
        text = json.dumps([asdict(each) for each in rows], indent=2)
        (folder / self.name).write_text(text + "\n", encoding="utf-8")

    def read(self) -> list[F] | None:
        """What the last run wrote where a page is made of it; None where there was none.

        Raises:
            ValueError: it is no JSON.
        """
        file = report.RESULTS / self.name
        if not file.is_file():
            return None
        return [self.row(**each) for each in json.loads(file.read_text(encoding="utf-8"))]

    def show(self, found: Sequence[F], console: Console) -> None:
        table = Table(title=self.title, title_justify="left")
        for number, name in enumerate(self.columns):
            table.add_column(name, justify="left" if number < self.words else "right")
        for each in found:
            table.add_row(*self.cells(each))
        console.print(table)

    def markdown(self, found: Sequence[F]) -> str:
        """The same for a page."""
        under = ["---"] * self.words + ["---:"] * (len(self.columns) - self.words)
        return "\n".join(f"| {' | '.join(cells)} |" for cells in (self.columns, under, *map(self.cells, found)))
