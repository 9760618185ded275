"""What one operation may ask for, and what it is told where it asks for more."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    OperationDefinitionNode,
    get_introspection_query,
    get_named_type,
    get_nullable_type,
    is_list_type,
    parse,
)

from domain.words import Locale
from resolvers.context import Context
from schema.build import InfluentsSchema, build
from schema.limits.bounds import ITEMS, Bounds
from schema.limits.measuring import Measures, measure
from tests.asking import Ask

WIDE = (
    "query($n: Int) { events(first: $n) { edges { node { participations(first: 100) { edges { node { id } } } } } } }"
)
PAGES = """{ events(first: 4) { ...Page } } fragment Page on EventConnection { edges { node { ...Node } } }
  fragment Node on Event { participations(first: 5) { edges { cursor } } }"""
OPERATIONS = Path(__file__).parents[2] / "explorer" / "src" / "operations"


def measures(schema: InfluentsSchema, query: str, **variables: object) -> Measures:
    document = parse(query)
    first = next(each for each in document.definitions if isinstance(each, OperationDefinitionNode))
    return measure(schema.core, schema.prices, document, first, variables)


def nested(field: str, times: int, innermost: str) -> str:
    return f"{field} {{ " * times + innermost + " }" * times


def doubling(fragments: int) -> str:
    """Each fragment uses the next one twice: written out, it would be without end."""
    parts = [
        f"fragment F{n} on Territory {{ parent {{ ...F{n + 1} }} b: parent {{ ...F{n + 1} }} }}"
        for n in range(fragments)
    ]
    return '{ territory(code: "FR") { ...F0 } } ' + " ".join(parts) + f" fragment F{fragments} on Territory {{ name }}"


@pytest.mark.parametrize(
    ("query", "variables", "told"),
    [
        (f'{{ territory(code: "FR") {{ {nested("parent", 11, "name")} }} }}', {}, "lie 13 deep within each other; 12"),
        ("{ " + " ".join(f"a{n}: __typename" for n in range(31)) + " }", {}, "renames 31 fields; 30 is"),
        ("{ __typename " + "@skip(if: false) " * 31 + "}", {}, "uses 31 directives; 30 is"),
        ("{ " + "themes { code } " * 700 + "}", {}, "more than 2,000 words and marks"),
        (WIDE, {"n": 30}, "costs 6,091; 5,000 is"),
        (" ".join(f"query Q{n} {{ __typename }}" for n in range(21)), {}, "holds 21 operations; 20 is"),
        ("{ themes { " + "code " * 1_500 + "} }", {}, "can’t be compared in 10,000 steps"),
        (doubling(100), {}, "of that query lie 102 deep"),
        ("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": ["x"] * 1_001}, "has 1,001 items; 1,000 is"),
    ],
)  # fmt: skip
async def test_more_than_one_may_ask_for_is_refused_with_the_number_and_the_limit(
    ask: Ask, nobody: Context, query: str, variables: dict[str, Any], told: str
) -> None:
    nobody.locale = Locale.EN
    answer = await ask(nobody, query, **variables)

    assert answer.codes in (["QUERY_TOO_COMPLEX"], ["BAD_USER_INPUT"])
    assert told in answer.errors[0]["message"]
    assert not answer.data


async def test_introspection_is_bounded_apart(ask: Ask, nobody: Context) -> None:
    standard = get_introspection_query(input_value_deprecation=True, specified_by_url=True, schema_description=True)
    deeper = "{ __schema { types { " + nested("ofType", 19, "name") + " } } }"
    wider = "{ __schema { types { fields { args { type { fields { args { type { enumValues { name } } } } } } } } } }"

    assert (await ask(nobody, standard))["__schema"]["types"]
    assert (await ask(nobody, deeper)).codes == ["QUERY_TOO_COMPLEX"]
    assert (await ask(nobody, wider)).codes == ["QUERY_TOO_COMPLEX"]


@pytest.mark.parametrize("path", sorted(OPERATIONS.glob("*.graphql")), ids=lambda path: path.stem)
def test_every_example_is_far_from_every_limit(schema: InfluentsSchema, path: Path) -> None:
    given = path.with_suffix(".json")
    variables = json.loads(given.read_text(encoding="utf-8")) if given.exists() else {}
    found, bounds = measures(schema, path.read_text(encoding="utf-8"), **variables), Bounds()

    assert found.depth <= bounds.depth * 3 / 4
    assert found.cost <= bounds.cost / 5
    assert found.aliases + found.directives == 0


@pytest.mark.parametrize(
    ("query", "variables", "cost"),
    [
        ("{ themes { code } }", {}, 6),
        ('{ event(slug: "a") { title themes { code } organizer { name } } }', {}, 1 + 3 + 1),
        ("{ events { edges { cursor } } }", {}, 1 + 20),
        ("{ events(first: 3) { edges { node { title } } pageInfo { endCursor } totalCount } }", {}, 1 + 3 * 2 + 1 + 5),
        ("{ events(last: 3) { edges { node { title } } } }", {}, 1 + 3 * 2),
        ("query($n: Int) { events(first: $n) { edges { cursor } } }", {"n": 7}, 1 + 7),
        ("query($n: Int = 9) { events(first: $n) { edges { cursor } } }", {}, 1 + 9),
        ("query($n: Int = 9) { events(first: $n) { edges { cursor } } }", {"n": None}, 1 + 20),
        ("{ events(first: 1000000) { edges { cursor } } }", {}, 1 + 100),
        ("{ events(first: -5) { edges { cursor } } }", {}, 1 + 0),
        (PAGES, {}, 1 + 4 * (1 + 1 + 1 + 5)),
        ("{ events(first: 4) { ... on EventConnection { ... { edges { cursor } } } } }", {}, 1 + 4),
        ('{ nodes(ids: ["a", "b"]) { id } }', {}, 2),
        ("query($of: [_Any!]!) { _entities(representations: $of) { ... on Event { title } } }", {"of": [{}] * 3}, 3),
        ('mutation { signIn(input: {email: "a@b.fr", password: "x"}) { errors { code } } }', {}, 500),
        ('mutation { register(input: {event: "x"}) { errors { code } participation { id } } }', {}, 10 + 1),
        ("{ ...A } fragment A on Query { ...B themes { code } } fragment B on Query { ...A }", {}, 6),
        ("{ nothing { nothing } ...Nothing }", {}, 1),
    ],
)  # fmt: skip
def test_costs_follow_from_what_is_declared(
    schema: InfluentsSchema, query: str, variables: dict[str, object], cost: int
) -> None:
    assert measures(schema, query, **variables).cost == cost


def test_nobody_gets_half_a_million_objects_however_cheap() -> None:
    from schema.errors import QueryTooComplex
    from schema.limits.checking import check

    with pytest.raises(QueryTooComplex):
        check(Measures(nodes=500_001), Bounds(cost=10_000_000))


async def test_closed_introspection_tells_nothing_of_the_schema(nobody: Context) -> None:
    closed = Ask(build(Bounds(introspection=False)))
    for query in (
        "{ __schema { queryType { name } } }",
        '{ __type(name: "Event") { name } }',
        "{ _service { sdl } }",
        "{ ...A } fragment A on Query { _service { ...B } } fragment B on _Service { text: sdl }",
    ):
        answer = await closed(nobody, query)
        assert (answer.codes, answer.data) == (["FORBIDDEN"], {})
    assert (await closed(nobody, "{ __typename }"))["__typename"] == "Query"
    assert "Did you mean" not in (await closed(nobody, "{ event { i } }")).errors[0]["message"]


async def test_few_errors_are_told_however_many_there_are(ask: Ask, nobody: Context) -> None:
    answer = await ask(nobody, "{ " + " ".join(f"wrong{n}" for n in range(1_000)) + " }")
    assert len(answer.errors) == 11
    twice = await ask(nobody, "{ event(" + 'slug: "a" ' * 600 + ") { id } }")
    assert len(twice.errors[0]["locations"]) == 10
    assert len(json.dumps(twice.errors)) < 2_000


def test_every_list_of_objects_says_how_long_it_is(schema: InfluentsSchema) -> None:
    """One that says nothing would be counted as a hundred."""
    paged = {"edges"}
    silent = [
        f"{type_.name}.{name}"
        for type_ in schema.core.type_map.values()
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType) and not type_.name.startswith("__")
        for name, field in type_.fields.items()
        if is_list_type(get_nullable_type(field.type)) and schema.prices[type_.name, name].size is None
        if name not in paged and schema.prices[type_.name, name].weight
    ]
    assert silent == []


def lists_of(schema: InfluentsSchema) -> Iterator[str]:
    """Every list that can be sent, by its type and name."""
    for type_ in schema.core.type_map.values():
        if isinstance(type_, GraphQLInputObjectType):
            places = {f"{type_.name}.{name}": field.type for name, field in type_.fields.items()}
        elif isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            places = {
                f"{type_.name}.{name}({argument})": definition.type
                for name, field in type_.fields.items()
                for argument, definition in field.args.items()
            }
        else:
            continue
        yield from (place for place, kind in places.items() if is_list_type(get_nullable_type(kind)))


async def test_no_list_that_is_sent_may_be_longer_than_a_thousand(
    schema: InfluentsSchema, ask: Ask, nobody: Context
) -> None:
    """Wherever it stands: variables are looked at as a whole."""
    assert len(list(lists_of(schema))) > 10, "there are lists to send"
    long = [None] * (ITEMS + 1)
    objects = [{}, {"themes": ["CULTURE"], "within": [{"themes": long}]}]
    for wrapped in (long, {"filter": {"themes": long}}, [[long]], objects, [{"themes": long}, None]):
        answer = await ask(nobody, "query($x: [ID!]!) { nodes(ids: $x) { id } }", x=wrapped)
        assert answer.codes == ["BAD_USER_INPUT"]


@pytest.mark.parametrize("size", [0, -1, 101, 2_147_483_647])
@pytest.mark.parametrize("argument", ["first", "last"])
async def test_no_page_is_empty_or_has_more_than_a_hundred_items(
    schema: InfluentsSchema, ask: Ask, nobody: Context, argument: str, size: int
) -> None:
    answer = await ask(nobody, f"{{ events({argument}: {size}) {{ totalCount }} }}")
    assert answer.codes == ["BAD_USER_INPUT"]


def test_every_page_takes_its_size_from_the_same_arguments(schema: InfluentsSchema) -> None:
    """They all go through `schema.paging.window`, and all are counted."""
    for type_ in schema.core.type_map.values():
        if not isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            continue
        for name, field in type_.fields.items():
            if get_named_type(field.type).name.endswith("Connection"):
                assert {"first", "after", "last", "before"} <= field.args.keys()
                assert schema.prices[type_.name, name].page, f"{type_.name}.{name} needs directives=PAGED"


def test_a_page_size_is_counted_however_it_is_written(schema: InfluentsSchema) -> None:
    """GraphQL takes 100.0 for 100."""
    query = "query ($n: Int) { events(first: $n) { edges { node { title } } } }"

    assert measures(schema, query, n=100.0).cost == measures(schema, query, n=100).cost
    assert measures(schema, query, n=99.5).cost == measures(schema, query).cost
