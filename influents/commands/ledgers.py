"""`ledger`: the books."""

import typer
from rich.console import Console

from domain.facts import Difference
from influents.commands.running import citizens_bar, run
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
    with citizens_bar() as show:
        async for part in audited(Context(services)):
            for difference in part.differences:
                _say(_told(difference))
            citizens, entries = citizens + len(part.facts), entries + part.entries
            found += len(part.differences)
            show(citizens, part.of)
    differ = {0: "nothing differs", 1: "1 difference"}.get(found, f"{found} differences")
    _say(f"{entries} entries of {citizens} citizens, {differ}")
    return found


def _told(difference: Difference) -> str:
    where = f"citizen {difference.citizen_id}"
    if difference.number is not None:
        where += f", entry {difference.number}"
    return f"{where}: {difference.column} is {difference.kept}, should be {difference.derived}"


def _say(line: str) -> None:
    out.print(line, markup=False, highlight=False, soft_wrap=True)
