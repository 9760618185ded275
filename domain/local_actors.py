"""Local actors look for people who are becoming active: product.md, section 6."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NewType
from uuid import UUID

from domain import fields
from domain.api_tokens import Partner, TokenScope
from domain.citizens import Citizen
from domain.events import Event, EventStatus
from domain.ids import EventId, OrganizationId, TerritoryCode
from domain.organizations import Organization, OrganizationKind
from domain.permissions import Caller, somebody
from domain.refusals import Forbidden, Refusal, RefusalCode
from domain.words import ThemeCode

WatchId = NewType("WatchId", UUID)

WINDOW = timedelta(days=90)
"""How far back one looks unless told."""
LONGEST_WINDOW = timedelta(days=366)
FOUND_KEPT = timedelta(days=365)
"""How long a citizen sees who found them, and is open to an invitation for having been found."""
MOST_WATCHES = 20
LEAST_MARK, LARGEST_MARK = 10, 100_000


class BadWindow(ValueError):  # noqa: N818
    """A day to look back to that lies ahead, or more than a year ago."""


class NotAWatcher(Refusal):
    """Only verified organisations look for people, and never political groups."""

    code = RefusalCode.NOT_ALLOWED


class NotFoundByYou(Refusal):
    """Nobody whom the organisation has found within a year, or who doesn't want to be found any more."""

    code = RefusalCode.NOT_FOUND


class InvitedAlready(Refusal):
    """Once per citizen and event, whoever invites."""

    code = RefusalCode.ALREADY_DONE


class NotYoursToInviteTo(Refusal):
    """An organisation invites to events of its own."""

    code = RefusalCode.NOT_ALLOWED


class NothingToGoTo(Refusal):
    """The event isn't open, or it is over."""

    code = RefusalCode.EVENT_CLOSED


class NoSuchInvitation(Refusal):
    """There is no such invitation."""

    code = RefusalCode.NOT_FOUND


class UnknownWatch(Refusal):
    """There is none, or none of an organisation of theirs."""

    code = RefusalCode.NOT_FOUND


class TooManyWatches(Refusal):
    """So many for an organisation, and no more."""

    code = RefusalCode.OUT_OF_RANGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What is looked for: who became active where, on which theme or on any, since when."""

    territory: TerritoryCode
    theme: ThemeCode | None
    since: datetime
    now: datetime

    @property
    def before(self) -> datetime:
        """When the window before began, which growth is measured against."""
        return self.since - (self.now - self.since)


@dataclass(frozen=True, slots=True, kw_only=True)
class Emerging:
    """Somebody who is becoming active: what they did in the window, and the points of the window before."""

    citizen: Citizen
    points: int
    participations: int
    points_before: int

    @property
    def growth(self) -> float | None:
        """How many more points than in the window before: 0.5 is half as many again; None from nothing."""
        return round(self.points / self.points_before - 1, 2) if self.points_before > 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An organisation found a citizen, on a day in Paris."""

    organization_id: OrganizationId
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class EventInvitation:
    """An organisation invites a citizen to an event."""

    event_id: EventId
    organization_id: OrganizationId
    invited_at: datetime
    refused_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What an organisation would like to be told of: somebody new who earns so many points in 90 days there."""

    id: WatchId
    organization_id: OrganizationId
    territory: TerritoryCode
    theme: ThemeCode | None
    points: int
    created_at: datetime


def may_look(organization: Organization) -> bool:
    """Whether an organisation may look for people at all."""
    return organization.verified and organization.kind is not OrganizationKind.POLITICAL_GROUP


def lookers(caller: Caller, organizations: Iterable[Organization]) -> list[OrganizationId]:
    """The organisations in whose name a caller may look: those they belong to, or the token's.

    Raises:
        Unauthenticated: nobody asks.
        Forbidden: none of theirs may, or the token hasn't the scope.
    """
    asking = somebody(caller)
    if isinstance(asking, Partner) and TokenScope.WATCH_READ not in asking.scopes:
        raise Forbidden
    theirs = {asking.organization_id} if isinstance(asking, Partner) else set(asking.organizations)
    found = [each.id for each in organizations if each.id in theirs and may_look(each)]
    if not found:
        raise Forbidden
    return found


def window_since(day: datetime | None, *, now: datetime) -> datetime:
    """From when on one looks: a moment that was given, or 90 days ago.

    Raises:
        BadWindow: it lies ahead, or more than a year ago.
    """
    since = now - WINDOW if day is None else day
    if not now - LONGEST_WINDOW <= since <= now:
        raise BadWindow
    return since


def check_invitation(
    organization: Organization, event: Event, *, found: bool, invited: bool, now: datetime
) -> Iterator[Refusal]:
    """What speaks against inviting somebody to an event.

    Args:
        organization: Who invites.
        event: To what.
        found: Whether the organisation found the citizen within a year, who still wants to be found.
        invited: Whether anybody invited them to it before.
        now: The time of the call.
    """
    if not may_look(organization):
        yield NotAWatcher("organization")
    if event.organization_id != organization.id:
        yield NotYoursToInviteTo("event")
    elif event.status is not EventStatus.PUBLISHED or event.details.ends_at <= now:
        yield NothingToGoTo("event")
    if not found:
        yield NotFoundByYou("citizen")
    elif invited:
        yield InvitedAlready("citizen")


def check_watch(organization: Organization, *, points: int, existing: int) -> Iterator[Refusal]:
    """What speaks against one more watch of an organisation that has some."""
    if not may_look(organization):
        yield NotAWatcher("organization")
    yield from fields.number(points, "points", minimum=LEAST_MARK, maximum=LARGEST_MARK)
    if existing >= MOST_WATCHES:
        yield TooManyWatches("organization", maximum=MOST_WATCHES)
