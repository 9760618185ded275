"""Subscriptions under way, whichever way they are told: bounded in number, each in the name of who began it."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import AbstractContextManager, aclosing
from dataclasses import replace
from typing import Any

from domain.refusals import Unauthenticated
from influents.authentication import authenticate
from influents.http.answers import body_of
from influents.operations.asking import Operation
from influents.operations.executing import Operations
from influents.operations.refusing import BadRequest
from influents.settings import Settings
from influents.stopping import Stopping
from influents.subscriptions.seats import Seats, seat_of
from influents.telemetry.metrics import errors_told
from resolvers.context import Context, Services

Body = dict[str, Any]  # Any: JSON, a result as GraphQL writes it


class Streams:
    """Begins subscriptions; when the process stops, all of them end."""

    def __init__(self, operations: Operations, services: Services, settings: Settings, stopping: Stopping) -> None:
        self.operations = operations
        self.stopping, self.rates = stopping, settings.rates
        self.services = services.for_watching()
        self.seats = Seats(most=settings.subscriptions, most_of_one=settings.subscriptions_each)

    def seat(self, ctx: Context) -> AbstractContextManager[None]:
        """A seat to watch from, for as long as the block lasts.

        Raises:
            BadRequest: there is none left.
        """
        return self.seats.taken(seat_of(ctx))

    async def results(self, operation: Operation, ctx: Context, headers: Mapping[str, str]) -> AsyncGenerator[Body]:
        """What a subscription tells, for as long as who asks is known by these headers; close it in the end.

        A result without `data` is the last: the subscription was refused, or is over for them.
        """
        watching = replace(ctx, services=self.services, know=_by(headers) if ctx.caller else None, _loaders=None)
        async with aclosing(self.operations.subscribe(operation, watching)) as results:
            async for result in results:
                body = body_of(result, watching.locale)
                if result.data is None:
                    body.pop("data", None)
                errors_told(body)
                yield body
                await self.rates.pace(watching)


def _by(headers: Mapping[str, str]) -> Callable[[Context], Awaitable[None]]:
    async def know(ctx: Context) -> None:
        try:
            await authenticate(ctx, headers)
        except BadRequest:
            raise Unauthenticated from None

    return know
