"""Arguments and variables come out as graphql-core coerces them, whether by the short way or by its own."""

import enum
from datetime import date
from itertools import product
from typing import Any

import pytest
import strawberry

from engine import Engine


@strawberry.enum
class Colour(enum.Enum):
    RED = "r"


@strawberry.input
class Box:
    size: int = 3
    name: str | None = None


@strawberry.input
class Who:
    name: str
    id: strawberry.ID | None = strawberry.UNSET
    near: "Who | None" = None


@strawberry.input(one_of=True)
class Either:
    this: strawberry.Maybe[str]
    that: strawberry.Maybe[int]


@strawberry.type
class Query:
    @strawberry.field
    def told(  # noqa: PLR0917
        self,
        text: str | None = None,
        number: int = 7,
        flag: bool | None = True,
        id: strawberry.ID | None = None,
        box: Box | None = None,
        colours: list[Colour] | None = None,
        days: list[date | None] | None = None,
        numbers: list[int] | None = None,
    ) -> str:
        return repr((text, number, flag, id, box, colours, days, numbers))

    @strawberry.field
    def met(self, who: Who, number: int = 7) -> str:
        return repr((who, number))

    @strawberry.field
    def either(self, one: Either) -> str:
        return repr(one)

    @strawberry.field
    def kept(self, box: Box) -> int:
        box.size += 1
        return box.size


SCHEMA = strawberry.Schema(Query)
ENGINE = Engine(SCHEMA, declined=pytest.fail)

OPERATIONS: dict[str, list[Any]] = {
    "query ($v: String) { told(text: $v) }": ["a", "", None, 3, ["a"]],
    "query ($v: String!) { told(text: $v) }": ["a", None, 3],
    'query ($v: String = "x") { told(text: $v) }': ["a", None],
    'query ($v: Int!) { told(number: $v, text: "t") }': [1, True, 2**31, -(2**31), 1.0, "1", None],
    "query ($v: Int = 4) { told(number: $v) }": [1, None],
    "query ($v: Boolean) { told(flag: $v) }": [True, False, None, 0, "true"],
    "query ($v: ID) { told(id: $v) }": ["a", 3, True, None],
    "query ($v: Int) { told(box: { size: $v }) }": [1, None, "a"],
    "query ($v: String) { kept(box: { name: $v }) }": ["a", None, 3],
    'query ($v: Int!) { kept(box: { size: $v, name: "n" }) }': [1, None, "a"],
    "query ($v: String) { met(who: { name: $v }) }": ["a", None, 3],
    "query ($v: ID!) { met(who: { id: $v, name: $v }) }": ["a", None],
    'query ($v: ID = 4) { met(who: { id: $v, name: "n" }) }': ["a", None],
    "query ($v: ID) { met(who: { id: $v }, number: 3) }": ["a", None],
    "query ($v: String!) { met(who: { name: $v, near: { name: $v } }) }": ["a", None],
    'query ($v: Who) { met(who: { name: "n", near: $v }) }': [{"name": "x"}, None, {}],
    "query ($v: Who!, $n: String!) { met(who: { name: $n, near: $v }) }": [{"name": "x"}, None],
    "query ($v: String!) { either(one: { this: $v }) }": ["a", None],
    "query ($v: Box) { told(box: $v) }": [{}, {"size": 2}, {"other": 1}, None],
    "query ($v: Colour!) { told(colours: [$v, RED]) }": ["RED", "BLUE", None],
    "query ($v: [Date]) { told(days: $v) }": [
        ["2026-11-26"],
        ["2026-11-26", None],
        ["no day"],
        [[]],
        "2026-11-26",
        None,
    ],
    "query ($v: [Int!]!) { told(numbers: $v) }": [[], [1, 2], [1, None], ["1"], [2**31], 1, {}, None],
    "query ($v: [Colour!]) { told(colours: $v) }": ["RED", ["RED"], [None], None],
}
CASES = [(query, given) for query, values in OPERATIONS.items() for given in [{}, *({"v": value} for value in values)]]


@pytest.mark.parametrize(("query", "given"), CASES)
async def test_what_is_given_comes_out_as_graphql_core_has_it(query: str, given: dict[str, Any]) -> None:
    expected = await SCHEMA.execute(query, variable_values=dict(given))
    for _ in range(2):
        result = await ENGINE.execute(query, variables=given)
        assert (result.data, [error.formatted for error in result.errors or ()]) == (
            expected.data,
            [error.formatted for error in expected.errors or ()],
        )


async def test_several_variables_are_each_told_what_is_wrong_with_them() -> None:
    query = "query ($a: Int!, $b: Box!, $c: String!) { told(number: $a, box: $b, text: $c) }"
    for a, b, c in product((1, "x"), ({}, {"size": "x"}), ("a", 2)):
        given = {"a": a, "b": b, "c": c}
        expected = await SCHEMA.execute(query, variable_values=given)
        result = await ENGINE.execute(query, variables=given)
        assert (result.data, result.errors) == (expected.data, expected.errors)


async def test_an_input_is_made_anew_each_time() -> None:
    for _ in range(3):
        assert (await ENGINE.execute("{ kept(box: {}) }")).data == {"kept": 4}
