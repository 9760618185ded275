"""Filters: a statement is written for the fields that are given, once, and says nothing of their values."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from db import statements
from db.engine import Database
from db.queries import citizen_search, organization_search, participations
from db.queries.participations import HistoryOf
from db.reading import Reader
from domain.filters import CitizenFilter, CitizenOrder, OrganizationFilter, ParticipationFilter
from domain.ids import CitizenId, TerritoryCode
from domain.organizations import OrganizationKind
from domain.paging import Window
from domain.participations import ParticipationStatus
from domain.words import ThemeCode
from tests.clock import START
from tests.rows import viewer
from tests.samples import POLICY

ALL, SOMEBODY = Window(100), CitizenId(uuid4())
MYSELF = viewer(SOMEBODY)
DAY = timedelta(days=1)
Ask = Callable[[Reader, Any], Awaitable[object]]  # Any: a filter of its kind

_, WAITLISTED, _, _, NO_SHOW = ParticipationStatus
PARIS, FRANCE = TerritoryCode("FR-75"), TerritoryCode("FR")
BOARD = CitizenOrder.EARNED_POINTS_DESC

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

PEOPLE = (
    CitizenFilter(territory=PARIS, skill=ThemeCode.CULTURE, talents=("design",), minimum_level=4),
    CitizenFilter(territory=FRANCE, skill=ThemeCode.ECONOMY, talents=("droit", "design"), minimum_level=5),
    CitizenFilter(territory=PARIS, skill=ThemeCode.TRANSPORT, talents=(), minimum_level=21),
)
OF_CITIZENS: dict[str, Ask] = {
    "citizens": lambda reader, where: citizen_search.often_listed(
        reader, None, where, order=BOARD, window=ALL, policy=POLICY
    ),
    "how many citizens": lambda reader, where: citizen_search.often_total(
        reader, None, where, order=BOARD, policy=POLICY
    ),
}

ORGANIZATIONS = (
    OrganizationFilter(kind=OrganizationKind.ASSOCIATION, territory=PARIS, verified=True),
    OrganizationFilter(kind=OrganizationKind.COMPANY, territory=FRANCE, verified=False),
)
OF_ORGANIZATIONS: dict[str, Ask] = {
    "organisations": lambda reader, where: organization_search.often_listed(reader, where, ALL),
    "how many organisations": organization_search.often_total,
}

LISTS = [
    pytest.param(ask, filters, id=name)
    for asks, filters in (
        (OF_PARTICIPATIONS, PARTICIPATIONS),
        (OF_CITIZENS, PEOPLE),
        (OF_ORGANIZATIONS, ORGANIZATIONS),
    )
    for name, ask in asks.items()
]
VALUES = (
    *("CULTURE", "ECONOMY", "TRANSPORT", "NO_SHOW", "WAITLISTED", str(START.year)),
    *("FR-75", "design", "droit", "ASSOCIATION", "COMPANY"),
    *(str(POLICY.threshold(level)) for level in (4, 5)),
)


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
