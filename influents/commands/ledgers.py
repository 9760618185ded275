"""`ledger`: the books."""

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from domain.audit import Difference
from influents.commands.running import run, to_people
from resolvers.audit import audited
from resolvers.context import Context, Services

app = typer.Typer(help="Look into the books.", no_args_is_help=True)
out = Console()


@app.callback()
def _ledger() -> None:
    """Look into the books."""


@app.command()
def verify() -> None:
    """Derive every entry of the ledger from the facts once more; exit 1 where anything differs. Writes nothing."""
    if run(verified):
        raise typer.Exit(1)


async def verified(services: Services) -> int:
    """Tell each difference in a line, then the counts. How many differences there are comes back."""
    citizens = entries = found = 0
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=to_people, transient=True, disable=not to_people.is_terminal) as bar:
        task = bar.add_task("citizens")
        async for part in audited(Context(services)):
            for difference in part.differences:
                _say(_told(difference))
            citizens, entries = citizens + part.citizens, entries + part.entries
            found += len(part.differences)
            bar.update(task, completed=citizens, total=part.of)
    _say(f"{entries} entries of {citizens} citizens, {f'{found} differences' if found else 'nothing differs'}")
    return found


def _told(difference: Difference) -> str:
    where = f"citizen {difference.citizen_id}"
    if difference.number is not None:
        where += f", entry {difference.number}"
    return f"{where}: {difference.column} is {difference.kept}, should be {difference.derived}"


def _say(line: str) -> None:
    out.print(line, markup=False, highlight=False, soft_wrap=True)
