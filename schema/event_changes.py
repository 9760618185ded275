"""What organisers do with events."""

from datetime import datetime
from typing import Annotated

import strawberry

from domain.events import EventDetails, EventFormat, Venue
from domain.ids import EventId, OrganizationId
from domain.ids import TerritoryCode as Code
from domain.words import tidy
from resolvers import events as resolve
from schema.access import CITIZENS
from schema.errors import UserError, outcome
from schema.events import Event
from schema.ids import Kind, key_of
from schema.info import Info
from schema.scalars import URL, TerritoryCode
from schema.words import ThemeCode


@strawberry.input(description="A place to go to.")
class VenueInput:
    name: str | None = strawberry.field(default=None, description="What the place is called.")
    address: str | None = strawberry.field(default=None, description="Street and number.")
    postal_code: str | None = strawberry.field(
        default=None, description="The postal code. In France it tells the territory, where none is given."
    )
    city: str = strawberry.field(description="The town.")
    latitude: float | None = strawberry.field(default=None, description="Degrees north, with a longitude.")
    longitude: float | None = strawberry.field(default=None, description="Degrees east, with a latitude.")

    def meant(self) -> Venue:
        return Venue(
            city=self.city.strip(),
            name=tidy(self.name),
            address=tidy(self.address),
            postal_code=tidy(self.postal_code),
            latitude=self.latitude,
            longitude=self.longitude,
        )


@strawberry.input(description="A new event.")
class ProposeEventInput:
    title: str = strawberry.field(description="What it is called: 3 to 200 characters.")
    description: str = strawberry.field(description="What it is about, in 20,000 characters at most.")
    how_to_take_part: str | None = strawberry.field(default=None, description="What one needs to do, bring or know.")
    format: EventFormat = strawberry.field(description="Where people meet. In person and hybrid need a venue.")
    starts_at: datetime = strawberry.field(description="When it begins.")
    ends_at: datetime = strawberry.field(description="When it ends: a minute later at least.")
    time_zone: str = strawberry.field(default="Europe/Paris", description="The IANA time zone to show its times in.")
    effort_minutes: int | None = strawberry.field(
        default=None, description="What taking part takes, where that is not the whole time from start to end."
    )
    venue: VenueInput | None = strawberry.field(default=None, description="Where it is.")
    territory: TerritoryCode | None = strawberry.field(default=None, description="Where it counts as taking place.")
    website_url: URL | None = strawberry.field(default=None, description="Its page elsewhere.")
    image_url: URL | None = strawberry.field(default=None, description="A picture of it.")
    themes: list[ThemeCode] = strawberry.field(description="What it is about: one theme to three.")
    engagement: int = strawberry.field(description="How much it asks for: 1 to 5 stars.")
    capacity: int | None = strawberry.field(default=None, description="How many seats there are; null for no limit.")
    sought_talents: list[str] | None = strawberry.field(default=None, description="Up to ten talents to look for.")
    organization: strawberry.ID | None = strawberry.field(
        default=None, description="The organisation of yours that proposes it; you in your own name unless told."
    )
    submit: bool = strawberry.field(
        default=False, description="Submit it at once. A verified organisation's is published; others wait."
    )

    def meant(self) -> EventDetails:
        return EventDetails(
            title=self.title.strip(),
            description=self.description.strip(),
            how_to_take_part=tidy(self.how_to_take_part),
            format=self.format,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            time_zone=self.time_zone,
            effort_minutes=self.effort_minutes,
            venue=self.venue.meant() if self.venue else None,
            territory=Code(self.territory) if self.territory else None,
            website_url=self.website_url,
            image_url=self.image_url,
            themes=tuple(self.themes),
            engagement=self.engagement,
            capacity=self.capacity,
            sought_talents=tuple(talent.strip() for talent in self.sought_talents or ()),
        )


@strawberry.input(description="An event to do something with.")
class EventActionInput:
    id: strawberry.ID = strawberry.field(description="The event.")


@strawberry.type(description="An event that was changed, or why it was not.")
class EventPayload:
    event: Event | None = strawberry.field(description="The event; null where refused.")
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty where it was not.")


OneEvent = Annotated[EventActionInput, strawberry.argument(description="The event.")]


@strawberry.type
class EventMutation:
    @strawberry.mutation(directives=CITIZENS, description="Write an event down as a draft, or submit it at once.")
    async def propose_event(
        self, info: Info, input: Annotated[ProposeEventInput, strawberry.argument(description="The event.")]
    ) -> EventPayload | None:
        given = input.organization
        organization = None if given is None else OrganizationId(key_of(given, Kind.ORGANIZATION))
        proposal = resolve.propose_event(info.context, input.meant(), organization_id=organization, submit=input.submit)
        proposed, errors = await outcome(info, proposal)
        return EventPayload(event=Event.of(proposed) if proposed else None, errors=errors)

    @strawberry.mutation(
        directives=CITIZENS, description="Submit a draft. A verified organisation's is published; others wait."
    )
    async def submit_event(self, info: Info, input: OneEvent) -> EventPayload | None:
        event = EventId(key_of(input.id, Kind.EVENT))
        submitted, errors = await outcome(info, resolve.submit_event(info.context, event))
        return EventPayload(event=Event.of(submitted) if submitted else None, errors=errors)

    @strawberry.mutation(
        directives=CITIZENS,
        description="Close an event after its end: who was registered and did not come is a NO_SHOW. "
        "Called again, it changes nothing.",
    )
    async def complete_event(self, info: Info, input: OneEvent) -> EventPayload | None:
        event = EventId(key_of(input.id, Kind.EVENT))
        completed, errors = await outcome(info, resolve.complete_event(info.context, event))
        return EventPayload(event=Event.of(completed) if completed else None, errors=errors)
