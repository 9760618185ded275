"""Telling people: a notification each, and what leaves the database, in the transaction of what they tell."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.models.columns import new_key
from db.tables import notification, outbox_message
from domain.ids import CitizenId, EventId
from domain.notifications import NotificationKind

NOTIFICATION = "notification"
"""The outbox topic of notifications: whether one is mailed is decided when it is sent."""
MAIL = "mail"
"""The outbox topic of mails that are no notifications: the payload is a `domain.mails.Mail`'s."""


async def tell(
    work: AsyncSession,
    citizens: Iterable[CitizenId],
    kind: NotificationKind,
    *,
    event_id: EventId | None = None,
    now: datetime,
    **parameters: str | int,
) -> None:
    """Notify citizens; `parameters` are what the sentence needs besides the event: codes, numbers, ids, no texts."""
    keys = {citizen_id: new_key() for citizen_id in citizens}
    if not keys:
        return
    rows = [
        {
            "citizen_id": citizen_id,
            "id": key,
            "kind": kind,
            "event_id": event_id,
            "parameters": parameters,
            "created_at": now,
        }
        for citizen_id, key in keys.items()
    ]
    await work.execute(insert(notification).values(rows))
    messages = [_message(NOTIFICATION, {"notification": str(key)}, citizen_id, now) for citizen_id, key in keys.items()]
    await work.execute(insert(outbox_message).values(messages))


async def post(
    work: AsyncSession, topic: str, payload: Mapping[str, Any], *, citizen_id: CitizenId | None, now: datetime
) -> None:
    """Put something into the outbox, to be delivered once this unit of work is kept."""
    await work.execute(insert(outbox_message).values([_message(topic, payload, citizen_id, now)]))


def _message(topic: str, payload: Mapping[str, Any], citizen_id: CitizenId | None, now: datetime) -> dict[str, Any]:
    return {
        "id": new_key(),
        "topic": topic,
        "citizen_id": citizen_id,
        "payload": dict(payload),
        "created_at": now,
        "due_at": now,
        "attempts": 0,
        "gave_up": False,
    }
