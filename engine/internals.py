"""What is used of Strawberry and graphql-core that they don't promise to keep.

Nothing else in this package imports names that are theirs alone. `CHECKED` are the versions that all of it was checked
with; a test tells when others are installed.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import MISSING
from typing import Any, Final, TypeGuard, cast

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLAbstractType,
    GraphQLError,
    GraphQLField,
    GraphQLLeafType,
    GraphQLObjectType,
    GraphQLSchema,
    execute,
    specified_rules,
    validate,
)
from graphql.execution.collect_fields import (
    CollectedFields,
    FieldDetails,
    FragmentDetails,
    collect_fields,
    collect_subfields,
)
from graphql.execution.executor import Executor, invalid_return_type_error
from graphql.execution.get_variable_signature import GraphQLVariableSignature, get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource, get_argument_values, get_variable_values
from graphql.pyutils import is_iterable
from strawberry import Schema
from strawberry.execution.is_awaitable import optimized_is_awaitable
from strawberry.relay import GlobalID
from strawberry.scalars import is_scalar
from strawberry.schema._graphql_core import execution_context_class_kwargs
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule
from strawberry.types import get_object_definition
from strawberry.types.arguments import StrawberryArgument, convert_arguments
from strawberry.types.base import (
    StrawberryList,
    StrawberryMaybe,
    StrawberryObjectDefinition,
    StrawberryOptional,
    StrawberryType,
)
from strawberry.types.cast import get_strawberry_type_cast
from strawberry.types.enum import StrawberryEnumDefinition, has_enum_definition
from strawberry.types.field import StrawberryField
from strawberry.types.lazy_type import LazyType
from strawberry.utils.await_maybe import await_maybe

__all__ = [
    "CHECKED",
    "TYPENAME",
    "CollectedFields",
    "FieldDetails",
    "FragmentDetails",
    "GraphQLVariableSignature",
    "LazyType",
    "StrawberryList",
    "StrawberryMaybe",
    "StrawberryObjectDefinition",
    "StrawberryOptional",
    "VariableValueSource",
    "VariableValues",
    "collect_fields",
    "collect_subfields",
    "complete_leaf_value",
    "converted",
    "core_of",
    "definition_of",
    "executed_by_core",
    "get_argument_values",
    "get_variable_signature",
    "get_variable_values",
    "goes_by_class",
    "graphql_name",
    "handles_exceptions",
    "input_definition",
    "invalid_return_type_error",
    "is_awaitable",
    "is_iterable",
    "is_leaf",
    "is_strawberrys_resolver",
    "is_strawberrys_type_check",
    "is_strawberrys_type_resolver",
    "needed_fields",
    "runtime_type",
    "strawberrys_validation",
]

TYPENAME: Final = "__typename"
CHECKED: Final = {"strawberry-graphql": "0.341.2", "graphql-core": "3.3.2"}

is_awaitable = cast("Callable[[object], TypeGuard[Awaitable[Any]]]", optimized_is_awaitable)  # Any: what it comes to


def core_of(schema: Schema) -> GraphQLSchema:
    """The schema as graphql-core has it."""
    return schema._schema


def definition_of(thing: GraphQLField | GraphQLObjectType) -> object:
    """A field or a type as it is declared to Strawberry; None where it isn't."""
    return thing.extensions.get("strawberry-definition")


def is_strawberrys_resolver(resolve: object) -> bool:
    """Whether that is the resolver that Strawberry made of a field, and nobody has put another around it."""
    name: str = getattr(resolve, "__qualname__", "")
    return getattr(resolve, "__module__", "") == "strawberry.schema.schema_converter" and name.startswith(
        "GraphQLCoreConverter.from_resolver.<locals>."
    )


def is_strawberrys_type_check(check: object) -> bool:
    """Whether that is the `is_type_of` that Strawberry made of a type: it asks for the thing's class."""
    name: str = getattr(check, "__qualname__", "")
    return getattr(check, "__module__", "") == "strawberry.schema.schema_converter" and name.endswith(".is_type_of")


def is_strawberrys_type_resolver(resolve: object) -> bool:
    """Whether that is the `resolve_type` that Strawberry made of an interface or a union."""
    name: str = getattr(resolve, "__qualname__", "")
    module = getattr(resolve, "__module__", "")
    return (
        module == "strawberry.schema.schema_converter" and name.endswith("_get_resolve_type.<locals>.resolve_type")
    ) or (module == "strawberry.types.union" and name.endswith("._resolve_union_type"))


def goes_by_class(thing: object) -> bool:
    """Whether Strawberry tells a thing's type by its class: it was not cast, and is of no generic type."""
    definition = get_object_definition(thing)
    return get_strawberry_type_cast(thing) is None and not (definition and definition.is_graphql_generic)


def handles_exceptions(schema: Schema) -> bool:
    """Whether a schema makes values of exceptions that resolvers raise."""
    return bool(schema.schema_converter._exception_handler_specs)


def converted(
    schema: Schema, field: StrawberryField, arguments: dict[str, Any], info: object
) -> dict[str, Any]:  # Any: what clients may send
    """Arguments as a resolver takes them: by their names in Python, with inputs as what they are declared as."""
    return convert_arguments(
        arguments,
        field.arguments,
        scalar_registry=schema.schema_converter.scalar_registry,
        config=schema.config,
        info=cast("Any", info),  # Any: ours has what Strawberry's has
    )


def graphql_name(schema: Schema, member: StrawberryArgument | StrawberryField) -> str:
    """The name in GraphQL of an argument, or of a field of an input."""
    return schema.config.name_converter.get_graphql_name(member)


def is_leaf(schema: Schema, type_: StrawberryType | type) -> bool:
    """Whether values of a type are taken as graphql-core made them: a scalar's and an enum's, but not Relay's ids."""
    if isinstance(type_, StrawberryEnumDefinition) or has_enum_definition(type_):
        return True
    return type_ is not GlobalID and is_scalar(type_, schema.schema_converter.scalar_registry)


def input_definition(type_: object) -> StrawberryObjectDefinition | None:
    """How an input is declared; None of what is none, or is made in a way of its own."""
    definition = get_object_definition(type_)
    return definition if definition and definition.is_input and definition.from_input is None else None


def needed_fields(definition: StrawberryObjectDefinition) -> list[str]:
    """Fields of an input that its class has no default for: they are null where they are left out."""
    return [
        field.python_name
        for field in definition.fields
        if field.default_value is MISSING and field.default_factory is MISSING
    ]


def complete_leaf_value(type_: GraphQLLeafType, value: object) -> Any:  # Any: JSON
    """A value that is not null as it is answered.

    Raises:
        Exception: it is none of that type.
    """
    return Executor.complete_leaf_value(type_, value)


class _Schema:
    """As much of an executor as its check of types looks at."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.schema = schema


def runtime_type(
    schema: GraphQLSchema,
    name: object,
    type_: GraphQLAbstractType,
    details: list[FieldDetails],
    *,
    info: object,
    value: object,
) -> GraphQLObjectType:
    """The type of a value, by the name that was found for it.

    Raises:
        GraphQLError: it can't be of that.
    """
    check = cast("Any", Executor.ensure_valid_runtime_type)  # Any: it is called without an executor
    return cast("GraphQLObjectType", check(_Schema(schema), name, type_, details, info, value))


def strawberrys_validation(schema: GraphQLSchema, document: DocumentNode) -> list[GraphQLError]:
    """What makes a document invalid, by the rules that Strawberry has it validated by."""
    return validate(schema, document, (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule))


async def executed_by_core(
    schema: Schema,
    document: DocumentNode,
    *,
    variables: Mapping[str, Any] | None,  # Any: JSON
    operation_name: str | None,
    context: object,
    root: object,
) -> ExecutionResult:
    """The result that graphql-core comes to, as Strawberry has it execute."""
    result = await await_maybe(
        execute(
            core_of(schema),
            document,
            root_value=root,
            context_value=context,
            variable_values=dict(variables or {}),
            operation_name=operation_name,
            is_awaitable=is_awaitable,
            operation_extensions=None,
            **execution_context_class_kwargs(schema.execution_context_class),
        )
    )
    if not isinstance(result, ExecutionResult):
        raise TypeError("an operation that is neither query nor mutation")
    return result
