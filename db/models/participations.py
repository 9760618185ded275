"""Who takes part in what, what the ledger says of it, and the skills that came of it."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from db.models.columns import moment, new_key, words
from domain.ledger import LedgerKind
from domain.participations import AttendanceEvidence, ParticipationStatus
from domain.skills import SkillSource
from domain.words import ThemeCode

Factor = sa.Numeric(6, 3)


class Participation(SQLModel, table=True):
    """One citizen and one event. Citizen-owned: the citizen is in every unique key, so that it can be sharded."""

    __table_args__ = (
        sa.UniqueConstraint("citizen_id", "event_id", name="participation_once"),
        sa.CheckConstraint(
            "(status = 'ATTENDED') = (attended_at IS NOT NULL AND evidence IS NOT NULL)",
            name="participation_attendance",
        ),
        sa.Index("participation_by_event", "event_id", "status", "queued_at", "id"),
        sa.Index("participation_by_id", "id"),
        sa.Index(
            "participation_history",
            "citizen_id",
            sa.text("attended_at DESC"),
            sa.text("id DESC"),
            postgresql_where=sa.text("status = 'ATTENDED'"),
        ),
        sa.Index(
            "participation_shown",
            "event_id",
            sa.text("attended_at DESC"),
            sa.text("id DESC"),
            postgresql_where=sa.text("status = 'ATTENDED' AND listed"),
        ),
    )

    citizen_id: UUID = Field(primary_key=True, foreign_key="citizen.id")
    id: UUID = Field(default_factory=new_key, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id")
    status: ParticipationStatus = Field(sa_type=words(ParticipationStatus, name="participation_status"))
    registered_at: datetime = moment()
    queued_at: datetime = moment()
    attended_at: datetime | None = moment(nullable=True)
    evidence: AttendanceEvidence | None = Field(
        default=None,
        sa_type=words(AttendanceEvidence, name="participation_evidence"),
    )
    withdrawn_at: datetime | None = moment(nullable=True)
    listed: bool = True
    answered: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    revision: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


class CheckInBrake(SQLModel, table=True):
    """Wrong codes that a citizen gave for an event, and until when theirs aren't looked at."""

    __tablename__ = "check_in_brake"
    __table_args__ = (sa.CheckConstraint("wrong_codes > 0", name="check_in_brake_count"),)

    citizen_id: UUID = Field(primary_key=True, foreign_key="citizen.id")
    event_id: UUID = Field(primary_key=True)
    wrong_codes: int
    closed_until: datetime | None = moment(nullable=True)


class CitizenTotal(SQLModel, table=True):
    """The sums of a citizen's ledger. Its row is the lock under which the ledger grows."""

    __tablename__ = "citizen_total"
    __table_args__ = (sa.Index("citizen_total_board", sa.text("earned_points DESC"), sa.text("citizen_id DESC")),)

    citizen_id: UUID = Field(primary_key=True, foreign_key="citizen.id")
    points: int = 0
    earned_points: int = 0
    entries: int = 0


class LedgerEntry(SQLModel, table=True):
    """A line of the ledger. Append-only, by a trigger; no foreign key to events, by design.

    Its id is random: one that tells the time would date what its citizen doesn't list.
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        sa.UniqueConstraint("citizen_id", "number", name="ledger_number"),
        sa.UniqueConstraint("citizen_id", "event_id", "kind", "attempt", name="ledger_award_once"),
        sa.UniqueConstraint("citizen_id", "reverses_id", name="ledger_reversed_once"),
        sa.CheckConstraint("number > 0 AND attempt > 0", name="ledger_counts"),
        sa.CheckConstraint("(kind = 'REVERSAL') = (reverses_id IS NOT NULL)", name="ledger_reversal"),
        sa.CheckConstraint(
            "kind NOT IN ('PARTICIPATION', 'ORGANIZING') OR event_id IS NOT NULL", name="ledger_award_event"
        ),
        sa.Index("ledger_by_id", "id"),
    )

    citizen_id: UUID = Field(primary_key=True, foreign_key="citizen.id")
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    number: int
    kind: LedgerKind = Field(sa_type=words(LedgerKind, name="ledger_kind"))
    attempt: int = 1
    occurred_at: datetime = moment()
    base_points: int
    multiplier: Decimal = Field(sa_type=Factor)
    points: int
    balance: int
    event_id: UUID | None = None
    participation_id: UUID | None = None
    theme: ThemeCode | None = Field(default=None, sa_type=words(ThemeCode, name="ledger_theme"))
    stars: int | None = None
    minutes: int | None = None
    skill_factor: Decimal = Field(default=Decimal(1), sa_type=Factor)
    repeat_factor: Decimal = Field(default=Decimal(1), sa_type=Factor)
    repeats: int = 0
    overlapping: bool = False
    reason: str | None = None
    reverses_id: UUID | None = None
    policy_version: str = Field(foreign_key="scoring_policy.version")


class SkillHolding(SQLModel, table=True):
    """A period in which a citizen held, or holds, a theme's skill.

    `told_at` is since when others are told that it is held: `db.telling_skills` keeps it.
    """

    __tablename__ = "skill_holding"
    __table_args__ = (
        sa.Index("skill_held_once", "citizen_id", "theme", unique=True, postgresql_where=sa.text("lost_at IS NULL")),
        sa.Index("skill_told", "citizen_id", "told_at", "theme", postgresql_where=sa.text("lost_at IS NULL")),
        sa.Index("skill_by_id", "id"),
        sa.CheckConstraint("lost_at >= acquired_at", name="skill_period"),
    )

    citizen_id: UUID = Field(primary_key=True, foreign_key="citizen.id")
    id: UUID = Field(default_factory=new_key, primary_key=True)
    theme: ThemeCode = Field(sa_type=words(ThemeCode, name="skill_theme"))
    source: SkillSource = Field(sa_type=words(SkillSource, name="skill_source"))
    acquired_at: datetime = moment()
    lost_at: datetime | None = moment(nullable=True)
    recognized_by: UUID | None = Field(default=None, foreign_key="organization.id")
    reason: str | None = None
    told_at: datetime | None = moment(nullable=True)
