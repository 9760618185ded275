"""What gateways ask for."""

from copy import deepcopy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.accounts import ProfileVisibility
from domain.ids import EventId
from domain.permissions import signed_in
from resolvers import participations
from resolvers.context import Context
from schema.build import InfluentsSchema, build, sdl
from schema.federation import ENTITIES
from schema.ids import Kind, seal
from tests.asking import Ask
from tests.factories import Town
from tests.recorder import recorded

ENTITIES_OF = "query($of: [_Any!]!) { _entities(representations: $of) { __typename ... on Citizen { handle } } }"


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

    answer = await ask(nobody, ENTITIES_OF, of=references)

    assert [each["__typename"] for each in answer["_entities"]] == [each["__typename"] for each in references]


async def test_an_organizer_is_answered_as_what_it_is(town: Town, ask: Ask, nobody: Context) -> None:
    owner = await town.citizen()
    organization = await town.organization(owner)
    ids = [seal(Kind.CITIZEN, signed_in(owner.viewer).citizen_id), seal(Kind.ORGANIZATION, organization.id)]

    answer = await ask(nobody, ENTITIES_OF, of=[{"__typename": "Organizer", "id": each} for each in ids])

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
        {"__typename": "Citizen", "handle": "nul\0"},
        {"__typename": "Citizen", "handle": "\ud800"},
        {"__typename": "Citizen", "handle": ""},
        {"__typename": "Organizer", "id": "event_" + "0" * 32},
        {"__typename": "Organizer", "name": "nath"},
        {"__typename": "Viewer", "id": "x"},
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
    answer = await ask(nobody, ENTITIES_OF, of=[broken or {}, {"__typename": "Citizen", "handle": "nath"}])

    assert answer.codes == ["BAD_USER_INPUT"]
    assert answer.errors[0]["path"] == ["_entities", 0]
    assert answer.data["_entities"] == [None, {"__typename": "Citizen", "handle": "nath"}]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
TYPES = st.sampled_from([*ENTITIES, "Viewer", "Query", "_Entity", "__Type"]) | JSON
KEYS = (
    st.sampled_from([f"{kind}_{'0' * 32}" for kind in Kind] + ["theme_CULTURE", "territory_FR-44", "CULTURE", "FR-44"])
    | st.builds("_".join, st.tuples(st.sampled_from(list(Kind)), st.text(max_size=33)))
    | JSON
)
REPRESENTATIONS = JSON | st.fixed_dictionaries(
    {}, optional={"__typename": TYPES, "id": KEYS, "handle": KEYS, "slug": KEYS, "code": KEYS, "anything": JSON}
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(anything=st.lists(REPRESENTATIONS, max_size=4))
async def test_no_json_makes_it_fail_harms_a_neighbour_or_is_changed(
    ask: Ask, nobody: Context, anything: list[object]
) -> None:
    neighbour = {"__typename": "Theme", "code": "CULTURE"}
    of = [neighbour, *anything, neighbour]
    sent = deepcopy(of)

    answer = await ask(nobody, "query($of: [_Any!]!) { _entities(representations: $of) { __typename } }", of=of)

    assert set(answer.codes) <= {"BAD_USER_INPUT"}, answer.errors
    if None not in anything:  # a null is refused by the field's type, with all that came with it
        entities = answer.data["_entities"]
        assert len(entities) == len(of)
        assert entities[0] == entities[-1] == {"__typename": "Theme"}
    assert of == sent


async def test_unknown_and_hidden_ones_are_null(town: Town, ask: Ask, nobody: Context) -> None:
    await town.citizen("secretive", visibility=ProfileVisibility.HIDDEN)
    handles = ("secretive", "unknown")
    answer = await ask(nobody, ENTITIES_OF, of=[{"__typename": "Citizen", "handle": handle} for handle in handles])
    assert answer["_entities"] == [None, None]


async def test_no_key_is_a_way_round_visibility(town: Town, ask: Ask, nobody: Context) -> None:
    hidden = await town.citizen("secretive", visibility=ProfileVisibility.HIDDEN)
    draft = await town.event(hidden, submit=False)
    registered = await participations.register(await town.citizen(), await _open_event(town))
    citizen = seal(Kind.CITIZEN, signed_in(hidden.viewer).citizen_id)
    of = [
        {"__typename": "Citizen", "id": citizen},
        {"__typename": "Citizen", "handle": "secretive"},
        {"__typename": "Organizer", "id": citizen},
        {"__typename": "Event", "id": seal(Kind.EVENT, draft.id)},
        {"__typename": "Event", "slug": draft.slug},
        {"__typename": "Participation", "id": seal(Kind.PARTICIPATION, registered.id)},
    ]

    assert (await ask(nobody, ENTITIES_OF, of=of))["_entities"] == [None] * len(of)
    seen = await ask(hidden, ENTITIES_OF, of=of[3:5])
    assert seen["_entities"] == [{"__typename": "Event"}] * 2


async def _open_event(town: Town) -> EventId:
    owner = await town.citizen()
    return (await town.event(owner, (await town.organization(owner)).id)).id


async def test_what_else_a_representation_holds_is_not_looked_at(ask: Ask, nobody: Context) -> None:
    required = {"__typename": "Territory", "code": "FR-44", "name": "Elsewhere", "venue": {"city": None}, "startsAt": 5}
    answer = await ask(
        nobody, "query($of: [_Any!]!) { _entities(representations: $of) { ... on Territory { name } } }", of=[required]
    )
    assert answer["_entities"] == [{"name": "Loire-Atlantique"}]


async def test_the_same_one_many_times_is_looked_up_once(town: Town, ask: Ask, nobody: Context) -> None:
    await town.citizen("nath")
    with recorded(town.services.database) as statements:
        answer = await ask(nobody, ENTITIES_OF, of=[{"__typename": "Citizen", "handle": "nath"}] * 500)
    assert answer["_entities"] == [{"__typename": "Citizen", "handle": "nath"}] * 500
    assert len(statements) == 1, statements


async def test_many_of_several_types_are_one_batch_for_each_key(town: Town, ask: Ask, nobody: Context) -> None:
    owner = await town.citizen()
    events = [await town.event(owner) for _ in range(3)]
    citizens = [f"citizen_{number:032x}" for number in range(300)]
    of = [{"__typename": "Citizen", "id": each} for each in citizens]
    of += [{"__typename": "Event", "slug": each.slug} for each in events]
    of += [{"__typename": "Organizer", "id": each} for each in citizens]
    of += [{"__typename": "Territory", "code": code} for code in ("FR-44", "FR-35", "FR-XX")]
    with recorded(town.services.database) as statements:
        answer = await ask(nobody, ENTITIES_OF, of=of)
    assert len(answer["_entities"]) == 606
    # citizens by id, organisers by id, events by slug, territories by code
    assert len(statements) == 4, statements


async def test_each_key_of_a_type_is_one_batch(town: Town, ask: Ask, nobody: Context) -> None:
    ids = [seal(Kind.CITIZEN, signed_in((await town.citizen()).viewer).citizen_id) for _ in range(20)]
    with recorded(town.services.database) as statements:
        await ask(nobody, ENTITIES_OF, of=[{"__typename": "Citizen", "id": each} for each in ids])
    assert len(statements) == 1, statements


async def test_gateways_are_told_what_is_printed(schema: InfluentsSchema, ask: Ask, nobody: Context) -> None:
    assert (await ask(nobody, "{ _service { sdl } }"))["_service"]["sdl"] == sdl(schema)


async def test_gateways_are_told_who_may_ask_where_that_is_set(nobody: Context) -> None:
    schema = build(tells_authorization=True)
    told = (await Ask(schema)(nobody, "{ _service { sdl } }"))["_service"]["sdl"]
    assert told == sdl(schema, authorization=True)
    assert "@requiresScopes(scopes:" in told
