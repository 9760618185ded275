"""Executing operations by the engine, in Strawberry's order: limits first, then validity, then the plan."""

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal

from graphql import GraphQLError
from strawberry.types import ExecutionResult

from engine import Engine, Prepared
from resolvers.context import Context
from schema import tracing
from schema.documents import Documents, Known, meant
from schema.limits.bounds import Bounds
from schema.limits.checking import charge, check, check_lists, meant_alone, unfit
from schema.limits.measuring import Measures, measure, size_of
from schema.limits.prices import Prices

Executor = Literal["engine", "graphql-core"]
MOST_MEASURES: Final = 16
"""How many measures are kept of one operation: one for each size that its variables ask for."""


def tell_nobody(_reason: str) -> None:
    pass


class Executing:
    """Executes what the engine takes.

    Args:
        engine: The engine, over the schema.
        documents: Those that were read before.
        bounds: What operations may ask for.
        prices: What each field costs.
        declined: Told why, each time that an operation is left to graphql-core.
    """

    def __init__(
        self,
        engine: Engine,
        documents: Documents,
        bounds: Bounds,
        prices: Prices,
        declined: Callable[[str], None] = tell_nobody,
    ) -> None:
        self.engine, self.documents = engine, documents
        self.bounds, self.prices, self.declined = bounds, prices, declined

    async def execute(
        self,
        text: str,
        *,
        name: str | None,
        variables: Mapping[str, Any],
        context: Context,  # Any: JSON
    ) -> ExecutionResult | None:
        """The result of an operation; None, and nothing has happened, where it is left to graphql-core.

        Args:
            text: The document.
            name: Which of its operations, where there are several.
            variables: As they were sent.
            context: In whose name, and what for.
        """
        try:
            known = self.documents.known(text)
            prepared = known.prepared.get(name) or self._prepared(known, name)
            left = "trace" if tracing.wanted() else prepared.declined if prepared else "no operation"
            if prepared is None or left is not None:
                self.declined(left or "")
                return None
            check_lists(variables)
            await charge(self._measured(known, prepared, variables), context)
            if not known.fits and (errors := self._unfit(known)):
                return ExecutionResult(data=None, errors=errors)
            return await self.engine.run(prepared, variables=variables, context=context)
        except GraphQLError as error:
            return ExecutionResult(data=None, errors=[error])
        except Exception as error:  # noqa: BLE001 - it is presented, and logged, where it is answered
            return ExecutionResult(data=None, errors=[GraphQLError(str(error), original_error=error)])

    def _prepared(self, known: Known, name: str | None) -> Prepared | None:
        if meant(known.document, name) is None:
            return None
        operation = meant_alone(known.document, name)
        prepared = known.prepared[name] = self.engine.prepare(known.document, operation)
        return prepared

    def _measured(self, known: Known, prepared: Prepared, variables: Mapping[str, Any]) -> Measures:  # Any: JSON
        """What an operation asks for: of variables, only the sizes that they ask for are looked at.

        Raises:
            QueryTooComplex, IntrospectionClosed: it asks for more than it may. What is kept doesn't.
        """
        operation = prepared.operation
        sizes = tuple(_size(variables, each.variable.name.value) for each in operation.variable_definitions or ())
        key = (operation.name.value if operation.name else None, sizes)
        measured = known.measures.get(key)
        if measured is None:
            measured = measure(self.engine.core, self.prices, known.document, operation, variables)
            check(measured, self.bounds)
            if known.fits:  # an operation that doesn't may use variables that it doesn't define
                if len(known.measures) >= MOST_MEASURES:
                    known.measures.clear()
                known.measures[key] = measured
        return measured

    def _unfit(self, known: Known) -> list[GraphQLError]:
        errors = unfit(self.engine.core, known.document)
        known.fits = not errors
        return errors


def _size(variables: Mapping[str, Any], name: str) -> object:  # Any: JSON
    """As much of a variable as it can say about how much is asked for."""
    if name not in variables:
        return "left out"
    value = variables[name]
    if isinstance(value, list):
        return ("list", len(value))
    size = size_of(value)
    return "something" if size is None else size
