"""`seed`: the demo town."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from influents.commands.running import Mistake, run, to_people
from influents.town import TownNotEmpty, TownSummary, build_town
from resolvers.context import Services

SEED = 44


def seed(
    number: Annotated[int, typer.Option("--seed", help="Which town: each number makes another one.")] = SEED,
    now: Annotated[
        datetime | None,
        typer.Option(help="The moment that the town has come to, in UTC unless it tells.", show_default="now"),
    ] = None,
) -> None:
    """Fill an empty database with the demo town: 200 citizens after two months, every point earned by the rules."""
    moment = (now or datetime.now(UTC)).replace(microsecond=0)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    async def seeding(services: Services) -> None:
        try:
            summary = await build(services, number=number, now=moment)
        except TownNotEmpty:
            raise Mistake("there are citizens already: the town only goes into an empty database") from None
        to_people.print(*demo_lines(summary), sep="\n", markup=False, highlight=False)

    run(seeding)


async def seed_if_empty(services: Services) -> bool:
    """Build the town where there is nobody yet; False where there is somebody."""
    try:
        await build(services, number=SEED, now=services.clock().replace(microsecond=0))
    except TownNotEmpty:
        return False
    return True


async def build(services: Services, *, number: int, now: datetime) -> TownSummary:
    """The town, with a progress bar for whoever watches."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=to_people, transient=True) as bar:
        tasks = {}

        def progress(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done, total=total)

        return await build_town(services, seed=number, now=now, progress=progress)
