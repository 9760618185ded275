"""Activity moves: what was attended online is where its citizen lives now"""

from alembic import op

from db.activity import MOVED, MOVED_TRIGGER

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

NOWHERE = """
DELETE FROM activity USING ledger_entry entry, event, citizen
WHERE entry.citizen_id = activity.citizen_id AND entry.id = activity.entry_id AND event.id = entry.event_id
    AND event.territory_code IS NULL AND citizen.id = activity.citizen_id AND citizen.territory_code IS NULL
"""
ELSEWHERE = """
UPDATE activity SET territory_code = citizen.territory_code FROM ledger_entry entry, event, citizen
WHERE entry.citizen_id = activity.citizen_id AND entry.id = activity.entry_id AND event.id = entry.event_id
    AND event.territory_code IS NULL AND citizen.id = activity.citizen_id
    AND citizen.territory_code <> activity.territory_code
"""


def upgrade() -> None:
    for statement in (NOWHERE, ELSEWHERE, MOVED, MOVED_TRIGGER):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TRIGGER move_activity ON citizen")
    op.execute("DROP FUNCTION move_activity()")
