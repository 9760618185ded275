"""What a resolver is told of its place: as graphql-core tells it, but once for a column."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from graphql import GraphQLObjectType, GraphQLOutputType, get_named_type
from graphql.pyutils import Path

from engine.internals import FieldDetails, is_awaitable
from engine.places import Place, trail
from engine.running import Run
from engine.showing import Shown, shown_of

if TYPE_CHECKING:
    from engine.planning import Planner


class FieldInfo:
    """What is the same for every execution of a field of an operation."""

    def __init__(
        self, planner: "Planner", parent: GraphQLObjectType, details: list[FieldDetails], type_: GraphQLOutputType
    ) -> None:
        self._planner, self._details = planner, details
        self._shown: dict[str | None, Shown] = {}
        self.field_nodes = [each.node for each in details]
        self.field_name = self.field_nodes[0].name.value
        self.return_type = type_
        self.parent_type = parent
        self.schema = planner.core
        self.fragments = planner.fragment_definitions
        self.operation = planner.operation

    def shown(self, type_name: str | None) -> Shown:
        """What is shown of the things of the field; of those of one type, where they may be of several."""
        if type_name not in self._shown:
            type_ = get_named_type(self.return_type) if type_name is None else self.schema.get_type(type_name)
            self._shown[type_name] = shown_of(self._planner, type_, self._details)
        return self._shown[type_name]


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
