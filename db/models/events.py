"""Events."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import Field, SQLModel

from db.models.columns import Texts, moment, new_key, words
from domain.events import EventFormat, EventStatus
from domain.words import ThemeCode

_THEMES = ", ".join(f"'{theme.value}'" for theme in ThemeCode)
_WORDS = (
    "setweight(to_tsvector('french'::regconfig, plain_words(title)), 'A') || "
    "setweight(to_tsvector('french'::regconfig, plain_words(coalesce(venue_name, '') || ' ' "
    "|| coalesce(venue_city, ''))), 'B') || "
    "setweight(to_tsvector('french'::regconfig, plain_words(description)), 'C')"
)

SPELT = "(title || ' '::text) || coalesce(venue_city, ''::text)"
"""What is found by words that are misspelt by a letter."""

ONLINE = "status = 'PUBLISHED' AND format <> 'IN_PERSON'"
"""What can be taken part in from anywhere."""


class Event(SQLModel, table=True):
    """An event. Its territory, themes and times are here, so that a list needs no other table."""

    __table_args__ = (
        sa.CheckConstraint("ends_at >= starts_at + interval '1 minute'", name="event_lasts"),
        sa.CheckConstraint("engagement BETWEEN 1 AND 5", name="event_engagement"),
        sa.CheckConstraint("capacity > 0", name="event_capacity"),
        sa.CheckConstraint("effort_minutes > 0", name="event_effort"),
        sa.CheckConstraint("worth > 0", name="event_worth"),
        sa.CheckConstraint("cardinality(themes) BETWEEN 1 AND 3", name="event_theme_count"),
        sa.CheckConstraint(f"themes <@ ARRAY[{_THEMES}]::text[]", name="event_themes"),
        sa.CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="event_position"),
        sa.CheckConstraint("proposer_id IS NOT NULL OR organization_id IS NOT NULL", name="event_organizer"),
        sa.CheckConstraint("(outcome_summary IS NULL) = (outcome_published_at IS NULL)", name="event_outcome"),
        sa.UniqueConstraint("organization_id", "external_id", name="event_external_id"),
        sa.Index("event_by_start", "starts_at", "id"),
        sa.Index("event_waiting", "submitted_at", "id", postgresql_where=sa.text("status = 'SUBMITTED'")),
        sa.Index("event_open", "ends_at", postgresql_where=sa.text("status = 'PUBLISHED'")),
        sa.Index("event_by_update", "updated_at", "id"),
        sa.Index("event_by_territory", "territory_code", "starts_at", "id"),
        sa.Index("event_by_proposer", "proposer_id", "starts_at"),
        sa.Index("event_themes_held", "themes", postgresql_using="gin"),
        sa.Index("event_words", "words", postgresql_using="gin"),
        sa.Index("event_by_worth", "worth", "id"),
        sa.Index("event_online", "starts_at", "id", postgresql_where=sa.text(ONLINE)),
        sa.Index("event_by_position", "latitude", "longitude", postgresql_where=sa.text("latitude IS NOT NULL")),
        sa.Index("event_talents_sought", sa.text("plain_texts(sought_talents)"), postgresql_using="gin"),
        sa.Index("event_spellings", sa.text(f"near_spellings({SPELT})"), postgresql_using="gin"),
    )

    id: UUID = Field(default_factory=new_key, primary_key=True)
    slug: str = Field(unique=True)
    title: str
    description: str
    how_to_take_part: str | None = None
    status: EventStatus = Field(sa_type=words(EventStatus, name="event_status"))
    format: EventFormat = Field(sa_type=words(EventFormat, name="event_format"))
    starts_at: datetime = moment()
    ends_at: datetime = moment()
    time_zone: str
    effort_minutes: int | None = None
    venue_name: str | None = None
    venue_address: str | None = None
    venue_postal_code: str | None = None
    venue_city: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    territory_code: str | None = Field(default=None, foreign_key="territory.code")
    website_url: str | None = None
    image_url: str | None = None
    themes: list[str] = Field(sa_column=sa.Column(Texts, nullable=False))
    engagement: int
    capacity: int | None = None
    worth: int
    sought_talents: list[str] = Field(
        default_factory=list, sa_column=sa.Column(Texts, nullable=False, server_default="{}")
    )
    proposer_id: UUID | None = Field(default=None, foreign_key="citizen.id")
    organization_id: UUID | None = Field(default=None, foreign_key="organization.id")
    by_verified: bool = False
    external_id: str | None = None
    check_in_secret: bytes
    rejection_reason: str | None = None
    cancellation_reason: str | None = None
    created_at: datetime = moment()
    updated_at: datetime = moment()
    published_at: datetime | None = moment(nullable=True)
    submitted_at: datetime | None = moment(nullable=True)
    annulled_at: datetime | None = moment(nullable=True)
    outcome_summary: str | None = None
    outcome_decisions: list[str] = Field(
        default_factory=list, sa_column=sa.Column(Texts, nullable=False, server_default="{}")
    )
    outcome_document_url: str | None = None
    outcome_published_at: datetime | None = moment(nullable=True)
    revision: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    words: str | None = Field(default=None, sa_column=sa.Column("words", TSVECTOR, sa.Computed(_WORDS, persisted=True)))
