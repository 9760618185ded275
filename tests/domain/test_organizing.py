"""When organising brings points, and how much."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.organizing import deserved
from domain.points import EarlierAward, Span, organizing_award
from tests import samples
from tests.clock import START

DAY = timedelta(days=1)


def due(**changes: object) -> bool:
    facts: dict[str, object] = {
        "took_place": True,
        "counted": 3,
        "erased": 0,
        "stands": False,
        "taken_back_at": None,
        "policy": samples.POLICY,
        "now": START,
    }
    return deserved(**facts | changes)  # type: ignore[arg-type]  # the facts by name


@pytest.mark.parametrize(("counted", "expected"), [(0, False), (2, False), (3, True), (50, True)])
def test_it_takes_three_who_count(counted: int, expected: bool) -> None:
    assert due(counted=counted) is expected
    assert due(counted=counted, stands=True) is expected


@given(counted=st.integers(0, 9), erased=st.integers(0, 9), stands=st.booleans())
def test_what_did_not_take_place_brings_nothing(counted: int, erased: int, stands: bool) -> None:
    assert not due(took_place=False, counted=counted, erased=erased, stands=stands)


def test_who_is_gone_keeps_an_award_and_gives_none() -> None:
    assert due(counted=1, erased=2, stands=True)
    assert not due(counted=1, erased=2, stands=False)


@pytest.mark.parametrize(("after", "expected"), [(timedelta(), True), (30 * DAY, True), (31 * DAY, False)])
def test_it_comes_back_within_thirty_days_of_being_taken_back(after: timedelta, expected: bool) -> None:
    assert due(taken_back_at=START - after) is expected


@pytest.mark.parametrize(("before", "points"), [(0, 200), (2, 200), (3, 100), (5, 100), (6, 0), (40, 0)])
def test_many_events_of_ones_own_count_less_and_less(before: int, points: int) -> None:
    event = samples.event().scored()
    earlier = [
        EarlierAward(Span(event.span.starts_at - number * DAY, event.span.ends_at - number * DAY), samples.SOMEBODY)
        for number in range(1, before + 1)
    ]

    award = organizing_award(event, earlier=earlier, policy=samples.POLICY)

    assert (award.points, award.computation.repeats) == (points, before)
    assert award.base_points == 200
    assert award.skill_theme is None


def test_events_further_away_than_the_window_do_not_count() -> None:
    event = samples.event().scored()
    far = timedelta(days=samples.POLICY.repeat_window_days, seconds=1)
    earlier = [
        EarlierAward(Span(event.span.starts_at + way * far, event.span.ends_at + way * far), samples.SOMEBODY)
        for way in (-1, 1, -1, 1)
    ]

    award = organizing_award(event, earlier=earlier, policy=samples.POLICY)

    assert (award.points, award.computation.repeat_factor) == (200, Decimal(1))
