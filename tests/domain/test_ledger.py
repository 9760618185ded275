"""Entries that follow from each other, and say why they are what they are."""

from decimal import Decimal
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.ids import CitizenId, EventId, LedgerEntryId
from domain.ledger import LedgerEntry, LedgerKind, balances, explain
from domain.points import Award, Computation
from domain.words import ThemeCode
from tests.clock import START
from tests.samples import POLICIES

points = st.integers(-40_000, 40_000)


def award(points: int) -> Award:
    return Award(
        base_points=points,
        multiplier=Decimal(1),
        points=points,
        computation=Computation(),
        skill_theme=None,
        policy_version="2026-1",
    )


def entry(
    kind: LedgerKind = LedgerKind.PARTICIPATION,
    *,
    theme: ThemeCode | None = None,
    computation: Computation | None = None,
    redacted: bool = False,
) -> LedgerEntry:
    return LedgerEntry(
        id=LedgerEntryId(UUID(int=1)),
        citizen_id=CitizenId(UUID(int=2)),
        number=1,
        kind=kind,
        occurred_at=START,
        base_points=200,
        multiplier=Decimal(1),
        points=200,
        balance=200,
        event_id=None if redacted else EventId(UUID(int=3)),
        participation_id=None,
        theme=theme,
        computation=computation,
        reverses_id=None,
        policy_version="2026-1",
        event_title=None if redacted else "Barcamp Datajournalisme",
        redacted=redacted,
    )


@given(st.lists(points, max_size=30))
def test_balances_are_running_sums_and_numbers_have_no_gap(given_points: list[int]) -> None:
    numbered = list(balances(map(award, given_points)))

    assert [each.number for each in numbered] == list(range(1, len(given_points) + 1))
    assert [each.award.points for each in numbered] == given_points
    assert [each.balance for each in numbered[-1:]] == [sum(given_points)][: len(given_points)]
    for before, after in pairwise(numbered):
        assert after.balance == before.balance + after.award.points


@pytest.mark.parametrize(
    ("computation", "case"),
    [
        (Computation(stars=3, minutes=270), "plain"),
        (Computation(skill_factor=Decimal(2)), "skilled"),
        (Computation(repeat_factor=Decimal("0.5"), repeats=3), "repeated"),
        (Computation(skill_factor=Decimal(2), repeat_factor=Decimal("0.5"), repeats=4), "both"),
        (Computation(skill_factor=Decimal(2), overlapping=True), "overlapping"),
        (None, "plain"),
    ],
)
def test_a_participation_says_what_doubled_or_reduced_it(computation: Computation | None, case: str) -> None:
    sentence = explain(entry(computation=computation), policies=POLICIES)

    assert sentence.key == "ledger-participation"
    assert sentence.parameters["case"] == case
    assert sentence.parameters["event"] == "Barcamp Datajournalisme"


def test_an_entry_tells_stars_hours_and_the_skill_that_doubled_it() -> None:
    computation = Computation(stars=3, minutes=270, skill_factor=Decimal(2))
    told = explain(entry(theme=ThemeCode.CULTURE, computation=computation), policies=POLICIES).parameters

    assert (told["stars"], told["hours"], told["minutes"], told["skill"]) == (3, 4, 30, "CULTURE")
    assert (told["base"], told["points"]) == (200, 200)


@pytest.mark.parametrize("kind", LedgerKind)
def test_each_kind_has_a_sentence_of_its_own(kind: LedgerKind) -> None:
    assert explain(entry(kind), policies=POLICIES).key == f"ledger-{kind.value.lower().replace('_', '-')}"


@pytest.mark.parametrize("kind", LedgerKind)
def test_what_is_not_listed_tells_its_kind_and_its_points_and_nothing_else(kind: LedgerKind) -> None:
    sentence = explain(entry(kind, redacted=True), policies=POLICIES)

    assert sentence.key == "ledger-redacted"
    assert sentence.parameters == {"kind": kind.value, "points": 200, "size": 200}
