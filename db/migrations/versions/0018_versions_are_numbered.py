"""Versions are numbered: of what anybody may see of an event"""

import sqlalchemy as sa
from alembic import op

from db.revisions import EVENTS_REVISED, EVENTS_TRIGGER

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("event", sa.Column("revision", sa.Integer(), server_default="0", nullable=False))
    op.execute(EVENTS_REVISED)
    op.execute(EVENTS_TRIGGER)


def downgrade() -> None:
    op.execute("DROP TRIGGER number_revision ON event")
    op.execute("DROP FUNCTION number_event_revision()")
    op.drop_column("event", "revision")
