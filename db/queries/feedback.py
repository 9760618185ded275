"""Feedback: sums for everybody, answers for those who organise."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from db.paging import KEY, Order, Ownership, Row, counts, pages
from db.tables import event, feedback
from db.visibility import overseen_by
from domain.api_tokens import TokenScope
from domain.citizens import Viewer
from domain.events import EventStatus
from domain.feedback import FEWEST, Feedback, FeedbackId
from domain.ids import EventId
from domain.paging import Page, Window
from domain.permissions import Caller

UNORDERED = Order((feedback.c.id,))
"""By an id that is random: an order of time would tell who answered when."""
BY_EVENT: Ownership[EventId] = Ownership(KEY, lambda event_id: feedback.c.event_id == event_id)


def read_feedback(row: Row) -> Feedback:
    return Feedback(
        id=row.id,
        event_id=row.event_id,
        author_id=row.author_id,
        rating=row.rating,
        highlights=row.highlights,
        improvements=row.improvements,
        created_on=row.created_on,
    )


async def of_events(
    session: AsyncSession, asker: Caller, keys: Sequence[tuple[EventId, Window]]
) -> Mapping[tuple[EventId, Window], Page[Feedback]]:
    """The answers that who organises an event, or moderates, may read."""
    found: dict[tuple[EventId, Window], Page[Feedback]] = {}
    for window in {window for _, window in keys}:
        answer = await pages(
            session,
            _readable(asker),
            owned=BY_EVENT,
            keys=[event_id for event_id, asked in keys if asked == window],
            order=UNORDERED,
            window=window,
            read=read_feedback,
        )
        found |= {(event_id, window): page for event_id, page in answer.items()}
    return found


async def totals(session: AsyncSession, asker: Caller, ids: Sequence[EventId]) -> Mapping[EventId, int]:
    return await counts(session, _readable(asker), owned=BY_EVENT, keys=ids)


async def by_id(session: AsyncSession, asker: Caller, ids: Sequence[FeedbackId]) -> Mapping[FeedbackId, Feedback]:
    """Answers to their named author, and to who may read them."""
    if asker is None:
        return {}
    rows = await session.execute(_readable(asker, own=True).where(feedback.c.id.in_(ids)))
    return {row.id: read_feedback(row) for row in rows}


async def own(session: AsyncSession, asker: Viewer, events: Sequence[EventId]) -> Mapping[EventId, Feedback]:
    """What the asker said of events by name. What they said anonymously is nobody's."""
    mine = sa.select(feedback).where(feedback.c.author_id == asker.citizen_id, feedback.c.event_id.in_(events))
    return {row.event_id: read_feedback(row) for row in await session.execute(mine)}


def _readable(asker: Caller, *, own: bool = False) -> sa.Select[Any]:
    """Anonymous answers show once there are three answers to the event."""
    sibling = feedback.alias("sibling")
    some = sa.select(sa.true()).where(sibling.c.event_id == feedback.c.event_id).limit(FEWEST)
    enough = sa.select(sa.func.count()).select_from(some.correlate(feedback).subquery()).scalar_subquery() >= FEWEST
    theirs = overseen_by(asker, TokenScope.FEEDBACK_READ)
    shown = theirs & (feedback.c.author_id.is_not(None) | enough) & (event.c.status != EventStatus.DRAFT)
    if own and isinstance(asker, Viewer):
        shown |= feedback.c.author_id == asker.citizen_id
    return sa.select(feedback).join(event, event.c.id == feedback.c.event_id).where(shown)
