"""Changing an event: what is left out stays, null clears."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Annotated, Any, cast

import strawberry

from domain.event_changes import EventChanges
from domain.events import EventFormat
from domain.ids import EventId
from domain.words import tidy
from resolvers import event_changes as resolve
from schema.access import CITIZENS
from schema.errors import outcome
from schema.event_changes import EventPayload, VenueInput
from schema.events import Event
from schema.ids import Kind, key_of
from schema.info import Info
from schema.scalars import URL, TerritoryCode
from schema.words import ThemeCode

UNSET = strawberry.UNSET
NEEDED = "null is refused."


@strawberry.input(description="What to change of an event. A field that is left out stays as it is, null clears it.")
class UpdateEventInput:
    id: strawberry.ID = strawberry.field(description="The event.")
    title: str | None = strawberry.field(default=UNSET, description=f"What it is called: 3 to 200 characters; {NEEDED}")
    description: str | None = strawberry.field(
        default=UNSET, description=f"What it is about, in 20,000 characters at most; {NEEDED}"
    )
    how_to_take_part: str | None = strawberry.field(default=UNSET, description="What one needs to do, bring or know.")
    format: EventFormat | None = strawberry.field(default=UNSET, description=f"Where people meet; {NEEDED}")
    starts_at: datetime | None = strawberry.field(default=UNSET, description=f"When it begins; {NEEDED}")
    ends_at: datetime | None = strawberry.field(
        default=UNSET, description=f"When it ends: a minute later at least; {NEEDED}"
    )
    time_zone: str | None = strawberry.field(
        default=UNSET, description="The IANA time zone to show its times in; Europe/Paris for null."
    )
    effort_minutes: int | None = strawberry.field(
        default=UNSET, description="What taking part takes, where that is not the whole time from start to end."
    )
    venue: VenueInput | None = strawberry.field(default=UNSET, description="Where it is: the whole venue.")
    territory: TerritoryCode | None = strawberry.field(
        default=UNSET, description="Where it counts as taking place; for null, where its venue's postal code says."
    )
    website_url: URL | None = strawberry.field(default=UNSET, description="Its page elsewhere.")
    image_url: URL | None = strawberry.field(default=UNSET, description="A picture of it.")
    themes: list[ThemeCode] | None = strawberry.field(
        default=UNSET, description=f"What it is about: one theme to three; {NEEDED}"
    )
    engagement: int | None = strawberry.field(
        default=UNSET, description=f"How much it asks for: 1 to 5 stars; {NEEDED}"
    )
    capacity: int | None = strawberry.field(
        default=UNSET, description="How many seats there are: never fewer than are taken; null for no limit."
    )
    sought_talents: list[str] | None = strawberry.field(default=UNSET, description="Up to ten talents to look for.")

    def meant(self) -> EventChanges:
        given = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "id"}
        changes = {
            name: None if value is None else _MEANT.get(name, _as_given)(value)
            for name, value in given.items()
            if value is not UNSET
        }
        return cast("EventChanges", changes)


def _as_given(value: object) -> object:
    return value


def _talents(talents: list[str]) -> tuple[str, ...]:
    return tuple(talent.strip() for talent in talents)


_MEANT: Mapping[str, Callable[[Any], object]] = {  # Any: a value a field
    "title": tidy,
    "description": tidy,
    "how_to_take_part": tidy,
    "venue": VenueInput.meant,
    "themes": tuple,
    "sought_talents": _talents,
}


@strawberry.type
class EventUpdateMutation:
    @strawberry.mutation(
        directives=CITIZENS,
        description="Change an event. Where a moderator let it through, other stars, times, themes or another format "
        "submit it anew; none of these can change once an attendance was confirmed. Whoever has a seat, or waits for "
        "one, is told of another time, place or format; seats that are added go to the first in line.",
    )
    async def update_event(
        self, info: Info, input: Annotated[UpdateEventInput, strawberry.argument(description="What to change.")]
    ) -> EventPayload | None:
        event = EventId(key_of(input.id, Kind.EVENT))
        updated, errors = await outcome(info, resolve.update_event(info.context, event, input.meant()))
        return EventPayload(event=Event.of(updated) if updated else None, errors=errors)
