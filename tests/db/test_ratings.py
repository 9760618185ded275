"""What answers come to: beside an event, and by themselves."""

import pytest

from db.engine import Database
from db.models.feedback import Feedback
from db.queries import events
from db.queries.ratings import NO_ANSWERS, ratings
from domain.ids import EventId
from tests.clock import START
from tests.rows import citizen_row, event_row, keep


@pytest.mark.parametrize(
    ("given", "come_to"),
    [((1, 4, 5, 5), [4, 15, 1, 0, 0, 1, 2]), ((3,), [1, 3, 0, 0, 1, 0, 0]), ((), list(NO_ANSWERS))],
)
async def test_answers_come_to_the_same_beside_an_event_and_by_themselves(
    empty: Database, given: tuple[int, ...], come_to: list[int]
) -> None:
    somebody = citizen_row()
    await keep(empty, somebody)
    about, another = event_row(somebody.id), event_row(somebody.id)
    await keep(empty, about, another)
    answers = [(about, rating) for rating in given] + [(another, 2)]
    await keep(empty, *(Feedback(event_id=each.id, rating=rating, created_on=START.date()) for each, rating in answers))
    of = EventId(about.id)

    beside = await events.by_id(empty.reader, None, [of], frozenset({"feedback.ratings"}))
    sums = await events.by_id(empty.reader, None, [of], frozenset({"feedback.answers", "feedback.average_rating"}))
    alone = await ratings(empty.reader, [of])

    assert beside[of].feedback == come_to
    assert sums[of].feedback == come_to[:2]  # each rating is read only where that is shown
    assert list(alone.get(of, NO_ANSWERS)) == come_to


async def test_nothing_is_counted_of_an_event_that_was_annulled(empty: Database) -> None:
    somebody = citizen_row()
    await keep(empty, somebody)
    annulled = event_row(somebody.id, annulled_at=START)
    await keep(empty, annulled)
    await keep(empty, Feedback(event_id=annulled.id, rating=5, created_on=START.date()))
    of = EventId(annulled.id)

    beside = await events.by_id(empty.reader, None, [of], frozenset({"feedback"}))

    assert beside[of].feedback == list(NO_ANSWERS)
    assert await ratings(empty.reader, [of]) == {}
