"""Bounds on documents, before anything is executed."""

from collections.abc import Iterator

from graphql import GraphQLError, OperationDefinitionNode
from strawberry.extensions import SchemaExtension

MAXIMUM_TOKENS = 2_000


class Limits(SchemaExtension):
    """A document has so many tokens at most, and it is clear which of its operations is meant."""

    def on_operation(self) -> Iterator[None]:
        self.execution_context.parse_options["max_tokens"] = MAXIMUM_TOKENS
        yield

    def on_parse(self) -> Iterator[None]:
        yield
        document = self.execution_context.graphql_document
        if document is None:
            return
        # `operation_name` would be the first one's where none was given.
        asked: str | None = vars(self.execution_context)["_provided_operation_name"]
        operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
        meant = [each for each in operations if asked is None or (each.name and each.name.value == asked)]
        if len(meant) != 1:
            raise GraphQLError(
                "Say which operation is meant: `operationName`, one of the document's.",
                extensions={"code": "GRAPHQL_VALIDATION_FAILED"},
            )
