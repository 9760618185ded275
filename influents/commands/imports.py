"""`import`: events from agendas that others keep."""

import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, BinaryIO

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from domain.imports import ImportedEvent, RejectedRecord
from domain.words import ThemeCode
from influents.agendas.formats import AgendaFormat, Row, recognised, rows
from influents.agendas.json_files import UnreadableAgenda
from influents.agendas.places import NOWHERE, Place, place_in_a_line
from influents.agendas.rows import Unsaid
from influents.commands.import_reports import Batch, Outcome, named_by_id, show
from influents.commands.running import Mistake, run, to_people, told_in_a_line
from resolvers import organizations
from resolvers.context import Context, Services
from resolvers.imports import BATCH, import_events

app = typer.Typer(help="Bring in events from agendas that others keep.", no_args_is_help=True)
out = Console()


@app.command("agenda")
def import_agenda(
    file: Annotated[Path, typer.Argument(help="The agenda; - reads it from standard input.")],
    *,
    organization: Annotated[str, typer.Option(metavar="SLUG", help="Whose events they are: its name in addresses.")],
    form: Annotated[
        AgendaFormat | None, typer.Option("--format", help="How to read it, where what stands there doesn't tell.")
    ] = None,
    theme: Annotated[
        ThemeCode | None,
        typer.Option(case_sensitive=False, help="What an event without any known keyword is about."),
    ] = None,
    place: Annotated[
        str, typer.Option(metavar="PLACE", help='Where an event is that names no town: "44000 Nantes".')
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would be done, and write nothing.")] = False,
) -> None:
    """Bring in the events of an agenda: OpenAgenda, iCalendar, schema.org in JSON-LD, or a table (CSV).

    Run it as often as you like: what is here and the same stays untouched, what has changed is updated. It can be
    stopped at any time, and run again. Records that can't be taken are listed, each with the reason.
    """
    with told_in_a_line(), agenda_file(file) as opened:
        unsaid = Unsaid(theme, _town(place))
        form = form or _recognised(opened, file)

        async def importing(services: Services) -> None:
            found = rows(opened, form, unsaid, services.clock())
            outcome = await import_rows(
                services, found, organization, dry_run=dry_run, watched=to_people, read=opened.tell, size=_size(opened)
            )
            if outcome.broken and not (outcome.taken or outcome.reasons):
                raise Mistake(f"{file} can't be read as an agenda: {outcome.broken}")
            show(outcome, out)
            if outcome.broken:
                raise Mistake(f"{file} can't be read to its end: {outcome.broken}")

        run(importing)


@contextmanager
def agenda_file(file: Path) -> Iterator[BinaryIO]:
    """A file to read, or what comes from standard input where it is called `-`: kept in a file, to be read twice.

    Raises:
        Mistake: There is nothing to read.
    """
    if str(file) == "-":
        with tempfile.TemporaryFile() as kept:
            shutil.copyfileobj(sys.stdin.buffer, kept)
            kept.seek(0)
            yield kept
        return
    try:
        opened = file.open("rb")
    except OSError as wrong:
        raise Mistake(f"can't read {file}: {wrong.strerror}") from None
    with opened:
        yield opened


def _recognised(opened: BinaryIO, file: Path) -> AgendaFormat:
    try:
        return recognised(opened)
    except UnreadableAgenda as wrong:
        raise Mistake(f"{file} can't be read as an agenda: {wrong}") from None


def _town(written: str) -> Place:
    place = place_in_a_line(written) if written.strip() else NOWHERE
    if written.strip() and not place.city:
        raise Mistake(f"--place {written!r} names no town: write it with its postal code, as in 44000 Nantes")
    return place


def _size(opened: BinaryIO) -> int:
    return os.fstat(opened.fileno()).st_size


async def import_rows(
    services: Services,
    agenda: Iterable[Row],
    slug: str,
    *,
    dry_run: bool = False,
    watched: Console,
    read: Callable[[], int] = int,
    size: int | None = None,
) -> Outcome:
    """Bring the rows of an agenda in, a batch at a time, with a progress bar where `watched` is a terminal.

    Args:
        services: Those of the process.
        agenda: The rows, which are read while the database is busy with those before them.
        slug: Whose events they are.
        dry_run: Tell what would be done, and write nothing.
        watched: Where the bar is.
        read: How far its file is read.
        size: How far there is to read.
    """
    ctx = Context(services)
    owner = await organizations.organization_by_slug(ctx, slug)
    if owner is None:
        raise Mistake(
            f"there is no organisation called {slug}: make it with the mutation createOrganization, "
            f"then `python -m influents verify organization {slug}`"
        )
    outcome = Outcome(owner, dry_run)
    columns = (TextColumn("{task.fields[events]} events"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=watched, transient=True, disable=not watched.is_terminal) as bar:
        task = bar.add_task("", total=size, events=0)
        async for batch in _ahead(_batches(agenda, read)):
            outcome.note(batch, await import_events(ctx, owner, batch.events, dry_run=dry_run))
            bar.update(task, completed=batch.read, events=outcome.taken)
    return outcome


async def _ahead(batches: Iterator[Batch]) -> AsyncIterator[Batch]:
    """The same, each read while the database is busy with the one before."""
    reading = asyncio.create_task(asyncio.to_thread(next, batches, None))
    while batch := await reading:
        reading = asyncio.create_task(asyncio.to_thread(next, batches, None))
        yield batch


def _batches(agenda: Iterable[Row], read: Callable[[], int]) -> Iterator[Batch]:
    events: list[ImportedEvent] = []
    rejected: list[RejectedRecord] = []
    seen: set[int] = set()
    broken = ""
    try:
        for each in agenda:
            if isinstance(each, RejectedRecord):
                rejected.append(each)
            elif (key := hash(each.external_id)) in seen:
                rejected.append(RejectedRecord(named_by_id(each.external_id, each.details.title), "repeated"))
            else:
                seen.add(key)  # all that is kept of it: 64 bits that no other has by chance
                events.append(each)
            if len(events) + len(rejected) >= BATCH:
                yield Batch(events, rejected, read())
                events, rejected = [], []
    except UnreadableAgenda as wrong:
        broken = str(wrong)
    yield Batch(events, rejected, read(), broken)
