"""Entities of a federation: what representations stand for, found by one function for all of a type."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from inspect import isawaitable
from itertools import repeat
from typing import Any, cast

from engine.relations import Each, in_order
from engine.running import at_once

Representation = dict[str, Any]  # Any: JSON
Find = Callable[[Sequence[Representation], Any], Each[Any] | Awaitable[Each[Any]]]  # Any: the context, and entities
"""`(representations of one type, context)`: what each stands for, None, or an exception in its place."""


async def find_entities(
    representations: Sequence[object], finds: Mapping[str, Find], context: object, *, unknown: Exception
) -> list[Any]:  # Any: entities, None, exceptions
    """What representations stand for, in their order. Whatever is wrong with one takes nothing from the others.

    Args:
        representations: As they were sent; they are not changed.
        finds: For each type, the function that finds all that is of it.
        context: What the functions are given besides.
        unknown: Stands in the place of what is no object, or has no type that can be found.
    """
    names = _type_names(representations)
    if set(map(type, names)) == {str} and len(set(names)) == 1 and names[0] in finds:
        return await _found(finds[names[0]], list(representations), context)
    found: list[Any] = [unknown] * len(representations)
    of_type: dict[str, list[int]] = defaultdict(list)
    for index, name in enumerate(names):
        if isinstance(name, str) and name in finds:
            of_type[name].append(index)
    columns = (
        await at_once(
            _found(finds[name], [representations[index] for index in indices], context)
            for name, indices in of_type.items()
        )
        if of_type
        else []
    )
    for indices, column in zip(of_type.values(), columns, strict=True):
        if isinstance(column, BaseException):
            raise column
        for index, value in zip(indices, column, strict=True):
            found[index] = value
    return found


def _type_names(representations: Sequence[object]) -> list[Any]:  # Any: JSON
    """What each says that it is of; None of what is no object."""
    if set(map(type, representations)) == {dict}:
        return list(map(dict.get, cast("Sequence[Representation]", representations), repeat("__typename")))
    return [each.get("__typename") if isinstance(each, dict) else None for each in representations]


async def _found(find: Find, representations: list[Any], context: object) -> list[Any]:  # Any: as `find_entities`
    try:
        answered = find(representations, context)
        return in_order(await answered if isawaitable(answered) else answered, representations)
    except Exception as error:  # noqa: BLE001 - it is told at each place
        return [error] * len(representations)
