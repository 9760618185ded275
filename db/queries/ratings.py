"""Ratings: how many answers to an event give each, from 1 to 5; none to one that was annulled."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import array

from db.paging import KEY
from db.questions import Select, question
from db.reading import Reader
from db.tables import event, feedback
from domain.feedback import RATINGS
from domain.ids import EventId
from domain.permissions import Caller

_COUNTED = array([sa.func.count().filter(feedback.c.rating == rating) for rating in RATINGS])
_ITS = (feedback.c.event_id == event.c.id) & event.c.annulled_at.is_(None)


def beside_event(_: Caller) -> sa.ColumnElement[Any]:
    """Those of an event, as a column of it. Any: an array."""
    return sa.select(_COUNTED).where(_ITS).correlate(event).scalar_subquery()


@question()
def _ratings(_: Caller) -> Select:
    ids = sa.bindparam("ids", type_=sa.ARRAY(KEY))
    answers = sa.select(feedback.c.event_id, _COUNTED.label("given")).join(event, _ITS)
    return answers.where(feedback.c.event_id == sa.any_(ids)).group_by(feedback.c.event_id)


async def ratings(reader: Reader, ids: Sequence[EventId]) -> Mapping[EventId, Sequence[int]]:
    """Those of several; an event that has no answers is left out."""
    return {each["event_id"]: each["given"] for each in await _ratings.ask(reader, None, ids=ids)}
