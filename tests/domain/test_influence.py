"""What a ledger amounts to: levels, progress, and what of it was self-declared."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.influence import Totals, explain, influence
from domain.policy import RankCode
from tests.samples import POLICY

points = st.integers(-50_000, 100_000) | st.sampled_from(POLICY.level_points)


@given(points, points)
@example(0, 0)
@example(100, 99)
@example(36_100, 36_099)
def test_more_points_never_bring_less(some: int, others: int) -> None:
    less = influence(Totals(points=min(some, others)), policy=POLICY)
    more = influence(Totals(points=max(some, others)), policy=POLICY)

    assert (less.level, less.progress) <= (more.level, more.progress)


@given(points)
@example(399)
@example(400)
def test_progress_goes_from_0_at_a_threshold_to_1_at_the_top(some: int) -> None:
    found = influence(Totals(points=some), policy=POLICY)

    assert 0 <= found.progress <= 1
    assert (found.progress == 1) == (found.level == 20)
    assert (found.progress == 0) == (some <= 0 or (some in POLICY.level_points and found.level < 20))


@given(points)
def test_the_points_to_the_next_level_bring_it_and_one_less_does_not(some: int) -> None:
    found = influence(Totals(points=some), policy=POLICY)

    assert (found.points_to_next_level is None) == (found.level == 20)
    if found.points_to_next_level is not None:
        enough = some + found.points_to_next_level
        assert influence(Totals(points=enough), policy=POLICY).level == found.level + 1
        assert influence(Totals(points=enough - 1), policy=POLICY).level == found.level


@given(points, points)
def test_what_was_earned_has_a_level_of_its_own(declared: int, earned: int) -> None:
    found = influence(Totals(points=declared + earned, earned_points=earned, entries=2), policy=POLICY)

    assert (found.points, found.earned_points) == (declared + earned, earned)
    assert found.earned_level == influence(Totals(points=earned), policy=POLICY).level


def test_who_has_no_ledger_yet_is_a_newcomer_100_points_from_level_2() -> None:
    found = influence(Totals(), policy=POLICY)

    assert (found.level, found.earned_level, found.rank) == (1, 1, RankCode.NEWCOMER)
    assert (found.points_to_next_level, found.progress) == (100, 0.0)


def test_below_zero_it_is_level_1_without_progress() -> None:
    found = influence(Totals(points=-50), policy=POLICY)

    assert (found.level, found.progress, found.points_to_next_level) == (1, 0.0, 150)


def test_half_way_is_half_way() -> None:
    assert influence(Totals(points=250), policy=POLICY).progress == 0.5


@pytest.mark.parametrize(
    ("totals", "said"),
    [
        (
            Totals(points=600, earned_points=200, entries=2),
            {"level": 3, "points": 600, "declared": 400, "earned": 200, "next": "some", "missing": 300, "nextLevel": 4},
        ),
        (
            Totals(points=36_100, earned_points=36_100, entries=99),
            {"level": 20, "points": 36_100, "declared": 0, "next": "none", "missing": 0},
        ),
    ],
)
def test_an_influence_says_what_it_is_made_of_and_what_is_missing(totals: Totals, said: dict[str, object]) -> None:
    sentence = explain(influence(totals, policy=POLICY))

    assert sentence.key == "influence-explanation"
    assert said.items() <= sentence.parameters.items()
