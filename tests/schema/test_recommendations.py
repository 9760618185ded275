"""Events that suit the viewer: what they can join and nothing else, the best first, each with why."""

from datetime import timedelta
from typing import Any

import pytest

from domain.events import EventFormat
from domain.organizations import MemberRole
from domain.permissions import signed_in
from domain.words import ThemeCode
from resolvers import event_endings, members, participations, profiles
from resolvers.context import Context
from tests.asking import Ask
from tests.clock import Clock
from tests.factories import Town
from tests.ledgers import me
from tests.recorder import recorded

PAGE = """query($first: Int, $after: String, $last: Int, $before: String) { viewer {
  recommendedEvents(first: $first, after: $after, last: $last, before: $before) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor reason english: reason(locale: EN) node { slug viewerActions } } } } }"""


async def recommended(ask: Ask, ctx: Context, **window: Any) -> Any:  # Any: JSON
    return (await ask(ctx, PAGE, **window))["viewer"]["recommendedEvents"]


async def slugs(ask: Ask, ctx: Context) -> list[str]:
    return [edge["node"]["slug"] for edge in (await recommended(ask, ctx, first=100))["edges"]]


class Organizer:
    """A verified organisation, and the events it proposes, a day apart."""

    def __init__(self, town: Town, ctx: Context) -> None:
        self.town, self.ctx, self.day = town, ctx, 0

    async def event(self, **more: Any) -> str:
        self.day += 1
        starts_at = self.town.services.clock() + timedelta(days=self.day)
        owned = next(iter(signed_in(self.ctx.viewer).organizations))
        return (await self.town.event(self.ctx, owned, **{"starts_at": starts_at} | more)).slug


@pytest.fixture
async def organizer(town: Town) -> Organizer:
    owner = await town.citizen()
    await town.organization(owner)
    return Organizer(town, owner)


async def test_nobody_is_recommended_what_they_cannot_join(
    ask: Ask, town: Town, clock: Clock, organizer: Organizer
) -> None:
    nath, moderator = await town.citizen("nath"), await town.moderator()
    free, second = await organizer.event(title="Libre"), await organizer.event(title="Second")
    registered, given_up = await organizer.event(title="Inscrit"), await organizer.event(title="Renoncé")
    meanwhile = await organizer.event(title="En même temps", starts_at=clock() + timedelta(days=3, hours=1))
    cancelled = await organizer.event(title="Annulé")
    await town.published(nath, by=moderator, title="Le mien")
    await town.event(await town.citizen(), title="En attente")
    far = await organizer.event(title="Au loin", territory="CA-QC")
    over = await organizer.event(title="Commencé", starts_at=clock() + timedelta(minutes=30))
    found = {slug: await nath.loaders.event_by_slug(slug) for slug in (registered, given_up, cancelled)}
    for slug in (registered, given_up):
        await participations.register(nath, found[slug].id)  # type: ignore[union-attr]  # it is there
    await participations.cancel_registration(nath, found[given_up].id)  # type: ignore[union-attr]  # likewise
    await event_endings.cancel_event(organizer.ctx, found[cancelled].id, reason="Orage")  # type: ignore[union-attr]
    clock.advance(hours=1)

    page = await recommended(ask, nath, first=100)

    assert [edge["node"]["slug"] for edge in page["edges"]] == [free, second]
    assert page["totalCount"] == 2
    assert all("REGISTER" in edge["node"]["viewerActions"] for edge in page["edges"])
    assert await slugs(ask, organizer.ctx) == ["le-mien"]
    assert {meanwhile, over, far}.isdisjoint(await slugs(ask, nath))


async def test_who_has_left_an_organisation_is_not_recommended_what_it_proposed_meanwhile(
    ask: Ask, town: Town, organizer: Organizer
) -> None:
    nath = await town.citizen("nath")
    owned = next(iter(signed_in(organizer.ctx.viewer).organizations))
    await members.invite_member(organizer.ctx, owned, handle="nath", role=MemberRole.MANAGER)
    await members.answer_invitation(nath, owned, accept=True)
    await town.look_again(nath)
    meanwhile = await organizer.event(title="Pendant")
    town.services.clock.advance(hours=1)  # type: ignore[attr-defined]  # a clock that can be set
    await members.set_member(nath, owned, me(nath), role=None)
    await town.look_again(nath)
    after = await organizer.event(title="Après")

    assert meanwhile not in await slugs(ask, nath)
    assert after in await slugs(ask, nath)


async def test_the_strongest_reason_is_told_in_the_language_that_is_asked_for(
    ask: Ask, town: Town, clock: Clock, organizer: Organizer
) -> None:
    nath = await town.citizen("nath")
    await profiles.update_profile(nath, talents=("Comptabilité", "Conte"))
    seeking = await organizer.event(title="Budget", sought_talents=("  comptabilite",))
    near = await organizer.event(title="Près")
    online = await organizer.event(title="En ligne", format=EventFormat.ONLINE, venue=None)

    edges = (await recommended(ask, nath))["edges"]

    assert [(edge["node"]["slug"], edge["english"]) for edge in edges] == [
        (seeking, "It looks for a talent that you offer: Comptabilité."),
        (near, "It is in your territory, in Nantes."),
        (online, "It is soon: Friday 4 September."),
    ]
    assert edges[2]["reason"] == "C’est bientôt\u00a0: vendredi 4 septembre."


async def test_an_event_counts_towards_the_skill_that_it_brings_nearer(
    ask: Ask, town: Town, clock: Clock, organizer: Organizer
) -> None:
    nath, other = await town.citizen("nath"), await town.citizen()
    await town.organization(other)
    for _ in range(4):
        slug = await organizer.event(themes=(ThemeCode.CULTURE,))
        attended = await nath.loaders.event_by_slug(slug)
        assert attended is not None
        await town.attend(nath, attended)
    clock.advance(days=6)
    same = await organizer.event(themes=(ThemeCode.CULTURE,), title="Le même")
    new = await Organizer(town, other).event(themes=(ThemeCode.CULTURE,), title="Une autre")

    told = {edge["node"]["slug"]: edge["english"] for edge in (await recommended(ask, nath))["edges"]}

    assert told[new] == "It is the one that you lack for the skill “Culture”."
    assert told[same] == "After this one you will need only an event of another organiser for the skill “Culture”."


@pytest.mark.parametrize("size", [1, 3, 7])
async def test_pages_show_each_event_once_both_ways(
    ask: Ask, town: Town, clock: Clock, organizer: Organizer, size: int
) -> None:
    nath = await town.citizen()
    for number in range(10):
        await organizer.event(title=f"Atelier {number}", engagement=1 + number % 5)
    whole = await slugs(ask, nath)

    forward: list[str] = []
    page = await recommended(ask, nath, first=size)
    while True:
        forward += [edge["node"]["slug"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        clock.advance(minutes=40)  # of the same day
        page = await recommended(ask, nath, first=size, after=page["pageInfo"]["endCursor"])
    back = await recommended(ask, nath, last=3, before=page["pageInfo"]["startCursor"])

    assert forward == whole
    assert len(whole) == 10
    place = whole.index(page["edges"][0]["node"]["slug"])
    assert [edge["node"]["slug"] for edge in back["edges"]] == whole[max(0, place - 3) : place]


@pytest.mark.parametrize("cursor", ["WyJyZWNvbW1lbmRlZCIsMV0", "WyJvd24iLDEsIiIsIiJd", "nonsense"])
async def test_a_cursor_of_another_list_is_refused(ask: Ask, town: Town, cursor: str) -> None:
    answer = await ask(await town.citizen(), PAGE, after=cursor)
    assert answer.codes == ["BAD_USER_INPUT"]


async def test_who_gives_no_territory_is_recommended_what_begins_next_anywhere(
    ask: Ask, town: Town, organizer: Organizer
) -> None:
    far = await organizer.event(territory="CA-QC")
    assert await slugs(ask, await town.citizen(territory=None)) == [far]


@pytest.mark.parametrize("rows", [2, 20])
async def test_recommendations_cost_seven_statements_for_any_number(
    ask: Ask, town: Town, organizer: Organizer, rows: int
) -> None:
    nath = await town.citizen()
    for number in range(rows):
        await organizer.event(title=f"Atelier {number}")
    query = "{ viewer { recommendedEvents(first: 50) { totalCount edges { reason node { slug } } } } }"

    with recorded(town.services.database) as statements:
        answer = await ask(nath, query)

    assert len(answer["viewer"]["recommendedEvents"]["edges"]) == rows
    # the viewer's account; profile, contributions, holdings, awards; candidates; their events
    assert len(statements) == 7, statements
