"""Citizens, their accounts and their sessions."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlmodel import Field, SQLModel

from db.models.columns import Texts, moment, new_key, words
from domain.accounts import EmailPurpose, ProfileVisibility
from domain.words import Locale

CALLED = (
    "(handle::text || ' '::text) || "
    "CASE WHEN visibility = 'PUBLIC' THEN coalesce(full_name, ''::character varying) ELSE ''::character varying END"
)
"""What a citizen is called by others: the name only where it shows."""
_WORDS = (
    f"setweight(to_tsvector('french'::regconfig, plain_words({CALLED})), 'A') || "
    "setweight(to_tsvector('french'::regconfig, plain_words(coalesce(bio, ''))), 'C')"
)


class Citizen(SQLModel, table=True):
    """The public side of a person."""

    __table_args__ = (
        sa.CheckConstraint("handle ~ '^[a-z][a-z0-9_-]{2,29}$'", name="citizen_handle_form"),
        sa.Index("citizen_by_member_since", "member_since", "id"),
        sa.Index(
            "citizen_talents_offered",
            sa.text("plain_texts(talents)"),
            postgresql_using="gin",
            postgresql_where=sa.text("discoverable"),
        ),
        sa.Index("citizen_words", "words", postgresql_using="gin"),
        sa.Index("citizen_spellings", sa.text(f"near_spellings({CALLED})"), postgresql_using="gin"),
    )

    id: UUID = Field(default_factory=new_key, primary_key=True)
    handle: str = Field(unique=True)
    visibility: ProfileVisibility = Field(sa_type=words(ProfileVisibility, name="citizen_visibility"))
    discoverable: bool = False
    adult: bool = False
    member_since: date
    full_name: str | None = None
    bio: str | None = None
    avatar_url: str | None = None
    territory_code: str | None = Field(default=None, foreign_key="territory.code", index=True)
    links: list[dict[str, str]] = Field(
        default_factory=list, sa_column=sa.Column(JSONB, nullable=False, server_default="[]")
    )
    talents: list[str] = Field(default_factory=list, sa_column=sa.Column(Texts, nullable=False, server_default="{}"))
    words: str | None = Field(default=None, sa_column=sa.Column("words", TSVECTOR, sa.Computed(_WORDS, persisted=True)))


class Account(SQLModel, table=True):
    """What a person signs in with, and what they chose. Nobody else's business."""

    citizen_id: UUID = Field(primary_key=True, foreign_key="citizen.id")
    email: str
    email_key: str = Field(unique=True)
    email_verified_at: datetime | None = moment(nullable=True)
    password_hash: str
    locale: Locale = Field(sa_type=words(Locale, name="account_locale"))
    email_notifications: bool = True
    moderator: bool = False
    accepted_charter_version: str
    charter_accepted_at: datetime = moment()
    public_since: datetime | None = moment(nullable=True)
    public_charter_version: str | None = None
    suspended_at: datetime | None = moment(nullable=True)
    suspension_reason: str | None = None
    linked_by_address: bool = Field(default=True, sa_column_kwargs={"server_default": sa.true()})
    """Whether a verified address may link an outside identity: not since one was unlinked."""


class Session(SQLModel, table=True):
    """A place where someone is signed in."""

    __table_args__ = (
        sa.ForeignKeyConstraint(["citizen_id"], ["account.citizen_id"]),
        sa.Index("session_over", sa.text("least(ended_at, expires_at)")),
    )

    citizen_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=new_key, primary_key=True)
    created_at: datetime = moment()
    last_used_at: datetime = moment()
    expires_at: datetime = moment()
    ended_at: datetime | None = moment(nullable=True)
    user_agent: str | None = None


class RefreshToken(SQLModel, table=True):
    """A refresh token's SHA-256. Used ones are kept as long as their session, so that reuse is seen."""

    __tablename__ = "refresh_token"
    __table_args__ = (
        sa.ForeignKeyConstraint(["citizen_id", "session_id"], ["session.citizen_id", "session.id"]),
        sa.Index("refresh_token_fingerprint", "fingerprint"),
    )

    citizen_id: UUID = Field(primary_key=True)
    fingerprint: bytes = Field(primary_key=True)
    session_id: UUID
    issued_at: datetime = moment()
    used_at: datetime | None = moment(nullable=True)


class EmailToken(SQLModel, table=True):
    """A link that was mailed, by the SHA-256 of its secret: good once, until it expires. `email` is what it proves."""

    __tablename__ = "email_token"
    __table_args__ = (
        sa.Index("email_token_fingerprint", "fingerprint"),
        sa.Index("email_token_expires", "expires_at"),
    )

    citizen_id: UUID = Field(primary_key=True, foreign_key="account.citizen_id")
    fingerprint: bytes = Field(primary_key=True)
    purpose: EmailPurpose = Field(sa_type=words(EmailPurpose, name="email_token_purpose"))
    email: str
    issued_at: datetime = moment()
    expires_at: datetime = moment()
    used_at: datetime | None = moment(nullable=True)


class CalendarFeed(SQLModel, table=True):
    """A citizen's own calendar, by the SHA-256 of what its address ends in. Another address is another fingerprint."""

    __tablename__ = "calendar_feed"
    __table_args__ = (sa.UniqueConstraint("fingerprint", name="calendar_feed_fingerprint"),)

    citizen_id: UUID = Field(primary_key=True, foreign_key="account.citizen_id")
    fingerprint: bytes
    renewed_at: datetime = moment()


class OutsideIdentity(SQLModel, table=True):
    """Who a citizen is at an outside issuer: one for each issuer, and each identity of one citizen alone."""

    __tablename__ = "outside_identity"
    __table_args__ = (
        sa.UniqueConstraint("issuer", "subject", name="outside_identity_once"),
        sa.CheckConstraint("length(subject) BETWEEN 1 AND 255", name="outside_identity_subject"),
    )

    citizen_id: UUID = Field(primary_key=True, foreign_key="account.citizen_id")
    issuer: str = Field(primary_key=True)
    subject: str
    linked_at: datetime = moment()


class RetiredHandle(SQLModel, table=True):
    """The SHA-256 of a handle whose owner is gone: it is never given to another, and names nobody."""

    __tablename__ = "retired_handle"

    fingerprint: bytes = Field(primary_key=True)


class UsedAssessment(SQLModel, table=True):
    """The hash of a self-assessment token's id, from its sign-up until it expires. No citizen: nothing joins them."""

    __tablename__ = "used_assessment"

    fingerprint: bytes = Field(primary_key=True)
    expires_at: datetime = moment()
