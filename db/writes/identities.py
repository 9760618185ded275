"""Outside identities: linked to accounts, and unlinked. The account is locked."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import account, outside_identity
from db.visibility import Condition
from db.work import Work
from domain.identities import OutsideIdentity
from domain.ids import CitizenId

identity = outside_identity


async def of_citizen(session: AsyncSession, citizen_id: CitizenId) -> Sequence[OutsideIdentity]:
    rows = await session.execute(
        sa.select(identity).where(identity.c.citizen_id == citizen_id).order_by(identity.c.linked_at, identity.c.issuer)
    )
    return [OutsideIdentity(issuer=row.issuer, linked_at=row.linked_at) for row in rows]


async def subject_of(session: AsyncSession, citizen_id: CitizenId, issuer: str) -> str | None:
    """Who a citizen is at an issuer, where they have linked that."""
    theirs = (identity.c.citizen_id == citizen_id) & (identity.c.issuer == issuer)
    return await session.scalar(sa.select(identity.c.subject).where(theirs))


async def link(work: Work, citizen_id: CitizenId, issuer: str, subject: str, *, now: datetime) -> bool:
    """Link an identity; False where it is another account's, or this one has another of the same issuer."""
    values = {"citizen_id": citizen_id, "issuer": issuer, "subject": subject, "linked_at": now}
    added = insert(identity).values(**values).on_conflict_do_nothing().returning(sa.literal(1))
    return (await work.execute(added)).first() is not None


async def unlink(work: Work, citizen_id: CitizenId, issuer: str) -> bool:
    """Unlink the identity of an issuer; False where there is none."""
    return await _unlink(work, citizen_id, identity.c.issuer == issuer)


async def unlink_all(work: Work, citizen_id: CitizenId, *, but: str | None = None) -> None:
    """Unlink every identity, but for that of an issuer where it is named."""
    await _unlink(work, citizen_id, sa.true() if but is None else identity.c.issuer != but)


async def _unlink(work: Work, citizen_id: CitizenId, which: Condition) -> bool:
    """Unlink some identities; whether there were any. No address links one again: whoever was in must stay out."""
    theirs = (identity.c.citizen_id == citizen_id) & which
    gone = await work.execute(sa.delete(identity).where(theirs).returning(sa.literal(1)))
    if gone.first() is None:
        return False
    await work.execute(sa.update(account).where(account.c.citizen_id == citizen_id).values(linked_by_address=False))
    return True
