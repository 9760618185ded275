"""What becomes of events: reviewed, called off, told of afterwards; and those that wait for a moderator."""

from collections.abc import Awaitable
from typing import Annotated

import strawberry

from domain import events as domain
from domain.event_life import ReviewDecision
from domain.filters import EventFilter
from domain.ids import EventId
from resolvers import event_changes, event_desk, event_endings, events
from schema.access import CITIZENS, MODERATORS
from schema.enums import described
from schema.errors import outcome
from schema.event_changes import EventPayload
from schema.event_pages import EventConnection, event_connection
from schema.events import Event
from schema.ids import Kind, key_of
from schema.info import Info
from schema.limits.declared import PAGED
from schema.paging import After, Before, First, Last, window
from schema.scalars import URL

QUEUE = "moderation-queue"

described(
    ReviewDecision,
    description="What a moderator makes of what was submitted.",
    PUBLISH="Open to all.",
    REJECT="Not as it is: a reason says why. Mended, it may be submitted again.",
)


@strawberry.input(description="What a moderator makes of an event.")
class ReviewEventInput:
    id: strawberry.ID = strawberry.field(description="The event.")
    decision: ReviewDecision = strawberry.field(description="Publish it, or reject it.")
    reason: str | None = strawberry.field(
        default=None, description="Why it is rejected, in 2,000 characters at most; its organisers read it."
    )


@strawberry.input(description="An event that does not take place, or did not.")
class CancelEventInput:
    id: strawberry.ID = strawberry.field(description="The event.")
    reason: str = strawberry.field(description="Why, in 2,000 characters at most; it is shown.")


@strawberry.input(description="What came of an event.")
class PublishOutcomeInput:
    id: strawberry.ID = strawberry.field(description="The event.")
    summary: str = strawberry.field(description="What came of it, in 10,000 characters at most.")
    decisions: list[str] | None = strawberry.field(
        default=None, description="What was decided: 20 decisions at most, of 500 characters each."
    )
    document_url: URL | None = strawberry.field(default=None, description="Where more is to be read.")


Cancelled = Annotated[CancelEventInput, strawberry.argument(description="The event, and why.")]


@strawberry.type
class EventLifeMutation:
    @strawberry.mutation(
        directives=MODERATORS,
        description="Publish what was submitted, or reject it with a reason. For moderators, never about what they "
        "proposed or what is of their organisation; who proposed it is told.",
    )
    async def review_event(
        self, info: Info, input: Annotated[ReviewEventInput, strawberry.argument(description="The event, and what.")]
    ) -> EventPayload | None:
        change = events.review_event(info.context, _key(input.id), decision=input.decision, reason=input.reason)
        return await _payload(info, change)

    @strawberry.mutation(
        directives=CITIZENS,
        description="Call an event off, until its end and unless it was rejected. Whoever takes part is told; what it "
        "has brought already is taken back.",
    )
    async def cancel_event(self, info: Info, input: Cancelled) -> EventPayload | None:
        return await _payload(info, event_endings.cancel_event(info.context, _key(input.id), reason=input.reason))

    @strawberry.mutation(
        directives=MODERATORS,
        description="Say of a completed event that it did not take place: it is CANCELLED, and what it brought is "
        "taken back. For moderators, never about what they proposed or what is of their organisation.",
    )
    async def annul_event(self, info: Info, input: Cancelled) -> EventPayload | None:
        return await _payload(info, event_endings.annul_event(info.context, _key(input.id), reason=input.reason))

    @strawberry.mutation(
        directives=CITIZENS,
        description="Tell what came of an event, once it has ended; who attended hears of it. Called again, it puts "
        "right what was told.",
    )
    async def publish_outcome(
        self, info: Info, input: Annotated[PublishOutcomeInput, strawberry.argument(description="What came of it.")]
    ) -> EventPayload | None:
        change = event_changes.publish_outcome(
            info.context,
            _key(input.id),
            summary=input.summary,
            decisions=input.decisions or (),
            document_url=input.document_url,
        )
        return await _payload(info, change)


@strawberry.type
class EventDeskQuery:
    @strawberry.field(
        directives=MODERATORS + PAGED,
        description="What was submitted and waits for a moderator, the oldest submission first. For moderators; each "
        "sees what does not concern them.",
    )
    async def moderation_queue(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> EventConnection | None:
        asked = window(first=first, after=after, last=last, before=before, order=QUEUE)
        page = await event_desk.waiting(info.context, asked)
        return event_connection(page, EventFilter(), order=QUEUE, total=lambda: event_desk.waiting_total(info.context))


def _key(id: strawberry.ID) -> EventId:
    return EventId(key_of(id, Kind.EVENT))


async def _payload(info: Info, change: Awaitable[domain.Event]) -> EventPayload:
    changed, errors = await outcome(info, change)
    return EventPayload(event=Event.of(changed) if changed else None, errors=errors)
