"""What a client asks for, whichever way it came: over HTTP or through a WebSocket."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import NoneType
from typing import Any, Final

from graphql import DocumentNode, FieldNode, GraphQLError, Node, OperationDefinitionNode, OperationType

from influents.operations.json_objects import MAXIMUM_DIGITS, MAXIMUM_NESTING
from influents.operations.refusing import BadRequest
from schema.documents import Documents, Known, meant

MAXIMUM_DOCUMENT: Final = 64 * 1024
"""Characters. Texts that are longer belong into variables."""
_TEXT, _OBJECT = (str, NoneType), (dict, NoneType)
_OUTSIDE_STRINGS = re.compile(
    r'''\#[^\n\r]*+|"""(?:[^"\\]|"(?!"")|\\"""|\\)*+(?:""")?|"(?:[^"\\\n\r]|\\.)*+"?|[\[\]{}]''',
)
"""Brackets, and comments and strings to pass over. What has no end is one too, so that no letter is looked at twice."""
_UNKEPT = re.compile("\x00|[\ud800-\udfff]" + r"|\\u(0000|\{0+\})")


@dataclass(slots=True)
class Asked:
    """What a request's parameters say. Its repr shows none of it: it may hold passwords and answers."""

    query: str | None = field(default=None, repr=False)
    document_id: str | None = None
    variables: dict[str, Any] | None = field(default=None, repr=False)  # Any: JSON
    name: str | None = None
    extensions: Mapping[str, Any] = field(default_factory=dict, repr=False)  # Any: JSON


@dataclass(slots=True)
class Source:
    """A document's text.

    Attributes:
        kept: Whether it was known by its hash or id, and not sent.
        sha256: By what it is to be kept once it proves to fit the schema.
    """

    text: str = field(repr=False)
    kept: bool = False
    sha256: str | None = None


@dataclass(slots=True)
class Operation:
    """One operation of a document that was read, with its variables: what can be executed.

    Attributes:
        text: The document as it was written.
        known: What is known of it.
        definition: The operation that is meant, of those in the document.
        kept: Whether the document was known here, by its hash or id, and not sent.
        sha256: By what the document is to be kept, once it proves to fit the schema.
    """

    text: str = field(repr=False)
    known: Known = field(repr=False)
    definition: OperationDefinitionNode = field(repr=False)
    variables: dict[str, Any] | None = field(default=None, repr=False)  # Any: JSON
    name: str | None = None
    kept: bool = False
    sha256: str | None = None

    @property
    def kind(self) -> OperationType:
        return self.definition.operation

    @property
    def fields(self) -> frozenset[str]:
        """The names of all fields that stand in the document."""
        if self.known.fields is None:
            nodes = _nodes(self.known.document)
            self.known.fields = frozenset(node.name.value for node in nodes if isinstance(node, FieldNode))
        return self.known.fields


def asked(parameters: Mapping[str, object]) -> Asked:
    """What a GraphQL request's parameters ask for.

    Raises:
        BadRequest: they make no GraphQL request.
    """
    get = parameters.get
    query, document_id = get("query"), get("documentId")
    variables, name, extensions = get("variables"), get("operationName"), get("extensions")
    if not isinstance(query, _TEXT) or not isinstance(document_id, _TEXT):
        raise BadRequest(400, "BAD_REQUEST", "`query` is a string, a GraphQL document; `documentId` is one's id.")
    if not isinstance(variables, _OBJECT) or not isinstance(name, _TEXT):
        raise BadRequest(400, "BAD_REQUEST", "`variables` is an object, `operationName` a string.")
    if not isinstance(extensions, _OBJECT):
        raise BadRequest(400, "BAD_REQUEST", "`extensions` is an object.")
    return Asked(query, document_id, variables, name, extensions or {})


def operation(asked: Asked, source: Source, documents: Documents) -> Operation:
    """The operation that is asked for, of the document that was found.

    Raises:
        BadRequest: the document would make the parser fail, or a database.
        GraphQLError: it is no GraphQL document, or it isn't clear which of its operations is meant.
    """
    if not documents.fits(source.text):  # it was looked at when it was first asked for
        _check_text(source.text)
    known = documents.known(source.text)
    definition = meant(known.document, asked.name)
    if definition is None:
        raise GraphQLError(
            "Say which operation is meant: `operationName`, one of the document's.",
            extensions={"code": "GRAPHQL_VALIDATION_FAILED"},
        )
    return Operation(source.text, known, definition, asked.variables, asked.name, source.kept, source.sha256)


def _check_text(text: str) -> None:
    """The rest of a document is GraphQL's to judge."""
    if len(text) > MAXIMUM_DOCUMENT:
        raise BadRequest(
            400, "QUERY_TOO_COMPLEX", f"A document has {MAXIMUM_DOCUMENT} characters at most: put texts into variables."
        )
    if _nesting(text) > MAXIMUM_NESTING:
        raise BadRequest(400, "QUERY_TOO_COMPLEX", "The query is nested too deeply.")
    if re.search(rf"\d{{{MAXIMUM_DIGITS + 1}}}", text):
        raise BadRequest(400, "BAD_USER_INPUT", "A number has too many digits.")
    if _UNKEPT.search(text):
        raise BadRequest(400, "BAD_USER_INPUT", "A text contains a character that cannot be kept.")


def _nesting(text: str) -> int:
    """How deep brackets go, outside of strings and comments; no further than what is too deep."""
    depth = deepest = 0
    for found in _OUTSIDE_STRINGS.finditer(text):
        if found[0] in "[{":
            depth += 1
            deepest = max(deepest, depth)
            if deepest > MAXIMUM_NESTING:
                break
        elif found[0] in "]}":
            depth -= 1
    return deepest


def _nodes(document: DocumentNode) -> Iterator[Node]:
    waiting: list[Node] = [document]
    while waiting:
        node = waiting.pop()
        yield node
        for key in node.keys:
            value = getattr(node, key, None)
            if isinstance(value, Node):
                waiting.append(value)
            elif isinstance(value, list | tuple):
                waiting.extend(each for each in value if isinstance(each, Node))
