"""The table in docs/partners.md, against the readers: how the fields of each format become an event's."""

import inspect
import re
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest
from strawberry.utils.str_converters import to_camel_case

from influents.agendas import icalendars, linked_data, openagenda, records, recurrences, rows, tables, timings
from schema.event_changes import VenueInput
from schema.imports import ImportedEventInput

PARTNERS = (Path(__file__).parents[2] / "docs" / "partners.md").read_text(encoding="utf-8")
_, TABLE = PARTNERS.split("| Event | OpenAgenda", 1)
LINES = [line.strip("| ").split(" | ") for line in TABLE.split("\n\n", 1)[0].splitlines()[2:]]


def named(cells: Sequence[str]) -> set[str]:
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell) if not name.startswith("--")}


def test_every_field_of_an_imported_event_has_its_line() -> None:
    def fields(type_: type) -> set[str]:
        return {to_camel_case(each.python_name) for each in type_.__strawberry_definition__.fields}  # type: ignore[attr-defined]

    told = named([line[0] for line in LINES])
    venue = {name.rpartition(".")[2] for name in told if "." in name}
    assert told - {name for name in told if "." in name} == fields(ImportedEventInput) - {"venue", "engagement"}
    assert venue == fields(VenueInput)


@pytest.mark.parametrize(
    ("column", "readers"),
    [(1, [openagenda, records, timings]), (2, [icalendars, recurrences]), (3, [linked_data])],
)
def test_what_the_table_names_is_what_the_reader_reads(column: int, readers: list[ModuleType]) -> None:
    code = "\n".join(map(inspect.getsource, [*readers, rows]))
    names = named([line[column] for line in LINES])
    missing = [name for name in names if name.lower() not in code.lower()]
    assert missing == []
    assert len(names) > 10


def test_the_table_names_every_column_of_a_table_of_events() -> None:
    names = {name for each in tables.COLUMNS.values() for name in each}
    assert named([line[4] for line in LINES]) == names
