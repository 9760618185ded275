"""Subscriptions: what changes, told to whoever watches, as they may see it then."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from typing import Annotated, TypeVar

import strawberry

from domain.api_tokens import TokenScope
from domain.ids import EventId
from resolvers import watching as resolve
from schema.access import CITIZENS, PUBLIC, partners
from schema.citizens import Citizen
from schema.event_filters import EventFilterInput, WhichEvents
from schema.events import Event
from schema.ids import Kind, key_of
from schema.info import Info
from schema.participations import Participation

R = TypeVar("R")
S = TypeVar("S")
WhichEvent = Annotated[strawberry.ID, strawberry.argument(description="The id of the event.")]


@strawberry.type(
    name="Subscription",
    description="What changes, as you may see it then. After changes were missed, because you could not keep up or the "
    "service was disturbed, you are told to look again: by the thing as it is now, or by null where there are many.",
)
class Watching:
    @strawberry.subscription(
        directives=PUBLIC,
        description="An event, each time it changes: what is said of it, its state, its seats, who attended; not when "
        "feedback comes, which would date it. Null once you may not see it, and then no more.",
    )
    def event(self, info: Info, id: WhichEvent) -> AsyncIterator[Event | None]:
        return _shown(resolve.event_changes(info.context, EventId(key_of(id, Kind.EVENT))), Event.of)

    @strawberry.subscription(
        directives=CITIZENS, description="You, each time your influence changes. It needs a person who is signed in."
    )
    def influence(self, info: Info) -> AsyncIterator[Citizen | None]:
        return _shown(resolve.influence_changes(info.context), Citizen.of)

    @strawberry.subscription(
        directives=partners(TokenScope.ATTENDANCE_WRITE),
        description="Each participation in an event as somebody registers, checks in, or gives up: for those who "
        "organise it, their tokens with ATTENDANCE_WRITE, and moderators. Null where some were missed: read the "
        "event's `registrations` again.",
    )
    def attendance(self, info: Info, event: WhichEvent) -> AsyncIterator[Participation | None]:
        return _shown(resolve.attendance(info.context, EventId(key_of(event, Kind.EVENT))), Participation.of)

    @strawberry.subscription(
        directives=PUBLIC,
        description="Each event as it is published, where the filter lets it through. Null where some were missed: "
        "read `events` again.",
    )
    def published_events(self, info: Info, filter: WhichEvents = None) -> AsyncIterator[Event | None]:
        return _shown(resolve.published_events(info.context, EventFilterInput.meant(filter)), Event.of)


async def _shown(changes: AsyncGenerator[R | None], show: Callable[[R], S]) -> AsyncIterator[S | None]:
    """Each change as clients see it. Whoever stops watching is let go at once, not when memory is tidied."""
    async with aclosing(changes):
        async for each in changes:
            yield None if each is None else show(each)
