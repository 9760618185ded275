"""What becomes of an event: changed, called off, told of. Lock it first."""

from datetime import datetime

import sqlalchemy as sa

from db.tables import account, event, ledger_entry, participation
from db.work import Work
from db.writes.events import columns_of
from domain.events import EventDetails, EventStatus, Outcome
from domain.ids import CitizenId, EventId
from domain.participations import ParticipationStatus


async def change_details(work: Work, event_id: EventId, details: EventDetails, *, worth: int, now: datetime) -> None:
    """Write what organisers say of an event, and the points that it comes to."""
    values = columns_of(details, worth=worth)
    await work.execute(sa.update(event).where(event.c.id == event_id).values(**values, updated_at=now))


async def call_off(work: Work, event_id: EventId, *, reason: str | None, annulled: bool, now: datetime) -> None:
    """Cancel an event, or annul it afterwards: nobody takes part in it any more, whether they came or not."""
    values: dict[str, object] = {"status": EventStatus.CANCELLED, "cancellation_reason": reason, "updated_at": now}
    if annulled:
        values["annulled_at"] = now
    await work.execute(sa.update(event).where(event.c.id == event_id).values(**values))
    await work.execute(
        sa.update(participation)
        .where(participation.c.event_id == event_id, participation.c.status != ParticipationStatus.CANCELLED)
        .values(status=ParticipationStatus.CANCELLED, attended_at=None, evidence=None)
    )


async def keep_outcome(work: Work, event_id: EventId, outcome: Outcome, *, now: datetime) -> None:
    """Write what came of an event, in the place of what was written before."""
    await work.execute(
        sa.update(event)
        .where(event.c.id == event_id)
        .values(
            outcome_summary=outcome.summary,
            outcome_decisions=list(outcome.decisions),
            outcome_document_url=outcome.document_url,
            outcome_published_at=outcome.published_at,
            updated_at=now,
        )
    )


async def ever_confirmed(work: Work, event_id: EventId) -> bool:
    """Whether points were ever given for an event, be they taken back since: its facts are what they rest on."""
    given = sa.exists().where(
        participation.c.event_id == event_id,
        ledger_entry.c.citizen_id == participation.c.citizen_id,
        ledger_entry.c.event_id == event_id,
    )
    attended = sa.exists().where(
        participation.c.event_id == event_id, participation.c.status == ParticipationStatus.ATTENDED
    )
    return bool(await work.scalar(sa.select(sa.or_(given, attended))))


async def taking_part(work: Work, event_id: EventId, *statuses: ParticipationStatus) -> list[CitizenId]:
    """Who takes part in an event and can be told something: those with an account, in one of `statuses`."""
    rows = await work.scalars(
        sa.select(participation.c.citizen_id)
        .join(account, account.c.citizen_id == participation.c.citizen_id)
        .where(participation.c.event_id == event_id, participation.c.status.in_(statuses))
        .order_by(participation.c.citizen_id)
    )
    return list(rows)


async def with_an_account(work: Work, citizen_id: CitizenId | None) -> list[CitizenId]:
    """That citizen, where there still is somebody to tell something."""
    return list(await work.scalars(sa.select(account.c.citizen_id).where(account.c.citizen_id == citizen_id)))
