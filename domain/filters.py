"""What lists can be narrowed down to, and ordered by."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from domain.events import EventFormat, EventStatus
from domain.geography import Bounds, Near
from domain.ids import TerritoryCode
from domain.organizations import OrganizationKind
from domain.participations import ParticipationStatus
from domain.words import ThemeCode


class OrganizerKind(StrEnum):
    """What an organiser is: a citizen, or an organisation's kind."""

    CITIZEN = "CITIZEN"
    ASSOCIATION = "ASSOCIATION"
    PUBLIC_INSTITUTION = "PUBLIC_INSTITUTION"
    COMPANY = "COMPANY"
    POLITICAL_GROUP = "POLITICAL_GROUP"


class EventOrder(StrEnum):
    """How events are ordered."""

    STARTS_AT_ASC = "STARTS_AT_ASC"
    STARTS_AT_DESC = "STARTS_AT_DESC"
    UPDATED_AT_ASC = "UPDATED_AT_ASC"
    POINTS_DESC = "POINTS_DESC"
    DISTANCE_ASC = "DISTANCE_ASC"
    RELEVANCE = "RELEVANCE"


class NothingToOrderBy(ValueError):  # noqa: N818
    """DISTANCE_ASC without a point to be near to, RELEVANCE without words to be relevant for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilter:
    """Each field narrows the list down further; None leaves it."""

    search: str | None = None
    themes: tuple[ThemeCode, ...] | None = None
    territory: TerritoryCode | None = None
    formats: tuple[EventFormat, ...] | None = None
    statuses: tuple[EventStatus, ...] | None = None
    starts_after: datetime | None = None
    starts_before: datetime | None = None
    updated_since: datetime | None = None
    minimum_engagement: int | None = None
    maximum_engagement: int | None = None
    organizer: UUID | None = None
    organizer_kind: OrganizerKind | None = None
    external_ids: tuple[str, ...] | None = None
    sought_talents: tuple[str, ...] | None = None
    near: Near | None = None
    within: Bounds | None = None
    with_seats: bool | None = None

    @property
    def words(self) -> str | None:
        """What is looked for; None where it is nothing but blanks."""
        return (self.search or "").strip() or None

    def check_order(self, order: EventOrder) -> None:
        """Whether a list so narrowed down can be put in that order.

        Raises:
            NothingToOrderBy: it lacks the point, or the words, that the order goes by.
        """
        if order is EventOrder.DISTANCE_ASC and self.near is None:
            raise NothingToOrderBy("near")
        if order is EventOrder.RELEVANCE and self.words is None:
            raise NothingToOrderBy("search")


class CitizenOrder(StrEnum):
    """How citizens are ordered."""

    MEMBER_SINCE_DESC = "MEMBER_SINCE_DESC"
    EARNED_POINTS_DESC = "EARNED_POINTS_DESC"
    HANDLE_ASC = "HANDLE_ASC"


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenFilter:
    """Each field narrows the list down further; None leaves it. `level` is the one that was earned."""

    search: str | None = None
    territory: TerritoryCode | None = None
    skill: ThemeCode | None = None
    talents: tuple[str, ...] | None = None
    minimum_level: int | None = None
    maximum_level: int | None = None

    @property
    def words(self) -> str | None:
        """What is looked for; None where it is nothing but blanks."""
        return (self.search or "").strip() or None

    def sorts_people(self, order: CitizenOrder) -> bool:
        """Whether it goes by more than what people are called: then only those are found who want to be."""
        by_more = (self.territory, self.skill, self.talents, self.minimum_level, self.maximum_level)
        return order is CitizenOrder.EARNED_POINTS_DESC or any(each is not None for each in by_more)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationFilter:
    """Each field narrows the list down further; None leaves it."""

    search: str | None = None
    kind: OrganizationKind | None = None
    territory: TerritoryCode | None = None
    verified: bool | None = None

    @property
    def words(self) -> str | None:
        """What is looked for; None where it is nothing but blanks."""
        return (self.search or "").strip() or None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipationFilter:
    """By theme, status and when the event began."""

    theme: ThemeCode | None = None
    statuses: tuple[ParticipationStatus, ...] | None = None
    starts_from: datetime | None = None
    starts_before: datetime | None = None


EVERY_EVENT, EVERY_PARTICIPATION = EventFilter(), ParticipationFilter()
"""Filters that let everything through: most do."""
