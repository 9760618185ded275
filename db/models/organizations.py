"""Organisations and their members."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlmodel import Field, SQLModel

from db.models.columns import Texts, moment, new_key, words
from domain.organizations import MemberRole, OrganizationKind

_WORDS = (
    "setweight(to_tsvector('french'::regconfig, plain_words(name)), 'A') || "
    "setweight(to_tsvector('french'::regconfig, plain_words(coalesce(description, ''))), 'C')"
)


class Organization(SQLModel, table=True):
    """An organiser that is not one citizen alone."""

    __table_args__ = (
        sa.Index("organization_by_name", sa.text("plain_words(name)"), "id"),
        sa.Index("organization_words", "words", postgresql_using="gin"),
        sa.Index("organization_spellings", sa.text("near_spellings(name)"), postgresql_using="gin"),
    )

    id: UUID = Field(default_factory=new_key, primary_key=True)
    slug: str = Field(unique=True)
    name: str
    kind: OrganizationKind = Field(sa_type=words(OrganizationKind, name="organization_kind"))
    description: str | None = None
    website_url: str | None = None
    logo_url: str | None = None
    territory_code: str | None = Field(default=None, foreign_key="territory.code", index=True)
    verified_at: datetime | None = moment(nullable=True)
    created_at: datetime = moment()
    words: str | None = Field(default=None, sa_column=sa.Column("words", TSVECTOR, sa.Computed(_WORDS, persisted=True)))


class OrganizationMember(SQLModel, table=True):
    """A citizen's place in an organisation: an invitation until it is accepted, the past once they have left."""

    __tablename__ = "organization_member"

    organization_id: UUID = Field(primary_key=True, foreign_key="organization.id")
    citizen_id: UUID = Field(primary_key=True, foreign_key="citizen.id", index=True)
    role: MemberRole = Field(sa_type=words(MemberRole, name="organization_member_role"))
    invited_at: datetime = moment()
    accepted_at: datetime | None = moment(nullable=True)
    left_at: datetime | None = moment(nullable=True)


class ApiToken(SQLModel, table=True):
    """A token for a system of an organisation, by its SHA-256. The secret itself is kept nowhere."""

    __tablename__ = "api_token"
    __table_args__ = (
        sa.CheckConstraint("cardinality(scopes) > 0", name="api_token_scopes"),
        sa.Index("api_token_by_organization", "organization_id", "created_at"),
    )

    id: UUID = Field(default_factory=new_key, primary_key=True)
    organization_id: UUID = Field(foreign_key="organization.id")
    created_by: UUID | None = Field(default=None, foreign_key="citizen.id")
    name: str
    fingerprint: bytes = Field(unique=True)
    scopes: list[str] = Field(sa_column=sa.Column(Texts, nullable=False))
    created_at: datetime = moment()
    last_used_at: datetime | None = moment(nullable=True)
    expires_at: datetime | None = moment(nullable=True)
    revoked_at: datetime | None = moment(nullable=True)
