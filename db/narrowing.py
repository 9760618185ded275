"""Reading no more columns than what is made of a row takes."""

from collections.abc import Iterable
from typing import Any, cast

import sqlalchemy as sa

from db.rows import Column, Joined, PlacedRow

KEY = "id"
Shown = frozenset[str] | None
"""Attributes of what is read: `event.slug` is one of another, `event.` whether there is that at all. None where it may
be any of them."""


def besides(shown: Shown, *attributes: str) -> Shown:
    """What is shown, and what is looked at besides."""
    return None if shown is None else shown.union(attributes)


def narrowed(select: sa.Select[Any], rows: type, shown: Shown) -> sa.Select[Any]:  # Any: the columns of such rows
    """A statement without the columns that nothing of what is shown is made of. An id is always read.

    Args:
        select: What is asked.
        rows: The class of its rows, from `read_as`.
        shown: What is shown of them.
    """
    columns = None if shown is None else _columns(cast("type[PlacedRow]", rows), shown)
    if columns is None:
        return select
    kept = [each for each in select.selected_columns if each.key in columns or each.key == KEY]
    return select.with_only_columns(*kept)


def _columns(rows: type[PlacedRow], attributes: Iterable[str]) -> set[str] | None:
    """The columns that attributes are made of; None where one can't be told."""
    found: set[str] = set()
    for each in attributes:
        columns = _of(rows, each)
        if columns is None:
            return None
        found |= columns
    return found


def _of(rows: type[PlacedRow], attribute: str) -> set[str] | None:
    name, dot, inner = attribute.partition(".")
    if name in rows.itself and inner:
        return _of(rows, inner)
    if name in rows.joined:
        return _beside(rows.joined[name], inner) if dot else None
    made = rows.told.get(name) or rows.made_of.get(name)
    if made is None:
        return None
    return {made.name} if isinstance(made, Column) else set(made.columns)


def _beside(joined: Joined[Any], attribute: str) -> set[str] | None:  # Any: what is joined
    columns = _of(joined.rows, attribute) if attribute else set()
    return None if columns is None else {joined.prefix + name for name in columns} | {joined.key}
