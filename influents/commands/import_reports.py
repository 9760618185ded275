"""What an import came to, as it is told at its end."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from rich.console import Console
from rich.table import Table

from domain.imports import ImportedEvent, RejectedRecord
from domain.organizations import Organization
from domain.refusals import Refusal
from domain.words import ThemeCode
from influents.agendas.texts import one_line, shortened
from influents.agendas.themes import our_themes, theme_named
from resolvers.imports import ImportReport, RefusedRow

KEYWORDS_SHOWN = 12
REJECTED_SHOWN = 1000


@dataclass(frozen=True, slots=True)
class Batch:
    """Events to import, what was rejected before they were full, and how far the file was read by then.

    `broken` says why the file ends with it, where that isn't its end.
    """

    events: Sequence[ImportedEvent]
    rejected: Sequence[RejectedRecord]
    read: int
    broken: str = ""


@dataclass(slots=True)
class Outcome:
    """What an import came to. `themes` and `keywords` count events: what they are about, and what told so."""

    organization: Organization
    dry_run: bool
    report: ImportReport = field(default_factory=ImportReport)
    rejected: list[RejectedRecord] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    broken: str = ""
    themes: Counter[ThemeCode] = field(default_factory=Counter)
    keywords: dict[ThemeCode, Counter[str]] = field(default_factory=lambda: {theme: Counter() for theme in ThemeCode})
    by_fallback: int = 0

    @property
    def taken(self) -> int:
        """How many rows are as the agenda says."""
        return self.report.created + self.report.updated + self.report.unchanged

    def note(self, batch: Batch, report: ImportReport) -> None:
        """Add a batch and what became of it."""
        self.report += report
        self.broken = batch.broken
        rejected = [*batch.rejected, *map(_as_record, report.refused)]
        self.reasons.update(each.reason for each in rejected)
        self.rejected += rejected[: max(0, REJECTED_SHOWN - len(self.rejected))]
        self.report = replace(self.report, refused=())  # told above
        for event in batch.events:
            self.themes.update(event.details.themes)
            self.by_fallback += not event.themes_by
            for keyword in event.themes_by:
                for theme in set(_themes_of(keyword)) & set(event.details.themes):
                    self.keywords[theme][keyword] += 1


def show(outcome: Outcome, console: Console) -> None:
    """Each record that wasn't taken in a line; then what was done, and what the table of keywords had to do with it."""
    for rejected in outcome.rejected:
        detail = f" ({rejected.detail})" if rejected.detail else ""
        _say(console, f"{rejected.record}: {rejected.reason}{detail}")
    if untold := sum(outcome.reasons.values()) - len(outcome.rejected):
        _say(console, f"… and {untold} more.")
    console.print(_counted(outcome), _themed(outcome))
    if unthemed := outcome.reasons["no-theme"]:
        _say(console, f"{unthemed} without any known keyword: say what they are about with --theme.")
    if unplaced := outcome.reasons["no-city"]:
        _say(console, f"{unplaced} without a town: say where they are with --place.")
    if outcome.report.created and not outcome.organization.verified:
        _say(console, f"{outcome.organization.slug} isn't verified: what is still to come waits for a moderator.")
    if outcome.dry_run:
        _say(console, "Dry run: nothing was written.")


def _counted(outcome: Outcome) -> Table:
    report = outcome.report
    counts = {
        "rejected": sum(outcome.reasons.values()),
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
    if unthemed := outcome.reasons["no-theme"]:
        table.add_row("none: not taken", str(unthemed), "")
    return table


def _say(console: Console, line: str) -> None:
    console.print(line, markup=False, highlight=False, soft_wrap=True)


def _as_record(row: RefusedRow) -> RejectedRecord:
    reasons = ", ".join(dict.fromkeys(refusal.sentence.removeprefix("refusal-") for refusal in row.refusals))
    details = filter(None, map(_where, row.refusals))
    return RejectedRecord(named_by_id(row.external_id, row.title), reasons, ", ".join(details))


def _where(refusal: Refusal) -> str:
    return ".".join(refusal.path) or one_line(str(refusal.parameters.get("reason", "")))


def named_by_id(external_id: str, title: str) -> str:
    return f"{external_id} « {shortened(one_line(title), 80)} »"


def _themes_of(keyword: str) -> tuple[ThemeCode, ...]:
    """What a keyword of the table tells, or the theme that it names."""
    theme = theme_named(keyword)
    return _themes_of_keywords().get(keyword) or ((theme,) if theme else ())


@cache
def _themes_of_keywords() -> dict[str, tuple[ThemeCode, ...]]:
    return {each.written: each.themes for keywords in our_themes().keywords.values() for each in keywords}
