"""Searching by words: French stems, whatever the accents and the case; and where none is found, with a letter wrong."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import REGCONFIG
from sqlalchemy.ext.asyncio import AsyncSession

from db.paging import Order, Row, count, is_empty, page
from db.visibility import Condition
from domain.paging import Page, Window

T = TypeVar("T")
Rows = Callable[[Sequence[UUID] | None], sa.Select[Any]]
"""What is in a list: with the words as they are written, or among those that have them with a letter wrong."""

FRENCH = sa.cast("french", REGCONFIG)
SHORTEST_MISSPELT = 4
MOST_WORDS = 10
MOST_NEAR = 5_000


def words_searched(search: str) -> sa.ColumnElement[object]:
    """Words as a person types them, to be held against the words of a row; accents and case don't matter."""
    return sa.func.websearch_to_tsquery(FRENCH, sa.func.plain_words(search))


@dataclass(frozen=True, slots=True)
class Searchable:
    """What a kind of thing is searched by: its words, and the text that may be misspelt, as it is indexed."""

    id: sa.ColumnElement[Any]
    words: sa.ColumnElement[Any]
    spelt: sa.ColumnElement[str]

    def holds(self, search: str, *, among: Sequence[UUID] | None) -> Condition:
        """Whether a row has the words that are searched for, or is among those that nearly do."""
        return self._says(words_searched(search)) if among is None else self.id.in_(among)

    async def near(self, session: AsyncSession, search: str) -> Sequence[UUID]:
        """What has the words with a letter wrong: found by itself, since no order of a list helps to find it."""
        found = await session.scalars(sa.select(self.id).where(*self._misspelt(search)).limit(MOST_NEAR))
        return found.all()

    def relevance(self, search: str) -> sa.ColumnElement[float]:
        """How well a row fits: what it is called counts more than where it is, that more than what is told of it."""
        return sa.cast(sa.func.ts_rank(self.words, words_searched(search)), sa.Double)

    def _says(self, query: sa.ColumnElement[object]) -> Condition:
        return self.words.op("@@", is_comparison=True)(query)

    def _misspelt(self, search: str) -> Iterator[Condition]:
        """Each word as it is written, or with a letter wrong where it is long enough to tell.

        Nothing where no word is, nor where some are in quotes: who puts them means them.
        """
        words = re.findall(r"(?<![-\w])(-?)(\w+)", search)[:MOST_WORDS]
        if '"' in search or not any(len(word) >= SHORTEST_MISSPELT for _, word in words):
            yield sa.false()
        for minus, word in words:
            query = sa.func.plainto_tsquery(FRENCH, sa.func.plain_words(word))
            no_help = sa.func.numnode(query) == 0  # « le », « de »: words that are in no index
            if minus:
                yield no_help | sa.not_(self._says(query))
            elif len(word) < SHORTEST_MISSPELT:
                yield no_help | self._says(query)
            else:
                near = sa.func.near_spellings(self.spelt).op("&&", is_comparison=True)(sa.func.near_spellings(word))
                yield sa.or_(no_help, self._says(query), near)


async def page_found(
    session: AsyncSession,
    words: Searchable,
    search: str | None,
    rows: Rows,
    *,
    order: Order,
    window: Window,
    read: Callable[[Row], T],
) -> Page[T]:
    """One page of a list; of what has a word a letter off, where nothing on any page has the words as written."""
    found = await page(session, rows(None), order, window, read)
    if found.items or search is None or not await is_empty(session, rows(None)):
        return found
    near = await words.near(session, search)
    return await page(session, rows(near), order, window, read)


async def total_found(session: AsyncSession, words: Searchable, search: str | None, rows: Rows) -> int:
    """How many there are in all, by the same rule."""
    exactly = await count(session, rows(None))
    if exactly or search is None:
        return exactly
    return await count(session, rows(await words.near(session, search)))
