"""Answers that are kept for those who may ask for the same again."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from db.models.columns import moment


class KeptAnswer(SQLModel, table=True):
    """What was answered under an idempotency key, sealed with the key; of that there is the SHA-256 alone."""

    __tablename__ = "kept_answer"
    __table_args__ = (sa.Index("kept_answer_expires", "expires_at"),)

    caller: UUID = Field(primary_key=True)
    """A citizen's id, or a token's."""
    fingerprint: bytes = Field(primary_key=True)
    citizen_id: UUID | None = Field(default=None, foreign_key="citizen.id", index=True)
    request: bytes
    turn: UUID
    turn_ends: datetime = moment()
    done: bool = False
    answer: bytes | None = None
    expires_at: datetime = moment()
