"""A field of an operation, as what completes its values knows it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphql import FieldNode, GraphQLObjectType

from engine.info import FieldInfo
from engine.internals import FieldDetails
from engine.places import Place
from engine.running import Kinds, Run, Soon, Values

if TYPE_CHECKING:
    from engine.planning import Planner

Complete = Callable[[Run, Values, Place], Soon]
"""Completes a column, whatever is in it."""
CompleteThere = Callable[[Run, Values, Place, Kinds], Soon]
"""The same of values that are there: none is null, nor an exception, nor to be awaited."""


@dataclass(slots=True)
class Position:
    """A field of an operation, in one type."""

    planner: "Planner"
    parent: GraphQLObjectType
    details: list[FieldDetails]
    info: FieldInfo

    @property
    def nodes(self) -> Sequence[FieldNode]:
        return self.info.field_nodes

    @property
    def name(self) -> str:
        return f"{self.parent}.{self.info.field_name}"
