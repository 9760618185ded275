"""What hardly changes: territories and policies. Reference tables for a sharded database."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from db.models.columns import moment


class Territory(SQLModel, table=True):
    """A country, a region or a department."""

    code: str = Field(primary_key=True)
    name: str
    parent_code: str | None = Field(default=None, foreign_key="territory.code", index=True)


class TerritoryWithin(SQLModel, table=True):
    """Every territory is within itself, and within what contains it."""

    __tablename__ = "territory_within"

    container_code: str = Field(primary_key=True, foreign_key="territory.code")
    code: str = Field(primary_key=True, foreign_key="territory.code", index=True)


class ScoringPolicy(SQLModel, table=True):
    """A policy file as it was read, once."""

    __tablename__ = "scoring_policy"

    version: str = Field(primary_key=True)
    effective_from: date = Field(unique=True)
    document: dict[str, Any] = Field(sa_column=sa.Column(JSONB, nullable=False))
    read_at: datetime = moment()
