"""What an event is worth to its viewer, what waits for a moderator, and what asking for it costs."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from domain.events import Event, EventFormat
from domain.permissions import signed_in
from domain.words import ThemeCode
from resolvers.context import Context
from tests.asking import Ask
from tests.clock import Clock
from tests.factories import Town
from tests.ledgers import me
from tests.recorder import recorded

WORTH = """query($slug: String!) { event(slug: $slug) { points viewerReward {
  points multiplier skill { theme { code } } explanation english: explanation(locale: EN) } } }"""
QUEUE = """query($first: Int, $after: String) { moderationQueue(first: $first, after: $after) {
  totalCount edges { cursor node { slug } } pageInfo { hasNextPage endCursor } } }"""
MANY = """query { events(first: 50) { edges { node {
  slug viewerActions viewerParticipation { status }
  viewerReward { points multiplier skill { id } explanation } } } } }"""
CULTURE = (ThemeCode.CULTURE,)


class Season:
    """Events one after the other, a day apart and online, which a citizen attends."""

    def __init__(self, town: Town, clock: Clock) -> None:
        self.town, self.clock, self.day = town, clock, 0

    async def event(self, proposer: Context, *, by: Context | None = None, **more: Any) -> Event:
        """`by` a moderator, in their own name; or for their verified organisation."""
        self.day += 1
        starts_at = self.clock().replace(hour=18) + timedelta(days=self.day)
        usual: dict[str, Any] = {"starts_at": starts_at, "format": EventFormat.ONLINE, "venue": None, "themes": CULTURE}
        if by is not None:
            return await self.town.published(proposer, by=by, **usual | more)
        return await self.town.event(proposer, next(iter(signed_in(proposer.viewer).organizations)), **usual | more)

    async def skilled(self, nath: Context) -> None:
        """Five events on culture, of two organisers: that brings the skill."""
        first, second = await self.town.citizen(), await self.town.citizen()
        for owner in (first, second):
            await self.town.organization(owner)
        for number in range(5):
            await self.town.attend(nath, await self.event((first, second)[number % 2]))


async def worth(ask: Ask, ctx: Context, event: Event) -> Any:  # Any: JSON
    return (await ask(ctx, WORTH, slug=event.slug))["event"]["viewerReward"]


async def test_an_event_is_worth_its_points_and_nobody_is_told_without_signing_in(
    ask: Ask, town: Town, clock: Clock, nobody: Context
) -> None:
    owner = await town.citizen()
    await town.organization(owner)
    event = await Season(town, clock).event(owner)

    assert await worth(ask, nobody, event) is None
    assert await worth(ask, await town.citizen(), event) == {
        "points": 200,
        "multiplier": 1.0,
        "skill": None,
        "explanation": "200\u00a0points (3\u00a0étoiles, 4\u00a0h\u00a030).",
        "english": "200 points (3 stars, 4 h 30).",
    }


async def test_a_skill_doubles_what_comes_after_it(ask: Ask, town: Town, clock: Clock) -> None:
    season, nath = Season(town, clock), await town.citizen()
    await season.skilled(nath)
    owner = await town.citizen()
    await town.organization(owner)
    culture, economy = await season.event(owner), await season.event(owner, themes=(ThemeCode.ECONOMY,))
    clock.now = culture.details.starts_at - timedelta(hours=1)

    reward = await worth(ask, nath, culture)

    assert (reward["points"], reward["multiplier"]) == (400, 2.0)
    assert reward["skill"] == {"theme": {"code": "CULTURE"}}
    assert reward["explanation"] == (
        "200\u00a0points (3\u00a0étoiles, 4\u00a0h\u00a030), doublés grâce à votre compétence «\u00a0Culture\u00a0», "
        "soit 400\u00a0points."
    )
    assert (await worth(ask, nath, economy))["points"] == 200
    # What is told is what is given.
    assert (await town.attend(nath, culture)).points_awarded == 400


async def test_the_fourth_from_one_citizen_is_worth_half_and_says_so(ask: Ask, town: Town, clock: Clock) -> None:
    season, nath = Season(town, clock), await town.citizen()
    proposer, moderator = await town.citizen(), await town.moderator()
    for number in range(3):
        themes = (list(ThemeCode)[number],)
        await town.attend(nath, await season.event(proposer, by=moderator, themes=themes))
    fourth = await season.event(proposer, by=moderator, themes=(ThemeCode.ECONOMY,))

    reward = await worth(ask, nath, fourth)

    assert (reward["points"], reward["multiplier"], reward["skill"]) == (100, 0.5, None)
    assert "3" in reward["explanation"]
    assert (await town.attend(nath, fourth)).points_awarded == 100


async def test_what_takes_place_during_another_is_worth_nothing(ask: Ask, town: Town, clock: Clock) -> None:
    season, nath, owner = Season(town, clock), await town.citizen(), await town.citizen()
    await town.organization(owner)
    attended = await season.event(owner)
    same_time = await season.event(owner, starts_at=attended.details.starts_at)
    await town.attend(nath, attended)

    reward = await worth(ask, nath, same_time)

    assert (reward["points"], reward["multiplier"]) == (0, 0.0)
    assert reward["english"] == (
        "0 points and nothing towards skills: it overlaps another event that you attended by more than 15 minutes."
    )
    assert (await worth(ask, nath, attended))["points"] == 200  # it isn't in its own way


@pytest.mark.parametrize("rows", [2, 20])
async def test_what_events_are_to_the_viewer_costs_the_same_for_any_number(
    ask: Ask, town: Town, clock: Clock, rows: int
) -> None:
    season, nath, owner = Season(town, clock), await town.citizen(), await town.citizen()
    await town.organization(owner)
    await season.skilled(nath)
    for _ in range(rows):
        await season.event(owner)

    with recorded(town.services.database) as statements:
        answer = await ask(nath, MANY)

    assert len(answer["events"]["edges"]) == rows + 5
    # events; own participations, own events; holdings, awards, skills
    assert len(statements) == 6, statements


# ---- the queue


async def test_moderators_see_what_waits_the_oldest_submission_first(ask: Ask, town: Town, clock: Clock) -> None:
    proposer, moderator = await town.citizen(), await town.moderator()
    slugs = []
    for number in range(5):
        clock.advance(minutes=1)
        slugs.append((await town.event(proposer, title=f"Atelier {number}")).slug)
    await town.event(proposer, submit=False)
    await town.published(proposer, by=moderator)

    first = (await ask(moderator, QUEUE, first=3))["moderationQueue"]
    second = (await ask(moderator, QUEUE, first=3, after=first["pageInfo"]["endCursor"]))["moderationQueue"]

    assert first["totalCount"] == 5
    assert (first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (True, False)
    assert [edge["node"]["slug"] for page in (first, second) for edge in page["edges"]] == slugs


async def leave(town: Town, ctx: Context) -> None:
    """Leave every organisation, as if there were other owners."""
    async with town.services.database.unit_of_work() as work:
        left = sa.text("UPDATE organization_member SET left_at = :now WHERE citizen_id = :of")
        await work.execute(left, {"now": town.services.clock() + timedelta(minutes=1), "of": me(ctx)})
    await town.look_again(ctx)


async def test_a_moderators_own_events_are_not_in_their_queue(ask: Ask, town: Town) -> None:
    moderator, other = await town.moderator(), await town.moderator()
    organization = await town.organization(moderator, verified=False)
    own = {(await town.event(moderator)).slug, (await town.event(moderator, organization.id)).slug}
    someones = (await town.event(await town.citizen())).slug

    async def queue(ctx: Context) -> tuple[int, set[str]]:
        found = (await ask(ctx, QUEUE))["moderationQueue"]
        return found["totalCount"], {edge["node"]["slug"] for edge in found["edges"]}

    assert await queue(moderator) == (1, {someones})
    await leave(town, moderator)
    assert await queue(moderator) == (1, {someones})  # leaving the organisation changes nothing
    assert await queue(other) == (3, {someones} | own)


async def test_the_queue_is_for_moderators(ask: Ask, town: Town, nobody: Context) -> None:
    await town.event(await town.citizen())
    for ctx, code in ((nobody, "UNAUTHENTICATED"), (await town.citizen(), "FORBIDDEN")):
        answer = await ask(ctx, QUEUE)
        assert answer.codes == [code]
        assert answer.data == {"moderationQueue": None}
