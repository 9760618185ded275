"""Shapes: how parents of one class are shown.

Once it was seen what there is to be shown of them, more can be made by the loop over the parents than what lies right
on them: the objects that a plain field holds, or a relation that is at hand, at any depth, where all that is shown of
those is had in the same ways. What has to be asked for, and what isn't of the class that was seen, isn't among it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from graphql import GraphQLLeafType, get_nullable_type, is_leaf_type

from engine.completing import Things, things
from engine.fields import Field
from engine.loops import DEEPEST, Column, Entry, Loop, Read, TypeName, Within, loop
from engine.reading import Way

if TYPE_CHECKING:
    from engine.selections import Selection

LEFT_OUT: Final = 3
"""How often the deep way isn't tried after it was in vain: it may always be, by what an operation asks for."""


@dataclass(slots=True)
class Shape:
    """How parents of one class are shown.

    Attributes:
        columns: The fields that are resolved before the objects are made, for all parents.
        loop: Makes the objects: it has all other fields.
        unseen: What may be made in the loop as soon as it was seen.
        ways: Has another way where the loop has no answer; None where that is field by field.
    """

    columns: list[Field]
    loop: Loop
    unseen: list[Things]
    ways: "Ways | None" = None


def flat(selection: "Selection", kind: type) -> Shape:
    """How parents of a class are shown with nothing in the loop but scalars and enums that are read off them."""
    return _shape(selection, lambda field: _leaf(field, field.way(kind)) if is_read(field) else None)


def deep(selection: "Selection", kind: type) -> Shape:
    """The same with as much in the loop as can be, by what was seen so far."""
    return _shape(selection, lambda field: _entry(field, kind, DEEPEST))


def is_read(field: Field) -> bool:
    """Whether a field is a scalar or an enum that is read off its parents."""
    return field.plain and is_leaf_type(get_nullable_type(field.returned))


class Ways:
    """Both ways to show parents of one class: deep where that is likely to do, else flat."""

    def __init__(self, selection: "Selection", kind: type) -> None:
        self._selection, self._kind = selection, kind
        self.flat = self._deep = flat(selection, kind)
        self._unseen: list[Things] | None = None
        self._left_out = 0

    def best(self) -> Shape:
        """What to try, once something was shown by the flat way."""
        if self._left_out:
            self._left_out -= 1
            return self.flat
        if self._unseen is None or (self._unseen and any(each.objects.seen() for each in self._unseen)):
            found = deep(self._selection, self._kind)
            found.ways, self._unseen = self, found.unseen
            self._deep = found if len(found.columns) < len(self.flat.columns) else self.flat
        return self._deep

    def missed(self) -> Shape:
        """What does where the deep way didn't, which is left out for some time."""
        self._left_out = LEFT_OUT
        return self.flat


def _shape(selection: "Selection", entry_of: Callable[[Field], Entry | Things | None]) -> Shape:
    entries: list[Entry] = []
    columns: list[Field] = []
    unseen: list[Things] = []
    for key in selection.keys:
        field = selection.fields.get(key)
        found = TypeName(key, selection.type.name) if field is None else entry_of(field)
        if field is None or isinstance(found, Read | Within):
            entries.append(cast("Entry", found))
            continue
        entries.append(Column(key))
        columns.append(field)
        unseen += [found] if isinstance(found, Things) else []
    return Shape(columns, loop(entries), unseen)


def _entry(field: Field, kind: type, depth: int) -> Read | Within | Things | None:
    """How the loop has a field of things of a class, down to some depth.

    None where it can't; where something has to be seen before that can be told, what it is.
    """
    way = field.way(kind) if field.plain else field.at_hand and field.at_hand(kind)
    if way is None:
        return None
    if is_leaf_type(get_nullable_type(field.returned)):
        return _leaf(field, way)
    held = things(field.complete)
    if held is None or not depth:
        return None
    seen = held.objects.seen()
    if len(seen) != 1:
        return None if seen else held
    [(selection, inner)] = seen
    entries: list[TypeName | Read | Within] = []
    for key in selection.keys:
        below = selection.fields.get(key)
        found = TypeName(key, selection.type.name) if below is None else _entry(below, inner, depth - 1)
        if not isinstance(found, TypeName | Read | Within):
            return found
        entries.append(found)
    return Within(field.key, way, _may_be_null(field), held.listed, held.items_nullable, inner, entries)


def _leaf(field: Field, way: Way) -> Read:
    leaf = field.planner.leaf(cast("GraphQLLeafType", get_nullable_type(field.returned)))
    return Read(field.key, way, _may_be_null(field), leaf)


def _may_be_null(field: Field) -> bool:
    """Whether null is an answer in the loop: of a relation it means that nothing is at hand."""
    return field.nullable and field.plain
