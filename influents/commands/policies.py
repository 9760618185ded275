"""`policy`: scoring policies, tried before they are in force."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, NamedTuple

import typer
from rich.console import Console
from rich.table import Table

from db.reference.policies import read_policy
from domain.policy import Policy
from domain.simulation import Tally, Way
from influents.commands.running import Mistake, citizens_bar, run, told_in_a_line
from resolvers.audit import simulate as simulated_parts
from resolvers.context import Context, Services

app = typer.Typer(help="Look at scoring policies.", no_args_is_help=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a simulation came to: levels by what was earned, and by all points."""

    proposed: Policy
    instead: Policy
    citizens: int
    entries: int
    earned: Tally
    whole: Tally


class Level(NamedTuple):
    """A level, before and after: the points at which it starts, and how many citizens it has by each sum."""

    level: int
    starts_at: Way
    earned: Way
    whole: Way


@app.callback()
def _policy() -> None:
    """Look at scoring policies."""


@app.command()
def simulate(
    file: Annotated[Path, typer.Argument(help="A policy, in the form of db/policies/*.toml.", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Show how many citizens each level would have under a proposed policy. Writes nothing.

    Every entry of the ledger is derived once more, as if the proposed policy had been in force all the time that the
    one in force now has been; its own date doesn't matter.

    "Earned" is the level by what was earned alone: filters, orders and rankings follow it. "Whole" is the level on
    profiles, by all points, the self-assessment included: who assessed themselves keeps the level that they were
    given, at the points with which the proposed policy lets it start. Accounts that are gone aren't counted.

    Where the policy asks for another number of participants for organising, the awards of organisers are decided by
    the participants that count now.
    """
    with told_in_a_line():
        proposed, _ = read_policy(file)
    outcome = run(lambda services: simulation(services, proposed))
    out = Console()
    if as_json:
        typer.echo(json.dumps(as_document(outcome), indent=2))
    else:
        out.print(as_table(outcome))
        out.print(_summary(outcome), markup=False, highlight=False, soft_wrap=True)


async def simulation(services: Services, proposed: Policy) -> Outcome:
    """What a policy would bring in place of the one in force now.

    Raises:
        Mistake: its version is taken by another policy.
    """
    ctx = Context(services)
    same = ctx.policies.version(proposed.version)
    if same is not None and same != proposed:
        raise Mistake(f"{proposed.version} is in the database and says otherwise: give a proposal its own version")
    instead = ctx.policies.in_force_at(ctx.now())
    earned, whole = Counter[Way](), Counter[Way]()
    seen = entries = 0
    with citizens_bar() as show:
        async for part in simulated_parts(ctx, proposed, instead=instead):
            seen, entries = seen + len(part.facts), entries + part.entries
            earned.update(each.earned for each in part.simulated)
            whole.update(each.whole for each in part.simulated)
            show(seen, part.of)
    return Outcome(
        proposed=proposed,
        instead=instead,
        citizens=earned.total(),
        entries=entries,
        earned=Tally(earned),
        whole=Tally(whole),
    )


def as_table(outcome: Outcome) -> Table:
    """The levels, the lowest first: before and after, by both sums."""
    names = ("Level", "Starts at", "would at", "Earned", "would be", "Whole", "would be")
    table = Table(*names, title=f"{outcome.proposed.version} instead of {outcome.instead.version}")
    for column in table.columns:
        column.justify = "right"
    for row in _levels(outcome):
        counts = (each for way in (row.starts_at, row.earned, row.whole) for each in way)
        table.add_row(str(row.level), *map(str, counts))
    return table


def as_document(outcome: Outcome) -> dict[str, object]:
    """The same for programs."""
    return {
        "policy": outcome.proposed.version,
        "instead_of": outcome.instead.version,
        "citizens": outcome.citizens,
        "entries": outcome.entries,
        "levels": [
            {"level": row.level} | {name: getattr(row, name)._asdict() for name in Level._fields[1:]}
            for row in _levels(outcome)
        ],
        "moves": {"earned": _moves(outcome.earned), "whole": _moves(outcome.whole)},
    }


def _levels(outcome: Outcome) -> list[Level]:
    sums = (outcome.earned, outcome.whole)
    columns = (
        _ways(outcome.instead.level_points, outcome.proposed.level_points),
        *(_ways(*each.levels) for each in sums),
    )
    return [Level(level, *ways) for level, ways in enumerate(zip(*columns, strict=True), start=1)]


def _ways(before: Sequence[int], after: Sequence[int]) -> list[Way]:
    return [Way(*each) for each in zip(before, after, strict=True)]


def _moves(tally: Tally) -> dict[str, int]:
    return {"up": tally.up, "down": tally.down, "same": tally.same}


def _summary(outcome: Outcome) -> str:
    told = "; ".join(
        f"by {name}, {tally.up} would rise, {tally.down} fall and {tally.same} stay"
        for name, tally in (("what they earned", outcome.earned), ("all points", outcome.whole))
    )
    return f"{outcome.entries} entries. Of {outcome.citizens} citizens {told}."
