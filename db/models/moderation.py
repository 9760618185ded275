"""What people report, for moderators to look at."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from db.models.columns import moment, new_key, words
from domain.moderation import SubjectKind


class Report(SQLModel, table=True):
    """A report of an event, a citizen or an organisation. Who reported is for nobody to see."""

    __table_args__ = (
        sa.CheckConstraint("(resolved_at IS NULL) = (resolution IS NULL)", name="report_resolution"),
        sa.Index("report_open", "created_at", "id", postgresql_where=sa.text("resolved_at IS NULL")),
        sa.Index(
            "report_once", "reporter_id", "subject_id", unique=True, postgresql_where=sa.text("resolved_at IS NULL")
        ),
    )

    id: UUID = Field(default_factory=new_key, primary_key=True)
    reporter_id: UUID | None = Field(default=None, foreign_key="citizen.id")
    subject_kind: SubjectKind = Field(sa_type=words(SubjectKind, name="report_subject_kind"))
    subject_id: UUID
    reason: str
    created_at: datetime = moment()
    resolved_at: datetime | None = moment(nullable=True)
    resolution: str | None = None
