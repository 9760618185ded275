"""The relay: what the outbox holds goes out as mail.

A row is taken under a lease, sent, then marked. A crash between the last two sends it again once the lease is over,
with the same Message-ID; a crash before them loses nothing.
"""

import asyncio
from dataclasses import dataclass

import structlog

from domain.deliveries import ATTEMPTS, Delivery
from influents.mail.carrying import Carrier, NotSent
from influents.mail.composing import Letterhead, compose
from influents.telemetry import spans
from influents.telemetry.metrics import DELIVERIES
from resolvers import deliveries as resolve
from resolvers.context import Services
from resolvers.failures import unavailable

AT_ONCE = 5
"""Deliveries under way together. All of them begin at once, so that the lease covers each."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """Takes from the outbox what is due, and sends it."""

    services: Services
    carrier: Carrier
    head: Letterhead

    async def deliver_due(self) -> bool:
        """Deliver a handful; whether there may be more."""
        due = await resolve.take(self.services, limit=AT_ONCE)
        # Each to its end, whatever becomes of the others: one that was cut short would be sent again.
        results = await asyncio.gather(*map(self._traced, due), return_exceptions=True)
        for failure in results:
            if isinstance(failure, BaseException):
                raise failure
        return len(due) == AT_ONCE

    async def _traced(self, delivery: Delivery) -> None:
        with spans.span("deliver", influents_topic=delivery.topic, influents_attempt=delivery.attempts):
            await self._deliver(delivery)

    async def _deliver(self, delivery: Delivery) -> None:
        if delivery.attempts > ATTEMPTS:  # whoever took it before died with it, again and again
            await self._failed(delivery, "never finished", for_good=True)
            return
        try:
            await self._send(delivery)
        except NotSent as wrong:
            await self._failed(delivery, str(wrong), for_good=wrong.for_good)
        except Exception as wrong:
            if unavailable(wrong):  # the lease ends by itself
                raise
            await self._failed(delivery, type(wrong).__name__)
        else:
            await resolve.delivered(self.services, delivery)
            DELIVERIES.labels(delivery.topic, "done").inc()

    async def _send(self, delivery: Delivery) -> None:
        letter = await resolve.letter(self.services, delivery)
        if letter is None:
            log.debug("nobody to write to", delivery=str(delivery.id))
            return
        message = compose(letter, id=delivery.id, written_at=delivery.created_at, head=self.head)
        reader = delivery.citizen_id.hex if delivery.citizen_id else "nobody"
        await self.carrier.send(message, name=f"{delivery.id.hex}-{reader}")

    async def _failed(self, delivery: Delivery, error: str, *, for_good: bool = False) -> None:
        """Put it off, or give it up. Only kinds and codes are logged: what was said may hold an address."""
        gave_up = await resolve.failed(self.services, delivery, error=error, for_good=for_good)
        DELIVERIES.labels(delivery.topic, "given up" if gave_up else "put off").inc()
        note = log.error if gave_up else log.warning
        note(
            "delivery given up" if gave_up else "delivery put off",
            delivery=str(delivery.id),
            topic=delivery.topic,
            attempt=delivery.attempts,
            error=error,
        )
