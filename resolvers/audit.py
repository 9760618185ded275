"""The whole ledger held against the facts."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from db.queries import audit
from domain.audit import Difference, differences
from domain.ids import CitizenId
from resolvers.context import Context


@dataclass(frozen=True, slots=True)
class Audited:
    """What a range of citizens came to; `of` is how many citizens there are in all."""

    citizens: int
    of: int
    entries: int
    differences: Sequence[Difference]


async def audited(ctx: Context) -> AsyncIterator[Audited]:
    """Derive everybody's entries once more, a range of citizens at a time, each from one view of the database."""
    last: CitizenId | None = None
    while True:
        async with audit.snapshot(ctx.services.database) as session:
            facts = await audit.facts_after(session, last)
            of = await audit.citizens(session)
        if not facts:
            return
        last = facts[-1].citizen_id
        yield Audited(
            citizens=len(facts),
            of=of,
            entries=sum(len(each.entries) for each in facts),
            differences=[each for of_one in facts for each in differences(of_one, policies=ctx.policies)],
        )
