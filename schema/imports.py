"""Partners bring their events in: by external id, as often as they like."""

from datetime import datetime
from typing import Annotated

import strawberry

from domain.api_tokens import TokenScope
from domain.events import EventDetails, EventFormat
from domain.ids import OrganizationId
from domain.ids import TerritoryCode as Code
from domain.imports import ImportedEvent
from domain.words import tidy
from resolvers import partner_imports as resolve
from schema.access import partners
from schema.errors import UserError, outcome, user_errors
from schema.event_changes import VenueInput
from schema.events import Event
from schema.ids import Kind, key_of
from schema.info import Info
from schema.limits.declared import at_most, costs
from schema.scalars import URL, TerritoryCode
from schema.words import ThemeCode


@strawberry.input(description="An event of a partner's agenda.")
class ImportedEventInput:
    external_id: str = strawberry.field(description="Its id at the partner: the same one is the same event.")
    title: str = strawberry.field(description="What it is called: 3 to 200 characters.")
    description: str = strawberry.field(description="What it is about, in 20,000 characters at most.")
    how_to_take_part: str | None = strawberry.field(default=None, description="What one needs to do, bring or know.")
    format: EventFormat = strawberry.field(description="Where people meet. In person and hybrid need a venue.")
    starts_at: datetime = strawberry.field(description="When it begins. In the past it comes in as COMPLETED.")
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
    engagement: int = strawberry.field(default=1, description="How much it asks for: 1 to 5 stars.")
    capacity: int | None = strawberry.field(default=None, description="How many seats there are; null for no limit.")
    cancelled: bool = strawberry.field(default=False, description="Whether it won't take place.")

    def meant(self) -> ImportedEvent:
        details = EventDetails(
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
        )
        return ImportedEvent(external_id=self.external_id, details=details, cancelled=self.cancelled)


@strawberry.input(description="Events to bring in.")
class ImportEventsInput:
    organization: strawberry.ID = strawberry.field(description="Whose they are; one must belong to it.")
    events: list[ImportedEventInput] = strawberry.field(description="100 events at most.")
    dry_run: bool = strawberry.field(default=False, description="Tell what would become of them, and write nothing.")


@strawberry.type(description="What became of imported events.")
class ImportEventsPayload:
    created: int = strawberry.field(description="How many are new.")
    updated: int = strawberry.field(description="How many changed.")
    unchanged: int = strawberry.field(description="How many were the same, and stay untouched.")
    events: list[Event | None] = strawberry.field(
        description="One a row; null where it was refused, or in a dry run.", directives=at_most(100)
    )
    errors: list[UserError] = strawberry.field(
        description="Why rows were refused: `field` starts with events and the row, from 0. The others are taken."
    )


@strawberry.type
class ImportMutation:
    @strawberry.mutation(
        directives=partners(TokenScope.EVENTS_WRITE) + costs(1000),
        description="Bring in a partner's events by their external ids. A bad row is reported, and harms no other; "
        "a row that is here and the same stays untouched.",
    )
    async def import_events(
        self, info: Info, input: Annotated[ImportEventsInput, strawberry.argument(description="The events.")]
    ) -> ImportEventsPayload | None:
        organization = OrganizationId(key_of(input.organization, Kind.ORGANIZATION))
        rows = [event.meant() for event in input.events]
        imported, errors = await outcome(
            info, resolve.import_for_caller(info.context, organization, rows, dry_run=input.dry_run)
        )
        if imported is None:
            return ImportEventsPayload(created=0, updated=0, unchanged=0, events=[], errors=errors)
        report, events = imported
        refusals = [refusal.within("events", str(row.row)) for row in report.refused for refusal in row.refusals]
        return ImportEventsPayload(
            created=report.created,
            updated=report.updated,
            unchanged=report.unchanged,
            events=[Event.of(event) if event else None for event in events],
            errors=user_errors(info, refusals),
        )
