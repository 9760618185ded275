"""Who each field is for: declared once, printed for gateways, and enforced here whatever a gateway does.

A declaration is a tuple of Federation's own directives for `directives=`. `@tag` says whose interest a field is in, for
those who make contracts of the supergraph; `@authenticated` and `@requiresScopes` say who may ask for it at all. What
depends on the thing itself (an organiser of *this* event) is decided by `domain.permissions`, once it is known.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from graphql import (
    DocumentNode,
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    visit,
)
from strawberry.federation.schema_directives import Authenticated, RequiresScopes, Tag

from domain.api_tokens import TokenScope
from domain.permissions import Caller, PersonScope, in_scope, no_token, somebody
from engine import Guarded
from resolvers.context import Context

AUTHORIZATION: Final = ("authenticated", "requiresScopes")
"""The directives that are printed where a setting asks for it alone: `@apollo/gateway` refuses them."""

Declaration = tuple[object, ...]

PUBLIC: Declaration = (Tag(name="public"),)
"""For everybody, signed in or not."""

WITHHELD: Declaration = (Tag(name="internal"),)
"""For the web application: it tells of the viewer, and is null to others."""

ORGANIZERS: Declaration = (Tag(name="partner"),)
"""For organisers and their systems, and null to others."""

CITIZENS: Declaration = (Authenticated(), RequiresScopes(scopes=[[PersonScope.CITIZEN.value]]), Tag(name="internal"))
"""For people who are signed in."""

MODERATORS: Declaration = (
    Authenticated(),
    RequiresScopes(scopes=[[PersonScope.MODERATOR.value]]),
    Tag(name="internal"),
)
"""For moderators."""


def partners(scope: TokenScope) -> Declaration:
    """For people who are signed in, and for tokens with a scope."""
    either = RequiresScopes(scopes=[[PersonScope.CITIZEN.value], [scope.value]])
    return (Authenticated(), either, Tag(name="partner"))


Check = Callable[[Caller], object]


def enforce(schema: GraphQLSchema) -> None:
    """Hold every field to what is declared of it and of its type. A token changes nothing that doesn't name a scope."""
    for type_ in schema.type_map.values():
        if not isinstance(type_, GraphQLObjectType):
            continue
        of_type = list(_checks(type_))
        for field in type_.fields.values():
            checks = [*of_type, *_checks(field)]
            if not checks and type_ is schema.mutation_type:
                checks = [no_token]
            if checks:
                _guard(field, checks)


def declared(thing: GraphQLField | GraphQLNamedType) -> list[object]:
    """The directives of a field or a type, as it was written."""
    definition = thing.extensions.get("strawberry-definition")
    return list(getattr(definition, "directives", None) or ())


def for_everybody(schema: GraphQLSchema, document: DocumentNode) -> bool:
    """Whether all that a document asks for is for everybody, signed in or not: its answer can be shared."""
    types = TypeInfo(schema)
    fields = _Fields(types)
    visit(document, TypeInfoVisitor(types, fields))
    return not fields.withheld


class _Fields(Visitor):
    """Looks for a field that is not for everybody."""

    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self.types = types
        self.withheld = False

    def enter_field(self, *_: object) -> None:
        for thing in (self.types.get_field_def(), self.types.get_parent_type()):
            if isinstance(thing, GraphQLField | GraphQLObjectType):
                self.withheld |= any(map(_withholds, declared(thing)))


def _withholds(directive: object) -> bool:
    if isinstance(directive, Tag):
        return directive.name != "public"
    return isinstance(directive, Authenticated | RequiresScopes)


def _checks(thing: GraphQLField | GraphQLObjectType) -> Iterator[Check]:
    for directive in declared(thing):
        if isinstance(directive, Authenticated):
            yield somebody
        elif isinstance(directive, RequiresScopes):
            yield partial(in_scope, alternatives=directive.scopes)


def _guard(field: GraphQLField, checks: list[Check]) -> None:
    """Ask first, then resolve; for a subscription, before it begins as well."""

    def check_caller(context: Context) -> None:
        for check in checks:
            check(context.caller)

    if field.resolve is not None:
        field.resolve = Guarded(field.resolve, check_caller)
    if field.subscribe is not None:
        field.subscribe = Guarded(field.subscribe, check_caller)
