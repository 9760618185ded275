"""The courier: what waits for webhooks is sent, each as soon as there is room, whoever else is slow.

A delivery is taken under a lease, sent, then settled. A crash in between leaves it to the next once the lease is over,
with the same `webhook-id`: receivers know it again.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from time import perf_counter
from typing import Final

import structlog

from domain.webhooks import DueDelivery, WebhookAttempt, WebhookFailure
from influents.telemetry import spans
from influents.telemetry.metrics import DELIVERIES
from influents.webhooks.messages import message
from influents.webhooks.sending import Failed, Sender
from resolvers import webhook_deliveries as resolve
from resolvers.context import Services

UNDER_WAY: Final = 32
"""Deliveries of one worker at once. Of one webhook there are few, so that many must be slow before others wait."""
LOOK_SECONDS: Final = 0.5
"""How long it waits for one of them to end before it looks whether there are more to take."""
GATHER_SECONDS: Final = 0.02
"""How long it waits for others that are about to end, to take what follows them together."""

log = structlog.get_logger()


@dataclass(slots=True)
class Courier:
    """Takes what is due for webhooks, and sends it."""

    services: Services
    sender: Sender
    _under_way: set[asyncio.Task[None]] = field(default_factory=set)

    async def round(self) -> bool:
        """Begin what there is room for, and wait a little for something to end; whether to come again at once."""
        room = UNDER_WAY - len(self._under_way)
        for due in await resolve.take(self.services, limit=room) if room else ():
            self._under_way.add(asyncio.create_task(self._traced(due)))
        if not self._under_way:
            return False
        await asyncio.wait(self._under_way, timeout=LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        done, self._under_way = await asyncio.wait(self._under_way, timeout=GATHER_SECONDS)
        for failure in [each.exception() for each in done]:
            if failure is not None:  # the lease ends by itself
                raise failure
        return True

    async def end(self) -> None:
        """Bring to its end what is under way."""
        try:
            if self._under_way:
                await asyncio.wait(self._under_way)
        finally:
            for each in self._under_way:
                each.cancel()

    async def _traced(self, due: DueDelivery) -> None:
        with spans.span("deliver", influents_topic="webhook", influents_attempt=due.attempts):
            await self._deliver(due)

    async def _deliver(self, due: DueDelivery) -> None:
        at, began = self.services.clock(), perf_counter()
        told = await resolve.told(self.services, due)
        if told is None:
            await resolve.obsolete(self.services, due)
            _count("obsolete")
            return
        status: int | None = None
        failure: WebhookFailure | None = None
        asked = timedelta()
        try:
            status = await self.sender.send(due.url, message(due, told, now=at))
        except Failed as wrong:
            status, failure, asked = wrong.status, wrong.why, wrong.asked
        attempt = WebhookAttempt(
            number=due.attempts,
            at=at,
            milliseconds=round((perf_counter() - began) * 1000),
            status=status,
            failure=failure,
        )
        if failure is None:
            await resolve.delivered(self.services, due, attempt)
            _count("done")
        else:
            await self._failed(due, attempt, asked)

    async def _failed(self, due: DueDelivery, attempt: WebhookAttempt, asked: timedelta) -> None:
        after = await resolve.failed(self.services, due, attempt, asked=asked)
        gave_up = after is None or after.again_at is None
        _count("given up" if gave_up else "put off")
        log.warning(
            "webhook given up" if gave_up else "webhook put off",
            delivery=str(due.id),
            webhook=str(due.webhook_id),
            attempt=due.attempts,
            error=attempt.failure,
            status=attempt.status,
        )
        if after is not None and after.disabled is not None:
            log.warning("webhook disabled", webhook=str(due.webhook_id), because=after.disabled)


def _count(outcome: str) -> None:
    DELIVERIES.labels("webhook", outcome).inc()
