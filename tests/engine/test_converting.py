"""Arguments are converted to what Strawberry converts them to."""

from enum import Enum
from typing import Annotated, Any

import pytest
import strawberry
from strawberry import Maybe
from strawberry.relay import GlobalID

from engine.converting import Converter
from engine.internals import converted, definition_of


@strawberry.enum
class Colour(Enum):
    RED = "red"
    GREEN = "green"


@strawberry.input
class Within:
    least: int
    most: int | None = 7
    of: list[Colour] | None = None


@strawberry.input
class Filter:
    words: str | None
    colours: list[Colour] = strawberry.field(default_factory=list)
    within: Within | None = None
    each: list[Within | None] | None = None
    not_: Annotated["Filter", strawberry.lazy("tests.engine.test_converting")] | None = strawberry.field(
        name="not", default=None
    )


@strawberry.input
class Patch:
    name: Maybe[str | None]


@strawberry.type
class Query:
    @strawberry.field
    def found(
        self,
        where: Filter | None = None,
        numbers: list[int] | None = None,
        colour: Colour = Colour.RED,
        named_otherwise: Annotated[int | None, strawberry.argument(name="called")] = None,
    ) -> str:
        return f"{where} {numbers} {colour} {named_otherwise}"

    @strawberry.field
    def changed(self, patch: Patch, id: GlobalID) -> str:
        return f"{patch} {id}"


SCHEMA = strawberry.Schema(Query)
INPUTS: list[dict[str, Any]] = [  # Any: what graphql-core makes of what is sent
    {},
    {"where": None, "numbers": None},
    {"where": {}, "numbers": [1, 2], "colour": Colour.GREEN, "called": 3},
    {"where": {"words": "a", "colours": [Colour.RED], "within": {"least": 1, "of": [Colour.GREEN]}}},
    {"where": {"within": {"least": 1, "most": None}, "each": [{"least": 2}, None], "not": {"not": {"words": None}}}},
]


def definition(name: str) -> Any:  # Any: a field of Strawberry's
    query = SCHEMA._schema.query_type
    assert query is not None
    return definition_of(query.fields[name])


@pytest.mark.parametrize("given", INPUTS)
def test_arguments_are_what_strawberry_makes_of_them(given: dict[str, Any]) -> None:
    field = definition("found")

    assert Converter(SCHEMA, field)(given, None) == converted(SCHEMA, field, given, None)


def test_a_list_is_another_for_everybody() -> None:
    numbers = [1]

    assert Converter(SCHEMA, definition("found"))({"numbers": numbers}, None)["numbers"] is not numbers


def test_what_is_declared_in_another_way_is_left_to_strawberry() -> None:
    field, convert = definition("changed"), Converter(SCHEMA, definition("changed"))
    given = {"patch": {"name": None}, "id": str(GlobalID("Thing", "1"))}

    assert convert(given, None) == converted(SCHEMA, field, given, None)
    assert convert.handed_on("id") is None


def test_values_of_scalars_and_enums_alone_are_handed_on() -> None:
    convert = Converter(SCHEMA, definition("found"))

    assert convert.handed_on("colour") == "colour"
    assert convert.handed_on("called") == "named_otherwise"
    assert convert.handed_on("where") is convert.handed_on("numbers") is convert.handed_on("nothing") is None
