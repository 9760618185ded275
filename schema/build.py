"""The schema, put together from its subjects."""

from collections.abc import Callable, Iterable
from functools import cache, cached_property
from typing import Any, Final

from graphql import (
    GraphQLArgument,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    Undefined,
)
from strawberry.extensions import SchemaExtension
from strawberry.federation import Schema
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.name_converter import NameConverter
from strawberry.tools import merge_types
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from engine import Engine
from schema import tracing
from schema.access import enforce
from schema.account_changes import AccountChangeMutation
from schema.accounts import AccountMutation
from schema.adjustments import AdjustmentMutation
from schema.assessment import AssessmentQuery
from schema.calendar_feeds import CalendarFeedMutation
from schema.charter import CharterQuery
from schema.citizens import CitizenQuery
from schema.desk import DeskMutation
from schema.documents import Documents, ReadOnce
from schema.event_changes import EventMutation
from schema.event_life import EventDeskQuery, EventLifeMutation
from schema.event_updates import EventUpdateMutation
from schema.events import EventQuery
from schema.executing import Executing, Executor, tell_nobody
from schema.federation import FederationQuery
from schema.feedback import FeedbackMutation
from schema.guides import GuideQuery
from schema.identities import IdentityMutation
from schema.imports import ImportMutation
from schema.influence import InfluenceQuery
from schema.limits.bounds import Bounds
from schema.limits.checking import Limits
from schema.limits.declared import price_mutations
from schema.limits.prices import Prices, prices
from schema.local_actors import LocalActorMutation, LocalActorQuery
from schema.member_changes import MemberMutation
from schema.moderation import ModerationMutation, ModerationQuery
from schema.nodes import NodeQuery
from schema.notification_changes import NotificationMutation
from schema.organizations import OrganizationMutation, OrganizationQuery
from schema.participations import ParticipationMutation
from schema.printing import without_authorization
from schema.profiles import ProfileMutation
from schema.scalars import SCALARS
from schema.statistics import StatisticsQuery
from schema.territories import TerritoryQuery
from schema.themes import ThemeQuery
from schema.viewer import ViewerQuery
from schema.watching import Watching
from schema.webhook_changes import WebhookMutation

FEDERATION: Final = "2.9"
"""2.11, Strawberry's own, is refused by two composers of three."""

QUERIES = (
    NodeQuery,
    ViewerQuery,
    AssessmentQuery,
    InfluenceQuery,
    CharterQuery,
    GuideQuery,
    ThemeQuery,
    TerritoryQuery,
    CitizenQuery,
    EventQuery,
    EventDeskQuery,
    OrganizationQuery,
    LocalActorQuery,
    StatisticsQuery,
    ModerationQuery,
    FederationQuery,
)
MUTATIONS = (
    AccountMutation,
    AccountChangeMutation,
    CalendarFeedMutation,
    IdentityMutation,
    ProfileMutation,
    EventMutation,
    EventUpdateMutation,
    EventLifeMutation,
    ParticipationMutation,
    DeskMutation,
    AdjustmentMutation,
    FeedbackMutation,
    ImportMutation,
    OrganizationMutation,
    MemberMutation,
    WebhookMutation,
    LocalActorMutation,
    ModerationMutation,
    NotificationMutation,
)


class Names(NameConverter):
    """Strawberry's own names, each of which is made once: it asks for those of an input whenever one is sent."""

    @staticmethod
    @cache
    def apply_naming_config(name: str) -> str:
        return NameConverter().apply_naming_config(name)


class InfluentsSchema(Schema):
    """Errors are presented, and logged, where they are answered: not here."""

    documents: Documents
    """What was read before."""
    executing: Executing | None = None
    """What executes operations without graphql-core; None where that executes all of them."""
    tells_authorization: bool = False
    """Whether gateways are told `@authenticated` and `@requiresScopes`."""

    async def execute(
        self,
        query: str | None,
        variable_values: dict[str, Any] | None = None,  # Any: JSON
        context_value: Any = None,  # Any: as Strawberry has it
        root_value: Any | None = None,  # Any: likewise
        operation_name: str | None = None,
        allowed_operation_types: Iterable[OperationType] | None = None,
        operation_extensions: dict[str, Any] | None = None,  # Any: likewise
    ) -> ExecutionResult:
        """The result of a query or a mutation: by the engine, or by graphql-core what that leaves to it."""
        if self.executing is not None and query and allowed_operation_types is None:
            result = await self.executing.execute(
                query, name=operation_name, variables=variable_values or {}, context=context_value
            )
            if result is not None:
                return result
        return await super().execute(
            query,
            variable_values,
            context_value,
            root_value,
            operation_name,
            allowed_operation_types,
            operation_extensions,
        )

    def get_extensions(self, sync: bool = False) -> list[SchemaExtension]:
        """Those of every operation, and what notes its fields where a trace is wanted."""
        return [*super().get_extensions(sync), *tracing.wanted()]

    def process_errors(self, errors: object, execution_context: object = None) -> None:
        """Log nothing: `schema.errors.presented` does, with an id and without what clients sent."""

    @cached_property
    def prices(self) -> Prices:
        """What each field costs."""
        return prices(self.core)

    @cached_property
    def told(self) -> str:
        """What gateways are told that it is."""
        return sdl(self, authorization=self.tells_authorization)

    @property
    def core(self) -> GraphQLSchema:
        """The schema as graphql-core has it."""
        return self._schema


def build(
    bounds: Bounds | None = None,
    *,
    tells_authorization: bool = False,
    executor: Executor = "engine",
    declined: Callable[[str], None] = tell_nobody,
) -> InfluentsSchema:
    """The schema that is served and printed.

    Args:
        bounds: What operations may ask for; the usual unless told.
        tells_authorization: Whether its `_service` tells gateways `@authenticated` and `@requiresScopes`.
        executor: What executes operations.
        declined: Told why, each time that the engine leaves one to graphql-core.
    """
    bounds = bounds or Bounds()
    documents = Documents(tokens=bounds.tokens)
    price_mutations(MUTATIONS)
    schema = InfluentsSchema(
        query=merge_types("Query", QUERIES),
        mutation=merge_types("Mutation", MUTATIONS),
        extensions=[lambda: ReadOnce(documents), lambda: Limits(bounds, schema.prices)],
        subscription=Watching,
        federation_version=FEDERATION,
        config=StrawberryConfig(name_converter=Names(), scalar_map=SCALARS, disable_field_suggestions=True),
    )
    schema.documents = documents
    schema.tells_authorization = tells_authorization
    _leave_out_null_defaults(schema.core)
    _tell_what_changed(schema.core)
    enforce(schema.core)
    if executor == "engine":
        schema.executing = Executing(Engine(schema), documents, bounds, schema.prices, declined)
    return schema


def sdl(schema: InfluentsSchema, *, authorization: bool = False) -> str:
    """The schema as text: without `authorization`, what `schema.graphql` holds.

    Args:
        schema: The schema.
        authorization: Whether to print `@authenticated` and `@requiresScopes`, for gateways that take them.
    """
    printed = schema.as_str() + "\n"
    return printed if authorization else without_authorization(printed)


def _leave_out_null_defaults(schema: GraphQLSchema) -> None:
    """Print `first: Int`, not `first: Int = null`: an argument that is left out is Python's to default."""
    for type_ in schema.type_map.values():
        if isinstance(type_, GraphQLInputObjectType):
            optional: Iterable[GraphQLArgument | GraphQLInputField] = type_.fields.values()
        elif isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            optional = [argument for field in type_.fields.values() for argument in field.args.values()]
        else:
            continue
        for argument in optional:
            if argument.default_value is None:
                argument.default_value = Undefined


def _tell_what_changed(schema: GraphQLSchema) -> None:
    """A subscription's field is what was told. Strawberry's own resolver fails on an argument called `event`."""
    if schema.subscription_type is None:
        return
    for field in schema.subscription_type.fields.values():
        field.resolve = _change


def _change(change: object, _info: GraphQLResolveInfo[object], /, **_arguments: object) -> object:
    return change
