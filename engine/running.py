"""What one execution has, and how columns are awaited."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from types import GeneratorType
from typing import Any, Final

from graphql import Undefined

from engine.errors import Errors
from engine.internals import VariableValues, is_awaitable

Values = list[Any]  # Any: whatever fields hold
Soon = Values | Awaitable[Values]
"""A column that may have to be awaited."""
Kinds = set[type]
"""The classes of the values of a column. They are looked at once, where it is completed."""


class Run:
    """One execution of a plan."""

    __slots__ = ("context", "errors", "extensions", "root", "variables")

    def __init__(
        self, *, root: object, context: object, variables: VariableValues, extensions: Mapping[str, object] | None
    ) -> None:
        self.root, self.context, self.variables, self.extensions = root, context, variables, extensions
        self.errors = Errors()


def then(soon: Soon, do: Callable[[Values], Values]) -> Soon:
    """What is made of a column, now or when it is there."""
    return do(soon) if isinstance(soon, list) else _then(soon, do)


async def _then(soon: Awaitable[Values], do: Callable[[Values], Values]) -> Values:
    return do(await soon)


async def together(columns: Iterable[Awaitable[Values]]) -> list[Values]:
    """Columns that are awaited at once."""
    found = await at_once(columns)
    for each in found:
        if isinstance(each, BaseException):
            raise each
    return found


async def at_once(awaitables: Iterable[Awaitable[Any]]) -> list[Any]:  # Any: what they come to, or exceptions
    """What several awaitables come to, exceptions among it.

    Where this is cancelled all of them are, and are over before it is. None is cancelled before it has begun: what it
    would have awaited would be left behind.
    """
    first, *others = awaitables
    tasks = [asyncio.ensure_future(each) for each in others]
    try:
        found = [await _come_to(first)]  # by who awaits: a task costs more than many a column
        if any(not task.done() for task in tasks):
            await asyncio.wait(tasks)
    except asyncio.CancelledError:
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
        while any(not task.done() for task in tasks):
            with suppress(asyncio.CancelledError):
                await asyncio.wait(tasks)
        raise
    return found + [_outcome(task) for task in tasks]


def _outcome(task: asyncio.Future[Any]) -> Any:  # Any: what it came to, or an exception
    if task.cancelled():
        return asyncio.CancelledError()
    return task.exception() or task.result()


async def _come_to(awaitable: Awaitable[Any]) -> Any:  # Any: what it comes to, or an exception
    try:
        return await awaitable
    except asyncio.CancelledError as broken_off:
        task = asyncio.current_task()
        if task is not None and task.cancelling():  # we are, and not what we wait for
            raise
        return broken_off
    except Exception as error:  # noqa: BLE001 - it is told at its place
        return error


_PLAIN: set[type] = {str, int, float, bool, list, tuple, dict}
"""Classes whose instances are values: neither null, nor exceptions, nor to be awaited."""
_NULL: Final = frozenset({type(None), type(Undefined)})
LISTS: Final = frozenset({list, tuple})
"""What nearly all lists are."""
MOST_CLASSES: Final = 10_000


def all_plain(values: Values, kinds: Kinds) -> bool:
    """Whether a column has values alone: no null, no exception, nothing to be awaited."""
    if not kinds <= _PLAIN:
        _learn(kinds, values)
    return kinds <= _PLAIN


def _learn(kinds: Kinds, values: Values) -> None:
    """Look at classes that were not seen before."""
    unknown = kinds - _PLAIN - _NULL
    for value in values:
        # A generator may be a coroutine of the old kind, or not.
        if type(value) in unknown and not isinstance(value, Exception | GeneratorType) and not is_awaitable(value):
            if len(_PLAIN) >= MOST_CLASSES:
                _PLAIN.clear()
            _PLAIN.add(type(value))
            unknown.discard(type(value))
        if not unknown:
            break


def settled(values: Values) -> Soon:
    """A column once nothing in it has to be awaited; what fails to come is an exception in its place."""
    if set(map(type, values)) - _PLAIN <= _NULL:
        return values
    awaited = [index for index, value in enumerate(values) if is_awaitable(value)]
    return _settled(values, awaited) if awaited else values


async def _settled(values: Values, awaited: list[int]) -> Values:
    settled = list(values)
    if len(awaited) == 1:
        [index] = awaited
        try:
            settled[index] = await values[index]
        except Exception as error:  # noqa: BLE001 - it is told at its place
            settled[index] = error
        return settled
    found = await at_once(values[index] for index in awaited)
    for index, value in zip(awaited, found, strict=True):
        if isinstance(value, BaseException) and not isinstance(value, Exception):
            raise value
        settled[index] = value
    return settled
