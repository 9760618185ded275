"""Events: found, shown, and who took part."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Annotated, Self, cast

import strawberry

from domain import events as domain
from domain.event_life import EventAction
from domain.events import EventFormat, EventStatus
from domain.filters import EventOrder
from domain.ids import EventId
from domain.paging import Page
from domain.permissions import reads_rejection
from engine import Each, Shown, reads, relation, shown, takes
from resolvers import desk as resolve_desk
from resolvers import event_viewing as resolve_viewing
from resolvers import events as resolve
from resolvers import feedback as resolve_feedback
from resolvers import participations as resolve_participations
from resolvers.context import Context
from schema import searches
from schema.access import ORGANIZERS, PUBLIC, WITHHELD
from schema.event_filters import EventFilterInput, WhichEvents
from schema.event_pages import EventConnection, event_connection
from schema.event_viewing import Outcome, Reward
from schema.feedback import Feedback, FeedbackSummary
from schema.ids import GlobalId, Kind, sealed
from schema.info import Info
from schema.limits.declared import PAGED, at_most, costs
from schema.nodes import Node, found_by
from schema.organizers import Organizer
from schema.paging import After, Before, Connection, First, Last, connection, connections, window
from schema.participations import Participation, ParticipationFilterInput, WhichParticipations
from schema.scalars import URL
from schema.territories import Territory, places
from schema.themes import Theme

PARTICIPANTS, REGISTRATIONS = "participants", "registrations"
FEEDBACK = "feedback"


_WRITTEN = (
    "title",
    "description",
    "how_to_take_part",
    "format",
    "starts_at",
    "ends_at",
    "time_zone",
    "effort_minutes",
    "venue",
    "website_url",
    "image_url",
    "themes",
    "engagement",
    "capacity",
    "sought_talents",
)
"""What its organisers write of an event."""


@reads(domain.Venue)
@strawberry.federation.type(shareable=True, description="A place to go to.")
class Venue:
    name: str | None = strawberry.field(description="What the place is called: « Cantine Numérique ».")
    address: str | None = strawberry.field(description="Street and number.")
    postal_code: str | None = strawberry.field(description="The postal code.")
    city: str = strawberry.field(description="The town.")
    latitude: float | None = strawberry.field(description="Degrees north; null where the position is not known.")
    longitude: float | None = strawberry.field(description="Degrees east; null where the position is not known.")

    @classmethod
    def of(cls, record: domain.Venue) -> Self:
        """What is read like that is one, when the program runs."""
        return cast("Self", record)


@reads(
    domain.Event,
    id=sealed(Kind.EVENT),
    **{name: f"details.{name}" for name in _WRITTEN},
)
@strawberry.federation.type(keys=["id", "slug"], description="Something to take part in, and what it is worth.")
class Event(Node):
    slug: str = strawberry.field(description="Its name in addresses; kept when it is retitled, never given to another.")
    title: str = strawberry.field(description="What it is called.")
    description: str = strawberry.field(description="What it is about.")
    how_to_take_part: str | None = strawberry.field(description="What one needs to do, bring or know.")
    status: EventStatus = strawberry.field(description="Where it is in its life.")
    cancellation_reason: str | None = strawberry.field(description="Why it was cancelled; null where it was not.")
    format: EventFormat = strawberry.field(description="Where people meet.")
    starts_at: datetime = strawberry.field(description="When it begins.")
    ends_at: datetime = strawberry.field(description="When it ends.")
    time_zone: str = strawberry.field(description="The IANA time zone to show its times in: Europe/Paris.")
    effort_minutes: int | None = strawberry.field(
        description="What taking part takes, where that is not the whole time from start to end."
    )
    venue: Venue | None = strawberry.field(description="Where it is; null online.")
    website_url: URL | None = strawberry.field(description="Its page elsewhere.")
    image_url: URL | None = strawberry.field(description="A picture of it.")
    themes: list[Theme] = strawberry.field(description="What it is about: one theme to three.", directives=at_most(3))
    engagement: int = strawberry.field(description="How much it asks for: 1 to 5 stars.")
    capacity: int | None = strawberry.field(description="How many seats there are; null for no limit.")
    sought_talents: list[str] = strawberry.field(description="The talents that its organisers look for.")
    external_id: str | None = strawberry.field(description="Its id at the partner that it was imported from.")
    updated_at: datetime = strawberry.field(description="When it was last changed.")

    @strawberry.field(
        directives=ORGANIZERS,
        description="Why a moderator rejected it; for its organisers and moderators, null to others.",
    )
    @staticmethod
    def rejection_reason(event: strawberry.Parent[domain.Event], info: Info) -> str | None:
        return event.rejection_reason if reads_rejection(info.context.caller, event) else None

    @relation(description="Where it counts as taking place.")
    @staticmethod
    @takes("details.territory")
    async def territory(events: Sequence[domain.Event], context: Context) -> Each[Territory | None]:
        return await places(context, [event.details.territory for event in events])

    @relation(at_hand="kept_worth", description="What taking part is worth, before any skill.")
    @staticmethod
    @takes("kept_worth")
    def points(events: Sequence[domain.Event], context: Context) -> Each[int]:
        return resolve.points(context, events)

    @relation(
        at_hand=resolve.organizer_at_hand, description="Who organises it; null where that person is hidden or gone."
    )
    @staticmethod
    @takes("organization_id", "proposer_id")
    def organizer(events: Sequence[domain.Event], context: Context) -> Each[Organizer | None]:
        return cast("Each[Organizer | None]", resolve.organizers(context, events))

    @strawberry.field(
        directives=WITHHELD, description="Your participation in it; null where there is none, or nobody is signed in."
    )
    @staticmethod
    @takes("id")
    async def viewer_participation(event: strawberry.Parent[domain.Event], info: Info) -> Participation | None:
        found = await resolve_participations.viewer_participation(info.context, event.id)
        return Participation.of(found) if found else None

    @relation(description="Seats that are left; null for no limit.")
    @staticmethod
    @takes("id", "details.capacity")
    async def remaining_seats(events: Sequence[domain.Event], context: Context) -> Each[int | None]:
        counts = await resolve.counts_of_each(context, events)
        return [each.remaining(event.details.capacity) for event, each in zip(events, counts, strict=True)]

    @relation(description="How many have a seat. Everybody counts, whatever their profile shows.")
    @staticmethod
    @takes("id")
    async def registered_count(events: Sequence[domain.Event], context: Context) -> Each[int]:
        return [each.registered for each in await resolve.counts_of_each(context, events)]

    @relation(description="How many attended. Everybody counts, whatever their profile shows.")
    @staticmethod
    @takes("id")
    async def attended_count(events: Sequence[domain.Event], context: Context) -> Each[int]:
        return [each.attended for each in await resolve.counts_of_each(context, events)]

    @relation(description="How many wait in line.")
    @staticmethod
    @takes("id")
    async def waitlist_count(events: Sequence[domain.Event], context: Context) -> Each[int]:
        return [each.waitlisted for each in await resolve.counts_of_each(context, events)]

    @relation(description="Who attended, lists it, and may be seen; the last confirmed first.", directives=PAGED)
    @staticmethod
    @takes("id")
    async def participations(
        events: Sequence[domain.Event],
        context: Context,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        shown: Shown = None,
    ) -> Each[Connection[Participation]]:
        asked = window(first=first, after=after, last=last, before=before, order=PARTICIPANTS, shown=shown)
        ids = [event.id for event in events]
        pages = await resolve_participations.participants(context, ids, asked)
        total = resolve_participations.participant_total
        return connections(ids, pages, Participation, order=PARTICIPANTS, total=partial(total, context))

    @strawberry.field(
        directives=ORGANIZERS + PAGED,
        description="Everyone who registered, in any state, by handle: hidden profiles too, whose `citizen` is null. "
        "For organisers and moderators; null to others.",
    )
    @staticmethod
    async def registrations(
        event: strawberry.Parent[domain.Event],
        info: Info,
        filter: WhichParticipations = None,
        search: Annotated[str | None, strawberry.argument(description="A part of their handle.")] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Participation] | None:
        asked = window(first=first, after=after, last=last, before=before, order=REGISTRATIONS)
        if not resolve_desk.sits_at(info.context, event):
            return None
        where, words = ParticipationFilterInput.meant(filter), searches.words(search) or ""
        page = await resolve_desk.registrations(info.context, event.id, where, search=words, window=asked)
        return connection(
            page,
            Participation,
            order=REGISTRATIONS,
            total=lambda: resolve_desk.registration_total(info.context, event.id, where, search=words),
        )

    @strawberry.field(
        directives=WITHHELD,
        description="The code to show on the spot, for its organisers while check-in is open; null to others. "
        "Renewed every 10 minutes; the one before is still good.",
    )
    @staticmethod
    async def check_in_code(event: strawberry.Parent[domain.Event], info: Info) -> str | None:
        return await resolve.check_in_code(info.context, event)

    @relation(description="What came of it; null as long as its organisers tell nothing.")
    @staticmethod
    @takes("annulled_at", "outcome")
    def outcome(events: Sequence[domain.Event], _: Context) -> Each[Outcome | None]:
        told = [None if event.annulled_at else event.outcome for event in events]
        return [Outcome.of(each) if each else None for each in told]

    @strawberry.field(
        directives=WITHHELD, description="What you could do with it now; nothing where nobody is signed in."
    )
    @staticmethod
    async def viewer_actions(event: strawberry.Parent[domain.Event], info: Info) -> list[EventAction]:
        return list(await resolve_viewing.actions(info.context, event))

    @strawberry.field(
        directives=WITHHELD + costs(2),
        description="What attending it is worth to you now, and why; null when nobody is signed in.",
    )
    @staticmethod
    async def viewer_reward(event: strawberry.Parent[domain.Event], info: Info) -> Reward | None:
        found = await resolve_viewing.reward(info.context, event)
        return Reward.of(found) if found else None

    @relation(at_hand=resolve_feedback.summary_at_hand, description="What all feedback comes to.")
    @staticmethod
    @takes("id", through="feedback")
    def feedback_summary(events: Sequence[domain.Event], context: Context) -> Each[FeedbackSummary]:
        return cast("Each[FeedbackSummary]", resolve_feedback.summaries(context, events))

    @strawberry.field(
        directives=ORGANIZERS + PAGED,
        description="What those who attended said, in no order; for its organisers and moderators, null to others. "
        "Anonymous answers show once there are three.",
    )
    @staticmethod
    async def feedback(
        event: strawberry.Parent[domain.Event],
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Feedback] | None:
        asked = window(first=first, after=after, last=last, before=before, order=FEEDBACK)
        page = await resolve_feedback.feedback_page(info.context, event, asked)
        if page is None:
            return None
        return connection(
            page,
            Feedback.of,
            order=FEEDBACK,
            total=lambda: resolve_feedback.feedback_total(info.context, event.id),
        )

    @classmethod
    def of(cls, record: domain.Event) -> Self:
        """What is read like that is one, when the program runs."""
        return cast("Self", record)


@found_by(Kind.EVENT)
async def event_by_id(info: Info, id: GlobalId) -> Event | None:
    found = await resolve.event(info.context, EventId(id.uuid))
    return Event.of(found) if found else None


WhichOrder = Annotated[EventOrder, strawberry.argument(description="How they are ordered: the next first unless told.")]


@strawberry.type
class EventQuery:
    @strawberry.field(
        directives=PUBLIC, description="An event by its slug; null where there is none, or none that you may see."
    )
    async def event(
        self, info: Info, slug: Annotated[str, strawberry.argument(description="Its name in addresses.")]
    ) -> Event | None:
        found = await resolve.event_by_slug(info.context, slug, shown(info))
        return Event.of(found) if found else None

    @strawberry.field(directives=PUBLIC + PAGED, description="Events, narrowed down and ordered.")
    async def events(
        self,
        info: Info,
        filter: WhichEvents = None,
        order_by: WhichOrder = EventOrder.STARTS_AT_ASC,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> EventConnection:
        page_shows = shown(info)
        asked = window(first=first, after=after, last=last, before=before, order=order_by.value, shown=page_shows)
        where = EventFilterInput.meant(filter, order_by)
        page: Page[domain.Event] = await resolve.events(info.context, where, order=order_by, window=asked)
        return event_connection(
            page, where, order=order_by.value, total=lambda: resolve.event_total(info.context, where)
        )
