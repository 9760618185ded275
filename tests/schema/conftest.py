"""The schema, built once."""

import os

import pytest

from schema.build import InfluentsSchema, build
from tests.asking import Ask


@pytest.fixture(scope="session")
def schema() -> InfluentsSchema:
    """The engine's; `make check` holds graphql-core to the same tests, by `INFLUENTS_EXECUTOR`."""
    return build(executor="graphql-core" if os.environ.get("INFLUENTS_EXECUTOR") == "graphql-core" else "engine")


@pytest.fixture
def ask(schema: InfluentsSchema) -> Ask:
    """Asks in the name of a context."""
    return Ask(schema)
