"""Calls made at once, each as a request of its own."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from random import Random
from typing import TypeVar

import sqlalchemy as sa

from db.engine import Database
from domain.permissions import signed_in
from domain.refusals import Refusal, Refusals
from resolvers.context import Context

T = TypeVar("T")


async def at_once(*calls: Awaitable[T]) -> tuple[list[T], list[Refusal]]:
    """What came of calls made at once, and what was refused; anything else is raised."""
    done: list[T] = []
    refused: list[Refusal] = []
    for outcome in await asyncio.gather(*calls, return_exceptions=True):
        if isinstance(outcome, Refusals):
            refused.extend(outcome.refusals)
        elif isinstance(outcome, Refusal):
            refused.append(outcome)
        elif isinstance(outcome, BaseException):
            raise outcome
        else:
            done.append(outcome)
    return done, refused


def same(ctx: Context, times: int) -> list[Context]:
    """As many requests by one person."""
    return [Context(ctx.services, viewer=signed_in(ctx.viewer)) for _ in range(times)]


async def how_many(database: Database, table: sa.Table) -> int:
    async with database.reading() as session:
        return await session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


async def blocked(database: Database) -> None:
    """Wait until somebody waits for a lock."""
    waiting = sa.text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    async with asyncio.timeout(10):
        while True:
            async with database.reading() as session:
                if await session.scalar(waiting):
                    return
            await asyncio.sleep(0.01)


@asynccontextmanager
async def all_the_while(act: Callable[[Random], Awaitable[None]]) -> AsyncIterator[None]:
    """Four people who act over and over until the block ends; nothing they do may fail."""

    async def client(chance: Random) -> None:
        while True:
            await act(chance)

    clients = [asyncio.create_task(client(Random(seed))) for seed in range(4)]  # noqa: S311
    await asyncio.sleep(0.2)
    yield
    for each in clients:
        assert not each.done(), each
        each.cancel()
        with suppress(asyncio.CancelledError):
            await each
