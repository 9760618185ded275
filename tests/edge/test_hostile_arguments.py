"""Every id, text and cursor that can be sent, with what nobody means: refused by type, wherever it stands."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
)

from domain.permissions import signed_in
from influents.app import application
from resolvers.context import Context, Services
from schema.build import build
from schema.ids import Kind, seal
from tests.asking import Ask
from tests.factories import Town

SCHEMA = build()
IDS = [
    "",
    "nonsense",
    "event_",
    "event_" + "0" * 31,
    "EVENT_" + "0" * 32,
    "event_" + "٠" * 32,
    "secret_" + "0" * 32,
    "x" * 3_000,
]
CURSORS = ["", "=", "nonsense", "W10", "bnVsbA", "WyJvdGhlciIsMV0", "x" * 501, "é"]
USUAL: dict[str, Any] = {
    "String": "text", "Int": 1, "Float": 1.5, "Boolean": True, "DateTime": "2026-09-08T18:00:00Z", "Date": "2026-09-08",
    "TerritoryCode": "FR-44", "URL": "https://example.org/", "EmailAddress": "nobody@example.org",
    "ID": "event_" + "0" * 32,
}  # fmt: skip
REFUSED = {"BAD_USER_INPUT", "UNAUTHENTICATED", "FORBIDDEN"}
Path = tuple[str, ...]


def item_of(type_: GraphQLInputType) -> GraphQLInputType | None:
    """What a list is of; None where it is none."""
    nullable = get_nullable_type(type_)
    return nullable.of_type if isinstance(nullable, GraphQLList) else None


def usual(type_: GraphQLInputType) -> Any:
    """A value that fits a type, with what must be given alone."""
    if (item := item_of(type_)) is not None:
        return [usual(item)]
    named = get_named_type(type_)
    if isinstance(named, GraphQLInputObjectType):
        return {name: usual(each.type) for name, each in named.fields.items() if isinstance(each.type, GraphQLNonNull)}
    if hasattr(named, "values"):
        return next(iter(named.values))
    return USUAL[named.name]


def places(type_: GraphQLInputType, wanted: str, path: Path = ()) -> Iterator[Path]:
    """The ways to every value of a scalar type within an argument."""
    if (item := item_of(type_)) is not None:
        yield from places(item, wanted, (*path, "0"))
        return
    named = get_named_type(type_)
    if named.name == wanted:
        yield path
    elif isinstance(named, GraphQLInputObjectType):
        for name, each in named.fields.items():
            yield from places(each.type, wanted, (*path, name))


def put(value: Any, type_: GraphQLInputType, path: Path, what: object) -> Any:
    """The value with something else at a place, made where there was nothing."""
    if not path:
        return what
    step, *rest = path
    if (item := item_of(type_)) is not None:
        return [put(usual(item), item, tuple(rest), what)]
    named = get_named_type(type_)
    assert isinstance(named, GraphQLInputObjectType)
    inner = named.fields[step].type
    return value | {step: put(value.get(step, usual(inner)), inner, tuple(rest), what)}


def roots() -> Iterator[tuple[str, str, GraphQLField]]:
    for kind, root in (("query", SCHEMA.core.query_type), ("mutation", SCHEMA.core.mutation_type)):
        assert root is not None
        yield from ((kind, name, field) for name, field in root.fields.items())


def sent(wanted: str) -> list[tuple[str, str, str, Path]]:
    """Every place in an argument of a root field where such a scalar can be sent."""
    return [
        (kind, name, argument, path)
        for kind, name, field in roots()
        for argument, definition in field.args.items()
        for path in places(definition.type, wanted)
    ]


def ways(wanted: str) -> list[Any]:
    return [pytest.param(*each, id=".".join([each[1], each[2], *each[3]])) for each in sent(wanted)]


def document(kind: str, name: str, argument: str, path: Path, what: object) -> tuple[str, dict[str, object]]:
    """An operation that sends something at a place, and what else must be given; and its variables."""
    root = SCHEMA.core.query_type if kind == "query" else SCHEMA.core.mutation_type
    assert root is not None
    field = root.fields[name]
    given = {each: usual(definition.type) for each, definition in required(field).items()}
    type_ = field.args[argument].type
    given[argument] = put(given.get(argument, usual(type_)), type_, path, what)
    declared = ", ".join(f"${each}: {field.args[each].type}" for each in given)
    passed = ", ".join(f"{each}: ${each}" for each in given)
    selected = "" if is_leaf_type(get_named_type(field.type)) else "{ __typename }"
    return f"{kind}({declared}) {{ {name}({passed}) {selected} }}", given


def required(field: GraphQLField) -> dict[str, GraphQLArgument]:
    return {name: each for name, each in field.args.items() if isinstance(each.type, GraphQLNonNull)}


@pytest.fixture
async def everybody(town: Town) -> list[Context]:
    """Who may do the most: a moderator, and an owner of a verified organisation."""
    owner = await town.citizen()
    await town.organization(owner)
    return [await town.moderator(), owner]


@pytest.mark.parametrize(("kind", "name", "argument", "path"), ways("ID"))
async def test_an_id_that_is_none_of_ours_is_bad_input(
    everybody: list[Context], kind: str, name: str, argument: str, path: Path
) -> None:
    ask = Ask(SCHEMA)
    for ctx in everybody:
        for id_ in IDS:
            query, given = document(kind, name, argument, path, id_)
            answer = await ask(ctx, query, **given)
            assert answer.codes, f"{id_!r} was taken"
            assert set(answer.codes) <= REFUSED


@pytest.mark.parametrize(("kind", "name", "argument", "path"), ways("ID"))
async def test_an_id_of_something_that_is_not_there_is_no_failure(
    everybody: list[Context], kind: str, name: str, argument: str, path: Path
) -> None:
    ask, known = Ask(SCHEMA), signed_in(everybody[0].viewer).citizen_id
    for id_ in [seal(each, "0" * 32) for each in Kind] + [
        "theme_CULTURE",
        "territory_FR-44",
        seal(Kind.CITIZEN, known),
    ]:
        query, given = document(kind, name, argument, path, str(id_))
        answer = await ask(everybody[0], query, **given)
        assert set(answer.codes) <= REFUSED


@pytest.mark.parametrize(
    ("kind", "name", "argument"), [each[:3] for each in sent("String") if each[2] in {"after", "before"}]
)
async def test_a_cursor_that_is_none_of_the_lists_is_bad_input(
    everybody: list[Context], kind: str, name: str, argument: str
) -> None:
    for cursor in CURSORS:
        query, given = document(kind, name, argument, (), cursor)
        answer = await Ask(SCHEMA)(everybody[0], query, **given)
        assert set(answer.codes) == {"BAD_USER_INPUT"}, cursor


async def test_a_character_that_cannot_be_kept_is_bad_input_wherever_it_stands(services: Services) -> None:
    places_ = sent("ID") + sent("String")
    assert len(places_) > 80
    transport = httpx.ASGITransport(application(services))
    async with httpx.AsyncClient(transport=transport, base_url="http://influents.test") as http:
        for place in places_:
            for text in ("a\0b", "\ud800", "\udfffx"):
                query, given = document(*place, text)
                body = json.dumps({"query": query, "variables": given})
                answer = await http.post("/graphql", content=body, headers={"Content-Type": "application/json"})
                assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT", place
