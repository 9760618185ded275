"""When each field of an operation began and ended, where somebody asks for that."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from inspect import isawaitable
from time import monotonic_ns, time_ns
from typing import Any, Final

from graphql import GraphQLResolveInfo
from strawberry.extensions import SchemaExtension

from resolvers.context import Context

MOST_FIELDS: Final = 20_000
"""Of more, no more is noted: a trace is sent with the answer, and bounded as that is."""

Place = tuple[str | int, ...]


@dataclass(slots=True)
class Span:
    """One field: times are nanoseconds since the operation began. It has no end where it was broken off."""

    path: Place
    parent_type: str
    name: str
    type: str
    began: int
    ended: int | None = None


@dataclass(slots=True)
class Trace:
    """What was noted of an operation, each field before those within it."""

    began_at: int = field(default_factory=time_ns)
    duration: int = 0
    spans: list[Span] = field(default_factory=list)
    complete: bool = True
    _zero: int = field(default_factory=monotonic_ns)

    def begin(self, info: GraphQLResolveInfo[Context]) -> Span | None:
        """Note that a field begins; None where there were too many."""
        if len(self.spans) >= MOST_FIELDS:
            self.complete = False
            return None
        path = tuple(info.path.as_list())
        span = Span(path, info.parent_type.name, info.field_name, str(info.return_type), self.now())
        self.spans.append(span)
        return span

    def now(self) -> int:
        return monotonic_ns() - self._zero


_TRACE: ContextVar[Trace | None] = ContextVar("trace", default=None)


@contextmanager
def traced(trace: Trace | None) -> Iterator[None]:
    """What is executed within is noted in `trace`; without one it is as cheap as ever."""
    token = _TRACE.set(trace)
    try:
        yield
    finally:
        _TRACE.reset(token)
        if trace is not None:
            trace.duration = trace.now()


def wanted() -> list[SchemaExtension]:
    """What notes the fields of the operation that is about to be executed; nothing where nobody asked."""
    trace = _TRACE.get()
    return [] if trace is None else [Noting(trace)]


class Noting(SchemaExtension):
    """Notes when fields begin and end."""

    def __init__(self, trace: Trace) -> None:
        super().__init__()
        self.trace = trace

    def resolve(
        self,
        _next: Callable[..., Any],  # Any: whatever the field's resolver answers
        root: object,
        info: GraphQLResolveInfo[Context],
        *args: object,
        **kwargs: object,
    ) -> Any:  # Any: the same
        span = self.trace.begin(info)
        if span is None:
            return _next(root, info, *args, **kwargs)
        awaited = False
        try:
            answer = _next(root, info, *args, **kwargs)
            awaited = isawaitable(answer)
        finally:
            if not awaited:
                span.ended = self.trace.now()
        return self._awaited(span, answer) if awaited else answer

    async def _awaited(self, span: Span, answer: Awaitable[object]) -> object:
        try:
            return await answer
        finally:
            span.ended = self.trace.now()
