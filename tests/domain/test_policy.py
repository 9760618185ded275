"""The scoring policy: thresholds, ranks, versions, and what its files may say."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.reference.policies import policy_files, read_policy
from domain.policy import LEVELS, InvalidPolicy, Policies, RankCode, policy_from
from tests.samples import POLICY

levels = st.integers(1, LEVELS)
points = st.integers(-(10**9), 10**9)


def document() -> dict[str, Any]:  # Any: what a TOML file may hold
    """The first policy's file, read anew."""
    return dict(next(document for policy, document in policy_files() if policy.version == "2026-1"))


def test_level_n_starts_at_100_times_the_square_of_n_minus_1() -> None:
    assert POLICY.level_points == tuple(100 * (level - 1) ** 2 for level in range(1, 21))
    assert (POLICY.threshold(20), POLICY.threshold(1)) == (36_100, 0)


@given(levels)
def test_a_level_is_reached_at_its_threshold_and_not_a_point_before(level: int) -> None:
    assert POLICY.level_at(POLICY.threshold(level)) == level
    assert POLICY.level_at(POLICY.threshold(level) - 1) == max(1, level - 1)


@given(points, points)
def test_more_points_are_never_a_lower_level(some: int, others: int) -> None:
    assert POLICY.level_at(min(some, others)) <= POLICY.level_at(max(some, others))


@given(points)
def test_every_number_of_points_has_a_level_from_1_to_20(some: int) -> None:
    assert 1 <= POLICY.level_at(some) <= LEVELS


@pytest.mark.parametrize(
    ("rank", "first", "last"),
    [
        (RankCode.NEWCOMER, 1, 2),
        (RankCode.ENGAGED, 3, 4),
        (RankCode.CONFIRMED, 5, 8),
        (RankCode.SEASONED, 9, 12),
        (RankCode.LEADING, 13, 16),
        (RankCode.INFLUENTIAL, 17, 20),
    ],
)
def test_ranks_are_stretches_of_levels(rank: RankCode, first: int, last: int) -> None:
    assert [level for level in range(1, 21) if POLICY.rank_of(level) is rank] == list(range(first, last + 1))


def test_the_numbers_of_the_first_policy_are_those_of_the_product() -> None:
    assert POLICY.points_per_hour_and_star == 15
    assert (POLICY.maximum_minutes, POLICY.minimum_points, POLICY.long_event_minutes) == (480, 10, 60)
    assert POLICY.skill_multiplier == Decimal(2)
    assert (POLICY.contributions_for_skill, POLICY.organizers_for_skill) == (5, 2)
    assert POLICY.repeat_window_days == 90
    assert POLICY.organizing_minimum_participants == 3


@pytest.mark.parametrize(
    ("repeats", "factor"),
    [(0, "1"), (1, "1"), (2, "1"), (3, "0.5"), (4, "0.5"), (5, "0.5"), (6, "0"), (7, "0"), (500, "0")],
)
def test_three_count_fully_three_half_and_from_the_seventh_none(repeats: int, factor: str) -> None:
    assert POLICY.repeat_factor(repeats) == Decimal(factor)


def test_a_policy_is_in_force_from_midnight_in_paris() -> None:
    summer = replace(POLICY, version="2026-2", effective_from=date(2026, 7, 1))
    winter = replace(POLICY, version="2027-1", effective_from=date(2027, 1, 1))
    policies = Policies.of([winter, POLICY, summer])
    midnights = [datetime(2026, 6, 30, 22, tzinfo=UTC), datetime(2026, 12, 31, 23, tzinfo=UTC)]

    assert [policy.version for policy in policies.all] == ["2026-1", "2026-2", "2027-1"]
    for midnight, before, after in zip(midnights, [POLICY, summer], [summer, winter], strict=True):
        assert policies.in_force_at(midnight) is after
        assert policies.in_force_at(midnight - timedelta(microseconds=1)) is before


def test_the_first_version_covers_everything_before_it() -> None:
    later = replace(POLICY, version="2027-1", effective_from=date(2027, 1, 1))

    assert Policies.of([later, POLICY]).in_force_at(datetime(2013, 12, 20, 15, 30, tzinfo=UTC)) is POLICY


def test_a_proposed_policy_is_tried_from_the_first_day_of_the_one_it_replaces() -> None:
    summer = replace(POLICY, version="2026-2", effective_from=date(2026, 7, 1))
    proposed = replace(POLICY, version="2031-1", effective_from=date(2031, 1, 1), minimum_points=50)
    policies = Policies.of([POLICY, summer])

    tried = policies.trying(proposed, instead=summer)

    assert [policy.version for policy in tried.all] == ["2026-1", "2031-1"]
    assert tried.all[1] == replace(proposed, effective_from=date(2026, 7, 1))
    assert policies.trying(summer, instead=summer) == policies


def test_policies_are_found_by_version() -> None:
    assert Policies.of([POLICY]).version("2026-1") is POLICY
    assert Policies.of([POLICY]).version("2026-2") is None


def test_a_policy_kept_as_json_reads_the_same() -> None:
    assert policy_from(json.loads(json.dumps(document(), default=str))) == POLICY


@pytest.mark.parametrize("name", sorted(document()))
def test_a_policy_that_leaves_something_out_is_refused_and_says_what(name: str) -> None:
    incomplete = document()
    del incomplete[name]

    with pytest.raises(InvalidPolicy, match=name):
        policy_from(incomplete)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("levels", list(range(0, 1900, 100))),
        ("levels", list(range(0, 2100, 100))),
        ("levels", list(range(100, 2100, 100))),
        ("levels", [0, *[100] * 19]),
        ("levels", [-100 * level for level in range(20)]),
        ("levels", [0.5 * level for level in range(20)]),
        ("levels", 5),
        ("ranks", {"NEWCOMER": 1}),
        ("ranks", {rank.value: 2 for rank in RankCode}),
        ("ranks", {rank.value: 1 for rank in RankCode}),
        ("ranks", {rank.value: 5 * number + 1 for number, rank in enumerate(RankCode)}),
        ("ranks", {rank.value: number + 1 for number, rank in enumerate(reversed(RankCode))}),
        ("ranks", {"KING": 1}),
        ("ranks", []),
        ("points_per_hour_and_star", "many"),
        ("points_per_hour_and_star", 15.5),
        ("points_per_hour_and_star", True),
        ("points_per_hour_and_star", -15),
        ("maximum_minutes", 0),
        ("minimum_points", -1),
        ("long_event_minutes", 0),
        ("contributions_for_skill", 0),
        ("organizers_for_skill", 0),
        ("repeat_window_days", -1),
        ("organizing_minimum_participants", 0),
        ("skill_multiplier", 0.5),
        ("skill_multiplier", "twice"),
        ("skill_multiplier", float("inf")),
        ("skill_multiplier", float("nan")),
        ("repeat_factors", []),
        ("repeat_factors", [1, -0.5]),
        ("repeat_factors", [float("nan")]),
        ("repeat_factors", [1, 0.3333]),
        ("effective_from", "someday"),
        ("effective_from", datetime(2026, 1, 1, 12)),  # noqa: DTZ001 - what TOML makes of a local time
    ],
)
def test_a_policy_that_cannot_be_is_refused(name: str, value: object) -> None:
    with pytest.raises(InvalidPolicy):
        policy_from(document() | {name: value})


def test_a_policy_that_says_what_nobody_knows_is_refused_and_says_what() -> None:
    with pytest.raises(InvalidPolicy, match="skill_bonus: unknown"):
        policy_from(document() | {"skill_bonus": 3})


def test_factors_are_such_that_their_product_is_kept_exactly() -> None:
    with pytest.raises(InvalidPolicy, match="three decimals"):
        policy_from(document() | {"skill_multiplier": 1.25, "repeat_factors": [1, 0.55]})
    assert policy_from(document() | {"skill_multiplier": 1.25, "repeat_factors": [1, 0.5]}).skill_multiplier == Decimal(
        "1.25"
    )


def test_a_file_that_is_no_policy_is_named(tmp_path: Path) -> None:
    wrong = tmp_path / "2031-1.toml"
    wrong.write_text("version = ", encoding="utf-8")

    with pytest.raises(InvalidPolicy, match=r"2031-1\.toml"):
        read_policy(wrong)
    with pytest.raises(InvalidPolicy, match=r"absent\.toml"):
        read_policy(tmp_path / "absent.toml")
