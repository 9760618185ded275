"""`seed`: the demo town."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from influents.commands.running import Mistake, run, to_people
from influents.town import NoTown, TownNotEmpty, TownSummary, build_town
from influents.town.people import DEMO_ACCOUNTS, DEMO_PASSWORD
from resolvers.context import Services

SEED = 44


def seed(
    number: Annotated[int, typer.Option("--seed", help="Which town: each number makes another one.")] = SEED,
    now: Annotated[
        datetime | None,
        typer.Option(help="The moment in UTC that the town has come to.", show_default="now"),
    ] = None,
) -> None:
    """Fill an empty database with the demo town: 200 citizens after two months, every point earned by the rules."""
    moment = (now or datetime.now(UTC)).replace(microsecond=0, tzinfo=UTC)

    async def seeding(services: Services) -> None:
        try:
            summary = await _build(services, number=number, now=moment)
        except NoTown as none:
            raise Mistake(str(none)) from None
        counts = f"{summary.citizens} citizens, {summary.events} events, {summary.attendances} attendances"
        to_people.print("\n".join([counts, *demo_lines()]), markup=False, highlight=False)

    run(seeding)


async def seed_if_empty(services: Services) -> None:
    """Build the town where there is nobody yet."""
    try:
        await _build(services, number=SEED, now=services.clock().replace(microsecond=0))
    except TownNotEmpty:
        return


def demo_lines() -> list[str]:
    """The demo accounts, for whoever would like to sign in."""
    accounts = [f"  {account.role:<10} {account.email}" for account in DEMO_ACCOUNTS]
    return [f"Demo accounts, password {DEMO_PASSWORD}", *accounts]


async def _build(services: Services, *, number: int, now: datetime) -> TownSummary:
    """The town, with a progress bar for whoever watches."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    tasks: dict[str, TaskID] = {}
    with Progress(*columns, console=to_people, transient=True, disable=not to_people.is_terminal) as bar:

        def progress(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done, total=total)

        return await build_town(services, seed=number, now=now, progress=progress)
