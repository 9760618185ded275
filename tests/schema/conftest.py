"""The schema, built once."""

import pytest

from schema.build import InfluentsSchema, build
from tests.asking import Ask


@pytest.fixture(scope="session")
def schema() -> InfluentsSchema:
    return build()


@pytest.fixture
def ask(schema: InfluentsSchema) -> Ask:
    """Asks in the name of a context."""
    return Ask(schema)
