"""Answers under idempotency keys: whose turn it is, what came of it, and what was answered."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import kept_answer
from db.visibility import Condition
from db.work import Work
from domain.ids import CitizenId
from domain.repeats import Repeat

held = kept_answer.c


@dataclass(frozen=True, slots=True)
class Key:
    """An idempotency key, by its SHA-256, and whose it is. `citizen_id` is None for a token's."""

    caller: UUID
    fingerprint: bytes
    citizen_id: CitizenId | None


async def known(session: AsyncSession, key: Key) -> Repeat | None:
    """What is known of a key."""
    columns = (held.request, held.turn, held.turn_ends, held.expires_at, held.done, held.answer)
    row = (await session.execute(sa.select(*columns).where(_of(key)))).one_or_none()
    return None if row is None else Repeat(**row._mapping)


async def begin(work: Work, key: Key, fresh: Repeat, *, instead_of: Repeat | None) -> bool:
    """Take a turn under a key that nobody has, or instead of one that is over; whether nobody was first."""
    if instead_of is None:
        row = {"caller": key.caller, "fingerprint": key.fingerprint, "citizen_id": key.citizen_id, **asdict(fresh)}
        begun = insert(kept_answer).values(row).on_conflict_do_nothing().returning(held.turn)
        return (await work.execute(begun)).one_or_none() is not None
    same = (held.turn == instead_of.turn) & (held.done == instead_of.done)
    unanswered = sa.true() if instead_of.answer is not None else held.answer.is_(None)
    return await _changed(work, _of(key) & same & unanswered, asdict(fresh))


async def mark_done(work: Work, key: Key, turn: UUID) -> bool:
    """Say in a unit of work that it changes something; False where the turn has become another's."""
    return await _changed(work, _of(key) & (held.turn == turn), {"done": True})


async def keep(work: Work, key: Key, turn: UUID, answer: bytes | None, *, now: datetime) -> None:
    """End a turn with an answer; None is one that is not to be kept, of something that is done."""
    values: dict[str, Any] = {"done": True} if answer is None else {"answer": answer}  # Any: columns' values
    await _changed(work, _of(key) & (held.turn == turn), {**values, "turn_ends": now})


async def give_up(work: Work, key: Key, turn: UUID, *, now: datetime) -> None:
    """End a turn without an answer: where nothing was changed, others may begin."""
    theirs = _of(key) & (held.turn == turn)
    await work.execute(sa.delete(kept_answer).where(theirs, ~held.done))
    await _changed(work, theirs, {"turn_ends": now})


def _of(key: Key) -> Condition:
    return (held.caller == key.caller) & (held.fingerprint == key.fingerprint)


async def _changed(work: Work, which: Condition, values: Mapping[str, Any]) -> bool:
    changed = sa.update(kept_answer).where(which).values(**values).returning(held.turn)
    return (await work.execute(changed)).one_or_none() is not None
