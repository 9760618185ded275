"""Brings an agenda in: first a dry run that tells each bad row, then the rows, 100 at a time.

    python import_agenda.py agenda.json --organization organization_… --theme CULTURE

Run it as often as you like: what is the same stays untouched. Ends with 1 where a row was refused.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TextIO

from agenda import Row, rows_of
from asking import client
from influents_client import Client
from influents_client.enums import ThemeCode
from influents_client.exceptions import GraphQLClientError

BATCH = 100
"""Rows that one call takes."""
TOLD = ("created", "updated", "unchanged")


def main(words: Sequence[str]) -> int:
    asked = _parser().parse_args(words)
    try:
        rows = list(rows_of(asked.file, theme=ThemeCode(asked.theme)))
        with client() as influents:
            became = send(influents, asked.organization, rows, dry_run=True, to=sys.stderr)
            _tell("would be", became)
            if not asked.dry_run:
                became = send(influents, asked.organization, rows, dry_run=False)
                _tell("", became)
    except KeyError as missing:
        return _leave(f"{missing} is not set")
    except (GraphQLClientError, OSError, ValueError) as wrong:
        return _leave(str(wrong))
    return 1 if became["refused"] else 0


def send(
    influents: Client, organization: str, rows: Sequence[Row], *, dry_run: bool, to: TextIO | None = None
) -> Counter[str]:
    """Send what can be sent, in batches. What became of all rows comes back; each that is refused is told `to`."""
    became: Counter[str] = Counter(refused=0)
    for batch in _batches(rows):
        events = [row.event for row in batch if row.event is not None]
        places = [row.place for row in batch if row.event is not None]
        unread = [f"{row.place}: {row.reason}" for row in batch if row.event is None]
        answer = influents.import_events(organization, events, dry_run).import_events if events else None
        whole = [error for error in answer.errors if _row(error.field) is None] if answer else []
        if whole:
            raise ValueError("; ".join(error.message for error in whole))
        refused = {row: error for error in (answer.errors if answer else []) if (row := _row(error.field)) is not None}
        told = [
            f"{places[row]}: {'.'.join((error.field or [])[2:])}: {error.message}" for row, error in refused.items()
        ]
        for line in (*unread, *told) if to else ():
            print(line, file=to)
        became.update(refused=len(unread) + len(refused))
        if answer:
            became.update({name: getattr(answer, name) for name in TOLD})
    return became


def _batches(rows: Sequence[Row]) -> Iterator[list[Row]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def _row(field: list[str] | None) -> int | None:
    """The row that an error is about: `field` is events, the row's number, and what is wrong in it."""
    return int(field[1]) if field and field[0] == "events" and len(field) > 1 and field[1].isdecimal() else None


def _tell(how: str, became: Counter[str]) -> None:
    print(" ".join([*([how] if how else []), ", ".join(f"{name} {became[name]}" for name in (*TOLD, "refused"))]))


def _leave(line: str) -> int:
    print(f"import_agenda: {line}", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Bring an agenda into Influents.")
    parser.add_argument("file", type=Path, help="OpenAgenda's JSON, or CSV with a header")
    parser.add_argument("--organization", required=True, help="whose events they are: its id")
    parser.add_argument(
        "--theme", required=True, choices=[each.value for each in ThemeCode], help="of rows without one"
    )
    parser.add_argument("--dry-run", action="store_true", help="tell what would become of them, and write nothing")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
