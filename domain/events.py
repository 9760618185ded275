"""Events: what is said of one, and what may be said (product.md, section 4)."""

from abc import ABC
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from uuid import UUID
from zoneinfo import available_timezones

from domain import fields
from domain.ids import CitizenId, EventId, OrganizationId, TerritoryCode
from domain.points import ScoredEvent, Span, event_points
from domain.policy import Policies
from domain.refusals import Refusal, RefusalCode
from domain.territories import department_of
from domain.words import ThemeCode


class EventFormat(StrEnum):
    """Where people meet."""

    IN_PERSON = "IN_PERSON"
    ONLINE = "ONLINE"
    HYBRID = "HYBRID"


class EventStatus(StrEnum):
    """Where an event is in its life."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    PUBLISHED = "PUBLISHED"
    REJECTED = "REJECTED"
    CANCELLED = "CANCELLED"
    COMPLETED = "COMPLETED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Venue:
    """A place to go to. Latitude and longitude are degrees, given together or not at all."""

    city: str
    name: str | None = None
    address: str | None = None
    postal_code: str | None = None
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDetails:
    """What its organisers write of an event."""

    title: str
    description: str
    format: EventFormat
    starts_at: datetime
    ends_at: datetime
    themes: tuple[ThemeCode, ...]
    engagement: int
    time_zone: str = "Europe/Paris"
    how_to_take_part: str | None = None
    effort_minutes: int | None = None
    venue: Venue | None = None
    territory: TerritoryCode | None = None
    website_url: str | None = None
    image_url: str | None = None
    capacity: int | None = None
    sought_talents: tuple[str, ...] = ()

    @property
    def span(self) -> Span:
        """In UTC: between two times of one zone Python counts what the clocks show, not what goes by."""
        return Span(self.starts_at.astimezone(UTC), self.ends_at.astimezone(UTC))

    def worth(self, policies: Policies) -> int:
        """What taking part brings before any factor, by the policy in force when it begins."""
        policy = policies.in_force_at(self.starts_at)
        return event_points(self.span, effort_minutes=self.effort_minutes, engagement=self.engagement, policy=policy)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of an event: a summary, what was decided, and since when that is told."""

    summary: str
    decisions: tuple[str, ...]
    document_url: str | None
    published_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(ABC):
    """An event as it is kept.

    `kept_worth` is what taking part is worth, as it was kept when the event was written or a policy came into force.
    `feedback` is how many answers there are, the sum of their ratings and, where that is shown, how many gave each
    rating from 1 on; None where it wasn't read together.
    `by_verified` says whether it was a verified organisation's when it was published: the repeat factor of its
    awards rests on that, whatever becomes of the organisation. `revision` rises whenever something that is shown of it
    changes.
    """

    id: EventId
    slug: str
    details: EventDetails
    status: EventStatus
    proposer_id: CitizenId | None
    organization_id: OrganizationId | None
    by_verified: bool
    updated_at: datetime
    published_at: datetime | None = None
    rejection_reason: str | None = None
    cancellation_reason: str | None = None
    external_id: str | None = None
    annulled_at: datetime | None = None
    outcome: Outcome | None = None
    kept_worth: int | None = None
    feedback: Sequence[int] | None = None
    revision: int = 0

    @property
    def counted_organizer(self) -> CitizenId | None:
        """The citizen that the repeat factor counts for; None for a verified organisation's event."""
        return None if self.by_verified else self.proposer_id

    @property
    def counted_for_skills(self) -> UUID | None:
        """The organiser that a contribution counts for: the verified organisation, else who proposed it."""
        return self.organization_id if self.by_verified else self.proposer_id

    def scored(self) -> ScoredEvent:
        """The facts that points are made of."""
        return ScoredEvent(
            id=self.id,
            span=self.details.span,
            effort_minutes=self.details.effort_minutes,
            engagement=self.details.engagement,
            themes=self.details.themes,
            counted_organizer=self.counted_organizer,
        )


@dataclass(frozen=True, slots=True)
class EventCounts:
    """How many take part, hidden profiles included: these are the true counts."""

    registered: int = 0
    attended: int = 0
    waitlisted: int = 0

    def remaining(self, capacity: int | None) -> int | None:
        """Seats that are left; None where there is no limit."""
        return None if capacity is None else max(0, capacity - self.registered - self.attended)


class UnknownEvent(Refusal):
    """No such event, or not one that the asker may see."""

    code = RefusalCode.NOT_FOUND


class TooYoungToPropose(Refusal):
    """Under-eighteens propose only through an organisation (product.md, section 5)."""

    code = RefusalCode.TOO_YOUNG


class EndsTooSoon(Refusal):
    """An event lasts a minute at least."""

    code = RefusalCode.INVALID


class StartsInThePast(Refusal):
    """Dates lie ahead when an event is submitted."""

    code = RefusalCode.OUT_OF_RANGE


class UnknownTimeZone(Refusal):
    """Not a time zone of the IANA database."""

    code = RefusalCode.INVALID


class VenueMissing(Refusal):
    """People who come in person need to know where."""

    code = RefusalCode.REQUIRED


class HalfAPosition(Refusal):
    """A latitude without a longitude, or the other way round."""

    code = RefusalCode.INVALID


def check_details(details: EventDetails) -> Iterator[Refusal]:
    """What is wrong with what was written of an event, each at its field."""
    yield from fields.text(details.title, "title", minimum=3, maximum=200)
    yield from fields.text(details.description, "description", minimum=1, maximum=20_000)
    yield from fields.text(details.how_to_take_part, "howToTakePart", maximum=5_000)
    yield from fields.items(details.themes, "themes", minimum=1, maximum=3)
    yield from fields.number(details.engagement, "engagement", minimum=1, maximum=5)
    yield from fields.number(details.effort_minutes, "effortMinutes", minimum=1, maximum=100_000)
    yield from fields.number(details.capacity, "capacity", minimum=1, maximum=1_000_000)
    yield from fields.items(details.sought_talents, "soughtTalents", maximum=10)
    for number, talent in enumerate(details.sought_talents):
        yield from fields.text(talent, "soughtTalents", str(number), minimum=1, maximum=60)
    if details.span.ends_at - details.span.starts_at < timedelta(minutes=1):
        yield EndsTooSoon("endsAt")
    if not is_time_zone(details.time_zone):
        yield UnknownTimeZone("timeZone")
    if details.format is not EventFormat.ONLINE and details.venue is None:
        yield VenueMissing("venue")
    if details.venue:
        yield from _check_venue(details.venue)


def _check_venue(venue: Venue) -> Iterator[Refusal]:
    yield from fields.text(venue.city, "venue", "city", minimum=1, maximum=120)
    yield from fields.text(venue.name, "venue", "name", maximum=200)
    yield from fields.text(venue.address, "venue", "address", maximum=300)
    yield from fields.text(venue.postal_code, "venue", "postalCode", maximum=20)
    yield from fields.number(venue.latitude, "venue", "latitude", minimum=-90, maximum=90)
    yield from fields.number(venue.longitude, "venue", "longitude", minimum=-180, maximum=180)
    if (venue.latitude is None) != (venue.longitude is None):
        yield HalfAPosition("venue", "longitude" if venue.longitude is None else "latitude")


def located(details: EventDetails) -> EventDetails:
    """The same details with the territory that the venue's postal code tells, where none was given."""
    if details.territory is not None or details.venue is None or details.venue.postal_code is None:
        return details
    return replace(details, territory=department_of(details.venue.postal_code))


def check_dates_ahead(details: EventDetails, *, now: datetime) -> Iterator[Refusal]:
    """Refuse to submit what has already begun."""
    if details.starts_at <= now:
        yield StartsInThePast("startsAt")


def is_time_zone(name: str) -> bool:
    """Whether it is the name of a time zone: Europe/Paris."""
    return name in _time_zones()


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones()) - {"localtime"}  # that of some machine
