"""Feedback is written down, and its participation marked as answered: nothing else joins the two."""

from datetime import date

import sqlalchemy as sa

from db import models
from db.tables import participation
from db.work import Work
from domain.feedback import FeedbackId
from domain.ids import CitizenId, EventId
from domain.participations import Participation, ParticipationStatus


async def mark_answered(work: Work, of: Participation) -> bool:
    """Use up the one answer of an attendance; False where it was used, or is no attendance any more."""
    this = (participation.c.citizen_id == of.citizen_id) & (participation.c.id == of.id)
    open_ = (participation.c.status == ParticipationStatus.ATTENDED) & participation.c.answered.is_(False)
    marked = await work.execute(
        sa.update(participation).where(this, open_).values(answered=True).returning(participation.c.id)
    )
    return marked.first() is not None


async def add_feedback(
    work: Work,
    event_id: EventId,
    *,
    author: CitizenId | None,
    rating: int,
    highlights: str | None,
    improvements: str | None,
    on: date,
) -> FeedbackId:
    added = models.Feedback(
        event_id=event_id,
        author_id=author,
        rating=rating,
        highlights=highlights,
        improvements=improvements,
        created_on=on,
    )
    work.add(added)
    await work.flush()
    return FeedbackId(added.id)
