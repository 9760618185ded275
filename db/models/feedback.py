"""Feedback, and what it comes to. Where it is anonymous there is no author, nor a time: nothing joins it to anybody."""

from datetime import date
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from domain.feedback import RATINGS


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


def _sum(each: str) -> sa.Computed:
    """What is made of the number of each rating; an array's first is 1, as ratings are."""
    return sa.Computed(" + ".join(each.format(rating) for rating in RATINGS), persisted=True)


class EventRating(SQLModel, table=True):
    """What the feedback on an event comes to. A trigger keeps it (`db/rating.py`)."""

    __tablename__ = "event_rating"
    __table_args__ = (sa.CheckConstraint("cardinality(given) = 5 AND 0 <= ALL (given)", name="event_rating_given"),)

    event_id: UUID = Field(primary_key=True, foreign_key="event.id", ondelete="CASCADE")
    given: list[int] = Field(
        sa_column=sa.Column(ARRAY(sa.Integer), nullable=False, server_default=sa.text("'{0,0,0,0,0}'"))
    )
    answers: int | None = Field(default=None, sa_column=sa.Column(sa.Integer, _sum("given[{0}]"), nullable=False))
    stars: int | None = Field(default=None, sa_column=sa.Column(sa.Integer, _sum("{0} * given[{0}]"), nullable=False))
