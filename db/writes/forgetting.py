"""Forgetting what is of no use any more, a bounded number of rows at a time, around those that somebody has locked."""

from datetime import datetime

import sqlalchemy as sa

from db.tables import (
    email_token,
    finding,
    kept_answer,
    outbox_message,
    refresh_token,
    used_assessment,
    webhook,
    webhook_delivery,
)
from db.tables import session as sessions
from db.visibility import Condition
from db.work import Work

AT_ONCE = 1_000


async def expired_email_tokens(work: Work, *, before: datetime) -> int:
    """Links that were mailed and have expired."""
    return await _forget(work, email_token, email_token.c.expires_at <= before)


async def expired_assessments(work: Work, *, before: datetime) -> int:
    """Self-assessments that could not be used any more anyway."""
    return await _forget(work, used_assessment, used_assessment.c.expires_at <= before)


async def expired_answers(work: Work, *, before: datetime) -> int:
    """Answers that were kept for those who might ask again."""
    return await _forget(work, kept_answer, kept_answer.c.expires_at <= before)


async def old_findings(work: Work, *, before: datetime) -> int:
    """Who found whom, a year ago."""
    return await _forget(work, finding, finding.c.on_day < before.date())


async def delivered(work: Work, *, before: datetime) -> int:
    """What left the outbox, or was given up."""
    return await _forget(work, outbox_message, outbox_message.c.done_at <= before)


async def webhook_deliveries(work: Work, *, before: datetime) -> int:
    """What webhooks were told, or would have been."""
    return await _forget(work, webhook_delivery, webhook_delivery.c.created_at <= before)


async def deleted_webhooks(work: Work, *, before: datetime) -> int:
    """Webhooks that were taken away, with all that they were told."""
    gone = sa.select(webhook.c.id).where(webhook.c.deleted_at <= before)
    if told := await _forget(work, webhook_delivery, webhook_delivery.c.webhook_id.in_(gone)):
        return told
    return await _forget(work, webhook, webhook.c.deleted_at <= before)


async def ended_sessions(work: Work, *, before: datetime) -> int:
    """Sessions that ended or expired, with their refresh tokens."""
    over = sa.func.least(sessions.c.ended_at, sessions.c.expires_at) <= before
    rows = (
        await work.execute(
            sa.select(sessions.c.citizen_id, sessions.c.id).where(over).limit(AT_ONCE).with_for_update(skip_locked=True)
        )
    ).all()
    keys = [tuple(row) for row in rows]
    owners = sa.tuple_(refresh_token.c.citizen_id, refresh_token.c.session_id)
    await work.execute(sa.delete(refresh_token).where(owners.in_(keys)))
    await work.execute(sa.delete(sessions).where(sa.tuple_(sessions.c.citizen_id, sessions.c.id).in_(keys)))
    return len(keys)


async def _forget(work: Work, table: sa.Table, which: Condition) -> int:
    key = list(table.primary_key.columns)
    chosen = sa.select(*key).where(which).limit(AT_ONCE).with_for_update(skip_locked=True)
    gone = await work.execute(sa.delete(table).where(sa.tuple_(*key).in_(chosen)).returning(sa.literal(1)))
    return len(gone.all())
