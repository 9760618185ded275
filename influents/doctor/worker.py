"""Whether a worker works: what should have left the database hours ago tells."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from db.queries import outbox, waiting_webhooks
from db.tables import announcement
from domain.deliveries import Waiting
from influents.doctor.findings import Finding, Subject
from influents.doctor.patient import Patient

LATE = timedelta(minutes=5)
UNTOLD = timedelta(minutes=1)
NO_WORKER = "start `python -m influents worker`, or look into its log"

subject = Subject("worker")


async def at_work(patient: Patient) -> Sequence[Finding]:
    """How late what waits is."""
    now = datetime.now(UTC)
    async with patient.database.reading() as session:
        topics = await outbox.waiting(session, now=now)
        webhooks = await waiting_webhooks.waiting(session, now=now)
        oldest = await session.scalar(sa.select(sa.func.min(announcement.c.announced_at)))
    untold = max(now - oldest, timedelta()) if oldest else timedelta()
    waiting = sum(each.number for each in [*topics, *([webhooks] if webhooks else [])])
    return subject.unless(late(topics, webhooks, untold), f"nothing is late, {waiting} wait")


def late(topics: Sequence[Waiting], webhooks: Waiting | None, untold: timedelta) -> Iterator[Finding]:
    """What is to be said about what waits."""
    if untold > UNTOLD:
        yield subject.wrong(f"what changed isn't passed on, for {_said(untold)} now", NO_WORKER)
    for each in topics:
        if each.late > LATE:
            yield subject.wrong(f"{each.number} of {each.topic} wait, the oldest for {_said(each.late)}", NO_WORKER)
    if webhooks and webhooks.late > LATE:
        yield subject.warning(
            f"{webhooks.number} wait for webhooks, the oldest for {_said(webhooks.late)}",
            "a partner's receiver may fail; where all are late, no worker runs",
        )


def _said(age: timedelta) -> str:
    minutes = age // timedelta(minutes=1)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"  # noqa: PLR2004
