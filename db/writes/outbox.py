"""Telling people: a notification each, and what leaves the database, in the transaction of what they tell."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
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
_ALWAYS = sa.true()


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


@dataclass(frozen=True, slots=True)
class News:
    """What one person is told: `parameters` as for `tell`."""

    kind: NotificationKind
    parameters: Mapping[str, str | int]


async def tell_news(
    work: Work, citizen_id: CitizenId, news: Sequence[News], *, event_id: EventId | None = None, now: datetime
) -> None:
    """Notify one citizen of all that comes of an event."""
    if news:
        await work.run(_TELL_NEWS, values_of_news(citizen_id, news, event_id=event_id, now=now))


def values_of_news(
    citizen_id: CitizenId, news: Sequence[News], *, event_id: EventId | None, now: datetime
) -> dict[str, Any]:
    """What is put into `telling_news`. Any: what each column takes."""
    return {
        "citizens": [citizen_id for _ in news],
        "ids": [new_key() for _ in news],
        "messages": [new_key() for _ in news],
        "told": [each.kind for each in news],
        "of_event": event_id,
        "said": [json.dumps(each.parameters, ensure_ascii=False) for each in news],
        "now": now,
    }


def telling_news(once: sa.ColumnElement[bool] = _ALWAYS) -> sa.Insert:
    """A notification and a message for each piece of news; `once` something holds, if told so."""
    return _tell(each_its_own=True, once=once)


def _tell(*, each_its_own: bool, once: sa.ColumnElement[bool] = _ALWAYS) -> sa.Insert:
    """A notification and a message for each; of one kind, or `each_its_own`."""
    text, now = sa.Text(), sa.bindparam("now", type_=Timestamp)
    lists = {"citizen_id": ("citizens", KEY), "id": ("ids", KEY), "message": ("messages", KEY)}
    if each_its_own:
        lists |= {"kind": ("told", text), "parameters": ("said", JSONB())}
    given = sa.func.unnest(*(sa.bindparam(name, type_=sa.ARRAY(type_)) for name, type_ in lists.values()))
    told = given.table_valued(*(sa.column(name, type_) for name, (_, type_) in lists.items())).render_derived("told").c
    held, sent = notification.c, outbox_message.c
    notified = {
        held.citizen_id: told.citizen_id,
        held.id: told.id,
        held.kind: told.kind if each_its_own else sa.bindparam("told", type_=text),
        held.event_id: sa.bindparam("of_event", type_=KEY),
        held.parameters: told.parameters if each_its_own else sa.bindparam("said", type_=JSONB()),
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
    first = _rows(notification, notified, once).cte("notified")
    return _rows(outbox_message, messages, once).add_cte(first)


def _rows(
    table: sa.Table,
    made: Mapping[sa.Column[Any], sa.ColumnElement[Any]],
    once: sa.ColumnElement[bool],
) -> sa.Insert:
    """Rows of what is selected for each column. Any: what they hold."""
    rows = sa.select(*made.values()).where(once)
    return sa.insert(table).from_select(list(made), rows, include_defaults=False)


_TELL = Statement(_tell(each_its_own=False), asyncpg.Record)
_TELL_NEWS = Statement(telling_news(), asyncpg.Record)


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
