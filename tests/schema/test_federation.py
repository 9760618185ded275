"""What gateways ask for."""

import pytest

from domain.accounts import ProfileVisibility
from domain.permissions import signed_in
from resolvers.context import Context
from schema.ids import Kind, seal
from tests.asking import Ask
from tests.factories import Town
from tests.recorder import recorded

ENTITIES = "query($of: [_Any!]!) { _entities(representations: $of) { __typename ... on Citizen { handle } } }"


async def test_every_entity_is_found_by_each_of_its_keys(town: Town, ask: Ask, nobody: Context) -> None:
    owner = await town.citizen()
    organization = await town.organization(owner)
    event = await town.event(owner, organization.id)
    nath = await town.citizen("nath")
    attended = await town.attend(nath, event)
    citizen = seal(Kind.CITIZEN, signed_in(nath.viewer).citizen_id)
    references = [
        {"__typename": "Citizen", "id": citizen},
        {"__typename": "Citizen", "handle": "nath"},
        {"__typename": "Event", "id": seal(Kind.EVENT, event.id)},
        {"__typename": "Event", "slug": event.slug},
        {"__typename": "Organization", "id": seal(Kind.ORGANIZATION, organization.id)},
        {"__typename": "Organization", "slug": organization.slug},
        {"__typename": "Participation", "id": seal(Kind.PARTICIPATION, attended.id)},
        {"__typename": "Theme", "id": "theme_CULTURE"},
        {"__typename": "Theme", "code": "CULTURE"},
        {"__typename": "Territory", "id": "territory_FR-44"},
        {"__typename": "Territory", "code": "FR-44"},
    ]

    answer = await ask(nobody, ENTITIES, of=references)

    assert [each["__typename"] for each in answer["_entities"]] == [each["__typename"] for each in references]


async def test_an_organizer_is_answered_as_what_it_is(town: Town, ask: Ask, nobody: Context) -> None:
    owner = await town.citizen()
    organization = await town.organization(owner)
    ids = [seal(Kind.CITIZEN, signed_in(owner.viewer).citizen_id), seal(Kind.ORGANIZATION, organization.id)]

    answer = await ask(nobody, ENTITIES, of=[{"__typename": "Organizer", "id": each} for each in ids])

    assert [each["__typename"] for each in answer["_entities"]] == ["Citizen", "Organization"]


@pytest.mark.parametrize(
    "broken",
    [
        {"__typename": "Nothing", "id": "x"},
        {"__typename": "Citizen"},
        {"__typename": "Citizen", "id": 5},
        {"__typename": "Citizen", "id": "event_" + "0" * 32},
        {"__typename": "Citizen", "id": "nonsense"},
        {"__typename": "Citizen", "handle": "x" * 10_000},
        {"__typename": "Theme", "code": "NOTHING"},
        {"__typename": ["Citizen"], "id": "x"},
        {"id": "x"},
        "text",
        5,
        None,
    ],
)
async def test_a_broken_reference_is_an_error_at_its_place_and_harms_no_other(
    town: Town, ask: Ask, nobody: Context, broken: object
) -> None:
    await town.citizen("nath")
    answer = await ask(nobody, ENTITIES, of=[broken or {}, {"__typename": "Citizen", "handle": "nath"}])

    assert answer.codes == ["BAD_USER_INPUT"]
    assert answer.errors[0]["path"] == ["_entities", 0]
    assert answer.data["_entities"] == [None, {"__typename": "Citizen", "handle": "nath"}]


async def test_unknown_and_hidden_ones_are_null(town: Town, ask: Ask, nobody: Context) -> None:
    await town.citizen("secretive", visibility=ProfileVisibility.HIDDEN)
    handles = ("secretive", "unknown")
    answer = await ask(nobody, ENTITIES, of=[{"__typename": "Citizen", "handle": handle} for handle in handles])
    assert answer["_entities"] == [None, None]


async def test_each_key_of_a_type_is_one_batch(town: Town, ask: Ask, nobody: Context) -> None:
    ids = [seal(Kind.CITIZEN, signed_in((await town.citizen()).viewer).citizen_id) for _ in range(20)]
    with recorded(town.services.database) as statements:
        await ask(nobody, ENTITIES, of=[{"__typename": "Citizen", "id": each} for each in ids])
    assert len(statements) == 1, statements


async def test_the_sdl_is_told(ask: Ask, nobody: Context) -> None:
    sdl = (await ask(nobody, "{ _service { sdl } }"))["_service"]["sdl"]
    assert "type Citizen implements" in sdl
    assert '@key(fields: "handle")' in sdl
