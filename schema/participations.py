"""Participations: who takes part in what, and what came of it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Optional, Self, cast

import strawberry

from domain import participations as domain
from domain.badges import CredentialName
from domain.events import Event as EventRecord
from domain.filters import EVERY_PARTICIPATION, ParticipationFilter
from domain.ids import EventId, ParticipationId
from domain.participations import AttendanceEvidence, ParticipationStatus
from engine import Each, Shown, reads, relation, takes
from resolvers import citizens as resolve_citizens
from resolvers import desk
from resolvers import events as resolve_events
from resolvers import feedback as resolve_feedback
from resolvers import participations as resolve
from resolvers.context import Context
from schema.access import CITIZENS, ORGANIZERS, WITHHELD
from schema.badges import CalledBy, Credential, credential_of
from schema.enums import described
from schema.errors import UserError, outcome
from schema.feedback import Feedback
from schema.ids import GlobalId, Kind, key_of, sealed
from schema.info import Info
from schema.ledger import LedgerEntry
from schema.limits.declared import costs
from schema.nodes import Node, found_by
from schema.scalars import midnight
from schema.words import InLocale, ThemeCode

CREDENTIAL_COST = 5
"""Signing takes as much work as a few rows."""

if TYPE_CHECKING:
    from schema.citizens import Citizen
    from schema.events import Event

_NO_EVENT = LookupError("a participation in an event that doesn't show")

described(
    ParticipationStatus,
    description="Where a citizen stands with an event.",
    REGISTERED="Has a seat.",
    WAITLISTED="Waits in line for one.",
    CANCELLED="Won't come, or the event won't take place.",
    ATTENDED="Was there; the points are given.",
    NO_SHOW="Had a seat and did not come.",
)
described(
    AttendanceEvidence,
    description="How attendance was established.",
    CHECK_IN_CODE="By the code shown on the spot.",
    ORGANIZER="By an organiser.",
    PARTNER="By a partner's system.",
)


@takes("id", "points_awarded")
def _points(participations: Sequence[domain.Participation], context: Context) -> Each[int]:
    return cast("Each[int]", resolve.points(context, participations))


async def _events(context: Context, participations: Sequence[domain.Participation]) -> list[EventRecord | LookupError]:
    found = await resolve_events.many(context, [each.event_id for each in participations])
    return [each or _NO_EVENT for each in found]


@reads(domain.Participation, id=sealed(Kind.PARTICIPATION))
@strawberry.federation.type(keys=["id"], description="One citizen and one event: there is one for a pair at most.")
class Participation(Node):
    status: ParticipationStatus = strawberry.field(description="Where the citizen stands with the event.")
    registered_at: datetime = strawberry.field(description="When they registered, the last time they did.")
    attended_at: datetime | None = strawberry.field(description="When attendance was established; null before.")
    evidence: AttendanceEvidence | None = strawberry.field(description="How attendance was established; null before.")
    listed: bool = strawberry.field(description="Whether it shows on the public profile. It counts either way.")
    points_awarded: int = relation(
        _points, at_hand="points_awarded", description="What it brought; 0 until attendance is confirmed."
    )

    @relation(at_hand="citizen", description="Who takes part; null where that profile is hidden or gone.")
    @staticmethod
    @takes(through="citizen")
    def citizen(
        participations: Sequence[domain.Participation], context: Context
    ) -> Each[Annotated["Citizen", strawberry.lazy("schema.citizens")] | None]:
        found = resolve_citizens.of_participations(context, participations)
        return cast('Each["Citizen" | None]', found)

    @strawberry.field(
        directives=ORGANIZERS,
        description="The handle of who takes part, hidden profiles' too for those who organise, and for moderators; "
        "null to others where the profile is hidden, and where it is gone.",
    )
    @staticmethod
    @takes("id")
    async def handle(participation: strawberry.Parent[domain.Participation], info: Info) -> str | None:
        return await desk.handle(info.context, participation.id)

    @strawberry.field(
        directives=ORGANIZERS,
        description="The place in line, from 1 on: their own to each, all to organisers and moderators; "
        "null where they do not wait.",
    )
    @staticmethod
    async def waitlist_position(participation: strawberry.Parent[domain.Participation], info: Info) -> int | None:
        return await desk.place_in_line(info.context, participation)

    @relation(at_hand="event", description="What they take part in.")
    @staticmethod
    @takes("event_id", through="event")
    def event(
        participations: Sequence[domain.Participation], context: Context
    ) -> Each[Annotated["Event", strawberry.lazy("schema.events")]]:
        known = resolve_events.read_along(participations)
        return cast('Each["Event"]', _events(context, participations) if known is None else known)

    @relation(description="The ledger entry that its points are in; null while there is none.")
    @staticmethod
    @takes("id", "points_awarded", "ledger_entry_id")
    async def ledger_entry(
        participations: Sequence[domain.Participation], context: Context, shown: Shown = None
    ) -> Each[LedgerEntry | None]:
        awarded = await resolve.with_awards(context, participations)
        ids = [each.ledger_entry_id for each in awarded]
        return cast("Each[LedgerEntry | None]", await resolve_citizens.ledger_entries(context, ids, shown))

    @strawberry.field(directives=WITHHELD, description="What one said of the event by name; for its author alone.")
    @staticmethod
    @takes("citizen_id", "event_id")
    async def feedback(participation: strawberry.Parent[domain.Participation], info: Info) -> Feedback | None:
        viewer = info.context.viewer
        if viewer is None or viewer.citizen_id != participation.citizen_id:
            return None
        found = await resolve_feedback.own_feedback(info.context, participation.event_id)
        return Feedback.of(found) if found else None

    @strawberry.field(
        directives=WITHHELD + costs(CREDENTIAL_COST),
        description="A signed credential of it, to take away; for its citizen alone, while attendance stands. Asked "
        "again, it says the same.",
    )
    @staticmethod
    async def credential(
        participation: strawberry.Parent[domain.Participation],
        info: Info,
        called_by: CalledBy = CredentialName.HANDLE,
        locale: InLocale = None,
    ) -> Credential | None:
        return await credential_of(info, participation, called_by, locale)

    @classmethod
    def of(cls, record: domain.Participation) -> Self:
        """What is read like that is one, when the program runs."""
        return cast("Self", record)


@found_by(Kind.PARTICIPATION)
async def participation_by_id(info: Info, id: GlobalId) -> Participation | None:
    found = await resolve.participation(info.context, ParticipationId(id.uuid))
    return Participation.of(found) if found else None


@strawberry.input(name="ParticipationFilter", description="Narrows participations down; each field does so further.")
class ParticipationFilterInput:
    theme: ThemeCode | None = strawberry.field(default=None, description="In events on this theme.")
    statuses: list[ParticipationStatus] | None = strawberry.field(
        default=None, description="In any of these states. A public history has ATTENDED ones alone."
    )
    from_: date | None = strawberry.field(
        name="from", default=None, description="In events that began that day in Paris, or later."
    )
    to: date | None = strawberry.field(default=None, description="In events that began that day in Paris, or before.")

    @staticmethod
    def meant(given: Optional["ParticipationFilterInput"]) -> ParticipationFilter:
        """What a client's filter means; no filter is an empty one."""
        if given is None:
            return EVERY_PARTICIPATION
        return ParticipationFilter(
            theme=given.theme,
            statuses=None if given.statuses is None else tuple(given.statuses),
            starts_from=midnight(given.from_) if given.from_ else None,
            starts_before=midnight(given.to + timedelta(days=1)) if given.to else None,
        )


WhichParticipations = Annotated[
    ParticipationFilterInput | None, strawberry.argument(description="Which participations.")
]


@strawberry.input(description="What to take part in.")
class RegisterInput:
    event: strawberry.ID = strawberry.field(description="The event.")


@strawberry.input(description="A participation of yours, by its event.")
class ParticipationActionInput:
    event: strawberry.ID = strawberry.field(description="The event.")


@strawberry.input(description="Whether a participation of yours shows.")
class SetParticipationListedInput:
    event: strawberry.ID = strawberry.field(description="The event.")
    listed: bool = strawberry.field(description="Whether it shows on your profile. It counts either way.")


@strawberry.input(description="The code shown at an event.")
class CheckInInput:
    event: strawberry.ID = strawberry.field(description="The event.")
    code: str = strawberry.field(
        description="The eight characters shown on the spot. Case, spaces and dashes do not matter."
    )


@strawberry.type(description="A participation that was changed, or why it was not.")
class ParticipationPayload:
    participation: Participation | None = strawberry.field(description="The participation; null where refused.")
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty where it was not.")


@strawberry.type
class ParticipationMutation:
    @strawberry.mutation(
        directives=CITIZENS,
        description="Take a seat, until the event ends; WAITLISTED when it is full. Called again, it changes nothing.",
    )
    async def register(
        self, info: Info, input: Annotated[RegisterInput, strawberry.argument(description="What to take part in.")]
    ) -> ParticipationPayload | None:
        event = EventId(key_of(input.event, Kind.EVENT))
        kept, errors = await outcome(info, resolve.register(info.context, event))
        return ParticipationPayload(participation=Participation.of(kept) if kept else None, errors=errors)

    @strawberry.mutation(
        directives=CITIZENS,
        description="Give up a seat or a place in line, until the event ends. Until it starts, the first in line moves "
        "up. Whoever comes back is last in line. Called again, it changes nothing.",
    )
    async def cancel_registration(
        self,
        info: Info,
        input: Annotated[ParticipationActionInput, strawberry.argument(description="What to give up.")],
    ) -> ParticipationPayload | None:
        event = EventId(key_of(input.event, Kind.EVENT))
        kept, errors = await outcome(info, resolve.cancel_registration(info.context, event))
        return ParticipationPayload(participation=Participation.of(kept) if kept else None, errors=errors)

    @strawberry.mutation(
        directives=CITIZENS,
        description="Show a participation on your profile, or hide it: then others see its points alone.",
    )
    async def set_participation_listed(
        self,
        info: Info,
        input: Annotated[SetParticipationListedInput, strawberry.argument(description="What to show or hide.")],
    ) -> ParticipationPayload | None:
        event = EventId(key_of(input.event, Kind.EVENT))
        kept, errors = await outcome(info, resolve.set_listed(info.context, event, listed=input.listed))
        return ParticipationPayload(participation=Participation.of(kept) if kept else None, errors=errors)

    @strawberry.mutation(
        directives=CITIZENS,
        description="Attend, with the code shown on the spot, from half an hour before the start until two hours after "
        "the end. The points are given once, however often it is called. After 10 wrong codes none is looked at for "
        "15 minutes: RATE_LIMITED.",
    )
    async def check_in(
        self, info: Info, input: Annotated[CheckInInput, strawberry.argument(description="The event and its code.")]
    ) -> ParticipationPayload | None:
        event = EventId(key_of(input.event, Kind.EVENT))
        kept, errors = await outcome(info, resolve.check_in(info.context, event, code=input.code))
        return ParticipationPayload(participation=Participation.of(kept) if kept else None, errors=errors)
