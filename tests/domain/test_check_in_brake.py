"""Ten wrong codes close the door for a quarter of an hour."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.check_in_brake import Brake, after_wrong_code, check_brake
from domain.refusals import RateLimited
from tests.clock import START

A_QUARTER = timedelta(minutes=15)


def test_nine_wrong_codes_close_nothing_and_the_tenth_does() -> None:
    brake = Brake()
    for _ in range(9):
        brake = after_wrong_code(brake, now=START)
        check_brake(brake, now=START)

    brake = after_wrong_code(brake, now=START)

    with pytest.raises(RateLimited) as limited:
        check_brake(brake, now=START)
    assert limited.value.seconds == 900
    check_brake(brake, now=START + A_QUARTER)
    assert after_wrong_code(brake, now=START + A_QUARTER) == Brake(1)


@given(st.lists(st.integers(0, 1_000), max_size=60))
def test_no_more_than_ten_codes_are_looked_at_between_two_quarters_of_an_hour(gaps: list[int]) -> None:
    brake, now, looked_at = Brake(), START, 0
    for gap in gaps:
        now += timedelta(seconds=gap)
        closed = brake.closed_until is not None and now < brake.closed_until
        if closed:
            with pytest.raises(RateLimited) as limited:
                check_brake(brake, now=now)
            assert 0 < limited.value.seconds <= 900
        else:
            check_brake(brake, now=now)
            looked_at = 1 if brake.closed_until else looked_at + 1
            brake = after_wrong_code(brake, now=now)
        assert brake.wrong_codes == looked_at <= 10
