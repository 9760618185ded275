"""What is told to people: notifications, and the outbox that carries what leaves the database."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from db.models.columns import moment, new_key, words
from domain.notifications import NotificationKind


class Notification(SQLModel, table=True):
    """Something a citizen is told. `parameters` are what its sentence needs: numbers, codes and ids."""

    __table_args__ = (
        sa.Index("notification_newest", "citizen_id", sa.text("created_at DESC"), sa.text("id DESC")),
        sa.Index("notification_by_id", "id"),
        sa.Index("notification_unread", "citizen_id", postgresql_where=sa.text("read_at IS NULL")),
    )

    citizen_id: UUID = Field(primary_key=True, foreign_key="citizen.id")
    id: UUID = Field(default_factory=new_key, primary_key=True)
    kind: NotificationKind = Field(sa_type=words(NotificationKind, name="notification_kind"))
    event_id: UUID | None = None
    parameters: dict[str, Any] = Field(
        default_factory=dict, sa_column=sa.Column(JSONB, nullable=False, server_default="{}")
    )
    created_at: datetime = moment()
    read_at: datetime | None = moment(nullable=True)


class OutboxMessage(SQLModel, table=True):
    """Something to be delivered, written in the transaction of what it tells. A relay takes it under a lease."""

    __tablename__ = "outbox_message"
    __table_args__ = (
        sa.Index("outbox_due", "due_at", "id", postgresql_where=sa.text("done_at IS NULL")),
        sa.Index("outbox_done", "done_at", postgresql_where=sa.text("done_at IS NOT NULL")),
        sa.Index("outbox_by_citizen", "citizen_id"),
    )

    id: UUID = Field(default_factory=new_key, primary_key=True)
    topic: str
    citizen_id: UUID | None = None
    payload: dict[str, Any] = Field(sa_column=sa.Column(JSONB, nullable=False))
    created_at: datetime = moment()
    due_at: datetime = moment()
    leased_until: datetime | None = moment(nullable=True)
    attempts: int = 0
    done_at: datetime | None = moment(nullable=True)
    gave_up: bool = False
    last_error: str | None = None
