"""What answers to an event come to: how many, their sum, and each rating from 1 to 5; nothing where it was annulled."""

from collections.abc import Mapping, Sequence, Set
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import array

from db.paging import KEY
from db.questions import Select, question
from db.reading import Reader
from db.tables import event, event_rating
from domain.feedback import RATINGS
from domain.ids import EventId
from domain.permissions import Caller

_SUMS = array((event_rating.c.answers, event_rating.c.stars))
_ALL = sa.func.array_cat(_SUMS, event_rating.c.given, type_=_SUMS.type)
NO_ANSWERS = (0,) * (2 + len(RATINGS))
_ITS = (event_rating.c.event_id == event.c.id) & event.c.annulled_at.is_(None)


def beside_event(_: Caller, shown: Set[str]) -> sa.ColumnElement[Any]:
    """What those to an event come to, as a column of it. Each rating is read only where that is shown.

    Any: an array.
    """
    whole = bool(shown & {"", "ratings"})
    its = sa.select(_ALL if whole else _SUMS).where(_ITS).correlate(event).scalar_subquery()
    return sa.func.coalesce(its, array(NO_ANSWERS if whole else NO_ANSWERS[:2]), type_=_SUMS.type)


@question()
def _ratings(_: Caller) -> Select:
    ids = sa.bindparam("ids", type_=sa.ARRAY(KEY))
    answers = sa.select(event_rating.c.event_id, _ALL.label("come_to")).join(event, _ITS)
    return answers.where(event_rating.c.event_id == sa.any_(ids), event_rating.c.answers > 0)


async def ratings(reader: Reader, ids: Sequence[EventId]) -> Mapping[EventId, Sequence[int]]:
    """The same of several events, with each rating; one that has no answers is left out."""
    return {each["event_id"]: each["come_to"] for each in await _ratings.ask(reader, None, ids=ids)}
