"""Words that events are searched by: French stems, whatever the accents and the case; and words with a letter wrong."""

import re
from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import REGCONFIG

from db.models.events import SPELT as SPELT_TEXT
from db.tables import event
from db.visibility import Condition

FRENCH = sa.cast("french", REGCONFIG)
SPELT: sa.ColumnElement[str] = sa.literal_column(SPELT_TEXT)
SHORTEST_MISSPELT = 4
MOST_WORDS = 10


def words_searched(search: str) -> sa.ColumnElement[object]:
    """Words as a person types them, to be held against the words of a row; accents and case don't matter."""
    return sa.func.websearch_to_tsquery(FRENCH, sa.func.plain_words(search))


def says(query: sa.ColumnElement[object]) -> Condition:
    """Whether the words of an event are what a query looks for."""
    return event.c.words.op("@@", is_comparison=True)(query)


def misspelt(search: str) -> Iterator[Condition]:
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
            yield no_help | sa.not_(says(query))
        elif len(word) < SHORTEST_MISSPELT:
            yield no_help | says(query)
        else:
            near = sa.func.near_spellings(SPELT).op("&&", is_comparison=True)(sa.func.near_spellings(word))
            yield sa.or_(no_help, says(query), near)


def relevance(search: str) -> sa.ColumnElement[float]:
    """How well the words of an event fit: those of its title count most, then its place, then its description."""
    return sa.cast(sa.func.ts_rank(event.c.words, words_searched(search)), sa.Double)
