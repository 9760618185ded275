"""Asks the schema as the edge does, without HTTP."""

from dataclasses import dataclass
from typing import Any

from resolvers.context import Context
from schema.build import InfluentsSchema
from schema.errors import presented


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: data and errors as a client gets them."""

    data: dict[str, Any]
    errors: list[dict[str, Any]]

    def __getitem__(self, field: str) -> Any:
        assert not self.errors, self.errors
        return self.data[field]

    @property
    def codes(self) -> list[str]:
        return [error["extensions"]["code"] for error in self.errors]


@dataclass(frozen=True, slots=True)
class Ask:
    """Executes operations in the name of a context."""

    schema: InfluentsSchema

    async def __call__(self, ctx: Context, query: str, **variables: object) -> Answer:
        ctx.look_again()  # a request of its own
        result = await self.schema.execute(query, variable_values=variables, context_value=ctx)
        errors = [presented(error, ctx.locale) for error in result.errors or ()]
        return Answer(result.data or {}, errors)
