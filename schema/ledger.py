"""The ledger: every point a citizen has, and why."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Self, cast

import strawberry

from domain import ledger as domain
from domain import points
from domain.ids import LedgerEntryId
from domain.ledger import LedgerKind
from engine import Each, reads, relation, takes
from resolvers import citizens as resolve
from resolvers import events as resolve_events
from resolvers import participations as resolve_participations
from resolvers.context import Context
from schema.enums import described
from schema.ids import GlobalId, Kind, sealed
from schema.info import Info
from schema.nodes import Node, found_by
from schema.themes import Theme
from schema.wording import speak
from schema.words import InLocale

if TYPE_CHECKING:
    from schema.citizens import Citizen
    from schema.events import Event
    from schema.participations import Participation

described(
    LedgerKind,
    description="Why an entry was made.",
    SELF_ASSESSMENT="A sign-up with a self-assessment: the threshold of its level.",
    PARTICIPATION="Attendance of an event was confirmed.",
    ORGANIZING="An event that the citizen organised took place, with enough participants.",
    ADJUSTMENT="A moderator's, for a reason that is shown.",
    REVERSAL="An entry was taken back.",
)


@reads(
    points.Computation,
    skill_factor=lambda computation: float(computation.skill_factor),
    repeat_factor=lambda computation: float(computation.repeat_factor),
)
@strawberry.type(description="What points were computed from.")
class Computation:
    stars: int | None = strawberry.field(description="The event's stars; null where no event is behind it.")
    minutes: int | None = strawberry.field(description="The minutes that counted; null where no event is behind it.")
    skill_factor: float = strawberry.field(description="What a skill in one of the event's themes multiplied by.")
    repeat_factor: float = strawberry.field(
        description="What was left of it after other events of the same citizen organiser."
    )
    repeats: int = strawberry.field(description="How many awards from that organiser were counted.")
    reason: str | None = strawberry.field(description="A moderator's reason; null for every other kind.")


@reads(
    domain.LedgerEntry,
    id=sealed(Kind.LEDGER_ENTRY),
    multiplier=takes("multiplier")(lambda entry: float(entry.multiplier)),
)
@strawberry.type(description="A line of a citizen's ledger. Append-only: nothing is ever edited, only reversed.")
class LedgerEntry(Node):
    kind: LedgerKind = strawberry.field(description="Why it was made.")
    occurred_at: datetime = strawberry.field(
        description="When it was recorded. Where its participation is not listed, others see the first of that month."
    )
    base_points: int = strawberry.field(description="The points before any factor.")
    multiplier: float = strawberry.field(description="All factors together.")
    points: int = strawberry.field(
        description="basePoints x multiplier, rounded half up; a reversal's is the negated number."
    )
    balance: int = strawberry.field(description="The citizen's points after this entry.")
    policy_version: str = strawberry.field(description="The scoring policy that it follows.")
    computation: Computation | None = strawberry.field(
        description="What the points were computed from. Null to others where the participation is not listed."
    )

    @relation(description="Whose ledger it is in.")
    @staticmethod
    @takes("citizen_id")
    async def citizen(
        entries: Sequence[domain.LedgerEntry], context: Context
    ) -> Each[Annotated["Citizen", strawberry.lazy("schema.citizens")] | None]:
        return cast('Each["Citizen" | None]', await resolve.many(context, [each.citizen_id for each in entries]))

    @relation(description="The event behind it. Null to others where the participation is not listed.")
    @staticmethod
    @takes("event_id")
    async def event(
        entries: Sequence[domain.LedgerEntry], context: Context
    ) -> Each[Annotated["Event", strawberry.lazy("schema.events")] | None]:
        ids = [each.event_id for each in entries]
        return cast('Each["Event" | None]', await resolve_events.many(context, ids) if any(ids) else ids)

    @strawberry.field(description="The participation behind it. Null to others where it is not listed.")
    @staticmethod
    @takes("participation_id")
    async def participation(
        entry: strawberry.Parent[domain.LedgerEntry], info: Info
    ) -> Annotated["Participation", strawberry.lazy("schema.participations")] | None:
        from schema.participations import Participation

        of = entry.participation_id
        found = await resolve_participations.participation(info.context, of) if of else None
        return Participation.of(found) if found else None

    @strawberry.field(description="The theme of the skill that doubled it. Null to others where it is not listed.")
    @staticmethod
    @takes("theme")
    def theme(entry: strawberry.Parent[domain.LedgerEntry]) -> Theme | None:
        return Theme.of(entry.theme) if entry.theme else None

    @strawberry.field(description="The entry that a reversal takes back.")
    @staticmethod
    @takes("reverses_id")
    async def reverses(
        entry: strawberry.Parent[domain.LedgerEntry], info: Info
    ) -> Annotated["LedgerEntry", strawberry.lazy("schema.ledger")] | None:
        of = entry.reverses_id
        found = await resolve.ledger_entry(info.context, of) if of else None
        return LedgerEntry.of(found) if found else None

    @strawberry.field(description="What was counted and why, in a sentence.")
    @staticmethod
    @takes(
        *("kind", "occurred_at", "base_points", "points", "participation_id", "theme", "computation", "policy_version"),
        *("event_title", "redacted"),
    )
    def explanation(entry: strawberry.Parent[domain.LedgerEntry], info: Info, locale: InLocale = None) -> str:
        return speak(info, domain.explain(entry, policies=info.context.policies), locale)

    @classmethod
    def of(cls, record: domain.LedgerEntry) -> Self:
        """What is read like that is one, when the program runs."""
        return cast("Self", record)


@found_by(Kind.LEDGER_ENTRY)
async def ledger_entry_by_id(info: Info, id: GlobalId) -> LedgerEntry | None:
    found = await resolve.ledger_entry(info.context, LedgerEntryId(id.uuid))
    return LedgerEntry.of(found) if found else None
