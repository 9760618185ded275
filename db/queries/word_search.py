"""Searching by words: French stems, whatever the accents and the case; and where none is found, with a letter wrong."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import REGCONFIG
from sqlalchemy.ext.asyncio import AsyncSession

from db.paging import Order, Row, count, is_empty, page
from db.visibility import Condition
from domain.paging import Page, Window

T = TypeVar("T")
Rows = Callable[[bool], sa.Select[Any]]
"""What is in a list: with the words as they are written, or, where it is true, with a letter wrong too."""

FRENCH = sa.cast("french", REGCONFIG)
SHORTEST_MISSPELT = 4
MOST_WORDS = 10


def words_searched(search: str) -> sa.ColumnElement[object]:
    """Words as a person types them, to be held against the words of a row; accents and case don't matter."""
    return sa.func.websearch_to_tsquery(FRENCH, sa.func.plain_words(search))


@dataclass(frozen=True, slots=True)
class Searchable:
    """What a kind of thing is searched by: its words, and the text that may be misspelt, as it is indexed."""

    id: sa.ColumnElement[Any]
    words: sa.ColumnElement[Any]
    spelt: sa.ColumnElement[str]

    def holds(self, search: str, *, loosely: bool) -> Iterator[Condition]:
        """The conditions of a search, all of which must hold."""
        if loosely:
            # Found first, whatever the list is ordered by: to try each row in its order would take for ever.
            found = sa.select(self.id).where(*self._misspelt(search)).offset(0)
            yield self.id.in_(found.correlate(None))
        else:
            yield self._says(words_searched(search))

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
    session: AsyncSession, rows: Rows, order: Order, window: Window, read: Callable[[Row], T], *, searches: bool
) -> Page[T]:
    """One page of a list; of what has a word a letter off, where nothing on any page has the words as written."""
    found = await page(session, rows(False), order, window, read)
    if found.items or not searches or not await is_empty(session, rows(False)):
        return found
    return await page(session, rows(True), order, window, read)


async def total_found(session: AsyncSession, rows: Rows, *, searches: bool) -> int:
    """How many there are in all, by the same rule."""
    exactly = await count(session, rows(False))
    return exactly if exactly or not searches else await count(session, rows(True))
