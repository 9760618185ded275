"""What waits for webhooks, taken under a lease and settled. Of several takers at once, each gets rows of its own."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from db.paging import Row
from db.tables import account, organization_member, webhook, webhook_attempt, webhook_delivery
from db.visibility import Condition
from db.work import Work
from domain.ids import CitizenId, OrganizationId
from domain.organizations import MemberRole
from domain.webhooks import (
    AT_ONCE,
    LEASE,
    PATIENCE,
    AfterFailure,
    DueDelivery,
    WebhookAttempt,
    WebhookDeliveryState,
    WebhookTopic,
)

hook, row = webhook.c, webhook_delivery.c
WAITS = row.done_at.is_(None)


def _owners_of(organization: sa.ColumnElement[OrganizationId]) -> sa.Select[tuple[CitizenId]]:
    """Who owns an organisation, and may act."""
    member = organization_member.c
    return (
        sa.select(member.citizen_id)
        .join(account, account.c.citizen_id == member.citizen_id)
        .where(
            member.organization_id == organization,
            member.role == MemberRole.OWNER,
            member.accepted_at.is_not(None),
            member.left_at.is_(None),
            account.c.suspended_at.is_(None),
        )
    )


def _free(now: datetime) -> Condition:
    """What waits, is due, and nobody's."""
    due = row.due_at.is_(None) | (row.due_at <= now)
    return WAITS & due & (row.leased_until.is_(None) | (row.leased_until <= now))


async def take(work: Work, *, now: datetime, limit: int) -> Sequence[DueDelivery]:
    """What is due, ours until the lease is over: of each subject the first, of each webhook so many at once.

    The webhooks are locked first, then looked at afresh, so that no two takers decide the same; who writes is not kept
    waiting. What is waited for is asked row by row, from the oldest on, however much there is.
    """
    oldest = sa.select(sa.true()).where(row.webhook_id == hook.id, _free(now)).order_by(row.created_at, row.id)
    locked = await work.scalars(
        sa.select(hook.id)
        .where(
            hook.deleted_at.is_(None),
            hook.disabled_at.is_(None),
            hook.resting_until.is_(None) | (hook.resting_until <= now),
            _owners_of(hook.organization_id).exists(),
            oldest.limit(1).correlate(webhook).scalar_subquery(),
        )
        .order_by(sa.func.random())  # whoever is slow doesn't come first each time
        .limit(limit)
        .with_for_update(key_share=True, skip_locked=True, of=webhook)
    )
    ids = locked.all()
    return await _take_of(work, ids, now=now, limit=limit) if ids else []


async def _take_of(work: Work, ids: Sequence[UUID], *, now: datetime, limit: int) -> Sequence[DueDelivery]:
    """The first of each subject of these webhooks, which are locked."""
    held = sa.select(sa.func.count()).where(row.webhook_id == hook.id, WAITS, row.leased_until > now)
    most = sa.case((hook.failures >= PATIENCE, 1), else_=AT_ONCE) - held.correlate(webhook).scalar_subquery()
    other = webhook_delivery.alias("other")
    first = (
        sa.select(sa.func.min(other.c.number))
        .where(other.c.webhook_id == row.webhook_id, other.c.subject == row.subject, other.c.done_at.is_(None))
        .correlate(webhook_delivery)
        .scalar_subquery()
    )
    oldest = (
        sa.select(row.id)
        .where(row.webhook_id == hook.id, _free(now), row.number == first)
        .order_by(row.created_at, row.id)
        .limit(AT_ONCE)
        .correlate(webhook)
        .subquery()
    )
    placed = sa.select(oldest.c.id, sa.func.row_number().over().label("place")).lateral("placed")
    due = (
        sa.select(placed.c.id)
        .select_from(webhook.join(placed, sa.true()))
        .where(hook.id.in_(ids), placed.c.place <= most)
        .limit(limit)
        .cte("due")
    )
    taken = await work.execute(
        sa.update(webhook_delivery)
        .where(row.id.in_(sa.select(due.c.id)), hook.id == row.webhook_id, _free(now))
        .values(leased_until=now + LEASE, attempts=row.attempts + 1)
        .returning(webhook_delivery, hook.organization_id, hook.url, hook.secret, _still_signing(now).label("before"))
    )
    return [_read_due(each) for each in taken]


def _read_due(found: Row) -> DueDelivery:
    return DueDelivery(
        id=found.id,
        webhook_id=found.webhook_id,
        organization_id=found.organization_id,
        topic=WebhookTopic(found.topic),
        subject=found.subject,
        event_id=found.event_id,
        created_at=found.created_at,
        attempts=found.attempts,
        url=found.url,
        secrets=(found.secret, found.before) if found.before else (found.secret,),
    )


def _still_signing(now: datetime) -> sa.Case[bytes]:
    return sa.case((hook.previous_until > now, hook.previous_secret))


async def settle(work: Work, due: DueDelivery, state: WebhookDeliveryState, *, now: datetime) -> None:
    """It arrived, or there is nothing to tell any more, or it is given up."""
    this = (row.id == due.id) & WAITS
    await work.execute(
        sa.update(webhook_delivery).where(this).values(state=state, done_at=now, leased_until=None, due_at=None)
    )


async def put_off(work: Work, due: DueDelivery, *, until: datetime) -> None:
    """It is tried again. Somebody else who has taken it meanwhile isn't disturbed."""
    this = (row.id == due.id) & WAITS & (row.attempts == due.attempts)
    await work.execute(sa.update(webhook_delivery).where(this).values(due_at=until, leased_until=None))


async def note(work: Work, due: DueDelivery, attempt: WebhookAttempt) -> None:
    """Write down what came of an attempt."""
    values = {
        "delivery_id": due.id,
        "number": attempt.number,
        "at": attempt.at,
        "milliseconds": attempt.milliseconds,
        "status": attempt.status,
        "failure": attempt.failure,
    }
    await work.execute(insert(webhook_attempt).values(**values).on_conflict_do_nothing())


async def succeeded(work: Work, due: DueDelivery) -> None:
    """Something has arrived: whatever failed before counts no more."""
    failing = (hook.id == due.webhook_id) & (hook.failures > 0)
    await work.execute(sa.update(webhook).where(failing).values(failures=0, failing_since=None, resting_until=None))


async def failed(work: Work, due: DueDelivery, *, now: datetime) -> tuple[int, datetime] | None:
    """Count a failure: how many in a row, and since when; None where there is no such webhook any more.

    The webhook stays locked until the unit of work ends.
    """
    counted = await work.execute(
        sa.update(webhook)
        .where(hook.id == due.webhook_id, hook.deleted_at.is_(None))
        .values(failures=hook.failures + 1, failing_since=sa.func.coalesce(hook.failing_since, now))
        .returning(hook.failures, hook.failing_since)
    )
    found = counted.one_or_none()
    return None if found is None else (found.failures, found.failing_since)


async def rest_or_end(work: Work, due: DueDelivery, after: AfterFailure, *, now: datetime) -> bool:
    """Let the webhook rest, or disable it; whether it was disabled by this."""
    this = (hook.id == due.webhook_id) & hook.disabled_at.is_(None)
    if after.disabled is None:
        await work.execute(sa.update(webhook).where(this).values(resting_until=after.resting_until))
        return False
    ended = sa.update(webhook).where(this).values(disabled_at=now, disabled_because=after.disabled)
    return (await work.execute(ended.returning(hook.id))).first() is not None


async def owners(work: Work, organization: OrganizationId) -> Sequence[CitizenId]:
    """Who is told what becomes of an organisation's webhooks."""
    found = await work.execute(_owners_of(sa.literal(organization, sa.Uuid())))
    return [row.citizen_id for row in found]
