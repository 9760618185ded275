"""Webhooks: made, changed, taken away; and deliveries that are asked for by hand."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from db.models.columns import new_key
from db.queries.webhooks import EXISTS, read_webhook
from db.tables import webhook, webhook_delivery
from db.work import Work
from domain.ids import CitizenId, OrganizationId
from domain.webhooks import (
    BOTH_SIGN,
    Webhook,
    WebhookDeliveryId,
    WebhookDeliveryState,
    WebhookId,
    WebhookTopic,
)

hook, delivery = webhook.c, webhook_delivery.c


async def add_webhook(
    work: Work,
    organization: OrganizationId,
    *,
    url: str,
    topics: Collection[WebhookTopic],
    secret: bytes,
    created_by: CitizenId,
    now: datetime,
) -> WebhookId:
    key = new_key()
    values: dict[str, Any] = {
        "id": key,
        "organization_id": organization,
        "created_by": created_by,
        "url": url,
        "topics": [topic.value for topic in topics],
        "secret": secret,
        "created_at": now,
        "failures": 0,
    }
    await work.execute(insert(webhook).values(**values))
    return WebhookId(key)


async def lock_webhook(work: Work, id: WebhookId) -> Webhook | None:
    """A webhook, kept from changing until the unit of work ends; None where there is none any more."""
    row = (await work.execute(sa.select(webhook).where(hook.id == id, EXISTS).with_for_update(key_share=True))).first()
    return None if row is None else read_webhook(row)


async def change_webhook(work: Work, id: WebhookId, **values: object) -> None:
    await work.execute(sa.update(webhook).where(hook.id == id).values(**values))


async def enable(work: Work, id: WebhookId) -> None:
    """Let it be told again, at once: what failed before counts no more."""
    afresh = {"disabled_at": None, "disabled_because": None, "failures": 0}
    await change_webhook(work, id, **afresh, failing_since=None, resting_until=None)
    waiting = (delivery.webhook_id == id) & delivery.done_at.is_(None) & delivery.due_at.is_not(None)
    await work.execute(sa.update(webhook_delivery).where(waiting).values(due_at=None))


async def rotate_secret(work: Work, id: WebhookId, secret: bytes, *, now: datetime) -> None:
    """Sign with another secret; the one before signs as well for a day."""
    await change_webhook(work, id, previous_secret=hook.secret, previous_until=now + BOTH_SIGN, secret=secret)


async def delete_webhook(work: Work, id: WebhookId, *, now: datetime) -> None:
    """Take a webhook away, its secrets at once. What it was told is forgotten by and by."""
    await change_webhook(work, id, **_ended(now))


async def delete_webhooks(work: Work, organizations: Collection[OrganizationId], *, now: datetime) -> None:
    """Take away all webhooks of organisations that nobody belongs to any more."""
    theirs = hook.organization_id.in_(organizations) & EXISTS
    await work.execute(sa.update(webhook).where(theirs).values(**_ended(now)))


def _ended(now: datetime) -> dict[str, Any]:  # Any: a value a column
    gone = sa.func.decode("00" * 32, "hex")  # signs nothing: nothing is sent any more
    return {"deleted_at": now, "url": "", "secret": gone, "previous_secret": None, "previous_until": None}


async def add_ping(work: Work, id: WebhookId) -> WebhookDeliveryId:
    """A message that tells nothing, to see whether it arrives."""
    key = new_key()
    values = {"id": key, "webhook_id": id, "topic": WebhookTopic.PING, "subject": key, "number": 1}
    await work.execute(insert(webhook_delivery).values(**values))
    return WebhookDeliveryId(key)


async def send_again(work: Work, id: WebhookDeliveryId) -> bool:
    """Let something that is done be sent once more, under its own id; False where it waits anyway."""
    done = (delivery.id == id) & delivery.done_at.is_not(None)
    afresh = {"done_at": None, "due_at": None, "leased_until": None, "state": WebhookDeliveryState.WAITING}
    changed = await work.execute(
        sa.update(webhook_delivery).where(done).values(**afresh).returning(webhook_delivery.c.id)
    )
    return changed.first() is not None
