"""Columns that many tables have, each said once."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field
from uuid_utils.compat import uuid7

Timestamp = sa.TIMESTAMP(timezone=True)
Texts = ARRAY(sa.Text)


def new_key() -> UUID:
    """A key that sorts by the time it was made, so that indexes grow at their end."""
    return uuid7()


def words(enum: type[StrEnum], *, name: str) -> sa.Enum:
    """An enum kept as text under a CHECK named `name`: new values need no ALTER TYPE."""
    return sa.Enum(
        enum,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda values: [value.value for value in values],
    )


def moment(*, default: datetime | None = None, nullable: bool = False) -> Any:  # Any: as SQLModel's own Field
    """A point in time, with its zone."""
    if nullable:
        return Field(default=default, sa_type=Timestamp)
    return Field(sa_type=Timestamp)
