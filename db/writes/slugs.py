"""Slugs: the first free one of a title's, never given to another."""

import re
from secrets import token_hex

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

TRIES = 50


async def free_slug(work: AsyncSession, table: sa.Table, wanted: str) -> str:
    """`wanted`, or the first of `wanted-2`, `wanted-3` … that is free. Two who ask at once wait for each other."""
    stem = re.sub(r"-\d+$", "", wanted)
    await work.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(f"{table.name}:{stem}"))))
    candidates = [wanted, *(f"{wanted}-{number}" for number in range(2, TRIES))]
    taken = set(await work.scalars(sa.select(table.c.slug).where(table.c.slug.in_(candidates))))
    free = (candidate for candidate in candidates if candidate not in taken)
    return next(free, f"{wanted}-{token_hex(4)}")
