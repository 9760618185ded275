"""The schema as it is printed: described throughout, and as it was promised."""

import subprocess
import sys
from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLScalarType,
)

from schema.build import InfluentsSchema, sdl

CHECKOUT = Path(__file__).parents[2]
FEDERATIONS = ("_Any", "_Service", "_FieldSet", "link__", "federation__")


def undescribed(schema: InfluentsSchema) -> list[str]:
    """Every type, field, argument and value that says nothing of itself."""
    places: list[tuple[str, str | None]] = []
    for name, type_ in schema.core.type_map.items():
        if name.startswith(("__", *FEDERATIONS)) or name in {"Query", "Mutation"}:
            continue
        if isinstance(type_, GraphQLScalarType) and name in {"String", "Int", "Float", "Boolean", "ID"}:
            continue
        places.append((name, type_.description))
        if isinstance(type_, GraphQLEnumType):
            places += [(f"{name}.{value}", definition.description) for value, definition in type_.values.items()]
        if isinstance(type_, GraphQLInputObjectType):
            places += [(f"{name}.{field}", definition.description) for field, definition in type_.fields.items()]
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            for field, definition in type_.fields.items():
                places.append((f"{name}.{field}", definition.description))
                places += [(f"{name}.{field}({arg})", each.description) for arg, each in definition.args.items()]
    return [place for place, description in places if not description]


def test_everything_is_described(schema: InfluentsSchema) -> None:
    assert undescribed(schema) == []


def test_the_committed_sdl_is_what_the_code_says(schema: InfluentsSchema) -> None:
    assert (CHECKOUT / "schema.graphql").read_text(encoding="utf-8") == sdl(schema), "run `make schema`"


def test_it_declares_the_federation_that_composers_take(schema: InfluentsSchema) -> None:
    printed = sdl(schema)
    assert 'url: "https://specs.apollo.dev/federation/v2.9"' in printed
    assert "= null" not in printed


def test_nothing_differs_from_the_contract() -> None:
    checker = CHECKOUT.parent / "shared" / "tools" / "contract_check.py"
    if not checker.is_file():
        pytest.skip("the contract is not beside the checkout")
    printed = subprocess.run(
        [sys.executable, str(checker), str(CHECKOUT / "schema.graphql")], capture_output=True, text=True, check=False
    ).stdout
    assert "kept" in printed
    assert [line for line in printed.splitlines() if ", not " in line or line.endswith("required")] == []
