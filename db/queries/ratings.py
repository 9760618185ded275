"""What answers to an event come to: how many, their sum, and each rating from 1 to 5; nothing where it was annulled."""

from collections.abc import Mapping, Sequence, Set
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

_SUMS = (sa.func.count(), sa.func.coalesce(sa.func.sum(feedback.c.rating), 0))
_EACH = tuple(sa.func.count().filter(feedback.c.rating == rating) for rating in RATINGS)
NO_ANSWERS = (0,) * (len(_SUMS) + len(_EACH))
_ITS = (feedback.c.event_id == event.c.id) & event.c.annulled_at.is_(None)


def beside_event(_: Caller, shown: Set[str]) -> sa.ColumnElement[Any]:
    """What those to an event come to, as a column of it. Each rating is counted only where that is shown.

    Any: an array.
    """
    counted = (*_SUMS, *_EACH) if shown & {"", "ratings"} else _SUMS
    return sa.select(array(counted)).where(_ITS).correlate(event).scalar_subquery()


@question()
def _ratings(_: Caller) -> Select:
    ids = sa.bindparam("ids", type_=sa.ARRAY(KEY))
    answers = sa.select(feedback.c.event_id, array((*_SUMS, *_EACH)).label("come_to")).join(event, _ITS)
    return answers.where(feedback.c.event_id == sa.any_(ids)).group_by(feedback.c.event_id)


async def ratings(reader: Reader, ids: Sequence[EventId]) -> Mapping[EventId, Sequence[int]]:
    """The same of several events, with each rating; one that has no answers is left out."""
    return {each["event_id"]: each["come_to"] for each in await _ratings.ask(reader, None, ids=ids)}
