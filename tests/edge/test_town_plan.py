"""The plan of the demo town, at any moment and by any chance: it never asks for what the rules refuse."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as some

from domain.accounts import ProfileVisibility, check_sign_up
from domain.charter import CHARTER_VERSION
from domain.events import check_details
from domain.organizations import check_details as check_organization
from influents.town import CITIZENS, EARLIEST, inhabitants
from influents.town.life import sign_up_of
from influents.town.outings import DROP_INS, outings
from influents.town.programme import groups, happenings

SEED = 44
MOMENTS = some.integers(0, 12_000).flatmap(
    lambda days: some.integers(0, 86_399).map(lambda seconds: EARLIEST + timedelta(days=days, seconds=seconds))
)


@settings(max_examples=10)
@given(now=MOMENTS)
def test_the_programme_keeps_the_rules_at_any_moment(now: datetime) -> None:
    people = {person.handle for person in inhabitants(seed=SEED, now=now)}
    programme = happenings(now)

    assert len({happening.key for happening in programme}) == len(programme)
    for group in groups(now):
        assert list(check_organization(group.details)) == []
        assert group.owner in people
    for happening in programme:
        details = happening.details
        assert list(check_details(details)) == []
        assert details.territory is not None
        assert {happening.proposer, *happening.surely} <= people
        assert happening.proposed_at < (happening.reviewed_at or now) <= now
        assert happening.proposed_at < details.starts_at
        assert (happening.published_at or now) < details.starts_at
        assert happening.over(now) is (details.starts_at <= now)
    assert sum(not happening.over(now) for happening in programme if happening.published_at) == 9


@settings(max_examples=10)
@given(seed=some.integers(0, 1000), now=MOMENTS)
def test_people_may_sign_up_as_they_are(seed: int, now: datetime) -> None:
    people = inhabitants(seed=seed, now=now)

    assert len({person.handle for person in people}) == len(people) == CITIZENS
    assert {None, *range(1, 21)} == {person.level for person in people}
    for person in people:
        assert list(check_sign_up(sign_up_of(person), charter_version=CHARTER_VERSION)) == []
        assert person.joined_at < now
    visible = Counter(person.visibility for person in people)
    assert visible[ProfileVisibility.PSEUDONYMOUS] > visible[ProfileVisibility.PUBLIC] > 40
    assert visible[ProfileVisibility.HIDDEN] > 0
    assert any(not person.adult for person in people)


@settings(max_examples=10)
@given(seed=some.integers(0, 1000), now=MOMENTS)
def test_people_go_where_they_can_at_times_when_they_may(seed: int, now: datetime) -> None:
    planned = outings(inhabitants(seed=seed, now=now), happenings(now), seed=seed, now=now)

    spans = defaultdict(list)
    for outing in planned:
        details, opened = outing.happening.details, outing.happening.published_at
        assert opened is not None
        assert max(opened, outing.person.joined_at) < outing.registers_at < min(details.starts_at, now)
        assert outing.person.handle != outing.happening.proposer
        if outing.checks_in_at:
            assert outing.registers_at < outing.checks_in_at <= now
            assert -timedelta(minutes=30) <= outing.checks_in_at - details.starts_at
            assert outing.checks_in_at <= details.ends_at + timedelta(hours=2)
            spans[outing.person.handle].append(details.span)
    assert len({(outing.person.handle, outing.happening.key) for outing in planned}) == len(planned)
    twice = [own for own in spans.values() if any(a.overlaps(b) for a in own for b in own if a is not b)]
    assert len(twice) <= DROP_INS
    assert len(spans["nath"]) == 21
