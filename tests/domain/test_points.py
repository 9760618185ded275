"""What taking part is worth: laws of event points, and the factors of an award."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from domain.points import (
    A_DAY,
    EarlierAward,
    ScoredEvent,
    Span,
    assessment_award,
    counted_minutes,
    event_points,
    participation_award,
)
from domain.skills import Holding
from domain.words import ThemeCode
from tests.clock import START
from tests.samples import POLICY, details, event

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
INSTANT = timedelta(microseconds=1)
SOMEBODY, SOMEBODY_ELSE = UUID(int=1), UUID(int=2)
CULTURE, ECONOMY, TRANSPORT = ThemeCode.CULTURE, ThemeCode.ECONOMY, ThemeCode.TRANSPORT

stars = st.integers(1, 5)
minutes = st.integers(1, 1440)
efforts = st.integers(1, 100_000)
spans = st.builds(
    lambda after, lasts: Span(START + after, START + after + lasts),
    st.timedeltas(-400 * DAY, 400 * DAY),
    st.timedeltas(MINUTE, 10 * DAY),
)


def lasting(length: timedelta, *, after: timedelta = timedelta()) -> Span:
    return Span(START + after, START + after + length)


def worth(length: timedelta, engagement: int, effort: int | None = None) -> int:
    return event_points(lasting(length), effort_minutes=effort, engagement=engagement, policy=POLICY)


def scored(
    span: Span | None = None, *, organizer: UUID | None = SOMEBODY, themes: tuple[ThemeCode, ...] = (CULTURE,)
) -> ScoredEvent:
    return ScoredEvent(
        id=event().id,
        span=span or lasting(270 * MINUTE),
        effort_minutes=None,
        engagement=3,
        themes=themes,
        counted_organizer=organizer,
    )


def earlier(times: int, *, organizer: UUID | None = SOMEBODY) -> list[EarlierAward]:
    """Awards of the weeks before, none at the same time as another."""
    return [EarlierAward(lasting(60 * MINUTE, after=-DAY * number), organizer) for number in range(1, times + 1)]


def test_three_stars_and_four_hours_and_a_half_are_200_points() -> None:
    assert worth(timedelta(hours=4, minutes=30), 3) == 200


@given(minutes, stars)
@example(270, 3)
@example(20, 1)
@example(60, 1)
def test_an_event_is_worth_15_points_per_hour_and_star_rounded_half_up_to_tens(lasts: int, engagement: int) -> None:
    exact = Fraction(15 * engagement * min(lasts, 480), 60)

    assert worth(lasts * MINUTE, engagement) == max(10, 10 * floor(exact / 10 + Fraction(1, 2)))


@given(minutes, efforts, stars)
def test_where_an_effort_is_given_the_length_counts_for_nothing(lasts: int, effort: int, engagement: int) -> None:
    assert worth(lasts * MINUTE, engagement, effort) == worth(min(effort, 480) * MINUTE, engagement)


@given(st.integers(480, 1440), stars)
def test_more_than_eight_hours_count_as_eight(lasts: int, engagement: int) -> None:
    assert worth(lasts * MINUTE, engagement) == worth(timedelta(hours=8), engagement) == 120 * engagement


@given(spans, st.none() | efforts, stars)
def test_event_points_are_tens_between_10_and_600(span: Span, effort: int | None, engagement: int) -> None:
    found = event_points(span, effort_minutes=effort, engagement=engagement, policy=POLICY)

    assert type(found) is int
    assert found in range(10, 601, 10)


@given(minutes, minutes, stars, stars)
def test_more_stars_or_more_minutes_are_never_worth_less(some: int, others: int, engagement: int, more: int) -> None:
    assert worth(min(some, others) * MINUTE, engagement) <= worth(max(some, others) * MINUTE, engagement)
    assert worth(some * MINUTE, min(engagement, more)) <= worth(some * MINUTE, max(engagement, more))


def test_an_event_of_more_than_a_day_counts_one_hour_unless_its_effort_is_given() -> None:
    assert counted_minutes(lasting(A_DAY), effort_minutes=None, policy=POLICY) == 480
    assert counted_minutes(lasting(A_DAY + INSTANT), effort_minutes=None, policy=POLICY) == 60
    assert counted_minutes(lasting(A_DAY * 30), effort_minutes=90, policy=POLICY) == 90


def test_a_minute_that_has_begun_is_not_yet_a_minute() -> None:
    assert counted_minutes(lasting(2 * MINUTE - INSTANT), effort_minutes=None, policy=POLICY) == 1


def test_what_goes_by_counts_and_not_what_clocks_show() -> None:
    # In Paris, 25 October 2026 has 25 hours: from 1:00 to 4:00 on the clock are four of them.
    paris = ZoneInfo("Europe/Paris")
    night = details(starts_at=datetime(2026, 10, 25, 1, tzinfo=paris), ends_at=datetime(2026, 10, 25, 4, tzinfo=paris))

    assert counted_minutes(night.span, effort_minutes=None, policy=POLICY) == 240


@given(spans, spans)
def test_spans_overlap_each_other_alike_and_never_longer_than_they_last(one: Span, other: Span) -> None:
    shared = one.overlaps(other)

    assert shared == other.overlaps(one)
    assert timedelta() <= shared <= min(one.ends_at - one.starts_at, other.ends_at - other.starts_at)
    assert one.overlaps(one) == one.ends_at - one.starts_at


def test_the_first_attendance_of_the_reference_event_brings_200_points() -> None:
    award = participation_award(scored(), holdings=[], earlier=[], policy=POLICY)

    assert (award.base_points, award.multiplier, award.points) == (200, Decimal(1), 200)
    assert (award.skill_theme, award.policy_version) == (None, "2026-1")
    computation = award.computation
    assert (computation.stars, computation.minutes, computation.repeats) == (3, 270, 0)
    assert (computation.skill_factor, computation.repeat_factor) == (Decimal(1), Decimal(1))
    assert not computation.overlapping
    assert computation.reason is None


@pytest.mark.parametrize(
    ("repeats", "points"),
    [(0, 200), (1, 200), (2, 200), (3, 100), (4, 100), (5, 100), (6, 0), (7, 0), (20, 0)],
)
def test_the_fourth_event_of_one_citizen_counts_half_and_the_seventh_nothing(repeats: int, points: int) -> None:
    award = participation_award(scored(), holdings=[], earlier=earlier(repeats), policy=POLICY)

    assert award.points == points
    assert award.computation.repeats == repeats
    assert award.base_points == 200


def test_events_of_verified_organisations_count_fully_without_end() -> None:
    award = participation_award(scored(organizer=None), holdings=[], earlier=earlier(20, organizer=None), policy=POLICY)

    assert (award.points, award.computation.repeats) == (200, 0)


def test_only_events_of_the_same_organiser_are_repeats() -> None:
    others = earlier(20, organizer=SOMEBODY_ELSE) + earlier(20, organizer=None)
    award = participation_award(scored(), holdings=[], earlier=others, policy=POLICY)

    assert (award.points, award.computation.repeats) == (200, 0)


@pytest.mark.parametrize(
    ("after", "repeats"),
    [(-90 * DAY, 1), (90 * DAY, 1), (-90 * DAY - INSTANT, 0), (90 * DAY + INSTANT, 0), (-DAY, 1), (DAY, 1)],
)
def test_repeats_are_events_that_began_within_90_days_on_either_side(after: timedelta, repeats: int) -> None:
    other = EarlierAward(lasting(60 * MINUTE, after=after), SOMEBODY)
    award = participation_award(scored(), holdings=[], earlier=[other], policy=POLICY)

    assert award.computation.repeats == repeats


@pytest.mark.parametrize(
    ("other", "points"),
    [
        (lasting(60 * MINUTE, after=-45 * MINUTE), 200),
        (lasting(60 * MINUTE, after=-45 * MINUTE + INSTANT), 0),
        (lasting(60 * MINUTE, after=255 * MINUTE), 200),
        (lasting(60 * MINUTE, after=255 * MINUTE - INSTANT), 0),
        (lasting(60 * MINUTE, after=270 * MINUTE), 200),
        (lasting(15 * MINUTE, after=60 * MINUTE), 200),
        (lasting(15 * MINUTE + INSTANT, after=60 * MINUTE), 0),
        (lasting(30 * DAY, after=-15 * DAY), 0),
        (lasting(270 * MINUTE), 0),
    ],
)
def test_what_overlaps_by_more_than_15_minutes_earns_nothing(other: Span, points: int) -> None:
    award = participation_award(scored(), holdings=[], earlier=[EarlierAward(other, None)], policy=POLICY)

    assert award.points == points
    assert award.computation.overlapping == (points == 0)
    assert award.multiplier == (1 if points else 0)
    assert award.base_points == 200


def test_nobody_is_at_two_places_whatever_skills_they_hold() -> None:
    held = Holding(CULTURE, START - DAY)
    award = participation_award(
        scored(), holdings=[held], earlier=[EarlierAward(lasting(60 * MINUTE), None)], policy=POLICY
    )

    assert (award.points, award.multiplier) == (0, Decimal(0))


def test_a_skill_doubles_once_however_many_fit_and_the_first_acquired_is_named() -> None:
    holdings = [Holding(ECONOMY, START - 2 * DAY), Holding(TRANSPORT, START - 3 * DAY), Holding(CULTURE, START - DAY)]
    award = participation_award(scored(themes=(CULTURE, ECONOMY)), holdings=holdings, earlier=[], policy=POLICY)

    assert (award.points, award.multiplier) == (400, Decimal(2))
    assert award.skill_theme is ECONOMY
    assert award.computation.skill_factor == 2


@pytest.mark.parametrize(
    ("held", "points"),
    [
        (Holding(CULTURE, START - INSTANT), 400),
        (Holding(CULTURE, START), 200),
        (Holding(CULTURE, START + INSTANT), 200),
        (Holding(CULTURE, START - DAY, START + INSTANT), 400),
        (Holding(CULTURE, START - DAY, START), 200),
        (Holding(CULTURE, START - 2 * DAY, START - DAY), 200),
        (Holding(ECONOMY, START - DAY), 200),
    ],
)
def test_a_skill_counts_if_it_was_held_when_the_event_began(held: Holding, points: int) -> None:
    assert participation_award(scored(), holdings=[held], earlier=[], policy=POLICY).points == points


def test_a_skill_makes_up_for_repeats() -> None:
    held = Holding(CULTURE, START - DAY)
    award = participation_award(scored(), holdings=[held], earlier=earlier(3), policy=POLICY)

    assert (award.points, award.multiplier) == (200, Decimal(1))
    assert (award.computation.skill_factor, award.computation.repeat_factor) == (Decimal(2), Decimal("0.5"))


@given(st.lists(spans, max_size=12), stars, st.booleans())
def test_points_are_base_times_multiplier_rounded_half_up(others: list[Span], engagement: int, skilled: bool) -> None:
    holdings = [Holding(CULTURE, START - DAY)] if skilled else []
    known = [EarlierAward(other, SOMEBODY) for other in others]
    award = participation_award(
        replace(scored(), engagement=engagement), holdings=holdings, earlier=known, policy=POLICY
    )

    assert type(award.points) is int
    assert award.points == floor(Fraction(award.multiplier) * award.base_points + Fraction(1, 2))
    assert 0 <= award.points <= 1200


@pytest.mark.parametrize(("factor", "points"), [("0.25", 3), ("0.45", 5), ("0.44", 4), ("0.05", 1), ("0.04", 0)])
def test_halves_of_a_point_are_rounded_up(factor: str, points: int) -> None:
    policy = replace(POLICY, repeat_factors=(Decimal(factor),))
    least = replace(scored(), engagement=1, effort_minutes=1)

    assert participation_award(least, holdings=[], earlier=[], policy=policy).points == points


@given(st.lists(spans, max_size=8), st.permutations(range(8)))
def test_the_order_in_which_earlier_awards_are_told_changes_nothing(others: list[Span], order: list[int]) -> None:
    known = [EarlierAward(span, SOMEBODY if number % 2 else None) for number, span in enumerate(others)]
    shuffled = [known[place] for place in order if place < len(known)]

    assert participation_award(scored(), holdings=[], earlier=known, policy=POLICY) == participation_award(
        scored(), holdings=[], earlier=shuffled, policy=POLICY
    )


@given(st.lists(spans, max_size=8))
def test_what_is_neither_near_nor_at_the_same_time_changes_nothing(others: list[Span]) -> None:
    """The database may leave out what lies far away; a replay knows it all: they must agree."""
    known = [EarlierAward(span, SOMEBODY) for span in others]
    window = timedelta(days=POLICY.repeat_window_days)
    mine = scored()
    near = [
        award
        for award in known
        if abs(award.event_span.starts_at - START) <= window or award.event_span.overlaps(mine.span)
    ]
    assume(len(near) < len(known))

    assert participation_award(mine, holdings=[], earlier=near, policy=POLICY) == participation_award(
        mine, holdings=[], earlier=known, policy=POLICY
    )


@given(st.integers(1, 20))
def test_a_self_assessment_brings_the_threshold_of_its_level(level: int) -> None:
    award = assessment_award(level, policy=POLICY)

    assert award.points == award.base_points == 100 * (level - 1) ** 2
    assert (award.multiplier, award.skill_theme, award.policy_version) == (Decimal(1), None, "2026-1")
    assert POLICY.level_at(award.points) == level
