"""Territories as clients meet them."""

from resolvers.context import Context
from tests.asking import Ask


async def test_without_a_parent_they_are_the_countries(ask: Ask, nobody: Context) -> None:
    answer = await ask(nobody, "{ territories { code parent { code } } }")
    assert {each["code"] for each in answer["territories"]} >= {"FR", "CH"}
    assert all(each["parent"] is None for each in answer["territories"])


async def test_with_a_parent_they_are_what_lies_right_below(ask: Ask, nobody: Context) -> None:
    answer = await ask(nobody, '{ territories(parent: "FR-PDL") { code parent { code } children { code } } }')
    assert "FR-44" in {each["code"] for each in answer["territories"]}
    assert {each["parent"]["code"] for each in answer["territories"]} == {"FR-PDL"}
