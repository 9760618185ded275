"""What organisers establish: who was there, and who wasn't."""

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import strawberry

from domain.api_tokens import TokenScope
from domain.ids import EventId
from resolvers import desk as resolve
from resolvers import events as resolve_events
from schema.access import partners
from schema.errors import UserError, outcome
from schema.ids import Kind, key_of, read
from schema.info import Info
from schema.limits.declared import at_most, costs
from schema.participations import Participation

if TYPE_CHECKING:
    from schema.events import Event


@strawberry.input(
    description="Who was at an event, and who was not. Ids of participations or of citizens, 100 at most."
)
class ConfirmAttendanceInput:
    event: strawberry.ID = strawberry.field(description="The event.")
    attended: list[strawberry.ID] = strawberry.field(description="Who was there, of those who registered or waited.")
    absent: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Who was not: a NO_SHOW. What was confirmed before is withdrawn."
    )


@strawberry.type(description="Who was noted as present or absent, or why nobody was.")
class ConfirmAttendancePayload:
    event: Annotated["Event", strawberry.lazy("schema.events")] | None = strawberry.field(
        description="The event; null where refused."
    )
    participations: list[Participation] = strawberry.field(
        description="The participations that were named, in that order, as they are now; none where refused.",
        directives=at_most(100),
    )
    errors: list[UserError] = strawberry.field(
        description='Why it was refused, each at its place: ["attended", "3"]. Then nobody was noted.'
    )


@strawberry.type
class DeskMutation:
    @strawberry.mutation(
        directives=partners(TokenScope.ATTENDANCE_WRITE) + costs(200),
        description="Say who was there, from half an hour before the start until 30 days after the end: the points are "
        "given once, however often it is called. `absent` takes back what was confirmed by mistake. For organisers; "
        "nobody confirms themselves. All that is named is noted, or none of it.",
    )
    async def confirm_attendance(
        self,
        info: Info,
        input: Annotated[ConfirmAttendanceInput, strawberry.argument(description="Who was there, and who was not.")],
    ) -> ConfirmAttendancePayload | None:
        from schema.events import Event

        event = EventId(key_of(input.event, Kind.EVENT))
        settling = resolve.confirm_attendance(
            info.context, event, attended=_keys(input.attended), absent=_keys(input.absent)
        )
        settled, errors = await outcome(info, settling)
        shown = await resolve_events.event(info.context, event) if settled is not None else None
        return ConfirmAttendancePayload(
            event=Event.of(shown) if shown else None,
            participations=[Participation.of(each) for each in settled or ()],
            errors=errors,
        )


def _keys(ids: list[strawberry.ID]) -> list[UUID]:
    return [read(each, Kind.PARTICIPATION, Kind.CITIZEN).uuid for each in ids]
