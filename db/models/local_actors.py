"""What local actors look through, whom they found, whom they invited, and what they watch."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from db.models.columns import moment, new_key, words
from domain.words import ThemeCode


class Activity(SQLModel, table=True):
    """A standing award, by place and theme: a row a theme, and one with none for any. Triggers keep it.

    A copy for one question, which an index answers by itself; the ledger is what counts.
    """

    __table_args__ = (
        sa.Index(
            "activity_by_place",
            "territory_code",
            "theme",
            "occurred_at",
            postgresql_include=["citizen_id", "points"],
            postgresql_where=sa.text("listed"),
        ),
    )

    citizen_id: UUID = Field(primary_key=True, foreign_key="citizen.id")
    entry_id: UUID = Field(primary_key=True)
    theme: str = Field(primary_key=True)
    participation_id: UUID
    territory_code: str
    occurred_at: datetime = moment()
    points: int
    listed: bool


class ActivityBoard(SQLModel, table=True):
    """Who became active in a whole country within 90 days: counted from time to time, since it takes too long."""

    __tablename__ = "activity_board"
    __table_args__ = (sa.Index("activity_board_by_points", "territory_code", "theme", "points", "citizen_id"),)

    citizen_id: UUID = Field(primary_key=True, foreign_key="citizen.id")
    territory_code: str = Field(primary_key=True)
    theme: str = Field(primary_key=True)
    points: int
    participations: int
    points_before: int


class Finding(SQLModel, table=True):
    """An organisation saw a citizen among those who are becoming active, on a day."""

    __table_args__ = (sa.Index("finding_by_day", "on_day"),)

    citizen_id: UUID = Field(primary_key=True, foreign_key="citizen.id")
    on_day: date = Field(primary_key=True)
    organization_id: UUID = Field(primary_key=True, foreign_key="organization.id")


class EventInvitation(SQLModel, table=True):
    """An invitation to an event: one for a citizen and an event, whoever invites."""

    __tablename__ = "event_invitation"

    citizen_id: UUID = Field(primary_key=True, foreign_key="citizen.id")
    event_id: UUID = Field(primary_key=True, foreign_key="event.id")
    organization_id: UUID = Field(foreign_key="organization.id")
    invited_at: datetime = moment()
    refused_at: datetime | None = moment(nullable=True)


class Watch(SQLModel, table=True):
    """What an organisation would like to be told of."""

    __table_args__ = (
        sa.Index("watch_by_organization", "organization_id", "created_at"),
        sa.CheckConstraint("points > 0", name="watch_points"),
    )

    id: UUID = Field(default_factory=new_key, primary_key=True)
    organization_id: UUID = Field(foreign_key="organization.id")
    territory_code: str = Field(foreign_key="territory.code")
    theme: ThemeCode | None = Field(default=None, sa_type=words(ThemeCode, name="watch_theme"))
    points: int
    created_at: datetime = moment()


class WatchHit(SQLModel, table=True):
    """Somebody who has crossed a watch's mark: told of once."""

    __tablename__ = "watch_hit"

    citizen_id: UUID = Field(primary_key=True, foreign_key="citizen.id")
    watch_id: UUID = Field(
        sa_column=sa.Column(sa.Uuid, sa.ForeignKey("watch.id", ondelete="CASCADE"), primary_key=True, index=True)
    )
    crossed_at: datetime = moment()
