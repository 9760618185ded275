"""Documents that were read before: parsed once, validated once, as long as they are asked for."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from graphql import DocumentNode, GraphQLError, GraphQLSyntaxError, OperationDefinitionNode, parse
from strawberry.extensions import SchemaExtension

from engine import Prepared
from engine.cache import Recent
from schema.errors import QueryTooComplex
from schema.limits.measuring import Measures

MOST_DOCUMENTS = 1_000
MOST_CHARACTERS = 200_000
"""Of all of them together: parsed, a document takes 40 to 280 bytes for each."""
TOO_LONG = "Document contains more than"
"""What GraphQL's parser says then, and nothing else of it does."""


@dataclass(slots=True)
class Known:
    """What is known of a document.

    Attributes:
        document: The document.
        fits: Whether it is known to fit the schema.
        prepared: Its operations that were executed, by the names that they were asked for by.
        measures: What they ask for, by their names and the sizes that variables asked for.
        fields: The names of all fields that stand in it, once somebody has looked.
        for_everybody: Whether all that it asks for is, likewise.
    """

    document: DocumentNode
    fits: bool = False
    prepared: dict[str | None, Prepared] = field(default_factory=dict)
    measures: dict[object, Measures] = field(default_factory=dict)
    fields: frozenset[str] | None = None
    for_everybody: bool | None = None


class Documents:
    """The documents of a process that were asked for most recently."""

    def __init__(self, *, tokens: int) -> None:
        self.tokens = tokens
        self._known: Recent[Known] = Recent(most=MOST_DOCUMENTS, characters=MOST_CHARACTERS)

    def parsed(self, text: str) -> DocumentNode:
        """The document that a text holds.

        Raises:
            GraphQLError: it holds none, or one with more tokens than it may have.
        """
        return self.known(text).document

    def known(self, text: str) -> Known:
        """What is known of the document that a text holds.

        Raises:
            GraphQLError: it holds none, or one with more tokens than it may have.
        """
        known = self._known.get(text)
        if known is None:
            known = Known(self._parse(text))
            self._known.put(text, known, length=len(text))
        return known

    def _parse(self, text: str) -> DocumentNode:
        try:
            return parse(text, max_tokens=self.tokens)
        except GraphQLSyntaxError as wrong:
            if TOO_LONG in wrong.message:
                too_long = QueryTooComplex("tokens", found=self.tokens + 1, limit=self.tokens)
                raise GraphQLError("Too many tokens.", original_error=too_long) from None
            raise

    def fits(self, text: str) -> bool:
        """Whether it is known to fit the schema; False where that isn't known."""
        known = self._known.get(text)
        return known is not None and known.fits

    def found_to_fit(self, text: str) -> None:
        if known := self._known.get(text):
            known.fits = True


def meant(document: DocumentNode, name: str | None) -> OperationDefinitionNode | None:
    """The operation of a document that is to be executed; None where it isn't clear which that is."""
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    named = [each for each in operations if name is None or (each.name and each.name.value == name)]
    return named[0] if len(named) == 1 else None


class ReadOnce(SchemaExtension):
    """Spares Strawberry what is known of a document already."""

    def __init__(self, documents: Documents) -> None:
        super().__init__()
        self.documents = documents

    def on_parse(self) -> Iterator[None]:
        if self.execution_context.query:
            self.execution_context.graphql_document = self.documents.parsed(self.execution_context.query)
        yield

    def on_validate(self) -> Iterator[None]:
        text = self.execution_context.query or ""
        if self.documents.fits(text):
            self.execution_context.pre_execution_errors = []
            yield
            return
        yield
        if not self.execution_context.pre_execution_errors:
            self.documents.found_to_fit(text)
