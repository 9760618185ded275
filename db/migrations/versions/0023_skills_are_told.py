"""Skills are told: since when others know of one is kept beside it, and orders them"""

from uuid import UUID

import sqlalchemy as sa
from alembic import op

from db.telling_skills import FUNCTIONS, TRIGGERS

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

AT_ONCE = 1_000
NOBODY = UUID(int=0)
LAST, UNTIL = (sa.bindparam(name, type_=sa.Uuid()) for name in ("last", "until"))
UNTOLD = sa.text(
    "SELECT citizen_id FROM skill_holding WHERE told_at IS NULL AND citizen_id > :last ORDER BY citizen_id LIMIT :at_once"
).bindparams(LAST, at_once=AT_ONCE)
TELL = sa.text(
    "UPDATE skill_holding SET told_at = told_at WHERE told_at IS NULL AND citizen_id > :last AND citizen_id <= :until"
).bindparams(LAST, UNTIL)


def upgrade() -> None:
    """Each statement is a transaction of its own, which may be run again: none holds two tables at once."""
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE skill_holding ADD COLUMN IF NOT EXISTS told_at TIMESTAMP WITH TIME ZONE")
        for statement in (*FUNCTIONS, *TRIGGERS):
            op.execute(statement)
        _tell_what_is_there(op.get_bind())
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS skill_told")
        op.execute(
            "CREATE INDEX CONCURRENTLY skill_told ON skill_holding (citizen_id, told_at, theme) WHERE lost_at IS NULL"
        )


def _tell_what_is_there(connection: sa.Connection) -> None:
    """What is right is said by the skill's own trigger."""
    last = NOBODY
    while some := connection.scalars(UNTOLD, {"last": last}).all():
        connection.execute(TELL, {"last": last, "until": some[-1]})
        last = some[-1]


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS skill_told")
    for trigger, table in (
        ("tell_listed_skills", "participation"),
        ("tell_completed_skills", "ledger_entry"),
        ("tell_skill", "skill_holding"),
    ):
        op.execute(f"DROP TRIGGER {trigger} ON {table}")
        op.execute(f"DROP FUNCTION {trigger}()")
    op.drop_column("skill_holding", "told_at")
