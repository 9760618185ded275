"""Slugs: the first free one of a title's, never given to another."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from secrets import token_hex

import sqlalchemy as sa

from db.models.columns import Texts
from db.work import Work

TRIES = 50


async def free_slug(work: Work, table: sa.Table, wanted: str) -> str:
    """`wanted`, or the first of `wanted-2`, `wanted-3` … that is free. Two who ask at once wait for each other."""
    stem = re.sub(r"(-\d+)+$", "", wanted)
    beside_others = sa.func.pg_advisory_xact_lock_shared(sa.func.hashtext(f"{table.name}:"))
    await work.execute(
        sa.select(beside_others, sa.func.pg_advisory_xact_lock(sa.func.hashtext(f"{table.name}:{stem}")))
    )
    taken = await _taken(work, table, list(_candidates(wanted)))
    return _first_free(wanted, taken)


async def free_slugs(work: Work, table: sa.Table, wanted: Sequence[str]) -> list[str]:
    """A free slug for each that is wanted, in their order; none of them twice.

    Who asks for many waits for everybody who asks for the same table, and they wait for its unit of work to end: one
    lock, where a lock a slug would fill the server's table of locks. Ask late in a unit of work.
    """
    await work.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(f"{table.name}:"))))
    taken: set[str] = set()
    while True:
        given = _given(wanted, taken)
        found = await _taken(work, table, given)
        if not found:
            return given
        again = Counter(slug for slug, got in zip(wanted, given, strict=True) if got in found)
        candidates = [each for slug, times in again.items() for each in _candidates(slug, TRIES + times)]
        taken |= found | await _taken(work, table, candidates)


def _given(wanted: Sequence[str], taken: Collection[str]) -> list[str]:
    """What each gets, as far as it is known what is taken."""
    used = set(taken)
    times = Counter(wanted)
    given: list[str] = []
    for slug in wanted:
        given.append(_first_free(slug, used, TRIES + times[slug]))
        used.add(given[-1])
    return given


def _candidates(wanted: str, tries: int = TRIES) -> Iterator[str]:
    yield wanted
    yield from (f"{wanted}-{number}" for number in range(2, tries))


def _first_free(wanted: str, taken: Collection[str], tries: int = TRIES) -> str:
    free = (candidate for candidate in _candidates(wanted, tries) if candidate not in taken)
    return next(free, f"{wanted}-{token_hex(4)}")


async def _taken(work: Work, table: sa.Table, candidates: Sequence[str]) -> set[str]:
    if not candidates:
        return set()
    asked = sa.bindparam("candidates", candidates, type_=Texts)
    return set(await work.scalars(sa.select(table.c.slug).where(table.c.slug == sa.any_(asked))))
