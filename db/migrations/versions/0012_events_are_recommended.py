"""Events are recommended: what is online is found in the order in which it begins"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "event_online",
        "event",
        ["starts_at", "id"],
        postgresql_where=sa.text("status = 'PUBLISHED' AND format <> 'IN_PERSON'"),
    )


def downgrade() -> None:
    op.drop_index("event_online", table_name="event")
