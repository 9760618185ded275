"""What tests of the edge share."""

from collections.abc import AsyncIterator

import httpx
import pytest

from influents.app import application
from resolvers.context import Services


@pytest.fixture
async def http(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the service, in the process of the test."""
    transport = httpx.ASGITransport(application(services))
    async with httpx.AsyncClient(transport=transport, base_url="http://influents.test") as client:
        yield client
