"""Local actors find who is becoming active and agrees to be found; who was found sees by whom, and may refuse."""

from datetime import timedelta
from typing import Any

import pytest

from domain.accounts import ProfileVisibility
from domain.api_tokens import TokenScope
from domain.events import Event, EventFormat
from domain.ids import TerritoryCode
from domain.organizations import Organization, OrganizationKind
from domain.permissions import signed_in
from domain.words import ThemeCode
from resolvers import desk, erasure, forgetting, local_actors, participations, profiles, statistics
from resolvers.context import Context
from schema.ids import Kind, seal
from tests.asking import Ask
from tests.clock import Clock
from tests.factories import PASSWORD, Town
from tests.recorder import recorded

EMERGING = """query($territory: TerritoryCode! = "FR-44", $theme: ThemeCode, $since: Date, $first: Int) {
  emergingCitizens(territory: $territory, theme: $theme, since: $since, first: $first) {
    totalCount
    edges { node { handle } points participationCount growth } } }"""
FOUND_BY = "{ viewer { foundBy { totalCount edges { on node { name } } } } }"
INVITE = """mutation($organization: ID!, $citizen: ID!, $event: ID!) {
  inviteToEvent(input: {organization: $organization, citizen: $citizen, event: $event}) {
    event { slug } errors { code field } } }"""
INVITED = (
    "{ viewer { eventInvitations { event { slug } organization { name } } notifications { edges { node { kind } } } } }"
)
REFUSE = """mutation($event: ID!) { refuseInvitation(input: {event: $event}) { event { slug } errors { code } } }"""
WATCH = """mutation($organization: ID!, $points: Int!, $territory: TerritoryCode! = "FR-44") { createWatch(
  input: {organization: $organization, territory: $territory, points: $points, theme: CULTURE}) {
    watch { id points theme { code } territory { code } } errors { code field } } }"""
UNWATCH = "mutation($id: ID!) { deleteWatch(input: {id: $id}) { organization { watches { id } } errors { code } } }"
NEWS = "{ viewer { notifications { edges { node { kind message(locale: EN) } } } } }"


class World:
    """A verified organisation whose owner looks, and events that others attend."""

    def __init__(self, town: Town, ask: Ask, owner: Context, organization: Organization) -> None:
        self.town, self.ask, self.owner, self.organization = town, ask, owner, organization

    async def active(self, handle: str, *events: Event, discoverable: bool = True, **more: Any) -> Context:
        """Somebody who attended some events."""
        ctx = await self.town.citizen(handle, **more)
        if discoverable:
            await profiles.update_settings(ctx, discoverable=True)
        for event in events:
            await self.town.attend(ctx, event)
        return ctx

    async def event(self, *themes: ThemeCode, **more: Any) -> Event:
        return await self.town.event(self.owner, self.organization.id, themes=themes or (ThemeCode.CULTURE,), **more)

    async def found(self, **asked: Any) -> list[tuple[str, int, int]]:
        page = (await self.ask(self.owner, EMERGING, **asked))["emergingCitizens"]
        assert page["totalCount"] == len(page["edges"])
        return [(each["node"]["handle"], each["points"], each["participationCount"]) for each in page["edges"]]

    @property
    def id(self) -> str:
        return seal(Kind.ORGANIZATION, self.organization.id)


@pytest.fixture
async def world(town: Town, ask: Ask) -> World:
    owner = await town.citizen("owner")
    return World(town, ask, owner, await town.organization(owner, "Ville de Nantes"))


async def test_who_earned_most_in_the_place_on_the_theme_comes_first(world: World, clock: Clock) -> None:
    culture, both = await world.event(), await world.event(ThemeCode.ECONOMY, ThemeCode.CULTURE, engagement=1)
    far = await world.event(venue=None, format=EventFormat.ONLINE, starts_at=clock() + timedelta(days=9))
    await world.active("ada", culture)
    await world.active("basile", culture, far)
    await world.active("camille", both)
    await world.active("dora", far, territory="FR-49")
    clock.advance(days=10)

    assert await world.found() == [("basile", 400, 2), ("ada", 200, 1), ("camille", 70, 1)]
    assert await world.found(theme="CULTURE") == [("basile", 400, 2), ("ada", 200, 1), ("camille", 70, 1)]
    assert await world.found(theme="ECONOMY") == [("camille", 70, 1)]
    assert await world.found(theme="TRANSPORT") == []
    assert await world.found(territory="FR-49") == [("dora", 200, 1)]  # online: where they live
    assert [handle for handle, _, _ in await world.found(territory="FR-PDL")] == ["basile", "dora", "ada", "camille"]


async def test_what_was_attended_online_counts_where_one_lives_now(world: World, clock: Clock) -> None:
    far = await world.event(venue=None, format=EventFormat.ONLINE)
    here = await world.event(ThemeCode.ECONOMY, engagement=1, starts_at=clock() + timedelta(days=9))
    ada = await world.active("ada", far, here)
    undone = await world.active("undone", far)
    clock.advance(days=10)
    mine = await participations.viewer_participation(undone, far.id)
    assert mine is not None
    await desk.confirm_attendance(world.owner, far.id, attended=(), absent=[mine.id])
    await profiles.update_profile(undone, territory=TerritoryCode("FR-49"))
    await statistics.count(world.town.services)

    async def found() -> list[list[tuple[str, int, int]]]:
        return [await world.found(territory=place) for place in ("FR-44", "FR-49", "FR")]

    assert await found() == [[("ada", 270, 2)], [], [("ada", 270, 2)]]
    await profiles.update_profile(ada, territory=TerritoryCode("FR-49"))
    assert await found() == [[("ada", 70, 1)], [("ada", 200, 1)], []]  # a country is counted anew
    await profiles.update_profile(ada, territory=None)
    assert await found() == [[("ada", 70, 1)], [], []]
    await profiles.update_profile(ada, bio="Je regarde de loin.")
    assert await found() == [[("ada", 70, 1)], [], []]


async def test_only_those_are_found_who_agree_and_by_what_they_list(world: World, clock: Clock) -> None:
    event = await world.event()
    await world.active("shy", event, discoverable=False)
    await world.active("hidden", event, visibility=ProfileVisibility.HIDDEN)
    private = await world.active("private", event)
    await participations.set_listed(private, event.id, listed=False)
    undone = await world.active("undone", event)
    gone = await world.active("gone", event)
    await world.active("ada", event)
    clock.advance(days=8)
    mine = await participations.viewer_participation(undone, event.id)
    assert mine is not None
    await desk.confirm_attendance(world.owner, event.id, attended=(), absent=[mine.id])
    await erasure.delete_account(gone, password=PASSWORD)

    assert await world.found() == [("ada", 200, 1)]

    await participations.set_listed(private, event.id, listed=True)
    assert {handle for handle, _, _ in await world.found()} == {"private", "ada"}


async def test_growth_is_measured_against_the_window_before(world: World, clock: Clock) -> None:
    ada = await world.active("ada", await world.event(engagement=1))
    clock.advance(days=95)
    event = await world.event()
    await world.town.attend(ada, event)
    await world.active("later", event)
    clock.advance(days=8)

    edges = (await world.ask(world.owner, EMERGING))["emergingCitizens"]["edges"]

    growth = {each["node"]["handle"]: each["growth"] for each in edges}
    assert growth == {"ada": 1.86, "later": None}  # 200 after 70


async def test_a_whole_country_is_told_as_it_was_counted(world: World, clock: Clock) -> None:
    event = await world.event()
    ada = await world.active("ada", event)
    clock.advance(days=8)
    assert await world.found(territory="FR") == []

    await statistics.count(world.town.services)

    assert await world.found(territory="FR") == [("ada", 200, 1)]
    assert await world.found(territory="FR", since="2026-09-01") == [("ada", 200, 1)]
    await participations.set_listed(ada, event.id, listed=False)
    assert await world.found(territory="FR") == []


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"since": "2027-01-01"}, "BAD_USER_INPUT"),
        ({"since": "2020-01-01"}, "BAD_USER_INPUT"),
        ({"territory": "FR-00"}, "BAD_USER_INPUT"),
        ({"first": 0}, "BAD_USER_INPUT"),
    ],
)
async def test_what_cannot_be_looked_for_is_refused(world: World, asked: dict[str, Any], code: str) -> None:
    assert (await world.ask(world.owner, EMERGING, **asked)).codes == [code]


async def test_only_verified_organisations_look_and_never_political_groups(
    world: World, town: Town, nobody: Context
) -> None:
    ask = world.ask
    unverified, party = await town.citizen(), await town.citizen()
    await town.organization(unverified, verified=False)
    await town.organization(party, kind=OrganizationKind.POLITICAL_GROUP, verified=False)

    assert (await ask(nobody, EMERGING)).codes == ["UNAUTHENTICATED"]
    for ctx in (await town.citizen(), await town.moderator(), unverified, party):
        assert (await ask(ctx, EMERGING)).codes == ["FORBIDDEN"]


async def test_who_was_found_sees_by_whom_once_a_day_for_a_year(world: World, clock: Clock) -> None:
    ada = await world.active("ada", await world.event())
    clock.advance(days=8)
    for _ in range(2):
        await world.found()
    clock.advance(days=1)
    await world.found()

    async def seen() -> list[tuple[str, str]]:
        found = (await world.ask(ada, FOUND_BY))["viewer"]["foundBy"]
        assert found["totalCount"] == len(found["edges"])
        return [(each["on"], each["node"]["name"]) for each in found["edges"]]

    assert await seen() == [("2026-09-10", "Ville de Nantes"), ("2026-09-09", "Ville de Nantes")]
    assert (await world.ask(world.owner, FOUND_BY))["viewer"]["foundBy"]["edges"] == []

    clock.advance(days=364)
    assert len(await seen()) == 1
    clock.advance(days=30)
    assert await seen() == []
    assert await forgetting.forget(world.town.services) >= 2


async def test_an_invitation_comes_once_and_can_be_refused(world: World, town: Town, clock: Clock) -> None:
    ask = world.ask
    ada = await world.active("ada", await world.event())
    clock.advance(days=8)
    party = await world.event(starts_at=clock() + timedelta(days=5))
    asked = {
        "organization": world.id,
        "citizen": seal(Kind.CITIZEN, signed_in(ada.viewer).citizen_id),
        "event": seal(Kind.EVENT, party.id),
    }

    async def codes(ctx: Context = world.owner, **changes: str) -> list[str]:
        return [each["code"] for each in (await ask(ctx, INVITE, **asked | changes))["inviteToEvent"]["errors"]]

    assert await codes() == ["NOT_FOUND"]  # nobody has found her yet
    await world.found()
    other = await town.organization(world.owner, "Autre")
    assert await codes(organization=seal(Kind.ORGANIZATION, other.id)) == ["NOT_ALLOWED", "NOT_FOUND"]
    assert await codes() == []
    assert await codes() == ["ALREADY_DONE"]
    told = (await ask(ada, INVITED))["viewer"]
    assert told["eventInvitations"] == [{"event": {"slug": party.slug}, "organization": {"name": "Ville de Nantes"}}]
    assert [each["node"]["kind"] for each in told["notifications"]["edges"]].count("INVITATION") == 1

    for _ in range(2):
        assert (await ask(ada, REFUSE, event=asked["event"]))["refuseInvitation"]["errors"] == []
    assert (await ask(ada, INVITED))["viewer"]["eventInvitations"] == []
    assert await codes() == ["ALREADY_DONE"]
    assert [
        each["code"] for each in (await ask(world.owner, REFUSE, event=asked["event"]))["refuseInvitation"]["errors"]
    ] == ["NOT_FOUND"]
    assert (await ask(await town.citizen(), INVITE, **asked)).codes == ["FORBIDDEN"]


@pytest.mark.parametrize("many", [2, 5])
async def test_however_many_found_and_invited_somebody_it_costs_the_same_to_see(
    world: World, town: Town, clock: Clock, many: int
) -> None:
    more = [await town.organization(world.owner, f"Ville {number}") for number in range(1, many)]
    ada = await world.active("ada", await world.event())
    clock.advance(days=8)
    await world.found()
    citizen = seal(Kind.CITIZEN, signed_in(ada.viewer).citizen_id)
    for organization in (world.organization, *more):
        party = await town.event(world.owner, organization.id, starts_at=clock() + timedelta(days=5))
        asked = {"organization": seal(Kind.ORGANIZATION, organization.id), "event": seal(Kind.EVENT, party.id)}
        assert (await world.ask(world.owner, INVITE, citizen=citizen, **asked))["inviteToEvent"]["errors"] == []

    with recorded(town.services.database) as statements:
        found = (await world.ask(ada, "{ viewer { foundBy { edges { node { name } } } } }"))["viewer"]["foundBy"]
    assert len({edge["node"]["name"] for edge in found["edges"]}) == many
    assert len(statements) == 3, statements  # the account, findings, organisations

    with recorded(town.services.database) as statements:
        invited = await world.ask(ada, "{ viewer { eventInvitations { event { slug } organization { name } } } }")
    assert len({each["organization"]["name"] for each in invited["viewer"]["eventInvitations"]}) == many
    assert len(statements) == 4, statements  # the account, invitations, events, organisations


async def test_who_no_longer_wants_to_be_found_cannot_be_invited(world: World, clock: Clock) -> None:
    ada = await world.active("ada", await world.event())
    clock.advance(days=8)
    await world.found()
    party = await world.event(starts_at=clock() + timedelta(days=5))
    await profiles.update_settings(ada, discoverable=False)
    asked = {"citizen": seal(Kind.CITIZEN, signed_in(ada.viewer).citizen_id), "event": seal(Kind.EVENT, party.id)}

    refused = (await world.ask(world.owner, INVITE, organization=world.id, **asked))["inviteToEvent"]["errors"]

    assert [each["code"] for each in refused] == ["NOT_FOUND"]


async def test_a_watch_tells_all_members_of_somebody_new_once(world: World, town: Town, clock: Clock) -> None:
    services, ask = town.services, world.ask
    await world.active("before", await world.event())
    clock.advance(days=8)
    made = (await ask(world.owner, WATCH, organization=world.id, points=150))["createWatch"]
    assert made["errors"] == []
    assert (made["watch"]["points"], made["watch"]["theme"]["code"], made["watch"]["territory"]["code"]) == (
        150,
        "CULTURE",
        "FR-44",
    )

    async def news() -> int:
        told = (await ask(world.owner, NEWS))["viewer"]["notifications"]["edges"]
        return [each["node"]["kind"] for each in told].count("WATCH")

    assert await local_actors.look_for_all(services) == 0  # who is past the mark already is nobody new
    await world.active("ada", await world.event(engagement=1))
    clock.advance(days=8)
    assert await local_actors.look_for_all(services) == 0
    await world.active("basile", await world.event())
    clock.advance(days=8)
    assert await local_actors.look_for_all(services) == 1
    assert await local_actors.look_for_all(services) == 0
    assert await news() == 1

    stranger = await town.citizen()
    assert (await ask(stranger, UNWATCH, id=made["watch"]["id"]))["deleteWatch"]["errors"] == [{"code": "NOT_FOUND"}]
    gone = (await ask(world.owner, UNWATCH, id=made["watch"]["id"]))["deleteWatch"]
    assert gone == {"organization": {"watches": []}, "errors": []}


async def test_watches_have_bounds(world: World, town: Town) -> None:
    async def codes(ctx: Context = world.owner, **asked: Any) -> list[str]:
        given = {"organization": world.id, "points": 100} | asked
        return [each["code"] for each in (await world.ask(ctx, WATCH, **given))["createWatch"]["errors"]]

    assert await codes(points=9) == ["OUT_OF_RANGE"]
    assert await codes(territory="FR-00") == ["NOT_FOUND"]
    for _ in range(20):
        assert await codes() == []
    assert await codes() == ["OUT_OF_RANGE"]
    unverified = await town.citizen()
    fresh = await town.organization(unverified, verified=False)
    assert await codes(unverified, organization=seal(Kind.ORGANIZATION, fresh.id)) == ["NOT_ALLOWED"]


async def test_tokens_look_with_their_scope_alone_and_in_the_name_of_their_organisation(
    world: World, town: Town, clock: Clock
) -> None:
    ada = await world.active("ada", await world.event())
    clock.advance(days=8)
    system = await town.partner(world.owner, world.organization.id, TokenScope.WATCH_READ)
    page = (await world.ask(system, EMERGING))["emergingCitizens"]
    assert [each["node"]["handle"] for each in page["edges"]] == ["ada"]
    assert (await world.ask(ada, FOUND_BY))["viewer"]["foundBy"]["totalCount"] == 1

    for scope in set(TokenScope) - {TokenScope.WATCH_READ}:
        other = await town.partner(world.owner, world.organization.id, scope)
        assert (await world.ask(other, EMERGING)).codes == ["FORBIDDEN"]
