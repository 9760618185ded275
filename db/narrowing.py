"""Reading no more columns than what is made of a row takes."""

from typing import Any, cast

import sqlalchemy as sa

from db.rows import MORE, PLACE, Aside, Column, Composed, PlacedRow
from domain.permissions import Caller

KEY = "id"
Shown = frozenset[str] | None
"""Attributes of what is read: `event.slug` is one of another, `event.` whether there is that at all. None where it may
be any of them."""


def besides(shown: Shown, *attributes: str) -> Shown:
    """What is shown, and what is looked at besides."""
    return None if shown is None else shown.union(attributes)


def narrowed(select: sa.Select[Any], rows: type, shown: Shown, caller: Caller) -> sa.Select[Any]:
    """A statement with the columns that what is shown is made of, and an id.

    Args:
        select: What is asked. Any: the columns of such rows.
        rows: The class of its rows, from `read_as`.
        shown: What is shown of them.
        caller: Who asks.
    """
    if shown is None:
        return select
    columns, aside = {KEY}, dict[str, tuple[Aside[Any], set[str]]]()
    for attribute in shown - {PLACE, MORE}:
        if not _look_for(cast("type[PlacedRow]", rows), attribute, "", columns, aside):
            return select
    kept = [each for each in select.selected_columns if each.key in columns]
    beside = (each.column(caller, inner).label(name) for name, (each, inner) in aside.items())
    return select.with_only_columns(*kept, *beside)


def _look_for(
    rows: type[PlacedRow], attribute: str, prefix: str, columns: set[str], aside: dict[str, tuple[Aside[Any], set[str]]]
) -> bool:
    """Add the columns that an attribute is made of: whether that is known. Any: what those hold that are read aside."""
    name, dot, inner = attribute.partition(".")
    if name in rows.itself and inner:
        return _look_for(rows, inner, prefix, columns, aside)
    if name in rows.joined and dot:
        joined = rows.joined[name]
        columns.add(prefix + joined.key)
        return not inner or _look_for(joined.rows, inner, prefix + joined.prefix, columns, aside)
    if name in rows.aside:
        aside.setdefault(prefix + name, (rows.aside[name], set()))[1].add(inner)
        return True
    made = rows.told.get(name) or rows.made_of.get(name)
    if made is None:
        return False
    if isinstance(made, Composed) and inner in (parts := getattr(made.make, "_fields", ())):
        columns.add(prefix + made.columns[parts.index(inner)])  # of a tuple of columns as they are
        return True
    columns |= {prefix + each for each in ((made.name,) if isinstance(made, Column) else made.columns)}
    return True
