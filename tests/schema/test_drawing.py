"""Operations that are drawn from the schema, for benchmarks and for the engine's tests."""

from collections.abc import Mapping
from random import Random

import pytest
from graphql import DocumentNode, OperationDefinitionNode, parse, validate

from benchmarks.drawing import Drawn, Rows, Shape, draw
from schema.build import InfluentsSchema
from schema.errors import QueryTooComplex
from schema.limits.bounds import Bounds
from schema.limits.checking import check
from schema.limits.measuring import Measures, measure

ROWS: Rows = {
    "citizen.handle": ["nath"],
    "event.slug": ["barcamp-datajournalisme"],
    "organization.slug": ["demotic"],
    "node.id": ["theme_CULTURE"],
    "nodes.ids": ["theme_CULTURE", "territory_FR-44"],
    "TerritoryCode": ["FR-44", "FR-PDL"],
    "search": ["données"],
    "_Any": [{"__typename": "Theme", "code": "CULTURE"}],
}


def drawn(schema: InfluentsSchema, seed: int, *, rows: Rows = ROWS, odd: float = 0) -> Drawn:
    def fits(document: DocumentNode, variables: Mapping[str, object]) -> bool:
        try:
            check(measured(schema, document, variables), Bounds())
        except QueryTooComplex:
            return False
        return True

    shape = Shape(odd=odd, least=20, most=500, depth=5, width=4)
    return draw(schema.core, Random(seed), rows, shape, fits=fits)  # noqa: S311 - the same again is what is wanted


def measured(schema: InfluentsSchema, document: DocumentNode, variables: Mapping[str, object]) -> Measures:
    first = next(each for each in document.definitions if isinstance(each, OperationDefinitionNode))
    return measure(schema.core, schema.prices, document, first, variables)


def test_a_seed_draws_the_same_operation_again_and_another_one_another(schema: InfluentsSchema) -> None:
    assert drawn(schema, 7, odd=1) == drawn(schema, 7, odd=1)
    assert len({drawn(schema, seed).text for seed in range(10)}) == 10


@pytest.mark.parametrize("odd", [0, 0.5])
def test_what_is_drawn_is_valid_and_fits(schema: InfluentsSchema, odd: float) -> None:
    for seed in range(20):
        asked = drawn(schema, seed, odd=odd)
        document = parse(asked.text)

        assert validate(schema.core, document) == []
        assert measured(schema, document, asked.variables).nodes > 10


def test_a_field_that_needs_what_nobody_gave_is_not_drawn(schema: InfluentsSchema) -> None:
    for seed in range(20):
        asked = drawn(schema, seed, rows={}).text

        assert "citizen(handle:" not in asked
        assert "_entities" not in asked
