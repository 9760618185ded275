"""Special skills: the two marks, periods of holding, and the one that counts."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.skills import Contribution, Holding, progress, skill_that_counts, skills_earned, told_since
from domain.words import ThemeCode
from tests.clock import START
from tests.samples import POLICY

CULTURE, ECONOMY = ThemeCode.CULTURE, ThemeCode.ECONOMY
DAY = timedelta(days=1)
ONE, TWO = UUID(int=1), UUID(int=2)

contributions = st.lists(
    st.builds(
        Contribution,
        st.lists(st.sampled_from(ThemeCode), min_size=1, max_size=3, unique=True).map(tuple),
        st.sampled_from([ONE, TWO]),
    ),
    max_size=20,
)
moments = st.timedeltas(-20 * DAY, 20 * DAY).map(lambda after: START + after)
holdings = st.lists(
    st.builds(
        lambda theme, since, lasts: Holding(theme, since, None if lasts is None else since + lasts),
        st.sampled_from(ThemeCode),
        moments,
        st.none() | st.timedeltas(timedelta(), 20 * DAY),
    ),
    max_size=8,
)


@pytest.mark.parametrize(
    ("organizers", "earned"),
    [
        ([ONE] * 4 + [TWO], True),
        ([ONE] * 3 + [TWO], False),
        ([ONE] * 5, False),
        ([ONE] * 50, False),
        ([ONE] * 50 + [TWO], True),
        ([], False),
    ],
)
def test_a_skill_takes_five_contributions_from_two_organisers(organizers: list[UUID], earned: bool) -> None:
    given_ones = [Contribution((CULTURE,), organizer) for organizer in organizers]

    assert (CULTURE in skills_earned(given_ones, policy=POLICY)) == earned


def test_each_theme_of_an_event_counts() -> None:
    both = [Contribution((CULTURE, ECONOMY), organizer) for organizer in (ONE, ONE, ONE, TWO)]

    assert skills_earned([*both, Contribution((ECONOMY,), ONE)], policy=POLICY) == {ECONOMY}
    assert skills_earned([*both, Contribution((ECONOMY, CULTURE), ONE)], policy=POLICY) == {CULTURE, ECONOMY}


@given(contributions, contributions)
def test_more_contributions_never_take_a_skill_away(some: list[Contribution], more: list[Contribution]) -> None:
    assert skills_earned(some, policy=POLICY) <= skills_earned(some + more, policy=POLICY)


@given(contributions)
def test_a_skill_is_earned_exactly_where_nothing_is_missing(some: list[Contribution]) -> None:
    for theme in ThemeCode:
        on_it = [each for each in some if theme in each.themes]
        missing = progress(len(on_it), len({each.organizer for each in on_it}), policy=POLICY)

        assert missing.complete == (theme in skills_earned(some, policy=POLICY))
        assert 0 <= missing.contributions_missing <= 5
        assert 0 <= missing.organizers_missing <= 2


def test_progress_says_what_is_missing_to_each_mark() -> None:
    missing = progress(2, 1, policy=POLICY)

    assert (missing.contributions_missing, missing.organizers_missing, missing.complete) == (3, 1, False)


@given(holdings, st.lists(st.sampled_from(ThemeCode), min_size=1, max_size=3, unique=True))
def test_the_skill_that_counts_was_held_before_and_none_that_fits_was_acquired_sooner(
    held: list[Holding], themes: list[ThemeCode]
) -> None:
    fitting = [
        each
        for each in held
        if each.theme in themes and each.acquired_at < START and (each.lost_at is None or each.lost_at > START)
    ]
    found = skill_that_counts(held, themes=tuple(themes), at=START)

    assert (found is None) == (not fitting)
    if found is not None:
        assert found in fitting
        assert found.acquired_at == min(each.acquired_at for each in fitting)


def test_of_two_skills_acquired_at_once_the_same_is_always_named() -> None:
    one, other = Holding(CULTURE, START - DAY), Holding(ECONOMY, START - DAY)
    for held in ([one, other], [other, one]):
        assert skill_that_counts(held, themes=(ECONOMY, CULTURE), at=START) is one


@pytest.mark.parametrize(
    ("acquired_at", "first"),
    [
        (datetime(2026, 9, 7, 12, tzinfo=UTC), datetime(2026, 8, 31, 22, tzinfo=UTC)),
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), datetime(2026, 11, 30, 23, tzinfo=UTC)),
        (datetime(2026, 12, 31, 23, tzinfo=UTC), datetime(2026, 12, 31, 23, tzinfo=UTC)),
        (datetime(2026, 3, 31, 12, tzinfo=UTC), datetime(2026, 2, 28, 23, tzinfo=UTC)),  # it began in winter time
    ],
)
def test_of_a_skill_that_was_completed_by_what_is_not_listed_the_month_in_paris_is_told(
    acquired_at: datetime, first: datetime
) -> None:
    assert told_since(acquired_at, listed=False) == first
    assert told_since(acquired_at, listed=True) == acquired_at
