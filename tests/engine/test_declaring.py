"""What a schema says to the engine, as graphql-core is answered by it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import pytest
import strawberry
from strawberry.types import ExecutionResult

from engine import Each, Engine, Guarded, reads, relation


@dataclass(frozen=True)
class Boat:
    number: int
    name: str | None
    crew: tuple[str, ...] = ()


class Row(dict[str, object]):
    """A thing that is read by key."""


@strawberry.interface
class Thing:
    id: strawberry.ID = strawberry.field(description="Its id.")


@reads(Boat, Row, id=lambda boat: f"boat_{boat['number'] if isinstance(boat, Row) else boat.number}", called="name")
@strawberry.type
class Ship(Thing):
    number: int
    called: str | None

    @strawberry.field
    def loud(self) -> str:
        return f"{getattr(self, 'name', 'none')}!"


CALLS: list[int] = []


async def ships_of(people: Sequence["Person"], context: object, *, first: int = 2) -> Each[list[Boat]]:
    CALLS.append(len(people))
    return [
        [Boat(each.age + n, "Nef") for n in range(first)] if each.age else LookupError("too young") for each in people
    ]


@strawberry.type
class Person:
    age: int
    ships: list[Ship] = relation(ships_of, description="Theirs.")

    @relation(description="How old they will be.", name="later")
    @staticmethod
    def older(
        people: Sequence["Person"],
        _context: object,
        by: Annotated[int, strawberry.argument(description="Years.")] = 1,
    ) -> Each[int]:
        return [each.age + by for each in people]


@strawberry.type
class Query:
    @strawberry.field
    def people(self) -> list[Person | None]:
        return [Person(age=1), None, Person(age=2)]

    @strawberry.field
    def child(self) -> Person:
        return Person(age=0)

    @strawberry.field
    def things(self) -> list[Thing]:
        return [Boat(1, "Nef"), Row(number=2, name=None), Ship(id=strawberry.ID("made"), number=3, called="Ark")]  # type: ignore[list-item]


Execute = Callable[[str], Awaitable[Any]]  # Any: a result, whose data is JSON
SCHEMA = strawberry.Schema(Query, types=[Ship])


@pytest.fixture(params=["graphql-core", "engine"])
def execute(request: pytest.FixtureRequest) -> Execute:
    async def by_core(query: str) -> ExecutionResult:
        return await SCHEMA.execute(query, context_value={})

    async def by_engine(query: str) -> ExecutionResult:
        return await Engine(SCHEMA).execute(query, context={})

    return by_core if request.param == "graphql-core" else by_engine


async def test_a_relation_is_asked_once_for_all_parents_of_a_list(execute: Execute) -> None:
    CALLS.clear()
    result = await execute("{ people { ships(first: 1) { number called } } }")
    assert result.errors is None
    assert result.data == {
        "people": [{"ships": [{"number": 1, "called": "Nef"}]}, None, {"ships": [{"number": 2, "called": "Nef"}]}]
    }
    assert CALLS == [2]


async def test_the_same_relation_with_other_arguments_is_asked_apart(execute: Execute) -> None:
    CALLS.clear()
    result = await execute("{ people { one: ships(first: 1) { number } none: ships(first: 0) { number } } }")
    assert result.data["people"][0] == {"one": [{"number": 1}], "none": []}
    assert CALLS == [2, 2]


async def test_an_exception_among_the_values_is_an_error_at_its_parent(execute: Execute) -> None:
    result = await execute("{ child { ships { number } } }")
    assert result.data is None
    assert [(error.message, error.path) for error in result.errors] == [("too young", ["child", "ships"])]


async def test_a_relation_that_is_written_in_its_type_has_arguments_and_a_name(execute: Execute) -> None:
    result = await execute("{ people { later later5: later(by: 5) } }")
    assert result.data["people"][0] == {"later": 2, "later5": 6}


async def test_a_thing_is_read_by_attribute_by_key_and_by_function(execute: Execute) -> None:
    result = await execute("{ things { __typename id ... on Ship { number called } } }")
    assert result.errors is None
    assert result.data["things"] == [
        {"__typename": "Ship", "id": "boat_1", "number": 1, "called": "Nef"},
        {"__typename": "Ship", "id": "boat_2", "number": 2, "called": None},
        {"__typename": "Ship", "id": "made", "number": 3, "called": "Ark"},
    ]


async def test_a_resolver_of_a_type_that_reads_gets_the_thing_itself(execute: Execute) -> None:
    result = await execute("{ things { ... on Ship { loud } } }")
    assert [each["loud"] for each in result.data["things"]] == ["Nef!", "none!", "none!"]


def test_what_a_type_reads_is_one_of_its_fields() -> None:
    with pytest.raises(TypeError, match="Nothing has no shape"):

        @reads(Boat, shape="name")
        @strawberry.type
        class Nothing:
            number: int


def test_descriptions_and_types_are_printed_as_ever() -> None:
    printed = SCHEMA.as_str()
    assert '"""How old they will be."""\n  later(\n    """Years."""\n    by: Int! = 1\n  ): Int!' in printed
    assert '"""Theirs."""\n  ships(first: Int! = 2): [Ship!]!' in printed


async def test_a_guard_is_asked_before_a_resolver() -> None:
    schema = strawberry.Schema(Query, types=[Ship])

    def check(context: object) -> None:
        raise PermissionError("no")

    field = schema._schema.query_type.fields["child"]  # type: ignore[union-attr]
    field.resolve = Guarded(field.resolve, check)
    for result in (await schema.execute("{ child { age } }"), await Engine(schema).execute("{ child { age } }")):
        assert result.data is None
        assert [error.message for error in result.errors or ()] == ["no"]


@dataclass(frozen=True)
class Hull:
    length: int | None


@dataclass(frozen=True)
class Yacht:
    hull: Hull
    class_: str = "J"


@reads(Yacht, length="hull.length", rating="class_")
@strawberry.type
class Sailing:
    length: int | None
    rating: str


@strawberry.type
class Sea:
    @strawberry.field
    def yachts(self) -> list[Sailing]:
        return [Yacht(Hull(4)), Yacht(Hull(None))]  # type: ignore[list-item]


async def test_an_attribute_of_an_attribute_is_read_by_the_way_to_it() -> None:
    schema = strawberry.Schema(Sea)
    query = "{ yachts { length rating } }"
    for result in (await schema.execute(query), await Engine(schema).execute(query)):
        assert result.data == {"yachts": [{"length": 4, "rating": "J"}, {"length": None, "rating": "J"}]}
