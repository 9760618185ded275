"""`import agenda`, on the real database."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from io import StringIO
from pathlib import Path

import pytest
import sqlalchemy as sa
from rich.console import Console

from db.tables import event
from domain.imports import RejectedRecord
from domain.organizations import Organization
from domain.words import ThemeCode
from influents.agendas.formats import recognised, rows
from influents.agendas.openagenda import events_of
from influents.agendas.rows import Unsaid
from influents.commands.import_reports import Outcome, show
from influents.commands.imports import agenda_file, import_rows
from influents.commands.running import Mistake
from influents.embedded import Cluster
from resolvers.context import Services
from resolvers.imports import ImportReport
from tests.agendas import kept
from tests.factories import Town

FILES = sorted(each for each in Path(__file__).with_name("agenda_samples").iterdir() if each.is_file())


@pytest.fixture
async def demotic(town: Town) -> Organization:
    return await town.organization(await town.citizen(), "DemoTIC")


def agenda(many: int, *, first: int = 0) -> list[object]:
    """Records of OpenAgenda's API v2, of two dates each."""
    return [
        {
            "uid": number,
            "title": {"fr": f"Concert [bold]{number}[/bold]"},
            "description": {"fr": "Une soirée de musique pour tout le quartier. " * 5},
            "timings": [
                {"begin": f"2026-10-0{day}T20:00:00+02:00", "end": f"2026-10-0{day}T22:30:00+02:00"} for day in (1, 2)
            ],
            "timezone": "Europe/Paris",
            "location": {"name": "Salle", "city": "Nantes", "postalCode": "44000", "latitude": 47.2, "longitude": -1.5},
        }
        for number in range(first, first + many)
    ]


async def imported(
    services: Services, found: Sequence[object], *, theme: ThemeCode | None = None, dry_run: bool = False
) -> Outcome:
    rows = (row for record in found for row in events_of(record, Unsaid(theme)))
    return await import_rows(services, rows, "demotic", dry_run=dry_run, watched=Console(file=StringIO()))


async def imported_file(services: Services, path: Path) -> Outcome:
    with agenda_file(path) as file:
        found = rows(file, recognised(file), Unsaid(), services.clock())
        return await import_rows(services, found, "demotic", watched=Console(file=StringIO()))


def shown(outcome: Outcome) -> str:
    console = Console(file=StringIO(), width=120)
    show(outcome, console)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
async def test_an_agenda_comes_in_once_however_often_it_is_imported(
    services: Services, demotic: Organization, path: Path
) -> None:
    first, second = await imported_file(services, path), await imported_file(services, path)

    assert first.report.created == await kept(services) > 0
    assert second.report == ImportReport(unchanged=first.report.created)
    assert second.rejected == first.rejected


async def test_records_of_no_theme_are_rejected_unless_one_is_given(services: Services, demotic: Organization) -> None:
    (record,) = agenda(1)
    assert isinstance(record, dict)
    found = [record | {"title": "Rencontre", "description": "Venez."}]

    without = await imported(services, found)
    assert without.rejected == [RejectedRecord("0 « Rencontre »", "no-theme")]
    assert "say what they are about with --theme" in shown(without)

    told = await imported(services, found, theme=ThemeCode.ECONOMY)
    assert (told.report.created, told.themes, told.by_fallback) == (2, {ThemeCode.ECONOMY: 2}, 2)
    assert "as told by --theme" in shown(told)


async def test_the_report_tells_what_the_table_of_keywords_did(services: Services, demotic: Organization) -> None:
    outcome = await imported(services, agenda(3))

    assert outcome.themes == {ThemeCode.CULTURE: 6}
    assert outcome.keywords[ThemeCode.CULTURE] == {"concert*": 6, "musique*": 6}
    assert not any(outcome.keywords[theme] for theme in ThemeCode if theme is not ThemeCode.CULTURE)
    assert "concert* 6, musique* 6" in shown(outcome)


async def test_what_is_rejected_is_told_in_a_line_each_as_it_is_written(
    services: Services, demotic: Organization
) -> None:
    (record,) = agenda(1)
    assert isinstance(record, dict)
    short = [{"begin": "2026-10-03T20:00:00", "end": "2026-10-03T20:00:30"}]
    nameless = record | {"uid": 7, "title": ""}
    brief = record | {"uid": 8, "timings": short}

    outcome = await imported(services, [record, nameless, brief, record, "[red]nothing[/red]"])

    assert outcome.report.created == 2
    lines = shown(outcome).splitlines()
    assert lines[:5] == [
        "7: no-title",
        "8 « Concert [bold]0[/bold] »: ends-too-soon (endsAt, 2026-10-03T18:00:00Z)",
        "0@2026-10-01T18:00:00Z « Concert [bold]0[/bold] »: repeated",
        "0@2026-10-02T18:00:00Z « Concert [bold]0[/bold] »: repeated",
        '"[red]nothing[/red]": not-an-object',
    ]


async def test_what_the_rules_refuse_is_told_with_its_field(services: Services, demotic: Organization) -> None:
    found = agenda(1)
    await imported(services, found)
    async with services.database.unit_of_work() as work:
        await work.execute(sa.update(event).values(status="CANCELLED"))

    outcome = await imported(services, found)

    assert outcome.report.unchanged == 0
    assert (
        "0@2026-10-01T18:00:00Z « Concert [bold]0[/bold] »: event-not-in-that-state (cancelled)"
        in shown(outcome).splitlines()
    )


async def test_a_dry_run_says_so_and_writes_nothing(services: Services, demotic: Organization) -> None:
    outcome = await imported(services, agenda(3), dry_run=True)

    assert outcome.report.created == 6
    assert "Dry run: nothing was written." in shown(outcome)
    assert await kept(services) == 0


async def test_who_is_not_verified_is_told_that_events_wait(town: Town, services: Services) -> None:
    await town.organization(await town.citizen(), "DemoTIC", verified=False)

    assert "demotic isn't verified" in shown(await imported(services, agenda(1)))


class CutShort(list[object]):
    """An agenda at the six hundredth record of which somebody stops the import."""

    stop: Callable[[], object]

    def __iter__(self) -> Iterator[object]:
        for number, record in enumerate(super().__iter__()):
            if number == 600:
                self.stop()
            yield record


async def test_an_import_that_was_stopped_goes_on_when_it_is_run_again(
    services: Services, demotic: Organization
) -> None:
    found = agenda(750)
    cut_short = CutShort(found)
    importing = asyncio.create_task(imported(services, cut_short))
    loop = asyncio.get_running_loop()
    cut_short.stop = lambda: loop.call_soon_threadsafe(importing.cancel)
    with pytest.raises(asyncio.CancelledError):
        await importing
    before = await kept(services)
    assert before in {500, 1000}  # batches are kept whole

    outcome = await imported(services, found)

    assert outcome.report == ImportReport(created=1500 - before, unchanged=before)
    assert await kept(services) == 1500


async def test_an_unknown_organisation_is_told_what_to_do(services: Services) -> None:
    with pytest.raises(
        Mistake, match=r"^there is no organisation called demotic: .*createOrganization.*verify"
    ) as told:
        await imported(services, agenda(1))
    assert "\n" not in str(told.value)


def test_a_file_that_cannot_be_read_is_told_in_a_line(tmp_path: Path) -> None:
    nothing = tmp_path / "nothing.json"
    with pytest.raises(Mistake, match=r"^can't read .*nothing\.json: No such file or directory$"), agenda_file(nothing):
        pass
    with pytest.raises(Mistake, match=r"^can't read .*: Is a directory$"), agenda_file(tmp_path):
        pass


COMMAND = [sys.executable, "-m", "influents", "import", "agenda"]


def environment(services: Services) -> dict[str, str]:
    """That of a process on this test's database."""
    url = services.database.engine.url.render_as_string(hide_password=False)
    return os.environ | {
        "DATABASE_URL": url.replace("postgresql+asyncpg", "postgresql"),
        "INFLUENTS_SECRET_KEY": "a secret of the tests, 32 bytes at least",
        "COLUMNS": "120",
    }


async def run(
    cluster: Cluster, services: Services, *arguments: str, given: str = ""
) -> subprocess.CompletedProcess[str]:
    """The command, in a process of its own, on this test's database."""
    return await asyncio.to_thread(
        subprocess.run,
        [*COMMAND, *arguments],
        input=given,
        env=environment(services),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


async def test_the_command_reads_standard_input_and_reports(
    cluster: Cluster, services: Services, demotic: Organization
) -> None:
    document = json.dumps({"events": [*agenda(2), "nothing"]})

    done = await run(cluster, services, "-", "--organization", "demotic", given=document)

    assert (done.returncode, done.stderr) == (0, "")  # no bar where nobody watches
    assert done.stdout.startswith('"nothing": not-an-object\n')
    assert "created" in done.stdout
    assert await kept(services) == 4


async def test_the_command_fails_in_one_line(cluster: Cluster, services: Services, tmp_path: Path) -> None:
    for path, line in (
        (tmp_path / "nothing.json", "can't read"),
        (FILES[0], "there is no organisation called demotic"),
    ):
        failed = await run(cluster, services, str(path), "--organization", "demotic")

        assert (failed.returncode, failed.stdout) == (1, "")
        assert failed.stderr.startswith(f"influents: {line}")
        assert failed.stderr.count("\n") == 1


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda told: told.name)
async def test_a_process_that_is_stopped_leaves_whole_batches_and_the_next_one_goes_on(
    cluster: Cluster, services: Services, demotic: Organization, tmp_path: Path, told: signal.Signals
) -> None:
    file = tmp_path / "agenda.json"
    file.write_text(json.dumps(agenda(1000)), encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        *COMMAND, str(file), "--organization", "demotic",
        env=environment(services), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        while process.returncode is None and not await kept(services):  # noqa: ASYNC110 - another process does it
            await asyncio.sleep(0.02)
    finally:
        if process.returncode is None:
            process.send_signal(told)
    _, complaint = await process.communicate()
    before = await kept(services)

    assert 0 < before < 2000
    assert before % 500 == 0
    assert b"Traceback" not in complaint
    assert process.returncode not in (0, None)
    with agenda_file(file) as opened:
        again = await import_rows(
            services,
            rows(opened, recognised(opened), Unsaid(), services.clock()),
            "demotic",
            watched=Console(file=StringIO()),
        )
    assert again.report == ImportReport(created=2000 - before, unchanged=before)


async def test_a_file_that_breaks_off_is_told_in_a_line_and_what_came_before_is_in(
    cluster: Cluster, services: Services, demotic: Organization
) -> None:
    document = json.dumps({"events": agenda(3)})[:-40]

    done = await run(cluster, services, "-", "--organization", "demotic", given=document)

    assert done.returncode == 1
    assert done.stderr.startswith("influents: - can't be read to its end: It breaks off, or isn't JSON to its end")
    assert await kept(services) == 4


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ("bonjour", "Nothing tells what it is: expected one of openagenda, icalendar, schema-org, csv"),
        ("{}", "Expected a list of events"),
        ("<html>", "No Event of schema.org in it"),
        ("a;b\n1;2", "No header with a title and a date"),
        ("BEGIN:VCALENDAR\n", "It breaks off before END:VCALENDAR"),
    ],
)
async def test_what_is_no_agenda_is_told_in_a_line(
    cluster: Cluster, services: Services, demotic: Organization, given: str, line: str
) -> None:
    done = await run(cluster, services, "-", "--organization", "demotic", given=given)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"influents: - can't be read as an agenda: {line}")
    assert done.stderr.count("\n") == 1


async def test_a_town_and_a_theme_may_be_told_for_events_that_name_none(
    cluster: Cluster, services: Services, demotic: Organization
) -> None:
    lines = "titre,date,lieu\nRencontre,03/10/2026,Salle des fêtes\n"
    asked = ("-", "--organization", "demotic", "--format", "csv")

    without = await run(cluster, services, *asked, given=lines)
    assert "row 2: « Rencontre »: no-theme" in without.stdout
    assert "none: not taken" in without.stdout
    unplaced = await run(cluster, services, *asked, "--theme", "economy", given=lines)
    assert "1 without a town: say where they are with --place." in unplaced.stdout
    wrong = await run(cluster, services, *asked, "--place", "quelque part", given=lines)
    assert wrong.stderr.startswith("influents: --place 'quelque part' names no town")
    told = await run(cluster, services, *asked, "--theme", "economy", "--place", "44000 Nantes", given=lines)
    assert (told.returncode, told.stderr) == (0, "")
    assert await kept(services) == 1
