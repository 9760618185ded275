"""What is of no use any more is forgotten, by whoever has time for it; several at once do nothing twice."""

from collections.abc import Awaitable
from datetime import datetime, timedelta
from typing import Protocol

from db.work import Work
from db.writes import forgetting as writes
from domain.local_actors import FOUND_KEPT
from domain.webhooks import KEPT as WEBHOOKS_KEPT
from domain.webhooks import LEASE
from resolvers.context import Services

SESSIONS_KEPT = timedelta(days=30)
"""How long a session that has ended is remembered, with its refresh tokens: used ones must be known again."""
DELIVERIES_KEPT = timedelta(days=30)


class Forget(Protocol):
    """Forgets some of what is older, and answers how many rows that were."""

    def __call__(self, work: Work, *, before: datetime) -> Awaitable[int]: ...


async def forget(services: Services) -> int:
    """Forget what has expired, and answer how many rows that were."""
    now = services.clock()
    return sum(
        [
            await _all(services, writes.expired_email_tokens, before=now),
            await _all(services, writes.expired_assessments, before=now),
            await _all(services, writes.expired_answers, before=now),
            await _all(services, writes.old_findings, before=now - FOUND_KEPT),
            await _all(services, writes.ended_sessions, before=now - SESSIONS_KEPT),
            await _all(services, writes.delivered, before=now - DELIVERIES_KEPT),
            await _all(services, writes.webhook_deliveries, before=now - WEBHOOKS_KEPT),
            await _all(services, writes.deleted_webhooks, before=now - LEASE),
        ]
    )


async def _all(services: Services, some: Forget, *, before: datetime) -> int:
    """Go on by the thousand until none are left: no statement takes long, and no lock is held for long."""
    total = 0
    while gone := await _some(services, some, before):
        total += gone
    return total


async def _some(services: Services, some: Forget, before: datetime) -> int:
    async with services.database.unit_of_work() as work:
        return await some(work, before=before)
