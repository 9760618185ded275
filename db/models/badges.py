"""Where a credential stands in the lists that say which ones hold no longer."""

from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from domain.badges import LIST_SIZE


class BadgeStatus(SQLModel, table=True):
    """A place in a status list, drawn when somebody first asks for the credential of a participation.

    Whose it is goes when they leave. The place stays taken, as it was: the paper is theirs, and no other's withdrawal
    must ever show on it.
    """

    __tablename__ = "badge_status"
    __table_args__ = (
        sa.UniqueConstraint("citizen_id", "participation_id", name="badge_status_once"),
        sa.ForeignKeyConstraint(
            ["citizen_id", "participation_id"],
            ["participation.citizen_id", "participation.id"],
            name="badge_status_participation",
        ),
        sa.CheckConstraint("list_number > 0", name="badge_status_list"),
        sa.CheckConstraint(f"list_index BETWEEN 0 AND {LIST_SIZE - 1}", name="badge_status_index"),
        sa.CheckConstraint("(citizen_id IS NULL) = (participation_id IS NULL)", name="badge_status_whose"),
        sa.Index("badge_status_revoked", "list_number", "list_index", postgresql_where=sa.text("revoked")),
    )

    list_number: int = Field(primary_key=True)
    list_index: int = Field(primary_key=True)
    citizen_id: UUID | None = Field(default=None, foreign_key="citizen.id")
    participation_id: UUID | None = None
    revoked: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
