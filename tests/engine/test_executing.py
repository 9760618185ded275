"""What the engine executes by itself, and what it leaves to graphql-core, before anything has happened."""

import asyncio
import gc
from collections.abc import AsyncIterator

import pytest
import strawberry
from graphql import parse

from engine import Engine, Guarded, Prepared

DONE: list[str] = []


@strawberry.type
class Node:
    name: str

    @strawberry.field
    async def child(self) -> "Node":
        return Node(name=f"{self.name}.")

    @strawberry.field
    async def slow(self) -> str:
        await asyncio.sleep(60)
        return self.name

    @strawberry.field
    def where(self, info: strawberry.Info) -> str:
        return "/".join(str(key) for key in info.path.as_list())


@strawberry.type
class Query:
    @strawberry.field
    def one(self) -> Node:
        return Node(name="one")

    @strawberry.field
    def many(self, ids: list[strawberry.ID] | None = None) -> list[Node]:
        return [Node(name=each) for each in ids or ("a", "b")]


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def do(self, what: str) -> str:
        await asyncio.sleep(0.01 if what == "first" else 0)
        DONE.append(what)
        if what == "wrong":
            raise ValueError(what)
        return what

    @strawberry.mutation
    async def may(self, what: str) -> str | None:
        DONE.append(what)
        raise ValueError(what)


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def ticks(self) -> AsyncIterator[int]:
        yield 1


SCHEMA = strawberry.Schema(Query, Mutation, Subscription)


@pytest.fixture
def declined() -> list[str]:
    return []


@pytest.fixture
def engine(declined: list[str]) -> Engine:
    DONE.clear()
    return Engine(SCHEMA, declined=declined.append)


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("{ __schema { queryType { name } } }", "introspection"),
        ('{ one { name } __type(name: "Node") { name } }', "introspection"),
        ("query A { one { name } } query B { one { name } }", "no operation"),
        ("{ one { __typename name } }", None),
        ('mutation { __typename do(what: "it") }', None),
    ],
)
async def test_what_there_is_no_plan_for_is_left_to_graphql_core(
    engine: Engine, declined: list[str], query: str, reason: str | None
) -> None:
    result = await engine.execute(query)
    expected = await SCHEMA.execute(query) if reason != "no operation" else None
    assert expected is None or (result.data, result.errors) == (expected.data, expected.errors)
    assert declined == ([reason] if reason else [])


async def test_mutations_are_done_one_after_the_other_in_the_order_of_the_document(engine: Engine) -> None:
    result = await engine.execute('mutation { a: do(what: "first") b: do(what: "second") c: do(what: "third") }')
    assert result.data == {"a": "first", "b": "second", "c": "third"}
    assert DONE == ["first", "second", "third"]


async def test_nothing_is_done_after_a_mutation_that_takes_the_answer_with_it(engine: Engine) -> None:
    result = await engine.execute('mutation { a: do(what: "wrong") b: do(what: "second") }')
    assert (result.data, DONE) == (None, ["wrong"])


async def test_a_mutation_that_may_fail_leaves_the_others_alone(engine: Engine) -> None:
    result = await engine.execute('mutation { a: may(what: "wrong") b: do(what: "second") }')
    assert result.data == {"a": None, "b": "second"}
    assert [error.path for error in result.errors or ()] == [["a"]]


async def test_a_path_has_its_places_in_lists(engine: Engine) -> None:
    result = await engine.execute("{ many { child { where } } }")
    assert result.data == {"many": [{"child": {"where": f"many/{place}/child/where"}} for place in (0, 1)]}


async def test_an_operation_is_planned_for_each_way_that_it_skips_and_includes(engine: Engine) -> None:
    query = "query ($no: Boolean! = false) { one { name @skip(if: $no) child @include(if: $no) { name } } }"
    for _ in range(2):
        assert (await engine.execute(query)).data == {"one": {"name": "one"}}
        assert (await engine.execute(query, variables={"no": True})).data == {"one": {"child": {"name": "one."}}}


async def test_a_switch_of_another_operation_may_be_anything_here(engine: Engine) -> None:
    query = "query A($v: [ID!]) { many(ids: $v) { name } } query B($v: Boolean!) { one { name @skip(if: $v) } }"
    result = await engine.execute(query, operation_name="A", variables={"v": ["7"]})
    assert result.data == {"many": [{"name": "7"}]}


async def test_a_switch_that_is_null_is_an_error_each_time(engine: Engine) -> None:
    query = "query ($no: Boolean = false) { one { name @skip(if: $no) } }"
    for _ in range(2):
        result = await engine.execute(query, variables={"no": None})
        expected = await SCHEMA.execute(query, variable_values={"no": None})
        assert (result.data, result.errors) == (expected.data, expected.errors)


async def test_a_document_may_be_given_instead_of_its_text(engine: Engine) -> None:
    document = parse("{ one { name } }")
    for _ in range(2):
        assert (await engine.execute(document)).data == {"one": {"name": "one"}}


async def test_what_does_not_fit_or_is_no_document_is_told(engine: Engine) -> None:
    for query in ("{", "{ nothing }"):
        result = await engine.execute(query)
        assert result.data is None
        assert result.errors


async def test_plans_are_kept_that_were_executed_last_as_many_as_there_is_room_for(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.executing.MOST_FIELDS", 10)
    prepared = []
    for number in range(6):
        document = parse(f"{{ one {{ a{number}: name }} }}")
        prepared.append(engine.prepare(document, document.definitions[0]))  # type: ignore[arg-type]
        await engine.run(prepared[-1])
        await engine.run(prepared[0])
    assert [each.fields for each in prepared] == [3, 0, 0, 0, 3, 3]
    assert (await engine.run(prepared[1])).data == {"one": {"a1": "one"}}


async def test_each_way_to_switch_takes_room(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.executing.MOST_FIELDS", 3)
    document = parse("query ($a: Boolean!, $b: Boolean!) { __typename x: __typename @skip(if: $a) @include(if: $b) }")
    prepared = engine.prepare(document, document.definitions[0])  # type: ignore[arg-type]
    for a, b in ((True, True), (True, False), (False, True), (False, False)):
        result = await engine.run(prepared, variables={"a": a, "b": b})
        assert result.data == {"__typename": "Query", **({"x": "Query"} if b and not a else {})}
    assert prepared.fields == 0


def prepared_by(engine: Engine, text: str) -> Prepared:
    document = parse(text)
    return engine.prepare(document, document.definitions[0])  # type: ignore[arg-type]


async def test_what_nobody_keeps_a_document_of_is_not_kept_here_either(engine: Engine) -> None:
    """A short plan may be of a long document."""
    for number in range(50):
        await engine.run(prepared_by(engine, f"{{ __typename # {'x' * 100} {number}\n }}"))
    gc.collect()

    assert engine._planned == {}
    assert engine._fields == 0


async def test_the_plan_of_an_operation_that_is_broken_off_takes_room_too(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.executing.MOST_FIELDS", 3)
    text = "query ($a: Boolean!, $b: Boolean!) { one { slow name @skip(if: $a) where @skip(if: $b) } }"
    prepared = prepared_by(engine, text)
    for a, b in ((True, False), (False, True), (False, False)):
        running = asyncio.create_task(engine.run(prepared, variables={"a": a, "b": b}))
        await asyncio.sleep(0)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    assert prepared.fields == 0


async def test_a_plan_that_is_too_large_is_not_kept_at_all(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.executing.MOST_FIELDS", 200)
    doubling = (
        f"fragment {a} on Node {{ x: child {{ ...{b} }} y: child {{ ...{b} }} }}"
        for a, b in zip("ABCDEFG", "BCDEFGH", strict=True)
    )
    document = parse(f"{{ one {{ ...A }} }} {' '.join(doubling)} fragment H on Node {{ name }}")
    prepared = engine.prepare(document, document.definitions[0])  # type: ignore[arg-type]
    assert (await engine.run(prepared)).errors is None
    assert prepared.fields == 0


async def test_a_guard_that_refuses_keeps_a_mutation_from_happening() -> None:
    schema = strawberry.Schema(Query, Mutation)
    field = schema._schema.mutation_type.fields["may"]  # type: ignore[union-attr]

    def check(context: object) -> None:
        raise PermissionError(str(context))

    field.resolve = Guarded(field.resolve, check)
    DONE.clear()
    result = await Engine(schema).execute('mutation { may(what: "it") }', context="nobody")
    assert (result.data, [str(error) for error in result.errors or ()], DONE) == (
        {"may": None},
        ['nobody\n\nGraphQL request:1:12\n1 | mutation { may(what: "it") }\n  |            ^'],
        [],
    )
