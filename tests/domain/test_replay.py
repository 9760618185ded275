"""A replay from the facts: what it must come to, whatever they are."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import accumulate
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from domain.ids import EventId
from domain.ledger import LedgerKind
from domain.points import ScoredEvent, Span
from domain.policy import Policies
from domain.replay import Assessed, Attended, Replayed, replay
from domain.words import ThemeCode
from tests.clock import START
from tests.samples import POLICIES, POLICY

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ONE, TWO = UUID(int=1), UUID(int=2)
CULTURE, ECONOMY = ThemeCode.CULTURE, ThemeCode.ECONOMY


def attendance(
    starts_at: datetime,
    *,
    organizer: UUID = ONE,
    verified: bool = False,
    themes: tuple[ThemeCode, ...] = (CULTURE,),
    hours: int = 4,
) -> Attended:
    event = ScoredEvent(
        id=EventId(UUID(int=int(starts_at.timestamp()))),
        span=Span(starts_at, starts_at + hours * HOUR),
        effort_minutes=None,
        engagement=2,
        themes=themes,
        counted_organizer=None if verified else organizer,
    )
    return Attended(event=event, organizer=organizer, recorded_at=starts_at)


attendances = st.lists(
    st.builds(
        lambda hours, organizer, verified, themes: attendance(
            START + hours * HOUR, organizer=organizer, verified=verified, themes=tuple(themes)
        ),
        st.integers(0, 4_000),
        st.sampled_from([ONE, TWO]),
        st.booleans(),
        st.lists(st.sampled_from([CULTURE, ECONOMY]), min_size=1, max_size=2, unique=True),
    ),
    max_size=25,
    unique_by=lambda each: each.event.id,
)
levels = st.none() | st.integers(1, 20)


def replayed(history: list[Attended], level: int | None = None, policies: Policies = POLICIES) -> list[Replayed]:
    assessed = [Assessed(level=level, recorded_at=START - DAY)] if level else []
    return replay([*assessed, *history], policies=policies)


def points(history: list[Attended]) -> list[int]:
    return [each.numbered.award.points for each in replayed(history)]


@given(attendances, levels)
def test_each_attendance_is_one_entry_after_the_self_assessment(history: list[Attended], level: int | None) -> None:
    entries = replayed(history, level)
    sums = list(accumulate(each.numbered.award.points for each in entries))
    declared = [(LedgerKind.SELF_ASSESSMENT, None)] if level else []

    assert [(each.kind, each.event_id) for each in entries] == [
        *declared,
        *((LedgerKind.PARTICIPATION, each.event.id) for each in history),
    ]
    assert [each.numbered.number for each in entries] == list(range(1, len(entries) + 1))
    assert [each.numbered.balance for each in entries] == sums


@given(attendances, levels)
def test_what_was_declared_moves_balances_and_no_award(history: list[Attended], level: int | None) -> None:
    with_it, without = replayed(history, level), replayed(history)

    assert [each.numbered.award for each in with_it if each.event_id] == [each.numbered.award for each in without]


@given(attendances, st.integers(0, 25))
def test_what_comes_later_changes_nothing_before(history: list[Attended], length: int) -> None:
    assert replayed(history)[:length] == replayed(history[:length])


def test_the_fifth_contribution_of_two_organisers_doubles_what_begins_after() -> None:
    history = [attendance(START + day * DAY, organizer=ONE if day else TWO, verified=True) for day in range(7)]

    assert points(history) == [120] * 5 + [240] * 2


def test_the_same_event_begun_before_the_skill_was_recorded_is_not_doubled() -> None:
    history = [attendance(START + day * DAY, organizer=ONE if day else TWO, verified=True) for day in range(5)]
    late = replace(history[4], recorded_at=START + 10 * DAY)
    after = attendance(START + 9 * DAY, verified=True)

    assert points([*history[:4], late, after]) == [120] * 6


def test_what_overlapped_counts_to_no_skill() -> None:
    history = [attendance(START + day * DAY, organizer=ONE if day else TWO, verified=True) for day in range(4)]
    overlapping = attendance(START + 3 * DAY + HOUR, verified=True)
    after = [attendance(START + day * DAY, verified=True) for day in (5, 6)]

    assert points([*history, overlapping, *after]) == [120, 120, 120, 120, 0, 120, 240]


def test_seven_events_of_one_citizen_bring_three_whole_three_halves_and_nothing() -> None:
    assert points([attendance(START + day * DAY) for day in range(8)]) == [120, 120, 120, 60, 60, 60, 0, 0]


def test_each_event_is_scored_by_the_policy_of_its_day_and_a_proposed_one_can_be_tried() -> None:
    generous = replace(POLICY, version="2027-1", effective_from=date(2027, 1, 1), points_per_hour_and_star=30)
    history = [attendance(START), attendance(START + 365 * DAY)]

    both = replayed(history, policies=Policies.of([POLICY, generous]))
    tried = replayed(history, level=3, policies=Policies.of([generous]))

    assert [each.numbered.award.policy_version for each in both] == ["2026-1", "2027-1"]
    assert [each.numbered.award.points for each in both] == [120, 240]
    assert [each.numbered.balance for each in tried] == [400, 640, 880]
    assert {each.numbered.award.multiplier for each in tried} == {Decimal(1)}
