"""Filters: a statement is written for the fields that are given, once, and says nothing of their values."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from db import statements
from db.engine import Database
from db.queries import participations
from db.queries.participations import HistoryOf
from db.reading import Reader
from domain.filters import ParticipationFilter
from domain.ids import CitizenId
from domain.paging import Window
from domain.participations import ParticipationStatus
from domain.words import ThemeCode
from tests.clock import START
from tests.rows import viewer

ALL, SOMEBODY = Window(100), CitizenId(uuid4())
MYSELF = viewer(SOMEBODY)
DAY = timedelta(days=1)
Ask = Callable[[Reader, Any], Awaitable[object]]  # Any: a filter of its kind

_, WAITLISTED, _, _, NO_SHOW = ParticipationStatus
PARTICIPATIONS = (
    ParticipationFilter(theme=ThemeCode.CULTURE, statuses=(NO_SHOW,), starts_from=START),
    ParticipationFilter(theme=ThemeCode.ECONOMY, statuses=(WAITLISTED, NO_SHOW), starts_from=START + DAY),
    ParticipationFilter(theme=ThemeCode.TRANSPORT, statuses=(), starts_from=START - DAY),
)
OF_PARTICIPATIONS: dict[str, Ask] = {
    "histories": lambda reader, where: participations.history(reader, None, [SOMEBODY], where, ALL),
    "totals of histories": lambda reader, where: participations.history_totals(
        reader, None, [HistoryOf(SOMEBODY, where)]
    ),
    "one's own participations": lambda reader, where: participations.own(reader, MYSELF, [(where, ALL)]),
    "the total of one's own": lambda reader, where: participations.own_totals(reader, MYSELF, [where]),
}
LISTS = [pytest.param(ask, PARTICIPATIONS, id=name) for name, ask in OF_PARTICIPATIONS.items()]
VALUES = ("CULTURE", "ECONOMY", "TRANSPORT", "NO_SHOW", "WAITLISTED", str(START.year))


@pytest.fixture
def asked(empty: Database) -> Iterator[list[str]]:
    """The statements that are asked."""
    told: list[str] = []

    def observer(sql: str, _seconds: float, _wrong: BaseException | None) -> None:
        told.append(sql)

    empty.reader.observers.append(observer)
    yield told
    empty.reader.observers.remove(observer)


@pytest.mark.parametrize(("ask", "filters"), LISTS)
async def test_what_is_asked_with_other_values_is_the_same_statement_and_is_not_written_again(
    empty: Database, asked: list[str], monkeypatch: pytest.MonkeyPatch, ask: Ask, filters: Sequence[object]
) -> None:
    first, *others = filters
    await ask(empty.reader, first)
    monkeypatch.setattr(statements, "Statement", None)  # nothing more can be written
    for other in others:
        await ask(empty.reader, other)

    assert len(asked) == len(filters)
    [sql] = set(asked)
    assert [value for value in VALUES if value in sql] == []
