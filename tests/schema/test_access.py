"""Who each field is for: declared of every one that isn't for all, printed on demand, and enforced wherever it is."""

import re
from collections.abc import Iterator

import pytest
import strawberry
from graphql import GraphQLField, GraphQLObjectType, parse
from strawberry.federation.schema_directives import Authenticated, RequiresScopes, Tag

from domain.api_tokens import TokenScope
from domain.permissions import PersonScope
from resolvers.context import Context
from schema.access import MODERATORS, declared, enforce
from schema.build import InfluentsSchema, sdl
from tests.asking import Ask
from tests.factories import Town

TAGS = {"public", "partner", "internal"}
INTERNAL_TYPES = {"ApiToken", "RenewCalendarFeedPayload", "Report", "Viewer", "Webhook", "WebhookDelivery"}
NOT_FOR_ALL = re.compile(
    r"null to others|else null|author alone|moderators? only|owners? only|for moderators|nobody is signed in"
    r"|what one could|you could do|is worth to you|only they may see",
    re.IGNORECASE,
)
"""How descriptions say that not everybody gets an answer."""
BY_VALUE = {"LedgerEntry"}
"""Public, but for what is said of a participation that isn't listed."""


def types(schema: InfluentsSchema) -> Iterator[GraphQLObjectType]:
    for name, type_ in schema.core.type_map.items():
        if isinstance(type_, GraphQLObjectType) and not name.startswith("_"):
            yield type_


def tags(thing: GraphQLField | GraphQLObjectType) -> set[str]:
    return {each.name for each in declared(thing) if isinstance(each, Tag)}


def test_every_root_field_says_whom_it_is_for(schema: InfluentsSchema) -> None:
    for root in (schema.core.query_type, schema.core.mutation_type, schema.core.subscription_type):
        assert root is not None
        for name, field in root.fields.items():
            if not name.startswith("_"):
                assert len(tags(field)) == 1, name
                assert tags(field) <= TAGS


def test_what_is_not_for_everybody_is_tagged(schema: InfluentsSchema) -> None:
    untagged = [
        f"{type_.name}.{name}"
        for type_ in types(schema)
        for name, field in type_.fields.items()
        if NOT_FOR_ALL.search(field.description or "")
        and not (tags(field) | tags(type_)) & {"partner", "internal"}
        and type_.name not in BY_VALUE
        and not type_.name.endswith("Payload")
    ]
    assert untagged == []
    assert {type_.name for type_ in types(schema) if tags(type_)} == INTERNAL_TYPES


def test_scopes_are_those_that_callers_have(schema: InfluentsSchema) -> None:
    known = {scope.value for scope in (*PersonScope, *TokenScope)}
    wanted = [
        (each, field)
        for type_ in types(schema)
        for field in type_.fields.values()
        for each in declared(field)
        if isinstance(each, RequiresScopes)
    ]
    assert wanted
    for requires, field in wanted:
        assert {scope for alternative in requires.scopes for scope in alternative} <= known
        assert any(isinstance(each, Authenticated) for each in declared(field))


def test_authorization_is_printed_on_demand_and_nothing_else_differs(schema: InfluentsSchema) -> None:
    with_it, without = sdl(schema, authorization=True), sdl(schema)

    for name in ("@authenticated", "@requiresScopes"):
        assert f'"{name}"' in with_it
        assert f" {name}" in with_it
        assert name not in without
    parse(without)
    cut = re.sub(
        r' @authenticated| @requiresScopes\(scopes: [^)]*\)|"@(authenticated|requiresScopes)"(, |\n +)', "", with_it
    )
    assert cut == without
    assert '@tag(name: "partner")' in without


@pytest.mark.parametrize("query", ["{ moderationQueue { totalCount } }", "{ reports { totalCount } }"])
async def test_a_field_for_moderators_refuses_others(ask: Ask, town: Town, nobody: Context, query: str) -> None:
    assert (await ask(nobody, query)).codes == ["UNAUTHENTICATED"]
    assert (await ask(await town.citizen(), query)).codes == ["FORBIDDEN"]
    assert (await ask(await town.moderator(), query)).errors == []


@strawberry.type(directives=MODERATORS)
class Secret:
    word: str

    @strawberry.field
    async def later(self) -> str:
        return self.word


@strawberry.type
class Query:
    @strawberry.field
    def open(self) -> list[Secret]:
        return [Secret(word="a"), Secret(word="b")]

    @strawberry.field(directives=[Authenticated()])
    def closed(self) -> str:
        return "in"


async def test_what_a_type_declares_holds_wherever_the_type_is_reached(town: Town, nobody: Context) -> None:
    schema = InfluentsSchema(query=Query, federation_version="2.9")
    enforce(schema.core)
    ask = Ask(schema)

    refused = await ask(nobody, "{ open { word } }")
    assert (refused.codes, refused.data) == (["UNAUTHENTICATED"], {})
    assert set((await ask(nobody, "{ closed open { later } }")).codes) == {"UNAUTHENTICATED"}
    assert set((await ask(await town.citizen(), "{ open { later } }")).codes) == {"FORBIDDEN"}
    assert (await ask(await town.moderator(), "{ closed open { word later } }"))["open"][1] == {
        "word": "b",
        "later": "b",
    }
