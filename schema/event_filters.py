"""What lists of events can be narrowed down to, and ordered by."""

from datetime import datetime
from typing import Annotated, Optional, TypeVar

import strawberry

from domain.events import EventFormat, EventStatus
from domain.filters import EVERY_EVENT, EventFilter, EventOrder, NothingToOrderBy, OrganizerKind
from domain.geography import LARGEST_RADIUS_KM, BadPosition, Bounds, Near
from domain.ids import TerritoryCode as Code
from schema import searches
from schema.enums import described
from schema.errors import BadUserInput
from schema.ids import Kind, read
from schema.scalars import TerritoryCode
from schema.words import ThemeCode

T = TypeVar("T")

described(
    EventFormat,
    description="Where people meet.",
    IN_PERSON="In one place.",
    ONLINE="Online alone.",
    HYBRID="In one place and online.",
)
described(
    EventStatus,
    description="Where an event is in its life.",
    DRAFT="Written down; nobody but its organisers sees it.",
    SUBMITTED="Waits for a moderator.",
    PUBLISHED="Open to all; registrations are taken until its end.",
    REJECTED="A moderator said no, with a reason. Mended, it may be submitted again.",
    CANCELLED="It won't take place; the reason is told.",
    COMPLETED="It took place.",
)
described(
    EventOrder,
    description="How events are ordered.",
    STARTS_AT_ASC="The next first.",
    STARTS_AT_DESC="The latest first.",
    UPDATED_AT_ASC="The one that has not changed for longest first: with `updatedSince`, to fetch what changed.",
    POINTS_DESC="The one that is worth most first.",
    DISTANCE_ASC="The nearest first; needs `near`.",
    RELEVANCE="What fits the words of `search` best first: a title counts more than a place, a place more than a "
    "description. Of more than 2,000 events that fit, those that start last. Needs `search`.",
)
described(
    OrganizerKind,
    description="What an organiser is.",
    CITIZEN="A citizen, in their own name.",
    ASSOCIATION="An association.",
    PUBLIC_INSTITUTION="A town, a department, a school …",
    COMPANY="A company with a civic side.",
    POLITICAL_GROUP="A political group: it may propose, and is labelled as such.",
)


@strawberry.input(description="From one number to another, both included; each may be left out.")
class IntRange:
    min: int | None = strawberry.field(default=None, description="This or more.")
    max: int | None = strawberry.field(default=None, description="This or less.")


@strawberry.input(description="A circle around a point.")
class NearInput:
    latitude: float = strawberry.field(description="Degrees north: -90 to 90.")
    longitude: float = strawberry.field(description="Degrees east: -180 to 180.")
    radius_km: float = strawberry.field(default=20.0, description="How far around it, in kilometres: 500 at most.")


@strawberry.input(description="A rectangle on the map, as map views have it.")
class BoundsInput:
    north: float = strawberry.field(description="Its northern edge, in degrees: -90 to 90.")
    south: float = strawberry.field(description="Its southern edge, in degrees.")
    east: float = strawberry.field(description="Its eastern edge, in degrees: -180 to 180.")
    west: float = strawberry.field(
        description="Its western edge, in degrees; greater than `east` where it lies across the 180th meridian."
    )


@strawberry.input(name="EventFilter", description="Narrows a list of events down; each field does so further.")
class EventFilterInput:
    search: str | None = strawberry.field(
        default=None,
        description="Words, in any form; accents and case do not matter. “Quotes”, OR and -without are understood. "
        "Where no event has them, those with a letter wrong are found.",
    )
    themes: list[ThemeCode] | None = strawberry.field(default=None, description="On any of these themes.")
    territory: TerritoryCode | None = strawberry.field(default=None, description="There, what it contains included.")
    formats: list[EventFormat] | None = strawberry.field(default=None, description="In any of these formats.")
    statuses: list[EventStatus] | None = strawberry.field(
        default=None,
        description="In any of these states: PUBLISHED and COMPLETED unless told. CANCELLED ones show once they were "
        "published, and come along with `updatedSince`; the others to their organisers and moderators.",
    )
    starts_after: datetime | None = strawberry.field(default=None, description="Starting then or later.")
    starts_before: datetime | None = strawberry.field(default=None, description="Starting before then.")
    updated_since: datetime | None = strawberry.field(
        default=None, description="Changed then or later; with UPDATED_AT_ASC, what a partner has to fetch again."
    )
    engagement: IntRange | None = strawberry.field(default=None, description="With so many stars.")
    organizer: strawberry.ID | None = strawberry.field(default=None, description="By this citizen or organisation.")
    organizer_kind: OrganizerKind | None = strawberry.field(default=None, description="By this kind of organiser.")
    external_ids: list[str] | None = strawberry.field(
        default=None, description="With one of these ids of the partner that they were imported from."
    )
    near: NearInput | None = strawberry.field(
        default=None, description="Around a point; `distanceKm` of each edge tells how far."
    )
    within: BoundsInput | None = strawberry.field(default=None, description="In a rectangle on the map.")
    with_seats: bool | None = strawberry.field(
        default=None, description="true: who registers now gets a seat; false: they would wait in line."
    )
    sought_talents: list[str] | None = strawberry.field(
        default=None, description="Seeking any of these talents; accents and case do not matter."
    )

    @staticmethod
    def meant(given: Optional["EventFilterInput"], order: EventOrder = EventOrder.STARTS_AT_ASC) -> EventFilter:
        """What a client's filter means; no filter is an empty one.

        Raises:
            BadUserInput: a place that is nowhere on Earth, or an order that lacks what it goes by.
        """
        try:
            where = EventFilterInput._read(given) if given else EVERY_EVENT
            where.check_order(order)
        except BadPosition:
            raise BadUserInput("bad-position", kilometres=int(LARGEST_RADIUS_KM)) from None
        except NothingToOrderBy as lacking:
            raise BadUserInput("nothing-to-order-by", order=order.value, field=str(lacking)) from None
        return where

    @staticmethod
    def _read(given: "EventFilterInput") -> EventFilter:
        stars = given.engagement or IntRange()
        by = given.organizer
        organizer = None if by is None else read(by, Kind.CITIZEN, Kind.ORGANIZATION).uuid
        return EventFilter(
            search=searches.words(given.search),
            themes=_tuple(given.themes),
            territory=Code(given.territory) if given.territory else None,
            formats=_tuple(given.formats),
            statuses=_tuple(given.statuses),
            starts_after=given.starts_after,
            starts_before=given.starts_before,
            updated_since=given.updated_since,
            minimum_engagement=stars.min,
            maximum_engagement=stars.max,
            organizer=organizer,
            organizer_kind=given.organizer_kind,
            external_ids=_tuple(given.external_ids),
            sought_talents=_tuple(given.sought_talents),
            near=Near(given.near.latitude, given.near.longitude, given.near.radius_km) if given.near else None,
            within=_bounds(given.within) if given.within else None,
            with_seats=given.with_seats,
        )


WhichEvents = Annotated[EventFilterInput | None, strawberry.argument(description="Which events.")]


def _bounds(given: BoundsInput) -> Bounds:
    return Bounds(north=given.north, south=given.south, east=given.east, west=given.west)


def _tuple(values: list[T] | None) -> tuple[T, ...] | None:
    return None if values is None else tuple(values)
