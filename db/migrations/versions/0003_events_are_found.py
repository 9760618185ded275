"""Events are found by place, worth, talents, and words with a letter wrong"""

import sqlalchemy as sa
from alembic import op

from db.functions import NEAR_SPELLINGS, PLAIN_TEXTS

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# What policy 2026-1, the only one so far, says.
WORTH = """
UPDATE event SET worth = greatest(10, 10 * ((15 * engagement * least(480, coalesce(
    effort_minutes,
    CASE WHEN ends_at - starts_at > interval '24 hours' THEN 60
    ELSE floor(extract(epoch FROM ends_at - starts_at) / 60)::int END
)) + 300) / 600))
"""


def upgrade() -> None:
    op.execute(PLAIN_TEXTS)
    op.execute(NEAR_SPELLINGS)
    op.add_column("event", sa.Column("worth", sa.Integer(), nullable=True))
    op.execute(WORTH)
    op.alter_column("event", "worth", nullable=False)
    op.create_check_constraint("event_worth", "event", "worth > 0")
    op.create_index("event_by_worth", "event", ["worth", "id"])
    op.create_index(
        "event_by_position", "event", ["latitude", "longitude"], postgresql_where=sa.text("latitude IS NOT NULL")
    )
    op.create_index("event_talents_sought", "event", [sa.text("plain_texts(sought_talents)")], postgresql_using="gin")
    op.create_index(
        "event_spellings",
        "event",
        [sa.text("near_spellings((title || ' '::text) || coalesce(venue_city, ''::text))")],
        postgresql_using="gin",
    )


def downgrade() -> None:
    for index in ("event_spellings", "event_talents_sought", "event_by_position", "event_by_worth"):
        op.drop_index(index, table_name="event")
    op.drop_column("event", "worth")
    op.execute("DROP FUNCTION near_spellings(text)")
    op.execute("DROP FUNCTION plain_texts(text[])")
