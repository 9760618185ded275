"""Credentials of what one took part in: what they say, to whom, and that they say the same again."""

import asyncio
from datetime import timedelta
from typing import Any

import jwt
import pytest
import sqlalchemy as sa

from db.tables import badge_status, participation
from domain.accounts import ProfileVisibility
from domain.badges import LIST_SIZE
from domain.events import Event
from domain.words import Locale, ThemeCode
from resolvers import desk, participations
from resolvers.context import Context
from schema.ids import Kind, seal
from tests.asking import Ask
from tests.at_once import same
from tests.badges import verified_by_hand
from tests.clock import Clock
from tests.factories import Town
from tests.ledgers import me
from tests.recorder import recorded

MINE = """query($as: CredentialName! = HANDLE, $locale: Locale) { viewer { participations(first: 100) { edges { node {
  status credential(calledBy: $as, locale: $locale) { jwt claims validFrom issuer statusList } } } } } }"""


async def credentials(ask: Ask, ctx: Context, **variables: object) -> list[Any]:  # Any: JSON
    answer = await ask(ctx, MINE, **variables)
    return [edge["node"]["credential"] for edge in answer["viewer"]["participations"]["edges"]]


async def evening(
    town: Town,
    **changes: Any,  # Any: the fields of an event
) -> tuple[Context, Event]:
    owner = await town.citizen()
    organization = await town.organization(owner, "DemoTIC")
    return owner, await town.event(owner, organization.id, **changes)


async def test_it_says_who_took_part_in_what_for_how_long_and_on_what_theme(town: Town, ask: Ask) -> None:
    nath = await town.citizen("nath", full_name="Nathan Berto")
    _, event = await evening(town, themes=(ThemeCode.CULTURE, ThemeCode.ECONOMY))
    await town.attend(nath, event)

    (found,) = await credentials(ask, nath)

    said = found["claims"]
    subject, achievement = said["credentialSubject"], said["credentialSubject"]["achievement"]
    assert said["@context"][0] == "https://www.w3.org/ns/credentials/v2"
    assert said["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert said["issuer"]["id"] == said["iss"] == found["issuer"] == "https://influents.test/credentials/issuer"
    assert said["validFrom"] == "2026-09-08T12:00:00Z"
    assert said["nbf"] == int(event.details.starts_at.timestamp())
    assert [each["identityHash"] for each in subject["identifier"]] == ["nath"]
    assert achievement["name"] == "Barcamp Datajournalisme"
    assert achievement["creator"]["name"] == "DemoTIC"
    assert achievement["tag"] == ["Culture", "Économie"]
    assert achievement["description"] == "A participé à « Barcamp Datajournalisme »."
    assert [each["value"] for each in subject["result"]] == ["PT4H30M", "CULTURE", "ECONOMY"]
    assert (subject["activityStartDate"], subject["activityEndDate"]) == (
        "2026-09-08T12:00:00Z",
        "2026-09-08T16:30:00Z",
    )
    assert said["evidence"] == [{"type": ["Evidence"], "narrative": "A entré le code affiché sur place."}]
    assert "example.org" not in str(said)  # no address
    assert "Berto" not in str(said)


async def test_its_signature_holds_by_another_reading_than_ours(town: Town, ask: Ask) -> None:
    nath = await town.citizen("nath")
    _, event = await evening(town)
    await town.attend(nath, event)
    (found,) = await credentials(ask, nath)

    header = jwt.get_unverified_header(found["jwt"])
    (key,) = town.services.badges.jwks()["keys"]

    assert (header["typ"], header["cty"], header["alg"], header["kid"]) == ("vc+jwt", "vc", "EdDSA", key["kid"])
    assert verified_by_hand(found["jwt"], key) == found["claims"]


async def test_its_key_is_not_the_one_of_access_tokens(town: Town) -> None:
    ours = {key["x"] for key in town.services.badges.jwks()["keys"]}
    tokens = {key["x"] for key in town.services.tokens.jwks()["keys"]}

    assert ours.isdisjoint(tokens)


async def test_asked_again_it_says_the_same_and_stands_at_the_same_place(town: Town, ask: Ask, clock: Clock) -> None:
    nath = await town.citizen("nath")
    _, event = await evening(town)
    await town.attend(nath, event)

    first = await credentials(ask, nath)
    clock.advance(days=30)

    assert await credentials(ask, nath) == first


async def test_by_name_only_where_its_citizen_wants_that(town: Town, ask: Ask) -> None:
    nath, lou = await town.citizen("nath", full_name="Nathan Berto"), await town.citizen("lou")
    _, event = await evening(town)
    for each in (nath, lou):
        await town.attend(each, event)

    (named,), (unnamed,) = (
        await credentials(ask, nath, **{"as": "FULL_NAME"}),
        await credentials(ask, lou, **{"as": "FULL_NAME"}),
    )

    (identity,) = named["claims"]["credentialSubject"]["identifier"]
    assert (identity["identityHash"], identity["identityType"]) == ("Nathan Berto", "name")
    assert "nath" not in str(named["claims"])
    (identity,) = unnamed["claims"]["credentialSubject"]["identifier"]
    assert (identity["identityHash"], identity["identityType"]) == ("lou", "userName")


async def test_in_the_language_that_is_asked_for(town: Town, ask: Ask) -> None:
    nath = await town.citizen("nath", locale=Locale.EN)
    _, event = await evening(town)
    await town.attend(nath, event)

    ((english,), (french,)) = await credentials(ask, nath), await credentials(ask, nath, locale="FR")

    assert english["claims"]["credentialSubject"]["achievement"]["description"].startswith("Took part in")
    assert french["claims"]["credentialSubject"]["achievement"]["inLanguage"] == "fr"


async def test_there_is_none_before_attendance_nor_after_it_was_withdrawn(town: Town, ask: Ask, clock: Clock) -> None:
    nath = await town.citizen("nath")
    owner, event = await evening(town)
    ahead = await town.event(owner, event.organization_id, starts_at=clock() + timedelta(days=20))
    await participations.register(nath, ahead.id)
    await town.attend(nath, event)
    assert [each is not None for each in await credentials(ask, nath)].count(True) == 1

    clock.now = event.details.ends_at
    await desk.confirm_attendance(owner, event.id, attended=[], absent=[me(nath)])

    assert await credentials(ask, nath) == [None, None]


@pytest.mark.parametrize("road", ["node", "entity", "profile", "event", "desk"])
async def test_nobody_else_sees_it_by_whatever_road(town: Town, ask: Ask, nobody: Context, road: str) -> None:
    nath = await town.citizen("nath", visibility=ProfileVisibility.PUBLIC)
    owner, event = await evening(town)
    there = await town.attend(nath, event)
    sealed = seal(Kind.PARTICIPATION, there.id)
    asked: dict[str, tuple[str, dict[str, object]]] = {
        "node": ("query($id: ID!) { node(id: $id) { ... on Participation { credential { jwt } } } }", {"id": sealed}),
        "entity": (
            "query($of: [_Any!]!) { _entities(representations: $of) { ... on Participation { credential { jwt } } } }",
            {"of": [{"__typename": "Participation", "id": sealed}]},
        ),
        "profile": ('{ citizen(handle: "nath") { participations { edges { node { credential { jwt } } } } } }', {}),
        "event": (
            "query($slug: String!) { event(slug: $slug) { participations { edges { node { credential { jwt } } } } } }",
            {"slug": event.slug},
        ),
        "desk": (
            "query($slug: String!) { event(slug: $slug) { registrations { edges { node { credential { jwt } } } } } }",
            {"slug": event.slug},
        ),
    }
    query, variables = asked[road]
    moderator = await town.moderator()
    askers = [owner, moderator] if road == "desk" else [nobody, owner, moderator, await town.citizen("lou")]

    for other in askers:
        answer = await ask(other, query, **variables)
        assert not answer.errors
        assert "'credential': None" in str(answer.data)
    assert "'jwt'" in str((await ask(nath, query, **variables)).data) or road == "desk"

    async with town.services.database.reading() as session:
        drawn = await session.scalar(sa.select(sa.func.count()).select_from(badge_status))
    assert drawn == (0 if road == "desk" else 1)  # nothing is drawn for whoever it isn't for


async def test_those_who_ask_first_at_once_get_the_same_place(town: Town, ask: Ask) -> None:
    nath = await town.citizen("nath")
    _, event = await evening(town)
    await town.attend(nath, event)

    found = await asyncio.gather(*(credentials(ask, each) for each in same(nath, 8)))

    assert len({each[0]["jwt"] for each in found}) == 1


@pytest.mark.parametrize("rows", [2, 20])
async def test_a_list_costs_as_many_statements_however_long_it_is(
    town: Town, ask: Ask, clock: Clock, rows: int
) -> None:
    nath = await town.citizen("nath")
    owner, event = await evening(town)
    await town.attend(nath, event)
    for number in range(1, rows):
        starts_at = clock() + timedelta(days=7 + number)
        await town.attend(nath, await town.event(owner, event.organization_id, starts_at=starts_at))

    with recorded(town.services.database) as first:
        assert len(await credentials(ask, nath)) == rows
    with recorded(town.services.database) as again:
        assert all(await credentials(ask, nath))

    assert len(first) <= 10
    assert len(again) <= 7


async def test_its_place_tells_nothing_of_when_or_of_the_order(town: Town, ask: Ask, clock: Clock) -> None:
    """Drawn from the whole list: twenty in a row that grow or lie close together would be a wonder."""
    nath = await town.citizen("nath")
    owner, event = await evening(town)
    for number in range(20):
        starts_at = clock() + timedelta(days=7 + number)
        await town.attend(nath, await town.event(owner, event.organization_id, starts_at=starts_at))

    found = await credentials(ask, nath)

    places = [int(each["claims"]["credentialStatus"]["statusListIndex"]) for each in found]
    assert len(set(places)) == 20
    assert places not in (sorted(places), sorted(places, reverse=True))
    assert max(places) - min(places) > LIST_SIZE // 4


async def test_what_was_withdrawn_while_it_was_asked_for_draws_no_place(town: Town) -> None:
    nath = await town.citizen("nath")
    _, event = await evening(town)
    there = await town.attend(nath, event)
    async with town.services.database.unit_of_work() as work:
        gone = sa.update(participation).where(participation.c.id == there.id)
        await work.execute(gone.values(status="NO_SHOW", attended_at=None, evidence=None))
        asking = asyncio.ensure_future(same(nath, 1)[0].loaders.badge_status.load(there.id))
        await asyncio.sleep(0.1)
        assert not asking.done()  # it waits for the participation

    assert await asking is None
