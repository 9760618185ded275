"""Where spans begin. Unless traces are wanted nothing of OpenTelemetry is imported, and each place costs a look."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

from structlog.typing import EventDict, WrappedLogger

Note = Callable[[str, str | int], None]
"""Adds an attribute to a span: words of ours and numbers, nothing of a client's."""


class Tracing(Protocol):
    """What makes spans."""

    def span(self, name: str, **attributes: str | int) -> AbstractContextManager[Note]:
        """A span for as long as the block lasts, within the one that is current."""

    def current(self) -> str | None:
        """The id of the trace that is under way."""


class _Places:
    tracing: Tracing | None = None


_places = _Places()
_nothing: AbstractContextManager[Note] = nullcontext(lambda _name, _value: None)


def begin(tracing: Tracing | None) -> None:
    """Make spans from here on, or no more."""
    _places.tracing = tracing


def tracing_now() -> Tracing | None:
    """What makes spans now, where anything does."""
    return _places.tracing


def span(name: str, **attributes: str | int) -> AbstractContextManager[Note]:
    """A span, where traces are wanted. In the names of attributes `_` stands for a dot."""
    return _nothing if _places.tracing is None else _places.tracing.span(name, **attributes)


def with_trace(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Tell in each line that is logged which trace it belongs to."""
    if _places.tracing is not None and (trace := _places.tracing.current()) is not None:
        event["trace"] = trace
    return event
