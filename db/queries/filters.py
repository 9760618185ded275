"""Filters as SQL: the fields that are given shape a statement, and their values are put into it."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import array

from db.tables import territory_within
from db.visibility import Condition

Narrowing = tuple[sa.types.TypeEngine[Any], Callable[[sa.ColumnElement[Any]], Condition]]
"""What a field's value is in SQL, and the condition that it makes. Any: what the field holds."""


class Filters:
    """The filters of a kind of list. Each of their fields narrows it down, or is None."""

    def __init__(self, **fields: Narrowing) -> None:
        self._fields = fields

    def given(self, where: object) -> dict[str, Any]:
        """The fields of a filter that narrow something down, and their values. Any: what each holds."""
        return {name: value for name in self._fields if (value := getattr(where, name)) is not None}

    def by(self, fields: Iterable[str]) -> list[Condition]:
        """The conditions of some fields whose values are put in, by the same names, when it is asked."""
        return self._conditions({name: sa.bindparam(name, type_=self._fields[name][0]) for name in fields})

    def of(self, given: Mapping[str, Any]) -> list[Condition]:
        """The same of values that are known."""
        return self._conditions({name: sa.literal(value, self._fields[name][0]) for name, value in given.items()})

    def _conditions(self, values: Mapping[str, sa.ColumnElement[Any]]) -> list[Condition]:
        return [self._fields[name][1](value) for name, value in values.items()]


def texts(*of: sa.ColumnElement[str]) -> sa.ColumnElement[Any]:
    """An array of texts."""
    return sa.cast(array(of), sa.ARRAY(sa.Text()))


def one_of(column: sa.ColumnElement[Any], values: sa.ColumnElement[Any]) -> Condition:
    """Whether an enumeration's member is in an array of texts. Any: the member, and the array."""
    return sa.cast(column, sa.Text) == sa.any_(values)


def codes_within(territory: sa.ColumnElement[str]) -> sa.Select[tuple[str]]:
    """The codes of what a territory contains, its own among them."""
    return sa.select(territory_within.c.code).where(territory_within.c.container_code == territory)
