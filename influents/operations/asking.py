"""What a client asks for, whichever way it came: over HTTP or through a WebSocket."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from influents.operations.json_objects import MAXIMUM_DIGITS, MAXIMUM_NESTING, nesting
from influents.operations.refusing import BadRequest


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be executed. Its repr shows none of it: it may hold passwords and answers."""

    query: str = field(repr=False)
    variables: dict[str, Any] | None = field(default=None, repr=False)  # Any: JSON
    name: str | None = None


def asked(parameters: Mapping[str, object]) -> Asked:
    """What a GraphQL request's parameters ask for.

    Raises:
        BadRequest: they make no GraphQL request.
    """
    query, variables, name = (parameters.get(key) for key in ("query", "variables", "operationName"))
    if not isinstance(query, str) or not query.strip():
        raise BadRequest(400, "BAD_REQUEST", "`query` is missing: a GraphQL document.")
    if not isinstance(variables, dict | None) or not isinstance(name, str | None):
        raise BadRequest(400, "BAD_REQUEST", "`variables` is an object, `operationName` a string.")
    if not isinstance(parameters.get("extensions"), dict | None):
        raise BadRequest(400, "BAD_REQUEST", "`extensions` is an object.")
    _check_query(query)
    return Asked(query, variables, name)


def _check_query(query: str) -> None:
    """What would make the parser fail, or a database: the rest of a document is GraphQL's to judge."""
    if nesting(query.encode("utf-8", "replace")) > MAXIMUM_NESTING:
        raise BadRequest(400, "QUERY_TOO_COMPLEX", "The query is nested too deeply.")
    if re.search(rf"\d{{{MAXIMUM_DIGITS + 1}}}", query):
        raise BadRequest(400, "BAD_USER_INPUT", "A number has too many digits.")
    if re.search(r"\\u(0000|\{0+\})", query):
        raise BadRequest(400, "BAD_USER_INPUT", "A text contains a character that cannot be kept.")
