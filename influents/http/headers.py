"""A request's headers, for whom looks at many of them."""

from starlette.types import Scope


def headers_of(scope: Scope) -> dict[str, str]:
    """Its headers by their names, which servers tell in lower case. Of those that are sent twice the first counts."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in reversed(scope["headers"])}
