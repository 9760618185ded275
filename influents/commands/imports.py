"""`import`: events from agendas that others keep."""

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from domain.imports import ImportedEvent, RejectedRecord
from domain.organizations import Organization
from domain.refusals import Refusal
from domain.words import ThemeCode
from influents.agendas.openagenda import UnreadableAgenda, events_of, records
from influents.agendas.texts import one_line, shortened
from influents.agendas.themes import our_themes
from influents.commands.running import Mistake, run, to_people, told_in_a_line
from resolvers import organizations
from resolvers.context import Context, Services
from resolvers.imports import BATCH, ImportReport, RefusedRow, import_events

KEYWORDS_SHOWN = 12

app = typer.Typer(help="Bring in events from agendas that others keep.", no_args_is_help=True)
out = Console()


@app.command()
def openagenda(
    file: Annotated[
        Path, typer.Argument(help="JSON of OpenAgenda (API v2) or of Opendatasoft; - reads it from standard input.")
    ],
    organization: Annotated[str, typer.Option(metavar="SLUG", help="Whose events they are: its name in addresses.")],
    theme: Annotated[
        ThemeCode | None,
        typer.Option(case_sensitive=False, help="What an event without any known keyword is about."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would be done, and write nothing.")] = False,
) -> None:
    """Bring in the events of OpenAgenda, one for each date.

    Run it as often as you like: what is here and the same stays untouched, what has changed is updated. It can be
    stopped at any time, and run again. Records that can't be taken are listed, each with the reason.
    """
    with told_in_a_line():
        agenda = read_agenda(file)

    async def importing(services: Services) -> None:
        show(await import_records(services, agenda, organization, theme=theme, dry_run=dry_run, watched=to_people), out)

    run(importing)


def read_agenda(file: Path) -> list[object]:
    """The records of a file, or of standard input where it is called `-`; a Mistake where there are none to read."""
    try:
        return records(sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes())
    except OSError as wrong:
        raise Mistake(f"can't read {file}: {wrong.strerror}") from None
    except UnreadableAgenda as wrong:
        raise Mistake(f"{file} can't be read as an agenda: {wrong}") from None


@dataclass(slots=True)
class Outcome:
    """What an import came to. `themes` and `keywords` count events: what they are about, and what told so."""

    organization: Organization
    dry_run: bool
    report: ImportReport = field(default_factory=ImportReport)
    rejected: list[RejectedRecord] = field(default_factory=list)
    themes: Counter[ThemeCode] = field(default_factory=Counter)
    keywords: dict[ThemeCode, Counter[str]] = field(default_factory=lambda: {theme: Counter() for theme in ThemeCode})
    by_fallback: int = 0

    def note(self, batch: "Batch", report: ImportReport) -> None:
        """Add a batch and what became of it."""
        self.report += report
        self.rejected += [*batch.rejected, *map(_as_record, report.refused)]
        for event in batch.events:
            self.themes.update(event.details.themes)
            self.by_fallback += not event.themes_by
            for keyword in event.themes_by:
                for theme in set(_themes_of_keywords()[keyword]) & set(event.details.themes):
                    self.keywords[theme][keyword] += 1


@dataclass(frozen=True, slots=True)
class Batch:
    """Events to import, what was rejected before they were full, and how many records were read by then."""

    events: Sequence[ImportedEvent]
    rejected: Sequence[RejectedRecord]
    read: int


async def import_records(
    services: Services,
    agenda: Sequence[object],
    slug: str,
    *,
    theme: ThemeCode | None = None,
    dry_run: bool = False,
    watched: Console,
) -> Outcome:
    """Bring the records of an agenda in, a batch at a time, with a progress bar where `watched` is a terminal."""
    ctx = Context(services)
    owner = await organizations.organization_by_slug(ctx, slug)
    if owner is None:
        raise Mistake(
            f"there is no organisation called {slug}: make it with the mutation createOrganization, "
            f"then `python -m influents verify organization {slug}`"
        )
    outcome = Outcome(owner, dry_run)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=watched, transient=True, disable=not watched.is_terminal) as bar:
        task = bar.add_task("records", total=len(agenda))
        async for batch in _ahead(_batches(agenda, theme)):
            outcome.note(batch, await import_events(ctx, owner, batch.events, dry_run=dry_run))
            bar.update(task, completed=batch.read)
    return outcome


async def _ahead(batches: Iterator[Batch]) -> AsyncIterator[Batch]:
    """The same, each read while the database is busy with the one before."""
    reading = asyncio.create_task(asyncio.to_thread(next, batches, None))
    while batch := await reading:
        reading = asyncio.create_task(asyncio.to_thread(next, batches, None))
        yield batch


def _batches(agenda: Iterable[object], theme: ThemeCode | None) -> Iterator[Batch]:
    events: list[ImportedEvent] = []
    rejected: list[RejectedRecord] = []
    seen: set[str] = set()
    read = 0
    for read, record in enumerate(agenda, 1):
        for each in events_of(record, fallback_theme=theme):
            if isinstance(each, RejectedRecord):
                rejected.append(each)
            elif each.external_id in seen:
                rejected.append(RejectedRecord(_named(each.external_id, each.details.title), "repeated"))
            else:
                seen.add(each.external_id)
                events.append(each)
        while len(events) >= BATCH:
            yield Batch(events[:BATCH], rejected, read)
            events, rejected = events[BATCH:], []
    yield Batch(events, rejected, read)


def show(outcome: Outcome, console: Console) -> None:
    """Each record that wasn't taken in a line; then what was done, and what the table of keywords had to do with it."""
    for rejected in outcome.rejected:
        detail = f" ({rejected.detail})" if rejected.detail else ""
        _say(console, f"{rejected.record}: {rejected.reason}{detail}")
    console.print(_counted(outcome), _themed(outcome))
    if unthemed := sum(rejected.reason == "no-theme" for rejected in outcome.rejected):
        _say(console, f"{unthemed} without any known keyword: say what they are about with --theme.")
    if outcome.report.created and not outcome.organization.verified:
        _say(console, f"{outcome.organization.slug} isn't verified: what is still to come waits for a moderator.")
    if outcome.dry_run:
        _say(console, "Dry run: nothing was written.")


def _counted(outcome: Outcome) -> Table:
    report = outcome.report
    counts = {
        "rejected": len(outcome.rejected),
        "unchanged": report.unchanged,
        "created": report.created,
        "updated": report.updated,
    }
    of_these = {"over already": report.completed, "called off": report.cancelled}
    table = Table("Events", "")
    table.columns[1].justify = "right"
    for what, count in (*counts.items(), *((f"of these {what}", count) for what, count in of_these.items() if count)):
        table.add_row(what, str(count))
    return table


def _themed(outcome: Outcome) -> Table:
    table = Table("Theme", "Events", "Because of")
    table.columns[1].justify = "right"
    for theme, count in outcome.themes.most_common():
        keywords = outcome.keywords[theme].most_common()
        shown = ", ".join(f"{keyword} {times}" for keyword, times in keywords[:KEYWORDS_SHOWN])
        more = f" and {len(keywords) - KEYWORDS_SHOWN} more" if len(keywords) > KEYWORDS_SHOWN else ""
        table.add_row(theme.value, str(count), f"{shown}{more}")
    if outcome.by_fallback:
        table.add_row("as told by --theme", str(outcome.by_fallback), "")
    return table


def _say(console: Console, line: str) -> None:
    console.print(line, markup=False, highlight=False, soft_wrap=True)


def _as_record(row: RefusedRow) -> RejectedRecord:
    reasons = ", ".join(dict.fromkeys(refusal.sentence.removeprefix("refusal-") for refusal in row.refusals))
    details = filter(None, map(_where, row.refusals))
    return RejectedRecord(_named(row.external_id, row.title), reasons, ", ".join(details))


def _where(refusal: Refusal) -> str:
    return ".".join(refusal.path) or one_line(str(refusal.parameters.get("reason", "")))


def _named(external_id: str, title: str) -> str:
    return f"{external_id} « {shortened(one_line(title), 80)} »"


@cache
def _themes_of_keywords() -> dict[str, tuple[ThemeCode, ...]]:
    return {each.written: each.themes for keywords in our_themes().keywords.values() for each in keywords}
