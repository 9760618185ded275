"""A proposed policy tried on any history: laws that hold whatever happened to a citizen."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import accumulate
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from domain.facts import CitizenFacts, Crowd, FactualEvent, KeptEntry
from domain.ids import EventId, LedgerEntryId, OrganizationId
from domain.influence import Totals
from domain.ledger import LedgerEntry, LedgerKind
from domain.points import ScoredEvent, Span
from domain.policy import Policies, Policy
from domain.replay import Adjusted, Assessed, Attended, Happening, Organized, Replayed, TakenBack, replay
from domain.simulation import Trial, replayed, simulated
from domain.skill_periods import Period
from domain.skills import SkillSource
from domain.words import ThemeCode
from tests.clock import START
from tests.samples import NATH, POLICY, SOMEBODY

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
THEMES = (ThemeCode.CULTURE, ThemeCode.ECONOMY)
LATER = replace(POLICY, version="2027-1", effective_from=date(2026, 10, 1), points_per_hour_and_star=20)
BOTH = Policies.of([POLICY, LATER])
"""The second comes into force while things happen."""
PERIOD = Period(
    theme=ThemeCode.ECONOMY,
    source=SkillSource.RECOGNITION,
    acquired_at=START + 5 * DAY,
    lost_at=START + 60 * DAY,
    recognized_by=OrganizationId(UUID(int=7)),
    reason="Des années d’accueil.",
)


def scored(number: int, hours: int, organizer: UUID | None) -> ScoredEvent:
    starts_at = START + hours * HOUR
    return ScoredEvent(
        id=EventId(UUID(int=number)),
        span=Span(starts_at, starts_at + 3 * HOUR),
        effort_minutes=None,
        engagement=1 + number % 5,
        themes=THEMES[: 1 + number % 2],
        counted_organizer=organizer,
    )


@st.composite
def histories(draw: st.DrawFn) -> list[Happening]:
    """Events attended and organised, awards taken back and given again, adjustments: in the order of their moments."""
    level = draw(st.none() | st.integers(1, 20))
    happened: list[Happening] = [] if level is None else [Assessed(level=level, recorded_at=START)]
    hours = sorted(draw(st.lists(st.integers(1, 2_500), max_size=20, unique=True)))
    standing: list[Attended | Organized] = []
    for number, hour in enumerate(hours, start=1):
        at = START + hour * HOUR
        match draw(st.sampled_from(["attended", "attended", "attended", "organized", "adjusted", "back", "again"])):
            case "attended":
                event = scored(number, hour, draw(st.sampled_from([None, SOMEBODY, UUID(int=5)])))
                standing.append(Attended(event=event, organizer=event.counted_organizer or NATH, recorded_at=at))
                happened.append(standing[-1])
            case "organized":
                standing.append(Organized(event=scored(number, hour, NATH), recorded_at=at))
                happened.append(standing[-1])
            case "adjusted":
                given_points = draw(st.integers(-3_000, 3_000))
                happened.append(Adjusted(points=given_points, reason="Un oubli.", recorded_at=at))
            case back_or_again if standing:
                of = standing.pop(draw(st.integers(0, len(standing) - 1)))
                kind = LedgerKind.PARTICIPATION if isinstance(of, Attended) else LedgerKind.ORGANIZING
                happened.append(TakenBack(kind=kind, event_id=of.event.id, recorded_at=at))
                if back_or_again == "again":
                    standing.append(replace(of, recorded_at=at + timedelta(minutes=1)))
                    happened.append(standing[-1])
    return happened


def kept(each: Replayed, reverses: LedgerEntryId | None) -> KeptEntry:
    """A replayed entry as the database would have it."""
    award = each.numbered.award
    entry = LedgerEntry(
        id=LedgerEntryId(UUID(int=each.numbered.number)),
        citizen_id=NATH,
        number=each.numbered.number,
        kind=each.kind,
        occurred_at=each.occurred_at,
        base_points=award.base_points,
        multiplier=award.multiplier,
        points=award.points,
        balance=each.numbered.balance,
        event_id=each.event_id,
        participation_id=None,
        theme=award.skill_theme,
        computation=award.computation,
        reverses_id=reverses,
        policy_version=award.policy_version,
    )
    return KeptEntry(entry, 1)


def facts_of(history: list[Happening], policies: Policies = BOTH, counted: int = 3) -> CitizenFacts:
    """A citizen with that history, whose ledger is what it came to; `counted` people came to what they organised."""
    entries = replay(history, policies=policies, recognized=[PERIOD])
    standing: dict[tuple[LedgerKind, EventId], LedgerEntryId] = {}
    ledger = []
    for happening, each in zip(history, entries, strict=True):
        taken = standing.pop((happening.kind, happening.event_id)) if isinstance(happening, TakenBack) else None
        ledger.append(kept(each, taken))
        if each.event_id and taken is None:
            standing[each.kind, each.event_id] = ledger[-1].entry.id
    happened = [each for each in history if isinstance(each, Attended | Organized)]
    earned = [each.numbered.award.points for each in entries if each.kind is not LedgerKind.SELF_ASSESSMENT]
    return CitizenFacts(
        citizen_id=NATH,
        has_account=True,
        entries=ledger,
        participations={},
        events={each.event.id: factual(each) for each in happened},
        crowds={each.event.id: Crowd(counted, 0) for each in happened if isinstance(each, Organized)},
        periods=[PERIOD],
        totals=Totals(entries[-1].numbered.balance if entries else 0, sum(earned), len(entries)),
    )


def factual(of: Attended | Organized) -> FactualEvent:
    own = isinstance(of, Organized)
    organizer = of.organizer if isinstance(of, Attended) else NATH
    return FactualEvent(
        scored=of.event,
        organizer_id=NATH if own else None,
        counted_for_skills=organizer,
        called_off=False,
        updated_at=datetime.min.replace(tzinfo=START.tzinfo),
    )


factors = st.lists(st.sampled_from([Decimal(0), Decimal("0.5"), Decimal(1)]), min_size=1, max_size=8).map(tuple)
proposals = st.builds(
    lambda **changes: replace(POLICY, version="2028-1", **changes),
    points_per_hour_and_star=st.integers(1, 60),
    minimum_points=st.integers(0, 50),
    skill_multiplier=st.integers(1, 4).map(Decimal),
    contributions_for_skill=st.integers(1, 8),
    repeat_factors=factors,
    repeat_window_days=st.integers(0, 200),
    organizing_minimum_participants=st.integers(1, 5),
)


@given(histories())
def test_what_a_ledger_tells_is_replayed_to_that_ledger(history: list[Happening]) -> None:
    of = facts_of(history)

    again = replayed(of, policies=BOTH)

    assert again == replay(history, policies=BOTH, recognized=[PERIOD])


@given(histories(), proposals)
def test_two_replays_are_identical(history: list[Happening], proposed: Policy) -> None:
    of, trying = facts_of(history), BOTH.trying(proposed, instead=LATER)

    assert replayed(of, policies=BOTH, trying=trying) == replayed(of, policies=BOTH, trying=trying)


@given(histories(), st.sampled_from([POLICY, LATER]), st.integers(0, 6))
def test_the_policy_in_force_changes_nobody(history: list[Happening], policy: Policy, counted: int) -> None:
    stands = simulated(facts_of(history, counted=counted), trial=Trial(BOTH, policy, policy))

    assert stands.earned.before == stands.earned.after
    assert stands.whole.before == stands.whole.after


@given(histories(), proposals)
def test_balances_add_up_and_what_is_taken_back_is_exactly_what_was_given(
    history: list[Happening], proposed: Policy
) -> None:
    entries = replayed(facts_of(history), policies=BOTH, trying=BOTH.trying(proposed, instead=LATER))
    standing: dict[EventId | None, list[int]] = {}
    for each in entries:
        standing.setdefault(each.event_id, []).append(each.numbered.award.points)
        if each.kind is LedgerKind.REVERSAL:
            taken, given_before = standing[each.event_id].pop(), standing[each.event_id].pop()
            assert taken == -given_before

    points = [each.numbered.award.points for each in entries]
    assert [each.numbered.balance for each in entries] == list(accumulate(points))


@given(histories(), proposals)
def test_what_began_under_an_older_policy_is_scored_by_that(history: list[Happening], proposed: Policy) -> None:
    of = facts_of(history)
    older = {each.event.id for each in history if isinstance(each, Attended) and _begins_under(POLICY, each)}

    tried = replayed(of, policies=BOTH, trying=BOTH.trying(proposed, instead=LATER))

    versions = {each.numbered.award.policy_version for each in tried if each.event_id in older}
    assert versions <= {POLICY.version}


def _begins_under(policy: Policy, of: Attended) -> bool:
    return BOTH.in_force_at(of.event.span.starts_at) is policy


@given(histories(), st.integers(1, 6))
def test_a_number_of_participants_that_came_gives_each_event_its_award_and_another_gives_none(
    history: list[Happening], needed: int
) -> None:
    proposed = replace(POLICY, version="2028-1", organizing_minimum_participants=needed)
    alone = Policies.of([POLICY])
    of = facts_of(history, alone, counted=3)

    tried = replayed(of, policies=alone, trying=alone.trying(proposed, instead=POLICY))

    organized = [each.event_id for each in tried if each.kind is LedgerKind.ORGANIZING]
    if needed != POLICY.organizing_minimum_participants:
        assert len(organized) == len(set(organized)) == (len(of.crowds) if needed < 3 else 0)
