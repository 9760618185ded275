"""The whole ledger held against the facts, and what a proposed policy would make of it."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from db.queries import facts
from domain.audit import differences
from domain.facts import CitizenFacts, Difference
from domain.ids import CitizenId
from domain.policy import Policy
from domain.simulation import Simulated, Trial, simulated
from resolvers.context import Context


@dataclass(frozen=True, slots=True)
class Part:
    """A range of citizens; `of` is how many there are in all."""

    facts: Sequence[CitizenFacts]
    of: int

    @property
    def entries(self) -> int:
        return sum(len(each.entries) for each in self.facts)


@dataclass(frozen=True, slots=True)
class AuditedPart(Part):
    """A range of citizens, and where their ledgers aren't what the facts come to."""

    differences: Sequence[Difference]


@dataclass(frozen=True, slots=True)
class SimulatedPart(Part):
    """A range of citizens, and where those who have an account would stand."""

    simulated: Sequence[Simulated]


async def audited(ctx: Context) -> AsyncIterator[AuditedPart]:
    """Derive everybody's entries once more, a range of citizens at a time, each from one view of the database."""
    policies = ctx.policies
    async for part in _parts(ctx):
        found = [each for of in part.facts for each in differences(of, policies=policies, now=ctx.now())]
        yield AuditedPart(part.facts, part.of, found)


async def simulate(ctx: Context, proposed: Policy, *, instead: Policy) -> AsyncIterator[SimulatedPart]:
    """Derive everybody's entries under a proposed policy in place of another, likewise. Nothing is written."""
    trial = Trial(ctx.policies, instead, proposed)
    async for part in _parts(ctx):
        known = [each for each in part.facts if each.has_account]
        found = [simulated(each, trial=trial) for each in known]
        yield SimulatedPart(part.facts, part.of, found)


async def _parts(ctx: Context) -> AsyncIterator[Part]:
    last: CitizenId | None = None
    while True:
        async with facts.snapshot(ctx.services.database) as session:
            found = await facts.facts_after(session, last)
            of = await facts.citizens(session)
        if not found:
            return
        last = found[-1].citizen_id
        yield Part(found, of)
