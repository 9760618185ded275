"""What a proposed policy would bring to whom, from the same books as the audit's; and nothing is written."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine import Database
from db.models import metadata
from db.queries import facts
from domain.facts import CitizenFacts
from domain.ids import CitizenId
from domain.ledger import LedgerKind
from domain.policy import Policies, Policy
from domain.replay import Replayed
from domain.simulation import Simulated, Tally, replayed
from resolvers.audit import simulate
from resolvers.context import Context
from tests.books import retold, told
from tests.every_kind import Everything
from tests.ledgers import me
from tests.samples import POLICY

pytestmark = pytest.mark.xdist_group("simulation")  # one town serves all


def proposal(**changes: object) -> Policy:
    return replace(POLICY, version="2027-1", **changes)  # type: ignore[arg-type]  # fields of Policy, by name


@pytest.fixture
async def people(everything: Everything) -> dict[CitizenId, CitizenFacts]:
    async with AsyncSession(everything.services.database.engine) as session:
        return {each.citizen_id: each for each in await facts.facts_after(session, None)}


async def outcome(everything: Everything, proposed: Policy) -> dict[CitizenId, Simulated]:
    ctx = Context(everything.services)
    found: dict[CitizenId, Simulated] = {}
    async for part in simulate(ctx, proposed, instead=POLICY):
        known = [each.citizen_id for each in part.facts if each.has_account]
        found |= dict(zip(known, part.simulated, strict=True))
    return found


def entries(of: CitizenFacts, proposed: Policy = POLICY) -> list[Replayed]:
    policies = Policies.of([POLICY])
    return replayed(of, policies=policies, trying=policies.trying(proposed, instead=POLICY))


def points(of: CitizenFacts, kind: LedgerKind, proposed: Policy = POLICY) -> list[int]:
    return [each.numbered.award.points for each in entries(of, proposed) if each.kind is kind]


async def rows(database: Database) -> dict[str, tuple[int, str | None]]:
    """What every table holds, in a number and a sum."""
    async with database.engine.connect() as connection:
        found = {}
        for name in metadata.tables:
            sums = sa.text(f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {name} t")  # noqa: S608
            found[name] = tuple((await connection.execute(sums)).one())
        return found


async def test_a_replay_under_the_policy_in_force_is_the_ledger_entry_by_entry(
    people: dict[CitizenId, CitizenFacts],
) -> None:
    for of in people.values():
        assert [retold(each) for each in entries(of)] == [told(kept.entry) for kept in of.entries]
        assert entries(of) == entries(of)


async def test_the_policy_in_force_changes_nobody(everything: Everything) -> None:
    for same in (POLICY, proposal()):
        found = await outcome(everything, same)
        assert found
        assert all(each.earned.before == each.earned.after for each in found.values())
        assert all(each.whole.before == each.whole.after for each in found.values())


async def test_no_row_changes_and_none_can(everything: Everything) -> None:
    database = everything.services.database
    before = await rows(database)

    await outcome(everything, proposal(points_per_hour_and_star=150))

    assert await rows(database) == before
    async with facts.snapshot(database) as session:
        assert await session.scalar(sa.text("SHOW transaction_read_only")) == "on"


async def test_all_that_a_policy_says_is_tried(everything: Everything, people: dict[CitizenId, CitizenFacts]) -> None:
    nath, host = people[me(everything.nath)], people[me(everything.host)]
    participation, organizing = LedgerKind.PARTICIPATION, LedgerKind.ORGANIZING
    before = points(nath, participation)

    assert points(nath, LedgerKind.SELF_ASSESSMENT) == [400]
    higher = tuple(200 * level**2 for level in range(20))
    assert points(nath, LedgerKind.SELF_ASSESSMENT, proposal(level_points=higher)) == [800]
    assert points(nath, LedgerKind.ADJUSTMENT, proposal(points_per_hour_and_star=30)) == [-30, 1]
    twice = points(nath, participation, proposal(points_per_hour_and_star=30, maximum_minutes=480))
    assert sum(twice) > 1.9 * sum(before)
    plain = points(nath, participation, proposal(skill_multiplier=Decimal(1)))
    assert sum(plain) < sum(before)
    assert sum(points(nath, participation, proposal(contributions_for_skill=50))) < sum(before)  # but one is recognised
    assert points(nath, participation, proposal(contributions_for_skill=50)) != plain
    whole = points(host, organizing, proposal(repeat_factors=(Decimal(1),)))
    assert points(host, organizing) == [200, 200, 200, 100, 100, 100, 0, 0, 0]
    assert whole == [200] * 9
    assert points(host, LedgerKind.REVERSAL) == [-200]
    assert points(host, LedgerKind.REVERSAL, proposal(points_per_hour_and_star=30)) == [-410]


async def test_organisers_are_judged_anew_where_another_number_of_participants_is_asked(
    everything: Everything, people: dict[CitizenId, CitizenFacts]
) -> None:
    host = people[me(everything.host)]
    kinds = Counter(each.kind for each in entries(host))
    assert kinds[LedgerKind.ORGANIZING] == 9
    assert kinds[LedgerKind.REVERSAL] == 1

    easier = Counter(each.kind for each in entries(host, proposal(organizing_minimum_participants=2)))
    harder = Counter(each.kind for each in entries(host, proposal(organizing_minimum_participants=4)))

    assert easier == {LedgerKind.SELF_ASSESSMENT: 1, LedgerKind.ORGANIZING: 8}  # nobody fell below
    assert harder == {LedgerKind.SELF_ASSESSMENT: 1}


async def test_levels_are_counted_by_what_was_earned_and_by_all_points(everything: Everything) -> None:
    lower = proposal(level_points=tuple(10 * level for level in range(20)))
    found = await outcome(everything, lower)
    earned = Tally(Counter(each.earned for each in found.values()))
    whole = Tally(Counter(each.whole for each in found.values()))
    nath = found[me(everything.nath)]

    assert nath.whole.after == nath.earned.after == 20
    assert nath.whole.before >= nath.earned.before > 1
    for tally in (earned, whole):
        before, after = tally.levels
        assert sum(before) == sum(after) == len(found) == tally.up + tally.down + tally.same
        assert after[19] > before[19] == 0


async def test_ranges_of_citizens_come_to_the_same(everything: Everything, monkeypatch: pytest.MonkeyPatch) -> None:
    proposed = proposal(points_per_hour_and_star=30)
    at_once = await outcome(everything, proposed)
    monkeypatch.setattr(facts, "RANGE", 3)

    assert await outcome(everything, proposed) == at_once
