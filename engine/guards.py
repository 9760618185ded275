"""Guards: who may ask for a field at all, by the context alone, asked before anything is resolved."""

from collections.abc import Callable
from typing import Any

Resolve = Callable[..., Any]  # Any: whatever a field answers
Check = Callable[[Any], object]  # Any: the context


class Guarded:
    """A resolver behind a check. graphql-core calls it for each parent, the engine asks the check once for a column.

    Args:
        resolve: The resolver, as graphql-core calls it.
        check: Given the context, raises where the field may not be asked for.
    """

    def __init__(self, resolve: Resolve, check: Check) -> None:
        self.resolve, self.check = resolve, check
        # Strawberry looks here for whether extensions have something to see to.
        self._is_default = getattr(resolve, "_is_default", False)

    def __call__(self, source: object, info: Any, /, **arguments: object) -> Any:  # Any: as `Resolve`
        self.check(info.context)
        return self.resolve(source, info, **arguments)
