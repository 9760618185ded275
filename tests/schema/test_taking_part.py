"""What citizens do with their own participations, as clients meet it."""

from typing import Any
from uuid import uuid4

import pytest

from domain.events import Event
from domain.words import Locale
from resolvers import desk, participations
from resolvers.context import Context
from schema.ids import Kind, seal
from tests.asking import Answer, Ask
from tests.clock import Clock
from tests.factories import Town
from tests.ledgers import me

LIST = """
    mutation ($event: ID!, $listed: Boolean!) { done: setParticipationListed(input: {event: $event, listed: $listed}) {
      participation { listed status pointsAwarded } errors { code field }
    } }
"""
CANCEL = """
    mutation ($event: ID!) { done: cancelRegistration(input: {event: $event}) {
      participation { status } errors { code field message }
    } }
"""
CHECK_IN = """
    mutation ($event: ID!, $code: String!) { done: checkIn(input: {event: $event, code: $code}) {
      participation { status } errors { code field }
    } }
"""
LEDGER = """
    query ($handle: String!) { citizen(handle: $handle) { ledger { edges { node {
      kind points explanation(locale: EN) event { title } participation { id } computation { stars } reverses { kind }
    } } } participations { totalCount } } }
"""


async def an_event(town: Town, *people: Context) -> tuple[Context, Event]:
    """An event with its organiser; `people` are registered."""
    organizer = await town.citizen()
    event = await town.event(organizer, (await town.organization(organizer)).id)
    for each in people:
        await participations.register(each, event.id)
    return organizer, event


def id_of(event: Event) -> str:
    return seal(Kind.EVENT, event.id)


def refused(answer: Answer) -> list[tuple[str, list[str]]]:
    done = answer["done"]
    assert done["participation"] is None
    return [(error["code"], error["field"]) for error in done["errors"]]


async def test_what_is_not_listed_leaves_the_profile_and_its_points_stay(
    ask: Ask, town: Town, clock: Clock, nobody: Context
) -> None:
    nath = await town.citizen("nath")
    organizer, event = await an_event(town, nath)
    await town.attend(nath, event)
    clock.now = event.details.ends_at

    for listed in (False, False):
        answer = await ask(nath, LIST, event=id_of(event), listed=listed)
        assert answer["done"] == {
            "participation": {"listed": False, "status": "ATTENDED", "pointsAwarded": 200},
            "errors": [],
        }
    await desk.confirm_attendance(organizer, event.id, attended=[], absent=[me(nath)])

    async def entries(asker: Context) -> list[dict[str, Any]]:
        shown = (await ask(asker, LEDGER, handle="nath"))["citizen"]
        assert shown["participations"]["totalCount"] == 0
        return [edge["node"] for edge in shown["ledger"]["edges"]]

    hidden = {"event": None, "participation": None, "computation": None}
    assert await entries(nobody) == [
        {
            "kind": "REVERSAL",
            "points": -200,
            "explanation": "200 points taken back, for a participation that is not shown.",
            "reverses": {"kind": "PARTICIPATION"},
            **hidden,
        },
        {
            "kind": "PARTICIPATION",
            "points": 200,
            "explanation": "200 points, for a participation that is not shown.",
            "reverses": None,
            **hidden,
        },
    ]
    own = await entries(nath)
    assert [entry["event"] for entry in own] == [{"title": event.details.title}] * 2
    assert [entry["computation"] for entry in own] == [{"stars": 3}] * 2


async def test_only_ones_own_participation_is_listed_or_cancelled(ask: Ask, town: Town, nobody: Context) -> None:
    nath = await town.citizen()
    organizer, event = await an_event(town, nath)

    for stranger in (organizer, await town.citizen(), await town.moderator()):
        assert refused(await ask(stranger, LIST, event=id_of(event), listed=False)) == [("NOT_FOUND", ["event"])]
        assert refused(await ask(stranger, CANCEL, event=id_of(event))) == [("NOT_FOUND", ["event"])]
    missing = seal(Kind.EVENT, uuid4())
    assert refused(await ask(nath, LIST, event=missing, listed=False)) == [("NOT_FOUND", ["event"])]
    assert refused(await ask(nath, CANCEL, event=missing)) == [("NOT_FOUND", ["event"])]
    assert (await ask(nobody, LIST, event=id_of(event), listed=False)).codes == ["UNAUTHENTICATED"]
    assert (await ask(nobody, CANCEL, event=id_of(event))).codes == ["UNAUTHENTICATED"]


@pytest.mark.parametrize("id", ["", "event_1", "citizen_00000000000000000000000000000001", "évènement"])
async def test_what_is_no_id_of_an_event_is_a_programs_mistake(ask: Ask, town: Town, id: str) -> None:
    nath = await town.citizen()

    for answer in (await ask(nath, CANCEL, event=id), await ask(nath, LIST, event=id, listed=True)):
        assert answer.codes == ["BAD_USER_INPUT"]


async def test_cancelling_says_what_became_of_it_and_again_the_same(ask: Ask, town: Town, clock: Clock) -> None:
    nath, late = await town.citizen(), await town.citizen(locale=Locale.EN)
    _, event = await an_event(town, nath, late)

    for _ in range(2):
        answer = await ask(nath, CANCEL, event=id_of(event))
        assert answer["done"] == {"participation": {"status": "CANCELLED"}, "errors": []}
    clock.now = event.details.ends_at
    assert refused(await ask(late, CANCEL, event=id_of(event))) == [("EVENT_OVER", ["event"])]


async def test_who_guesses_is_told_when_to_try_again(ask: Ask, town: Town, clock: Clock) -> None:
    nath = await town.citizen()
    _, event = await an_event(town, nath)
    clock.now = event.details.starts_at
    for _ in range(10):
        answer = await ask(nath, CHECK_IN, event=id_of(event), code="00000000")
        assert refused(answer) == [("WRONG_CODE", ["code"])]

    limited = await ask(nath, CHECK_IN, event=id_of(event), code=await town.code(event.id))

    assert limited.codes == ["RATE_LIMITED"]
    assert limited.errors[0]["extensions"]["retryAfter"] == 900
    assert limited.data == {"done": None}
