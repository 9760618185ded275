"""Feedback. Where it is anonymous there is no author, nor a time: nothing here joins it to anybody."""

from datetime import date
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlmodel import Field, SQLModel


class Feedback(SQLModel, table=True):
    """What one who attended said of an event. Its id is random: it tells nothing of who or when."""

    __table_args__ = (
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name="feedback_rating"),
        sa.UniqueConstraint("event_id", "author_id", name="feedback_once"),
        sa.Index("feedback_ratings", "event_id", "rating"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    event_id: UUID = Field(foreign_key="event.id")
    author_id: UUID | None = Field(default=None, foreign_key="citizen.id", index=True)
    rating: int
    highlights: str | None = None
    improvements: str | None = None
    created_on: date
