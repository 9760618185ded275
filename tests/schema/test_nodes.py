"""Things by their ids, for whoever asks."""

import pytest

from domain.accounts import ProfileVisibility
from domain.permissions import signed_in
from resolvers.context import Context
from schema.ids import Kind, read, seal
from tests.asking import Ask
from tests.factories import Town

NODE = "query($id: ID!) { node(id: $id) { __typename id } }"
REGISTER = "mutation($event: ID!) { register(input: {event: $event}) { errors { code } } }"
NODES = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"


async def test_each_kind_of_thing_is_found_again(town: Town, ask: Ask, nobody: Context) -> None:
    owner = await town.citizen()
    organization = await town.organization(owner)
    event = await town.event(owner, organization.id)
    nath = await town.citizen("nath", level=3)
    attended = await town.attend(nath, event)
    entry = (await ask(nobody, '{ citizen(handle: "nath") { ledger { edges { node { id } } } } }'))["citizen"]
    ids = {
        "Citizen": seal(Kind.CITIZEN, signed_in(nath.viewer).citizen_id),
        "Organization": seal(Kind.ORGANIZATION, organization.id),
        "Event": seal(Kind.EVENT, event.id),
        "Participation": seal(Kind.PARTICIPATION, attended.id),
        "LedgerEntry": entry["ledger"]["edges"][0]["node"]["id"],
        "Theme": seal(Kind.THEME, "CULTURE"),
        "Territory": seal(Kind.TERRITORY, "FR-44"),
    }

    answer = await ask(nobody, NODES, ids=list(ids.values()))

    assert answer["nodes"] == [{"__typename": name, "id": each} for name, each in ids.items()]


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in (Kind.THEME, Kind.TERRITORY)])
async def test_an_unknown_id_is_null(ask: Ask, nobody: Context, kind: Kind) -> None:
    answer = await ask(nobody, NODE, id=f"{kind.value}_{'0' * 32}")
    assert answer["node"] is None


@pytest.mark.parametrize(
    "id",
    [
        "",
        "x",
        "event_",
        "event_xyz",
        "event_" + "0" * 31,
        "nothing_" + "0" * 32,
        "theme_NOTHING",
        "territory_fr",
        "é" * 400,
    ],
)
async def test_an_id_that_is_none_of_ours_is_a_programs_mistake(ask: Ask, nobody: Context, id: str) -> None:
    answer = await ask(nobody, NODE, id=id)
    assert answer.codes == ["BAD_USER_INPUT"]
    assert answer.data == {"node": None}


async def test_one_bad_id_takes_nothing_from_the_others(ask: Ask, nobody: Context) -> None:
    answer = await ask(nobody, NODES, ids=["theme_CULTURE", "nonsense"])
    assert [node and node["id"] for node in answer.data["nodes"]] == ["theme_CULTURE", None]
    assert answer.errors[0]["path"] == ["nodes", 1]


async def test_more_than_a_hundred_ids_are_refused(ask: Ask, nobody: Context) -> None:
    assert (await ask(nobody, NODES, ids=["theme_CULTURE"] * 101)).codes == ["BAD_USER_INPUT"]


async def test_a_hidden_profile_is_found_by_itself_alone(town: Town, ask: Ask, nobody: Context) -> None:
    hidden = await town.citizen(visibility=ProfileVisibility.HIDDEN)
    own = seal(Kind.CITIZEN, signed_in(hidden.viewer).citizen_id)

    assert (await ask(nobody, NODE, id=own))["node"] is None
    assert (await ask(hidden, NODE, id=own))["node"]["id"] == own


async def test_a_registration_is_seen_by_its_citizen_alone(town: Town, ask: Ask, nobody: Context) -> None:
    owner = await town.citizen()
    event = await town.event(owner, (await town.organization(owner)).id)
    nath = await town.citizen()
    await ask(
        nath, "mutation($e: ID!) { register(input: {event: $e}) { errors { code } } }", e=seal(Kind.EVENT, event.id)
    )
    own = (await ask(nath, "{ viewer { participations { edges { node { id status } } } } }"))["viewer"]
    node = own["participations"]["edges"][0]["node"]

    assert node["status"] == "REGISTERED"
    assert (await ask(nobody, NODE, id=node["id"]))["node"] is None
    assert (await ask(nath, NODE, id=node["id"]))["node"]["id"] == node["id"]


def test_ids_are_read_back() -> None:
    assert read("territory_FR-44").key == "FR-44"
    assert read("theme_CULTURE", Kind.THEME).kind is Kind.THEME
