"""What was counted for landing pages: a copy, made anew from time to time."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from db.models.columns import moment


def _count(kind: type[sa.types.TypeEngine[int]] = sa.Integer) -> Any:  # Any: as SQLModel's own Field
    """A number that is written by one of several counts; until then it is 0."""
    return Field(default=0, sa_type=kind, sa_column_kwargs={"server_default": "0"})


class TerritoryTally(SQLModel, table=True):
    """Counts of a territory with what it contains, and of a theme; empty texts stand for everywhere and for all."""

    __tablename__ = "territory_tally"

    territory_code: str = Field(primary_key=True)
    theme: str = Field(primary_key=True)
    citizens: int = _count()
    events: int = _count()
    upcoming_events: int = _count()
    organizations: int = _count()
    attendances: int = _count()
    people: int = _count()
    minutes: int = _count(sa.BigInteger)
    counted_at: datetime = moment()
