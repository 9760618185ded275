"""Telling people: a notification each, and what leaves the database, in the transaction of what they tell."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import asyncpg
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, insert

from db.models.columns import Timestamp, new_key
from db.paging import KEY
from db.statements import Statement
from db.tables import notification, outbox_message
from db.work import Work
from domain.ids import CitizenId, EventId
from domain.notifications import NotificationKind

NOTIFICATION = "notification"
"""The outbox topic of notifications: whether one is mailed is decided when it is sent."""
MAIL = "mail"
"""The outbox topic of mails that are no notifications: the payload is a `domain.mails.Mail`'s."""


async def tell(
    work: Work,
    citizens: Iterable[CitizenId],
    kind: NotificationKind,
    *,
    event_id: EventId | None = None,
    now: datetime,
    **parameters: str | int,
) -> None:
    """Notify citizens; `parameters` are what the sentence needs besides the event: codes, numbers, ids, no texts."""
    told = list(dict.fromkeys(citizens))
    if not told:
        return
    values = {
        "citizens": told,
        "ids": [new_key() for _ in told],
        "messages": [new_key() for _ in told],
        "told": kind,
        "of_event": event_id,
        "said": json.dumps(parameters, ensure_ascii=False),
        "now": now,
    }
    await work.run(_TELL, values)


def _tell() -> sa.Insert:
    """A notification and a message for each."""
    ids, now = sa.ARRAY(KEY), sa.bindparam("now", type_=Timestamp)
    given = sa.func.unnest(
        sa.bindparam("citizens", type_=ids), sa.bindparam("ids", type_=ids), sa.bindparam("messages", type_=ids)
    ).table_valued(sa.column("citizen_id", KEY), sa.column("id", KEY), sa.column("message", KEY))
    told, held, sent = given.render_derived("told").c, notification.c, outbox_message.c
    notified = {
        held.citizen_id: told.citizen_id,
        held.id: told.id,
        held.kind: sa.bindparam("told", type_=sa.Text()),
        held.event_id: sa.bindparam("of_event", type_=KEY),
        held.parameters: sa.bindparam("said", type_=JSONB()),
        held.created_at: now,
    }
    topic = sa.literal(NOTIFICATION, literal_execute=True)
    messages = {
        sent.id: told.message,
        sent.topic: topic,
        sent.citizen_id: told.citizen_id,
        sent.payload: sa.func.jsonb_build_object(topic, told.id),
        sent.created_at: now,
        sent.due_at: now,
        sent.attempts: sa.literal(0),
        sent.gave_up: sa.false(),
    }
    first = _rows(notification, notified).cte("notified")
    return _rows(outbox_message, messages).add_cte(first)


def _rows(table: sa.Table, made: Mapping[sa.Column[Any], sa.ColumnElement[Any]]) -> sa.Insert:
    """Rows of what is selected for each column. Any: what they hold."""
    return sa.insert(table).from_select(list(made), sa.select(*made.values()), include_defaults=False)


_TELL = Statement(_tell(), asyncpg.Record)


async def post(
    work: Work, topic: str, payload: Mapping[str, Any], *, citizen_id: CitizenId | None, now: datetime
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
