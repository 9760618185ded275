"""Our SDL and the partners' become one graph, by every composer there is."""

from pathlib import Path

from schema.build import build, sdl
from tests.supergraph import COMPOSERS, composed


async def test_it_composes_with_partners_by_every_composer_without_a_hint(tmp_path: Path) -> None:
    made = await composed(tmp_path, sdl(build()))

    assert {name: (made[name]["errors"], made[name]["hints"]) for name in COMPOSERS} == {
        name: ([], []) for name in COMPOSERS
    }


async def test_a_partner_may_have_values_of_the_same_kinds(tmp_path: Path) -> None:
    theirs = """
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@shareable"])
    type Query { places: [Venue!]!  placePage: PageInfo! }
    type Venue @shareable {
      name: String  address: String  postalCode: String  city: String!  latitude: Float  longitude: Float
    }
    type PageInfo @shareable {
      hasNextPage: Boolean!  hasPreviousPage: Boolean!  startCursor: String  endCursor: String
    }
    """
    made = await composed(tmp_path, sdl(build()), places=theirs)

    assert [made[name]["errors"] for name in COMPOSERS] == [[], [], []]


async def test_a_partner_that_redefines_what_is_ours_is_told_so(tmp_path: Path) -> None:
    theirs = """
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
    type Query { everybody: [Citizen!]! }
    type Citizen @key(fields: "id") { id: ID!  influence: Int! }
    """
    made = await composed(tmp_path, sdl(build()), rival=theirs)

    assert all(made[name]["errors"] for name in COMPOSERS)
