"""Corrections of points, by moderators."""

from typing import Annotated

import strawberry

from domain.ids import CitizenId
from resolvers import adjustments as resolve
from schema.access import MODERATORS
from schema.errors import UserError, outcome
from schema.ids import Kind, key_of
from schema.info import Info
from schema.ledger import LedgerEntry


@strawberry.input(description="A correction of somebody's points.")
class AdjustInfluenceInput:
    citizen: strawberry.ID = strawberry.field(description="Whose points.")
    points: int = strawberry.field(description="How many to give, or to take where it is below 0: up to 100,000.")
    reason: str = strawberry.field(description="Why, for everybody to read: 3 to 500 characters.")


@strawberry.type(description="A new entry in a ledger, or why there is none.")
class LedgerEntryPayload:
    ledger_entry: LedgerEntry | None = strawberry.field(description="The entry; null where refused.")
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty where it was not.")


@strawberry.type
class AdjustmentMutation:
    @strawberry.mutation(
        directives=MODERATORS,
        description="Give points to a citizen, or take some, for a reason that everybody reads. For moderators, and "
        "never for themselves.",
    )
    async def adjust_influence(
        self, info: Info, input: Annotated[AdjustInfluenceInput, strawberry.argument(description="The correction.")]
    ) -> LedgerEntryPayload | None:
        citizen = CitizenId(key_of(input.citizen, Kind.CITIZEN))
        adjusting = resolve.adjust_influence(info.context, citizen, points=input.points, reason=input.reason)
        made, errors = await outcome(info, adjusting)
        return LedgerEntryPayload(ledger_entry=LedgerEntry.of(made) if made else None, errors=errors)
