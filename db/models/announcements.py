"""What changed and was not told to other processes yet: rows that triggers write (`db/announcing.py`)."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from db.models.columns import Timestamp, words
from domain.announcements import Topic


class Announcement(SQLModel, table=True):
    """Something changed. It stays until a relay has passed it on: less than a second, as a rule."""

    __table_args__ = (sa.Index("announcement_oldest", "announced_at", "id"),)

    id: UUID = Field(sa_column=sa.Column(sa.Uuid, primary_key=True, server_default=sa.text("gen_random_uuid()")))
    topic: Topic = Field(sa_type=words(Topic, name="announcement_topic"))
    subject: UUID
    event_id: UUID | None = None
    announced_at: datetime = Field(
        sa_column=sa.Column(Timestamp, nullable=False, server_default=sa.text("clock_timestamp()"))
    )
