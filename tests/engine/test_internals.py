"""What the engine uses of others that they don't promise to keep."""

import ast
from importlib.metadata import version
from pathlib import Path

import strawberry

import engine
from engine.internals import (
    CHECKED,
    is_strawberrys_resolver,
    is_strawberrys_type_check,
    is_strawberrys_type_resolver,
)

PROMISED = {"strawberry", "strawberry.types", "strawberry.types.field", "graphql", "graphql.pyutils"}
"""Where names that these libraries document are imported from."""


@strawberry.interface
class Named:
    name: str


@strawberry.type
class Dog(Named):
    @strawberry.field
    async def age(self) -> int:
        return 3


@strawberry.type
class Query:
    @strawberry.field
    def dog(self) -> Dog:
        return Dog(name="Rex")


CORE = strawberry.Schema(Query)._schema


def test_the_versions_that_all_of_it_was_checked_with_are_installed() -> None:
    """Where this fails: run tests/engine with the new versions, read their changes, and write them down."""
    assert {name: version(name) for name in CHECKED} == CHECKED


def test_one_module_imports_what_is_not_promised() -> None:
    folder = Path(engine.__file__).parent
    for path in folder.glob("*.py"):
        if path.name == "internals.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in ("strawberry", "graphql"):
                assert node.module in PROMISED, f"{path.name}: {node.module}"


def test_what_strawberry_makes_is_told_from_what_others_put_around_it() -> None:
    dog = CORE.get_type("Dog")
    fields = [CORE.query_type.fields["dog"], dog.fields["age"], dog.fields["name"]]  # type: ignore[union-attr]

    assert all(is_strawberrys_resolver(field.resolve) for field in fields)
    assert not is_strawberrys_resolver(lambda *_: fields[0].resolve)
    assert is_strawberrys_type_check(dog.is_type_of)  # type: ignore[union-attr]
    assert is_strawberrys_type_resolver(CORE.get_type("Named").resolve_type)  # type: ignore[union-attr]
