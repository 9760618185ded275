"""Operations that were awkward once, or might be. What they ask is of the first world (`worlds.written(0)`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Awkward:
    """An operation, and what is awkward about it."""

    about: str
    text: str
    variables: Mapping[str, Any] = field(default_factory=dict)  # Any: JSON
    name: str | None = None
    world: int = 0


NAMES = (
    "query A($v: [ID!]) { queryw(ids: $v) { pricedb } } query B($v: Boolean!) { queryn { __typename @skip(if: $v) } }"
)
ORDER = """query($no: Boolean!) { queryn { ... on Bread @skip(if: $no) { breadf } ...X ... on Bread { breadu breadf } } }
  fragment X on Bread { breadv breada }"""

AWKWARD = (
    Awkward("a switch of another operation has the name of a list", NAMES, {"v": ["7"]}, "A"),
    Awkward("an operation is not named that should be", NAMES, {}),
    Awkward("an operation is named that isn't there", NAMES, {}, "C"),
    Awkward("nothing but type names", "{ __typename a: __typename queryn { __typename t: __typename } }"),
    Awkward("everything is skipped", "{ queryn @skip(if: true) { __typename } }"),
    Awkward("skipped and included", "{ queryn @skip(if: true) @include(if: true) { __typename } queryzz { pricedb } }"),
    Awkward("nothing is left of a thing", "{ queryn { ... on Bread @include(if: false) { breadf } } }"),
    Awkward("keys come in the order of what is left: skipped", ORDER, {"no": True}),
    Awkward("keys come in the order of what is left: included", ORDER, {"no": False}),
    Awkward("a switch without its value", ORDER, {}),
    Awkward("a switch that is null", ORDER, {"no": None}),
    Awkward("a switch that is a list", ORDER, {"no": []}),
    Awkward(
        "the same field twice, with what is within merged",
        "{ queryp { pricedo { breadu } } queryp { pricedo { breadv breadu } pricedb } ...Q } "
        "fragment Q on Query { queryp { pricedo { breadn { cheesef } } } }",
    ),
    Awkward(
        "a fragment on an interface within a union within an interface",
        "{ queryzz { ... on Named { nameda { ... on Priced { pricedb ... on Named { namedb } } __typename } } pricedb } }",
    ),
    Awkward(
        "an argument's default, null, and left out",
        "query($k: Int) { queryq(k: $k) { __typename } b: queryu(k: 3) { __typename } c: queryn { ... on Cheese { "
        "cheeser cheeser2: cheeser(k: 2) } } }",
    ),
    Awkward(
        "null where the argument may not be null, by a variable that may",
        "query($k: Int = 5) { queryq(k: $k) { __typename } queryr { drinka } }",
        {"k": None},
    ),
    Awkward(
        "variables within an input object, one of them absent",
        "query($w: String, $e: Even!) { queryo(pick: {must: 1, word: $w, evens: [2, $e], within: {must: 2}}) { cheesef } }",
        {"e": 4},
    ),
    Awkward(
        "a custom scalar that refuses, in a variable",
        "query($e: Even!) { queryo(pick: {must: 1, evens: [$e]}) { cheesef } }",
        {"e": 3},
    ),
    Awkward(
        "lists within lists of things of several types",
        "{ queryy { pricedb __typename ... on Bread { breadu } ... on Drink { drinkr { namedn ... on Apple { applea } } } } }",
    ),
    Awkward("paths with places in lists", "{ querys { applet { breadu breadv breado { cheesef } } applen } }"),
    Awkward(
        "mutations one after the other",
        "mutation { mutationv { drinka } mutationn { applea } b: mutationv { drinko } }",
    ),
    Awkward(
        "a mutation that fails before others",
        "mutation { mutationzz(must: 1) { applea } mutationr(must: 2) { breadv } mutationz { __typename } mutationn { applee } }",
    ),
)
