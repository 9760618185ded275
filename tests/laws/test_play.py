"""Whatever citizens, organisers and moderators do, in whatever order: the service, the model and the laws agree."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.laws.machine import People
from tests.laws.stage import Stage


@pytest.mark.timeout(1800)  # a play that fails is made shorter, for as long as that takes
def test_whatever_people_do_in_whatever_order_the_laws_hold(stage: Stage) -> None:
    People.stage = stage
    plays = settings().max_examples // 5  # a play is worth many examples, and takes as long

    run_state_machine_as_test(
        People,
        settings=settings(
            max_examples=plays,
            stateful_step_count=40,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
