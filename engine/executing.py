"""Executing operations: by a plan where there can be one, else by graphql-core."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from weakref import ref

from graphql import DocumentNode, GraphQLError, OperationDefinitionNode, parse
from strawberry import Schema
from strawberry.types import ExecutionResult

from engine import internals
from engine.cache import Recent
from engine.planning import Leaves, Prepared
from engine.running import Run

Validate = Callable[[DocumentNode], list[GraphQLError]]
MOST_DOCUMENTS: Final = 1_000
MOST_CHARACTERS: Final = 200_000
"""Of all documents that are kept together."""
MOST_FIELDS: Final = 6_000
"""Of all plans that are kept together: a field takes some 3 KB. Fragments that are used again and again make a large
plan of a short document."""


def _tell_nobody(_reason: str) -> None:
    pass


@dataclass(slots=True)
class _Known:
    document: DocumentNode
    errors: list[GraphQLError]
    prepared: dict[str | None, Prepared | None] = field(default_factory=dict)


class Engine:
    """Executes the operations of a Strawberry schema. Its extensions are not run.

    Args:
        schema: The schema.
        validate: What makes a document invalid; as Strawberry validates unless told.
        declined: Told why, each time that an operation is left to graphql-core: one of a few words.
    """

    def __init__(
        self, schema: Schema, *, validate: Validate | None = None, declined: Callable[[str], None] = _tell_nobody
    ) -> None:
        self.schema = schema
        self.core = internals.core_of(schema)
        self.validate = validate or (lambda document: internals.strawberrys_validation(self.core, document))
        self.declined = declined
        self._known: Recent[_Known] = Recent(most=MOST_DOCUMENTS, characters=MOST_CHARACTERS)
        self._leaves: Leaves = {}
        self._planned: OrderedDict[ref[Prepared], int] = OrderedDict()
        self._fields = 0

    async def execute(
        self,
        query: str | DocumentNode,
        *,
        variables: Mapping[str, Any] | None = None,  # Any: JSON
        operation_name: str | None = None,
        context: object = None,
        root: object = None,
    ) -> ExecutionResult:
        """The result of a query or a mutation, whoever executes it."""
        try:
            known = self._read(query)
        except GraphQLError as error:
            return ExecutionResult(data=None, errors=[error])
        if known.errors:
            return ExecutionResult(data=None, errors=known.errors)
        if operation_name not in known.prepared:
            known.prepared[operation_name] = self._prepared(known.document, operation_name)
        prepared = known.prepared[operation_name]
        if prepared is not None and prepared.declined is None:
            return await self.run(prepared, variables=variables, context=context, root=root)
        self.declined("no operation" if prepared is None else prepared.declined or "")
        result = await internals.executed_by_core(
            self.schema, known.document, variables=variables, operation_name=operation_name, context=context, root=root
        )
        return ExecutionResult(data=result.data, errors=result.errors)

    def prepare(self, document: DocumentNode, operation: OperationDefinitionNode) -> Prepared:
        """An operation of a document that is known to fit the schema. To be kept: it keeps its plans."""
        return Prepared(self.schema, document, operation, self._leaves)

    async def run(
        self,
        prepared: Prepared,
        *,
        variables: Mapping[str, Any] | None = None,  # Any: JSON
        context: object = None,
        root: object = None,
        extensions: Mapping[str, object] | None = None,
    ) -> ExecutionResult:
        """The result of an operation for which there can be a plan."""
        coerced = prepared.coerced(variables)
        if isinstance(coerced, list):
            return ExecutionResult(data=None, errors=coerced)
        run = Run(root=root, context=context, variables=coerced, extensions=extensions)
        try:
            data = await prepared.plan(coerced).execute(run)
        except GraphQLError as error:  # what is selected of the root can't be told
            return ExecutionResult(data=None, errors=[error])
        finally:  # also of an operation that is broken off: its plan is there
            self._keep(prepared)
        return ExecutionResult(data=data, errors=run.errors.told() if run.errors else None)

    def _keep(self, prepared: Prepared) -> None:
        """Keep the plans of an operation, and forget those that were not executed in the longest time.

        It is kept itself by whoever keeps its document: with that, it is forgotten here.
        """
        kept = ref(prepared, self._gone)
        self._fields += prepared.fields - self._planned.pop(kept, 0)
        self._planned[kept] = prepared.fields
        while self._fields > MOST_FIELDS:
            longest_ago, fields = self._planned.popitem(last=False)
            self._fields -= fields
            if (known := longest_ago()) is not None:
                known.forget()

    def _gone(self, prepared: ref[Prepared]) -> None:
        self._fields -= self._planned.pop(prepared, 0)

    def _read(self, query: str | DocumentNode) -> _Known:
        key = query if isinstance(query, str) else f"#{id(query)}"  # kept with the document, so the id stays its own
        known = self._known.get(key)
        if known is None:
            document = parse(query) if isinstance(query, str) else query
            known = _Known(document, self.validate(document))
            self._known.put(key, known, length=len(key))
        return known

    def _prepared(self, document: DocumentNode, name: str | None) -> Prepared | None:
        operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
        meant = [each for each in operations if name is None or (each.name and each.name.value == name)]
        return self.prepare(document, meant[0]) if len(meant) == 1 else None
