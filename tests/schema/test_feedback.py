"""Feedback: once each, by name or anonymously, and then nobody can tell."""

import asyncio
from typing import Any

import sqlalchemy as sa

from db.engine import Database
from db.tables import feedback, notification, participation
from db.writes.erasure import lock_citizen
from domain.events import Event
from domain.notifications import NotificationKind
from resolvers.context import Context
from schema.ids import Kind, seal
from tests.asking import Ask
from tests.at_once import blocked
from tests.clock import Clock
from tests.factories import Town
from tests.ledgers import me

LEAVE = """mutation($e: ID!, $r: Int! = 4, $a: Boolean! = false, $t: String) {
  leaveFeedback(input: {event: $e, rating: $r, anonymous: $a, highlights: $t}) {
    feedback { id rating author { handle } createdOn } errors { code field } } }"""
ROADS = """query($s: String!, $e: ID!) {
  a: event(slug: $s) { feedbackSummary { count } }
  b: event(slug: $s) { feedbackSummary { ratings { count } } }
  node(id: $e) { ... on Event { feedbackSummary { ratings { count } } } }
  _entities(representations: [{__typename: "Event", id: $e}]) { ... on Event { feedbackSummary { ratings { count } } } }
  events { edges { node { x: feedbackSummary { count } y: feedbackSummary { ratings { count } } } } } }"""
READ = """query($s: String!) { event(slug: $s) {
  feedbackSummary { count averageRating responseRate ratings { rating count } }
  feedback { totalCount edges { node { rating highlights author { handle } } } } viewerActions } }"""


def codes(payload: dict[str, Any]) -> list[str]:
    return [error["code"] for error in payload["errors"]]


async def ended(town: Town, clock: Clock, attendants: int) -> tuple[Event, Context, list[Context]]:
    """An event that has just ended, its organiser, and who attended."""
    owner = await town.citizen()
    event = await town.event(owner, (await town.organization(owner)).id)
    people = [await town.citizen() for _ in range(attendants)]
    for person in people:
        await town.attend(person, event)
    clock.now = event.details.ends_at
    return event, owner, people


async def test_each_answers_once_even_when_they_try_twice_at_once(town: Town, ask: Ask, clock: Clock) -> None:
    event, _, [nath] = await ended(town, clock, 1)
    of = seal(Kind.EVENT, event.id)
    twin = Context(town.services, viewer=nath.viewer)

    answers = await asyncio.gather(ask(nath, LEAVE, e=of), ask(twin, LEAVE, e=of))

    assert sorted(codes(answer["leaveFeedback"]) for answer in answers) == [[], ["ALREADY_DONE"]]


async def test_who_waits_for_an_organiser_to_be_told_keeps_nobody_from_answering(
    town: Town, ask: Ask, clock: Clock, empty: Database
) -> None:
    event, owner, [nath, lou] = await ended(town, clock, 2)
    of = seal(Kind.EVENT, event.id)

    async with empty.unit_of_work() as work:  # as whoever erases the organiser's account
        await lock_citizen(work, me(owner))
        by_name = asyncio.create_task(ask(nath, LEAVE, e=of))
        await blocked(empty)
        anonymous = await asyncio.wait_for(ask(lou, LEAVE, e=of, a=True), 5)
        assert not by_name.done()

    assert codes(anonymous["leaveFeedback"]) == codes((await by_name)["leaveFeedback"]) == []


async def test_only_who_attended_and_only_in_time(town: Town, ask: Ask, clock: Clock, nobody: Context) -> None:
    event, owner, [nath] = await ended(town, clock, 1)
    of = seal(Kind.EVENT, event.id)
    assert (await ask(nobody, LEAVE, e=of)).codes == ["UNAUTHENTICATED"]
    assert codes((await ask(owner, LEAVE, e=of))["leaveFeedback"]) == ["NOT_ALLOWED"]
    assert codes((await ask(nath, LEAVE, e=of, r=6))["leaveFeedback"]) == ["OUT_OF_RANGE"]
    clock.now = event.details.starts_at
    assert codes((await ask(nath, LEAVE, e=of))["leaveFeedback"]) == ["TOO_EARLY"]
    clock.now = event.details.ends_at
    clock.advance(days=90, seconds=1)
    assert codes((await ask(nath, LEAVE, e=of))["leaveFeedback"]) == ["TOO_LATE"]
    clock.advance(seconds=-1)
    assert "LEAVE_FEEDBACK" in (await ask(nath, READ, s=event.slug))["event"]["viewerActions"]
    assert codes((await ask(nath, LEAVE, e=of))["leaveFeedback"]) == []
    assert "LEAVE_FEEDBACK" not in (await ask(nath, READ, s=event.slug))["event"]["viewerActions"]


async def test_anonymous_answers_show_to_organisers_once_there_are_three(
    town: Town, ask: Ask, clock: Clock, nobody: Context
) -> None:
    event, owner, people = await ended(town, clock, 4)
    of = seal(Kind.EVENT, event.id)
    await ask(people[0], LEAVE, e=of, r=5, t="Par son nom")
    await ask(people[1], LEAVE, e=of, r=1, a=True, t="Sans nom")

    two = (await ask(owner, READ, s=event.slug))["event"]
    assert [edge["node"]["highlights"] for edge in two["feedback"]["edges"]] == ["Par son nom"]
    assert two["feedback"]["totalCount"] == 1
    assert two["feedbackSummary"] == {"count": 2, "averageRating": None, "responseRate": None, "ratings": []}

    await ask(people[2], LEAVE, e=of, r=3, a=True)
    three = (await ask(owner, READ, s=event.slug))["event"]
    assert three["feedback"]["totalCount"] == 3
    assert {edge["node"]["author"] and edge["node"]["author"]["handle"] for edge in three["feedback"]["edges"]} == {
        None,
        (await ask(people[0], "{ viewer { citizen { handle } } }"))["viewer"]["citizen"]["handle"],
    }
    assert three["feedbackSummary"]["averageRating"] == 3.0
    assert [each["count"] for each in three["feedbackSummary"]["ratings"]] == [1, 0, 1, 0, 1]
    assert three["feedbackSummary"]["responseRate"] == 0.75
    assert (await ask(nobody, READ, s=event.slug))["event"]["feedback"] is None
    assert (await ask(nobody, READ, s=event.slug))["event"]["feedbackSummary"]["count"] == 3
    of_all = "{ events { edges { node { feedbackSummary { count averageRating } } } } }"
    [edge] = (await ask(nobody, of_all))["events"]["edges"]
    assert edge["node"]["feedbackSummary"] == {"count": 3, "averageRating": 3.0}
    for _ in range(3):  # what was seen once is read in another way
        by_roads = await ask(nobody, ROADS, s=event.slug, e=of)
        few, node = {"count": 3}, by_roads["events"]["edges"][0]["node"]
        assert by_roads["a"]["feedbackSummary"] == node["x"] == few
        for whole in (by_roads["b"], by_roads["node"], by_roads["_entities"][0]):
            assert [each["count"] for each in whole["feedbackSummary"]["ratings"]] == [1, 0, 1, 0, 1]
        assert [each["count"] for each in node["y"]["ratings"]] == [1, 0, 1, 0, 1]


async def test_no_road_leads_from_an_anonymous_answer_to_its_author(town: Town, ask: Ask, clock: Clock) -> None:
    event, owner, people = await ended(town, clock, 3)
    of = seal(Kind.EVENT, event.id)
    left = [(await ask(person, LEAVE, e=of, a=True))["leaveFeedback"]["feedback"] for person in people]

    node = "query($i: ID!) { node(id: $i) { ... on Feedback { rating author { handle } } } }"
    own = "{ viewer { participations { edges { node { feedback { id } } } } } }"
    for person, answer in zip(people, left, strict=True):
        assert answer["author"] is None
        assert (await ask(person, node, i=answer["id"]))["node"] is None  # not even one's own
        assert (await ask(person, own))["viewer"]["participations"]["edges"][0]["node"]["feedback"] is None
        assert (await ask(owner, node, i=answer["id"]))["node"] == {"rating": 4, "author": None}
    async with town.services.database.reading() as session:
        assert {row.author_id for row in await session.execute(sa.select(feedback))} == {None}
        told = await session.execute(sa.select(notification.c.kind))
        assert NotificationKind.FEEDBACK_RECEIVED not in {row.kind for row in told}  # when it came would tell
        answered = await session.execute(sa.select(participation.c.answered))
        assert {row.answered for row in answered} == {True}


async def test_a_named_answer_is_told_and_stays_its_authors(town: Town, ask: Ask, clock: Clock) -> None:
    event, owner, [nath] = await ended(town, clock, 1)
    left = (await ask(nath, LEAVE, e=seal(Kind.EVENT, event.id)))["leaveFeedback"]["feedback"]
    assert left["author"] is not None
    own = (await ask(nath, "{ viewer { participations { edges { node { feedback { id } } } } } }"))["viewer"]
    assert own["participations"]["edges"][0]["node"]["feedback"]["id"] == left["id"]
    told = (await ask(owner, "{ viewer { notifications { edges { node { kind } } } } }"))["viewer"]
    assert "FEEDBACK_RECEIVED" in [edge["node"]["kind"] for edge in told["notifications"]["edges"]]
