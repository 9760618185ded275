"""What a resolver is told of its place: as graphql-core tells it, but once for a column."""

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from graphql import FieldNode, GraphQLObjectType, GraphQLOutputType
from graphql.pyutils import Path

from engine.internals import is_awaitable
from engine.places import Place, trail
from engine.running import Run

if TYPE_CHECKING:
    from engine.planning import Planner


class FieldInfo:
    """What is the same for every execution of a field of an operation."""

    def __init__(
        self, planner: "Planner", parent: GraphQLObjectType, nodes: Sequence[FieldNode], type_: GraphQLOutputType
    ) -> None:
        self.field_name = nodes[0].name.value
        self.field_nodes = list(nodes)
        self.return_type = type_
        self.parent_type = parent
        self.schema = planner.core
        self.fragments = planner.fragment_definitions
        self.operation = planner.operation


class ColumnInfo:
    """What is the same for a whole column."""

    is_awaitable = staticmethod(is_awaitable)
    abort_signal = None
    async_helpers = None

    def __init__(self, field: FieldInfo, run: Run, place: Place) -> None:
        self._field, self.place = field, place
        self.root_value, self.context = run.root, run.context
        self.variable_values = run.variables.coerced
        self.operation_extensions = run.extensions

    def __getattr__(self, name: str) -> Any:  # Any: as the field has it
        return getattr(self._field, name)


class ItemInfo:
    """What one of a column is told."""

    def __init__(self, column: ColumnInfo, index: int) -> None:
        self._column, self._index = column, index

    def __getattr__(self, name: str) -> Any:  # Any: as the column has it
        return getattr(self._column, name)

    @cached_property
    def path(self) -> Path:
        """The place in the answer, list places included."""
        path: Path | None = None
        for step in trail(self._column.place, self._index):
            path = Path(path, step.key, step.type)
        assert path is not None
        return path
