"""The stage of the play: set up once, and put back before each."""

import asyncio
from collections.abc import Iterator

import pytest

from resolvers.context import Services
from tests.clock import Clock
from tests.laws.stage import Stage, stage_on


@pytest.fixture
def stage(services: Services, clock: Clock) -> Iterator[Stage]:
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        made = stage_on(services, clock, runner)
        try:
            made.run(made.set_up())
            yield made
        finally:
            made.run(made.strike())
