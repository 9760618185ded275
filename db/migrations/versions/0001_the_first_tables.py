"""The first tables"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from db.functions import LEDGER_IS_APPEND_ONLY, LEDGER_TRIGGER, PLAIN_WORDS

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(PLAIN_WORDS)
    op.execute(LEDGER_IS_APPEND_ONLY)
    op.create_table(
        "scoring_policy",
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("document", postgresql.JSONB(), nullable=False),
        sa.Column("read_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("version"),
        sa.UniqueConstraint("effective_from"),
    )
    op.create_table(
        "territory",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("parent_code", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["parent_code"],
            ["territory.code"],
        ),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_index(op.f("ix_territory_parent_code"), "territory", ["parent_code"], unique=False)
    op.create_table(
        "used_assessment",
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint"),
    )
    op.create_table(
        "citizen",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("handle", sa.String(), nullable=False),
        sa.Column(
            "visibility",
            sa.Enum(
                "PUBLIC",
                "PSEUDONYMOUS",
                "HIDDEN",
                name="citizen_visibility",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("discoverable", sa.Boolean(), nullable=False),
        sa.Column("adult", sa.Boolean(), nullable=False),
        sa.Column("member_since", sa.Date(), nullable=False),
        sa.Column("full_name", sa.String(), nullable=True),
        sa.Column("bio", sa.String(), nullable=True),
        sa.Column("avatar_url", sa.String(), nullable=True),
        sa.Column("territory_code", sa.String(), nullable=True),
        sa.Column("links", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("talents", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.CheckConstraint("handle ~ '^[a-z][a-z0-9_-]{2,29}$'", name="citizen_handle_form"),
        sa.ForeignKeyConstraint(
            ["territory_code"],
            ["territory.code"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("handle"),
    )
    op.create_index(op.f("ix_citizen_territory_code"), "citizen", ["territory_code"], unique=False)
    op.create_table(
        "organization",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "ASSOCIATION",
                "PUBLIC_INSTITUTION",
                "COMPANY",
                "POLITICAL_GROUP",
                name="organization_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("description", sa.String(), nullable=True),
        sa.Column("website_url", sa.String(), nullable=True),
        sa.Column("logo_url", sa.String(), nullable=True),
        sa.Column("territory_code", sa.String(), nullable=True),
        sa.Column("verified_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["territory_code"],
            ["territory.code"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("slug"),
    )
    op.create_index(op.f("ix_organization_territory_code"), "organization", ["territory_code"], unique=False)
    op.create_table(
        "territory_within",
        sa.Column("container_code", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["code"],
            ["territory.code"],
        ),
        sa.ForeignKeyConstraint(
            ["container_code"],
            ["territory.code"],
        ),
        sa.PrimaryKeyConstraint("container_code", "code"),
    )
    op.create_index(op.f("ix_territory_within_code"), "territory_within", ["code"], unique=False)
    op.create_table(
        "account",
        sa.Column("citizen_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("email_key", sa.String(), nullable=False),
        sa.Column("email_verified_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column(
            "locale",
            sa.Enum("fr", "en", name="account_locale", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("email_notifications", sa.Boolean(), nullable=False),
        sa.Column("moderator", sa.Boolean(), nullable=False),
        sa.Column("accepted_charter_version", sa.String(), nullable=False),
        sa.Column("charter_accepted_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("public_since", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["citizen_id"],
            ["citizen.id"],
        ),
        sa.PrimaryKeyConstraint("citizen_id"),
        sa.UniqueConstraint("email_key"),
    )
    op.create_table(
        "citizen_total",
        sa.Column("citizen_id", sa.Uuid(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("earned_points", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["citizen_id"],
            ["citizen.id"],
        ),
        sa.PrimaryKeyConstraint("citizen_id"),
    )
    op.create_index(
        "citizen_total_board",
        "citizen_total",
        [sa.text("earned_points DESC"), sa.text("citizen_id DESC")],
        unique=False,
    )
    op.create_table(
        "event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("how_to_take_part", sa.String(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "DRAFT",
                "SUBMITTED",
                "PUBLISHED",
                "REJECTED",
                "CANCELLED",
                "COMPLETED",
                name="event_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "format",
            sa.Enum(
                "IN_PERSON",
                "ONLINE",
                "HYBRID",
                name="event_format",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("starts_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("ends_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("effort_minutes", sa.Integer(), nullable=True),
        sa.Column("venue_name", sa.String(), nullable=True),
        sa.Column("venue_address", sa.String(), nullable=True),
        sa.Column("venue_postal_code", sa.String(), nullable=True),
        sa.Column("venue_city", sa.String(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("territory_code", sa.String(), nullable=True),
        sa.Column("website_url", sa.String(), nullable=True),
        sa.Column("image_url", sa.String(), nullable=True),
        sa.Column("themes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("engagement", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("sought_talents", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("proposer_id", sa.Uuid(), nullable=True),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("by_verified", sa.Boolean(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("check_in_secret", sa.LargeBinary(), nullable=False),
        sa.Column("rejection_reason", sa.String(), nullable=True),
        sa.Column("cancellation_reason", sa.String(), nullable=True),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("updated_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("published_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column(
            "words",
            postgresql.TSVECTOR(),
            sa.Computed(
                "setweight(to_tsvector('french'::regconfig, plain_words(title)), 'A') || setweight(to_tsvector('french'::regconfig, plain_words(coalesce(venue_name, '') || ' ' || coalesce(venue_city, ''))), 'B') || setweight(to_tsvector('french'::regconfig, plain_words(description)), 'C')",
                persisted=True,
            ),
            nullable=True,
        ),
        sa.CheckConstraint("ends_at >= starts_at + interval '1 minute'", name="event_lasts"),
        sa.CheckConstraint(
            "themes <@ ARRAY['CULTURE', 'SOLIDARITY', 'TRANSPORT', 'SUSTAINABLE_DEVELOPMENT', 'PUBLIC_ADMINISTRATION', 'ECONOMY']::text[]",
            name="event_themes",
        ),
        sa.CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="event_position"),
        sa.CheckConstraint("capacity > 0", name="event_capacity"),
        sa.CheckConstraint("cardinality(themes) BETWEEN 1 AND 3", name="event_theme_count"),
        sa.CheckConstraint("effort_minutes > 0", name="event_effort"),
        sa.CheckConstraint("engagement BETWEEN 1 AND 5", name="event_engagement"),
        sa.CheckConstraint("proposer_id IS NOT NULL OR organization_id IS NOT NULL", name="event_organizer"),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
        ),
        sa.ForeignKeyConstraint(
            ["proposer_id"],
            ["citizen.id"],
        ),
        sa.ForeignKeyConstraint(
            ["territory_code"],
            ["territory.code"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("organization_id", "external_id", name="event_external_id"),
        sa.UniqueConstraint("slug"),
    )
    op.create_index("event_by_proposer", "event", ["proposer_id", "starts_at"], unique=False)
    op.create_index("event_by_start", "event", ["starts_at", "id"], unique=False)
    op.create_index("event_by_territory", "event", ["territory_code", "starts_at", "id"], unique=False)
    op.create_index("event_by_update", "event", ["updated_at", "id"], unique=False)
    op.create_index("event_themes_held", "event", ["themes"], unique=False, postgresql_using="gin")
    op.create_index("event_words", "event", ["words"], unique=False, postgresql_using="gin")
    op.create_table(
        "ledger_entry",
        sa.Column("citizen_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "SELF_ASSESSMENT",
                "PARTICIPATION",
                "ORGANIZING",
                "ADJUSTMENT",
                "REVERSAL",
                name="ledger_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("occurred_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("base_points", sa.Integer(), nullable=False),
        sa.Column("multiplier", sa.Numeric(precision=6, scale=3), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("balance", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("participation_id", sa.Uuid(), nullable=True),
        sa.Column(
            "theme",
            sa.Enum(
                "CULTURE",
                "SOLIDARITY",
                "TRANSPORT",
                "SUSTAINABLE_DEVELOPMENT",
                "PUBLIC_ADMINISTRATION",
                "ECONOMY",
                name="ledger_theme",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("stars", sa.Integer(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("skill_factor", sa.Numeric(precision=6, scale=3), nullable=False),
        sa.Column("repeat_factor", sa.Numeric(precision=6, scale=3), nullable=False),
        sa.Column("repeats", sa.Integer(), nullable=False),
        sa.Column("overlapping", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("reverses_id", sa.Uuid(), nullable=True),
        sa.Column("policy_version", sa.String(), nullable=False),
        sa.CheckConstraint("(kind = 'REVERSAL') = (reverses_id IS NOT NULL)", name="ledger_reversal"),
        sa.CheckConstraint(
            "kind NOT IN ('PARTICIPATION', 'ORGANIZING') OR event_id IS NOT NULL", name="ledger_award_event"
        ),
        sa.CheckConstraint("number > 0 AND attempt > 0", name="ledger_counts"),
        sa.ForeignKeyConstraint(
            ["citizen_id"],
            ["citizen.id"],
        ),
        sa.ForeignKeyConstraint(
            ["policy_version"],
            ["scoring_policy.version"],
        ),
        sa.PrimaryKeyConstraint("citizen_id", "id"),
        sa.UniqueConstraint("citizen_id", "event_id", "kind", "attempt", name="ledger_award_once"),
        sa.UniqueConstraint("citizen_id", "number", name="ledger_number"),
        sa.UniqueConstraint("citizen_id", "reverses_id", name="ledger_reversed_once"),
    )
    op.create_index("ledger_by_id", "ledger_entry", ["id"], unique=False)
    op.create_table(
        "organization_member",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("citizen_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "OWNER",
                "MANAGER",
                name="organization_member_role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("invited_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["citizen_id"],
            ["citizen.id"],
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
        ),
        sa.PrimaryKeyConstraint("organization_id", "citizen_id"),
    )
    op.create_index(op.f("ix_organization_member_citizen_id"), "organization_member", ["citizen_id"], unique=False)
    op.create_table(
        "skill_holding",
        sa.Column("citizen_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "theme",
            sa.Enum(
                "CULTURE",
                "SOLIDARITY",
                "TRANSPORT",
                "SUSTAINABLE_DEVELOPMENT",
                "PUBLIC_ADMINISTRATION",
                "ECONOMY",
                name="skill_theme",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "source",
            sa.Enum(
                "REPEATED_CONTRIBUTION",
                "RECOGNITION",
                name="skill_source",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("acquired_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("lost_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("recognized_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint("lost_at >= acquired_at", name="skill_period"),
        sa.ForeignKeyConstraint(
            ["citizen_id"],
            ["citizen.id"],
        ),
        sa.ForeignKeyConstraint(
            ["recognized_by"],
            ["organization.id"],
        ),
        sa.PrimaryKeyConstraint("citizen_id", "id"),
    )
    op.create_index("skill_by_id", "skill_holding", ["id"], unique=False)
    op.create_index(
        "skill_held_once",
        "skill_holding",
        ["citizen_id", "theme"],
        unique=True,
        postgresql_where=sa.text("lost_at IS NULL"),
    )
    op.create_table(
        "participation",
        sa.Column("citizen_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "REGISTERED",
                "WAITLISTED",
                "CANCELLED",
                "ATTENDED",
                "NO_SHOW",
                name="participation_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("registered_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("queued_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("attended_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column(
            "evidence",
            sa.Enum(
                "CHECK_IN_CODE",
                "ORGANIZER",
                "PARTNER",
                name="participation_evidence",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(status = 'ATTENDED') = (attended_at IS NOT NULL AND evidence IS NOT NULL)",
            name="participation_attendance",
        ),
        sa.ForeignKeyConstraint(
            ["citizen_id"],
            ["citizen.id"],
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
        ),
        sa.PrimaryKeyConstraint("citizen_id", "id"),
        sa.UniqueConstraint("citizen_id", "event_id", name="participation_once"),
    )
    op.create_index("participation_by_event", "participation", ["event_id", "status", "queued_at", "id"], unique=False)
    op.create_index("participation_by_id", "participation", ["id"], unique=False)
    op.create_index(
        "participation_history",
        "participation",
        ["citizen_id", sa.text("attended_at DESC"), sa.text("id DESC")],
        unique=False,
        postgresql_where=sa.text("status = 'ATTENDED'"),
    )
    op.create_table(
        "session",
        sa.Column("citizen_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("expires_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("ended_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("user_agent", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["citizen_id"],
            ["account.citizen_id"],
        ),
        sa.PrimaryKeyConstraint("citizen_id", "id"),
    )
    op.create_table(
        "refresh_token",
        sa.Column("citizen_id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("issued_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("used_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["citizen_id", "session_id"],
            ["session.citizen_id", "session.id"],
        ),
        sa.PrimaryKeyConstraint("citizen_id", "fingerprint"),
    )
    op.create_index("refresh_token_fingerprint", "refresh_token", ["fingerprint"], unique=False)
    op.execute(LEDGER_TRIGGER)


def downgrade() -> None:
    op.drop_index("refresh_token_fingerprint", table_name="refresh_token")
    op.drop_table("refresh_token")
    op.drop_table("session")
    op.drop_index("participation_history", table_name="participation", postgresql_where=sa.text("status = 'ATTENDED'"))
    op.drop_index("participation_by_id", table_name="participation")
    op.drop_index("participation_by_event", table_name="participation")
    op.drop_table("participation")
    op.drop_index("skill_held_once", table_name="skill_holding", postgresql_where=sa.text("lost_at IS NULL"))
    op.drop_index("skill_by_id", table_name="skill_holding")
    op.drop_table("skill_holding")
    op.drop_index(op.f("ix_organization_member_citizen_id"), table_name="organization_member")
    op.drop_table("organization_member")
    op.drop_index("ledger_by_id", table_name="ledger_entry")
    op.drop_table("ledger_entry")
    op.drop_index("event_words", table_name="event", postgresql_using="gin")
    op.drop_index("event_themes_held", table_name="event", postgresql_using="gin")
    op.drop_index("event_by_update", table_name="event")
    op.drop_index("event_by_territory", table_name="event")
    op.drop_index("event_by_start", table_name="event")
    op.drop_index("event_by_proposer", table_name="event")
    op.drop_table("event")
    op.drop_index("citizen_total_board", table_name="citizen_total")
    op.drop_table("citizen_total")
    op.drop_table("account")
    op.drop_index(op.f("ix_territory_within_code"), table_name="territory_within")
    op.drop_table("territory_within")
    op.drop_index(op.f("ix_organization_territory_code"), table_name="organization")
    op.drop_table("organization")
    op.drop_index(op.f("ix_citizen_territory_code"), table_name="citizen")
    op.drop_table("citizen")
    op.drop_table("used_assessment")
    op.drop_index(op.f("ix_territory_parent_code"), table_name="territory")
    op.drop_table("territory")
    op.drop_table("scoring_policy")
    op.execute("DROP FUNCTION ledger_is_append_only()")
    op.execute("DROP FUNCTION plain_words(text)")
