"""What lists of events can be narrowed down to, and ordered by."""

from datetime import datetime
from typing import Annotated, Optional, TypeVar

import strawberry

from domain.events import EventFormat, EventStatus
from domain.filters import EventFilter, EventOrder, OrganizerKind
from domain.ids import TerritoryCode as Code
from schema.enums import described
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


@strawberry.input(name="EventFilter", description="Narrows a list of events down; each field does so further.")
class EventFilterInput:
    search: str | None = strawberry.field(default=None, description="Words; accents and case do not matter.")
    themes: list[ThemeCode] | None = strawberry.field(default=None, description="On any of these themes.")
    territory: TerritoryCode | None = strawberry.field(default=None, description="There, what it contains included.")
    formats: list[EventFormat] | None = strawberry.field(default=None, description="In any of these formats.")
    statuses: list[EventStatus] | None = strawberry.field(
        default=None,
        description="In any of these states: PUBLISHED and COMPLETED unless told. CANCELLED ones show once they were "
        "published; the others to their organisers and moderators.",
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
    sought_talents: list[str] | None = strawberry.field(default=None, description="Seeking any of these talents.")

    @staticmethod
    def meant(given: Optional["EventFilterInput"]) -> EventFilter:
        """What a client's filter means; no filter is an empty one."""
        if given is None:
            return EventFilter()
        stars = given.engagement or IntRange()
        organizer = read(given.organizer, Kind.CITIZEN, Kind.ORGANIZATION).uuid if given.organizer else None
        return EventFilter(
            search=given.search,
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
        )


WhichEvents = Annotated[EventFilterInput | None, strawberry.argument(description="Which events.")]


def _tuple(values: list[T] | None) -> tuple[T, ...] | None:
    return None if values is None else tuple(values)
