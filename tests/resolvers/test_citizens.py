"""Citizens: their profile, what their activity comes to, and why."""

import asyncio
from datetime import timedelta
from uuid import uuid4

from db.rows import value_of
from domain.accounts import ProfileVisibility
from domain.ids import CitizenId, LedgerEntryId, SkillId
from domain.influence import explain as explain_influence
from domain.ledger import LedgerEntry, LedgerKind, explain
from domain.paging import Window
from domain.permissions import signed_in
from domain.policy import RankCode
from domain.words import ThemeCode
from resolvers import citizens, participations
from resolvers.certainty import certain
from resolvers.context import Context
from tests.clock import Clock
from tests.factories import Town
from tests.samples import POLICIES

DAY = timedelta(days=1)
CULTURE, ECONOMY, TRANSPORT = ThemeCode.CULTURE, ThemeCode.ECONOMY, ThemeCode.TRANSPORT


def key(ctx: Context) -> CitizenId:
    return signed_in(ctx.viewer).citizen_id


async def test_who_is_unknown_or_hidden_is_none(town: Town, nobody: Context) -> None:
    hidden = await town.citizen("hidden", visibility=ProfileVisibility.HIDDEN)
    unknown = CitizenId(uuid4())

    assert await citizens.citizen(nobody, unknown) is None
    assert await citizens.citizen_by_handle(nobody, "nobody") is None
    assert await citizens.citizen(nobody, key(hidden)) is None
    assert await citizens.citizen_by_handle(nobody, "hidden") is None
    assert await citizens.citizen_by_handle(hidden, "hidden") is not None
    assert await citizens.skill(nobody, SkillId(unknown)) is None
    assert await citizens.ledger_entry(nobody, LedgerEntryId(unknown)) is None


async def test_who_has_done_nothing_yet_is_a_newcomer_with_an_empty_ledger(town: Town, nobody: Context) -> None:
    of = key(await town.citizen())

    influence = await citizens.citizen_influence(nobody, of)

    assert (influence.points, influence.level, influence.rank) == (0, 1, RankCode.NEWCOMER)
    assert (influence.points_to_next_level, influence.progress) == (100, 0.0)
    assert await citizens.skills(nobody, of) == ()
    assert await citizens.theme_activities(nobody, [of]) == [[]]
    [page] = await citizens.ledgers(nobody, [of], Window(10))
    assert not page.items
    assert await citizens.ledger_total(nobody, of) == 0


async def test_an_influence_says_how_much_of_it_was_declared(town: Town, nobody: Context) -> None:
    organizer = await town.citizen()
    event = await town.event(organizer, (await town.organization(organizer)).id)
    nath = await town.citizen(level=3)
    await town.attend(nath, event)

    influence = await citizens.citizen_influence(nobody, key(nath))

    assert (influence.points, influence.earned_points) == (600, 200)
    assert (influence.level, influence.earned_level) == (3, 2)
    assert influence.points_to_next_level == 300
    assert influence.policy is town.services.policies.version("2026-1")
    told = explain_influence(influence).parameters
    assert (told["declared"], told["earned"], told["missing"]) == (400, 200, 300)


async def test_the_ledger_says_of_each_entry_why_the_newest_first(town: Town, nobody: Context) -> None:
    organizer = await town.citizen()
    event = await town.event(organizer, (await town.organization(organizer)).id)
    nath = await town.citizen(level=3)
    attended = await town.attend(nath, event)

    [page] = await citizens.ledgers(nobody, [key(nath)], Window(10))

    award, declared = [placed.item for placed in page.items]
    assert (declared.kind, declared.points, declared.balance) == (LedgerKind.SELF_ASSESSMENT, 400, 400)
    assert (award.kind, award.points, award.balance, award.number) == (LedgerKind.PARTICIPATION, 200, 600, 2)
    assert (award.event_id, award.participation_id, award.policy_version) == (event.id, attended.id, "2026-1")
    assert attended.ledger_entry_id == award.id
    alone = certain(await citizens.ledger_entry(nobody, award.id), "the entry")
    assert value_of(LedgerEntry, alone) == value_of(LedgerEntry, award)
    assert await citizens.ledger_total(nobody, key(nath)) == 2
    told = explain(award, policies=POLICIES)
    assert told.key == "ledger-participation"
    assert (told.parameters["event"], told.parameters["stars"]) == ("Barcamp Datajournalisme", 3)
    assert (told.parameters["hours"], told.parameters["minutes"]) == (4, 30)


async def test_fields_of_expertise_come_the_strongest_first_and_say_what_is_missing_to_a_skill(
    town: Town, nobody: Context, clock: Clock
) -> None:
    organizer, other = await town.citizen(), await town.citizen()
    organization = (await town.organization(organizer)).id
    another = (await town.organization(other)).id
    nath = await town.citizen()
    days = iter(range(1, 100))

    async def attend(*themes: ThemeCode, by: Context = organizer, engagement: int = 1) -> None:
        starts_at = clock.now + next(days) * DAY
        of = organization if by is organizer else another
        event = await town.event(by, of, starts_at=starts_at, themes=themes, engagement=engagement)
        await town.attend(nath, event)

    await attend(CULTURE)
    await attend(CULTURE, ECONOMY)
    await attend(CULTURE, by=other)
    await attend(TRANSPORT, engagement=5)

    [found] = await citizens.theme_activities(nobody, [key(nath)])

    assert [(each.theme, each.participations, each.points) for each in found] == [
        (TRANSPORT, 1, 340),
        (CULTURE, 3, 210),
        (ECONOMY, 1, 70),
    ]
    assert [(each.contributions_missing, each.organizers_missing) for each in found] == [(4, 1), (2, 0), (4, 1)]


async def test_what_is_not_listed_counts_for_oneself_alone(town: Town, nobody: Context) -> None:
    organizer = await town.citizen()
    event = await town.event(organizer, (await town.organization(organizer)).id)
    nath = await town.citizen()
    await town.attend(nath, event)
    await participations.set_listed(nath, event.id, listed=False)

    assert await citizens.theme_activities(nobody, [key(nath)]) == [[]]
    [[_]] = await citizens.theme_activities(nath, [key(nath)])
    assert await participations.participant_total(nobody, event.id) == 0
    assert (await citizens.citizen_influence(nobody, key(nath))).points == 200
    [page] = await citizens.ledgers(nobody, [key(nath)], Window(10))
    (entry,) = page.items
    assert (entry.item.redacted, entry.item.event_id, entry.item.points) == (True, None, 200)
    assert explain(entry.item, policies=POLICIES).key == "ledger-redacted"


async def test_loaders_belong_to_whoever_asks(town: Town) -> None:
    """What one has loaded as oneself is not there any more once one has signed out."""
    hidden = await town.citizen("hidden", visibility=ProfileVisibility.HIDDEN)
    of = key(hidden)
    assert await citizens.citizen(hidden, of) is not None

    hidden.become(None)

    assert await citizens.citizen(hidden, of) is None


async def test_who_is_broken_off_takes_nothing_from_others_who_ask_for_the_same(town: Town, nobody: Context) -> None:
    of = await town.citizen(level=3)
    first, second = (asyncio.create_task(citizens.citizen_influence(nobody, key(of))) for _ in range(2))
    await asyncio.sleep(0)

    first.cancel()

    assert (await second).points == 400
    assert (await citizens.citizen_influence(nobody, key(of))).points == 400
