"""What is shown of things is told to whoever reads them, and never less than what fields take."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import pytest
import strawberry

from engine import Each, Engine, Shown, reads, reads_through, relation, shown, takes

TOLD: list[Any] = []  # Any: what is shown


@dataclass(frozen=True)
class Harbour:
    name: str = "Nantes"
    depth: int = 7


@dataclass(frozen=True)
class Boat:
    number: int = 1
    mast: str = "oak"
    home: Harbour = Harbour()
    hull: Harbour = Harbour("hull")


@dataclass(frozen=True)
class Fleet:
    boats: tuple[Boat, ...] = (Boat(), Boat(2))


@reads(Harbour)
@strawberry.type
class Port:
    name: str
    depth: int


@reads(Boat, number=takes("number")(lambda boat: boat.number), wood=attrgetter("mast"), deep="hull.depth")
@strawberry.type
class Ship:
    number: int
    wood: str
    deep: int

    @relation
    @staticmethod
    @takes("number", through="home")
    def home(ships: Sequence[Boat], _context: object) -> Each[Port]:
        return [each.home for each in ships]  # type: ignore[misc]  # read like one

    @relation
    @staticmethod
    def secretive(ships: Sequence[Boat], _context: object) -> Each[int]:
        return [0 for _ in ships]

    @strawberry.field
    @staticmethod
    @takes()
    def nothing() -> int:
        return 0


@reads_through(Fleet, ships="boats")
@strawberry.type
class Ships:
    ships: list[Ship]


@strawberry.type
class Owner:
    @relation
    @staticmethod
    def fleet(owners: Sequence["Owner"], _context: object, _first: int = 2, shown: Shown = None) -> Each[Ships]:
        TOLD.append(shown)
        return [Fleet() for _ in owners]  # type: ignore[misc]  # read like one


@strawberry.type
class Query:
    @strawberry.field
    def owner(self) -> Owner:
        return Owner()

    @strawberry.field
    def ship(self, info: strawberry.Info) -> Ship:
        TOLD.append(shown(info))
        return Boat()  # type: ignore[return-value]  # read like one

    @strawberry.field
    def found(self, info: strawberry.Info) -> list[Ship | Port]:
        TOLD.extend([shown(info, "Ship"), shown(info, "Port"), shown(info)])
        return [Boat()]  # type: ignore[list-item]  # read like one


SCHEMA = strawberry.Schema(Query)


async def told(text: str, **variables: Any) -> list[Any]:
    TOLD.clear()
    engine = Engine(SCHEMA, declined=pytest.fail)
    answer = await engine.execute(text, variables=variables)
    assert not answer.errors
    return TOLD


@pytest.mark.parametrize(
    ("selected", "expected"),
    [
        ("number", {"number"}),
        ("a: number b: number __typename", {"number"}),
        ("wood", {"mast"}),
        ("deep", {"hull.depth"}),
        ("nothing", set()),
        ("home { name }", {"number", "home.name"}),
        ("home { __typename }", {"number", "home."}),
        ("...F wood", {"mast", "hull.depth"}),
        ("secretive number", None),
    ],
)
async def test_what_is_shown_is_what_the_selected_fields_take(selected: str, expected: set[str] | None) -> None:
    fragment = " fragment F on Ship { deep }" if "...F" in selected else ""

    assert await told(f"{{ ship {{ {selected} }} }}{fragment}") == [expected]


async def test_a_relation_is_told_what_is_shown_through_what_only_holds_things() -> None:
    assert await told("{ owner { fleet(First: 1) { ships { wood } } } }") == [{"mast"}]
    assert await told("{ owner { fleet { __typename } } }") == [frozenset()]


async def test_what_is_told_is_no_argument() -> None:
    assert "shown" not in SCHEMA.as_str()


async def test_what_is_skipped_is_not_shown() -> None:
    text = "query($with: Boolean!) { ship { number wood @include(if: $with) } }"

    assert await told(text, **{"with": False}) == [{"number"}]
    assert await told(text, **{"with": True}) == [{"number", "mast"}]


async def test_of_several_types_each_is_told_apart() -> None:
    assert await told("{ found { ... on Ship { wood } ... on Port { depth } } }") == [{"mast"}, {"depth"}, None]


async def test_to_graphql_core_everything_may_be_shown() -> None:
    TOLD.clear()
    answer = await SCHEMA.execute("{ ship { number } owner { fleet { ships { wood } } } }")

    assert not answer.errors
    assert TOLD == [None, None]
