"""The organisers' desk, lines and corrections, as clients meet them."""

from uuid import uuid4

import pytest

from domain.accounts import ProfileVisibility
from domain.events import Event
from domain.words import Locale
from resolvers import participations
from resolvers.context import Context
from schema.ids import Kind, seal
from tests.asking import Ask
from tests.clock import Clock
from tests.factories import Town
from tests.ledgers import me
from tests.recorder import recorded

REGISTRATIONS = """
    query ($slug: String!, $filter: ParticipationFilter, $search: String, $first: Int, $after: String) {
      event(slug: $slug) { registrations(filter: $filter, search: $search, first: $first, after: $after) {
        totalCount pageInfo { hasNextPage endCursor }
        edges { node { handle status waitlistPosition citizen { handle name } } }
      } }
    }
"""
CONFIRM = """
    mutation ($input: ConfirmAttendanceInput!) { confirmAttendance(input: $input) {
      event { attendedCount } participations { handle status evidence pointsAwarded }
      errors { code field message }
    } }
"""
ADJUST = """
    mutation ($input: AdjustInfluenceInput!) { adjustInfluence(input: $input) {
      ledgerEntry { kind points balance computation { reason } explanation(locale: EN) citizen { handle } }
      errors { code field }
    } }
"""
IN_LINE = "query ($slug: String!) { event(slug: $slug) { viewerParticipation { handle waitlistPosition } } }"


async def a_full_event(town: Town) -> tuple[Context, Event, list[Context]]:
    """One seat, and three who want it: Ada, who is hidden, then two who wait; and their organiser."""
    organizer = await town.citizen("organizer")
    event = await town.event(organizer, (await town.organization(organizer)).id, capacity=1)
    people = [
        await town.citizen("ada", visibility=ProfileVisibility.HIDDEN),
        await town.citizen("zoe", visibility=ProfileVisibility.PUBLIC, full_name="Zoé Martin"),
        await town.citizen("bob"),
    ]
    for each in people:
        await participations.register(each, event.id)
    return organizer, event, people


async def test_organisers_and_moderators_see_everyone_by_handle_and_others_nothing(
    ask: Ask, town: Town, nobody: Context
) -> None:
    organizer, event, people = await a_full_event(town)

    for who in (organizer, await town.moderator()):
        answer = await ask(who, REGISTRATIONS, slug=event.slug)
        found = answer["event"]["registrations"]
        assert found["totalCount"] == 3
        assert [edge["node"] for edge in found["edges"]] == [
            {"handle": "ada", "status": "REGISTERED", "waitlistPosition": None, "citizen": None},
            {
                "handle": "bob",
                "status": "WAITLISTED",
                "waitlistPosition": 2,
                "citizen": {"handle": "bob", "name": "bob"},
            },
            {
                "handle": "zoe",
                "status": "WAITLISTED",
                "waitlistPosition": 1,
                "citizen": {"handle": "zoe", "name": "zoe (Zoé Martin)"},
            },
        ]
    for who in (nobody, people[0], await town.citizen()):
        assert (await ask(who, REGISTRATIONS, slug=event.slug))["event"] == {"registrations": None}


async def test_registrations_are_filtered_searched_and_paged(ask: Ask, town: Town) -> None:
    organizer, event, _ = await a_full_event(town)

    async def handles(**asked: object) -> list[str]:
        answer = await ask(organizer, REGISTRATIONS, slug=event.slug, **asked)
        return [edge["node"]["handle"] for edge in answer["event"]["registrations"]["edges"]]

    assert await handles(filter={"statuses": ["WAITLISTED"]}) == ["bob", "zoe"]
    assert await handles(search=" DA ") == ["ada"]
    assert await handles(search="%") == []
    first = (await ask(organizer, REGISTRATIONS, slug=event.slug, first=2))["event"]["registrations"]
    assert first["pageInfo"]["hasNextPage"] is True
    assert await handles(first=2, after=first["pageInfo"]["endCursor"]) == ["zoe"]


async def test_a_longer_list_of_registrations_asks_no_more_of_the_database(ask: Ask, town: Town) -> None:
    organizer, event, _ = await a_full_event(town)
    with recorded(town.services.database) as few:
        await ask(organizer, REGISTRATIONS, slug=event.slug)
    for _ in range(4):
        await participations.register(await town.citizen(), event.id)
    with recorded(town.services.database) as more:
        await ask(organizer, REGISTRATIONS, slug=event.slug)

    assert len(more) == len(few) <= 6, str(more)


async def test_who_waits_sees_their_place(ask: Ask, town: Town) -> None:
    _, event, (ada, zoe, bob) = await a_full_event(town)

    seen = [(await ask(each, IN_LINE, slug=event.slug))["event"]["viewerParticipation"] for each in (ada, zoe, bob)]

    assert seen == [
        {"handle": "ada", "waitlistPosition": None},
        {"handle": "zoe", "waitlistPosition": 1},
        {"handle": "bob", "waitlistPosition": 2},
    ]


async def test_attendance_is_confirmed_by_the_ids_of_citizens_or_participations(
    ask: Ask, town: Town, clock: Clock
) -> None:
    organizer, event, (ada, zoe, bob) = await a_full_event(town)
    clock.now = event.details.starts_at
    ada.look_again()
    hers = await participations.viewer_participation(ada, event.id)
    assert hers is not None
    this, citizen = seal(Kind.EVENT, event.id), seal(Kind.CITIZEN, me(zoe))

    settled = (
        await ask(
            organizer,
            CONFIRM,
            input={"event": this, "attended": [citizen], "absent": [seal(Kind.PARTICIPATION, hers.id)]},
        )
    )["confirmAttendance"]
    assert settled == {
        "event": {"attendedCount": 1},
        "participations": [
            {"handle": "zoe", "status": "ATTENDED", "evidence": "ORGANIZER", "pointsAwarded": 200},
            {"handle": "ada", "status": "NO_SHOW", "evidence": None, "pointsAwarded": 0},
        ],
        "errors": [],
    }

    organizer.locale = Locale.EN
    full = {"event": this, "attended": [citizen, seal(Kind.CITIZEN, me(bob))]}
    refused = (await ask(organizer, CONFIRM, input=full))["confirmAttendance"]
    assert (refused["event"], refused["participations"]) == (None, [])
    assert [(error["code"], error["field"]) for error in refused["errors"]] == [("CONFLICT", ["attended", "1"])]
    assert "The only seat is taken" in refused["errors"][0]["message"]


@pytest.mark.parametrize("id", ["", "citizen_1", "theme_CULTURE", "<script>"])
async def test_what_is_no_id_of_a_person_is_a_programs_mistake(ask: Ask, town: Town, id: str) -> None:
    organizer, event, _ = await a_full_event(town)

    answer = await ask(organizer, CONFIRM, input={"event": seal(Kind.EVENT, event.id), "attended": [id]})

    assert answer.codes == ["BAD_USER_INPUT"]
    assert answer.data == {"confirmAttendance": None}


async def test_a_moderator_corrects_points_for_a_reason_that_everybody_reads(
    ask: Ask, town: Town, nobody: Context
) -> None:
    nath, moderator = await town.citizen("nath"), await town.moderator()

    async def adjust(who: Context, whom: Context, points: int, reason: str = "Une erreur de notre part.") -> object:
        given = {"citizen": seal(Kind.CITIZEN, me(whom)), "points": points, "reason": reason}
        answer = await ask(who, ADJUST, input=given)
        return answer.codes or answer["adjustInfluence"]

    assert await adjust(moderator, nath, -50) == {
        "ledgerEntry": {
            "kind": "ADJUSTMENT",
            "points": -50,
            "balance": -50,
            "computation": {"reason": "Une erreur de notre part."},
            "explanation": "50 points taken away by a moderator. Reason: Une erreur de notre part.",
            "citizen": {"handle": "nath"},
        },
        "errors": [],
    }
    for points, reason, errors in (
        (0, "Rien du tout.", [("OUT_OF_RANGE", ["points"])]),
        (100_001, "Un peu trop.", [("OUT_OF_RANGE", ["points"])]),
        (-100_001, " ab ", [("OUT_OF_RANGE", ["points"]), ("TOO_SHORT", ["reason"])]),
        (1, "é" * 501, [("TOO_LONG", ["reason"])]),
    ):
        refused = await adjust(moderator, nath, points, reason)
        assert refused == {
            "ledgerEntry": None,
            "errors": [{"code": code, "field": field} for code, field in errors],
        }
    own = await adjust(moderator, moderator, 10)
    assert own == {"ledgerEntry": None, "errors": [{"code": "NOT_ALLOWED", "field": ["citizen"]}]}
    assert await adjust(nath, nath, 10) == ["FORBIDDEN"]
    assert await adjust(nobody, nath, 10) == ["UNAUTHENTICATED"]
    gone = {"citizen": seal(Kind.CITIZEN, uuid4()), "points": 10, "reason": "Personne."}
    missing = (await ask(moderator, ADJUST, input=gone))["adjustInfluence"]
    assert missing == {"ledgerEntry": None, "errors": [{"code": "NOT_FOUND", "field": ["citizen"]}]}
