"""Reading an operation's parameters from a URL."""

from urllib.parse import parse_qsl

from starlette.requests import Request

from influents.operations.json_objects import json_object
from influents.operations.refusing import BadRequest

TEXTS = ("query", "documentId", "operationName")
OBJECTS = ("variables", "extensions")
MOST = 50


def parameters(request: Request) -> dict[str, object]:
    """What `?query=…&variables=…` holds; what isn't of GraphQL is left alone.

    Raises:
        BadRequest: it isn't UTF-8, names something twice, or its variables or extensions are no JSON objects.
    """
    query_string = request.scope["query_string"].decode("latin-1")
    try:
        pairs = parse_qsl(query_string, keep_blank_values=True, errors="strict", max_num_fields=MOST)
    except ValueError:
        raise BadRequest(400, "BAD_REQUEST", "The URL's parameters are few, and in UTF-8.") from None
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            raise BadRequest(400, "BAD_REQUEST", f"`{name}` stands in the URL more than once.")
        if name in TEXTS:
            found[name] = value
        elif name in OBJECTS:
            found[name] = json_object(value.encode()) if value and value != "null" else None
    return found
