"""When to try again, and when to stop."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.deliveries import ATTEMPTS, FIRST_WAIT, LONGEST_WAIT, next_attempt
from tests.clock import START

luck = st.floats(0, 1)


@given(st.integers(1, ATTEMPTS - 1), luck)
def test_waits_stay_within_their_bounds(attempts: int, by: float) -> None:
    until = next_attempt(attempts, now=START, luck=by)
    assert until is not None
    assert FIRST_WAIT * 0.75 <= until - START <= LONGEST_WAIT * 1.25


@given(st.integers(ATTEMPTS, 10_000), luck)
def test_it_ends(attempts: int, by: float) -> None:
    assert next_attempt(attempts, now=START, luck=by) is None


def test_waits_double_and_all_of_them_take_half_a_day() -> None:
    waits = []
    for attempts in range(1, ATTEMPTS):
        until = next_attempt(attempts, now=START, luck=0.5)
        assert until is not None
        waits.append(until - START)

    assert waits[:4] == [timedelta(seconds=seconds) for seconds in (30, 60, 120, 240)]
    assert timedelta(hours=11) < sum(waits, timedelta()) < timedelta(hours=14)


@given(st.integers(1, ATTEMPTS - 1), luck, luck)
def test_luck_spreads_what_failed_together(attempts: int, one: float, other: float) -> None:
    first, second = (next_attempt(attempts, now=START, luck=each) for each in (one, other))
    assert first is not None
    assert second is not None
    assert (first <= second) == (one <= other) or abs(first - second) <= timedelta(microseconds=1)
