"""Local actors look for people, invite them, and watch"""

import sqlalchemy as sa
from alembic import op

from db.activity import AWARDED, LISTED, TRIGGERS

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True)
THEMES = "'CULTURE', 'SOLIDARITY', 'TRANSPORT', 'SUSTAINABLE_DEVELOPMENT', 'PUBLIC_ADMINISTRATION', 'ECONOMY'"

FILL = """
INSERT INTO activity (citizen_id, entry_id, theme, participation_id, territory_code, occurred_at, points, listed)
SELECT entry.citizen_id, entry.id, each_theme, entry.participation_id,
    coalesce(event.territory_code, citizen.territory_code), entry.occurred_at, entry.points, participation.listed
FROM ledger_entry entry
JOIN event ON event.id = entry.event_id
JOIN citizen ON citizen.id = entry.citizen_id
JOIN account ON account.citizen_id = entry.citizen_id
JOIN participation ON participation.citizen_id = entry.citizen_id AND participation.id = entry.participation_id
CROSS JOIN unnest(array_append(event.themes, '')) AS each_theme
WHERE entry.kind = 'PARTICIPATION' AND coalesce(event.territory_code, citizen.territory_code) IS NOT NULL
    AND NOT EXISTS (
        SELECT FROM ledger_entry reversal
        WHERE reversal.citizen_id = entry.citizen_id AND reversal.reverses_id = entry.id)
"""


def upgrade() -> None:
    op.create_table(
        "activity",
        sa.Column("citizen_id", sa.Uuid(), sa.ForeignKey("citizen.id"), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("theme", sa.String(), nullable=False),
        sa.Column("participation_id", sa.Uuid(), nullable=False),
        sa.Column("territory_code", sa.String(), nullable=False),
        sa.Column("occurred_at", MOMENT, nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("citizen_id", "entry_id", "theme"),
    )
    op.execute(FILL)
    op.create_index(
        "activity_by_place",
        "activity",
        ["territory_code", "theme", "occurred_at"],
        postgresql_include=["citizen_id", "points"],
        postgresql_where=sa.text("listed"),
    )
    op.create_table(
        "activity_board",
        sa.Column("citizen_id", sa.Uuid(), sa.ForeignKey("citizen.id"), nullable=False),
        sa.Column("territory_code", sa.String(), nullable=False),
        sa.Column("theme", sa.String(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("participations", sa.Integer(), nullable=False),
        sa.Column("points_before", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("citizen_id", "territory_code", "theme"),
    )
    op.create_index("activity_board_by_points", "activity_board", ["territory_code", "theme", "points", "citizen_id"])
    op.create_table(
        "finding",
        sa.Column("citizen_id", sa.Uuid(), sa.ForeignKey("citizen.id"), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), sa.ForeignKey("organization.id"), nullable=False),
        sa.PrimaryKeyConstraint("citizen_id", "on_day", "organization_id"),
    )
    op.create_index("finding_by_day", "finding", ["on_day"])
    op.create_table(
        "event_invitation",
        sa.Column("citizen_id", sa.Uuid(), sa.ForeignKey("citizen.id"), nullable=False),
        sa.Column("event_id", sa.Uuid(), sa.ForeignKey("event.id"), nullable=False),
        sa.Column("organization_id", sa.Uuid(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("invited_at", MOMENT, nullable=False),
        sa.Column("refused_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("citizen_id", "event_id"),
    )
    op.create_table(
        "watch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), sa.ForeignKey("organization.id"), nullable=False),
        sa.Column("territory_code", sa.String(), sa.ForeignKey("territory.code"), nullable=False),
        sa.Column("theme", sa.String(length=32), nullable=True),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(f"theme IN ({THEMES})", name="watch_theme"),
        sa.CheckConstraint("points > 0", name="watch_points"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("watch_by_organization", "watch", ["organization_id", "created_at"])
    op.create_table(
        "watch_hit",
        sa.Column("citizen_id", sa.Uuid(), sa.ForeignKey("citizen.id"), nullable=False),
        sa.Column("watch_id", sa.Uuid(), sa.ForeignKey("watch.id", ondelete="CASCADE"), nullable=False),
        sa.Column("crossed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("citizen_id", "watch_id"),
    )
    op.create_index(op.f("ix_watch_hit_watch_id"), "watch_hit", ["watch_id"])
    for statement in (AWARDED, LISTED, *TRIGGERS):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TRIGGER keep_activity ON ledger_entry")
    op.execute("DROP TRIGGER list_activity ON participation")
    op.execute("DROP FUNCTION keep_activity()")
    op.execute("DROP FUNCTION list_activity()")
    for table in ("watch_hit", "watch", "event_invitation", "finding", "activity_board", "activity"):
        op.drop_table(table)
