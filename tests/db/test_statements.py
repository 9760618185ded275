"""Statements that are kept: those that are asked, as long as they are."""

import asyncpg
import sqlalchemy as sa

from db.statements import MOST_KINDS, Kinds


def test_a_statement_is_kept_while_it_is_asked_however_many_others_are() -> None:
    made: list[int] = []

    def ask(kind: int) -> None:
        def write() -> sa.Select[tuple[int]]:
            made.append(kind)
            return sa.select(sa.literal(kind))

        assert str(kind) in kinds.of(kind, write).sql

    kinds = Kinds(asyncpg.Record)
    for other in range(1, 3 * MOST_KINDS):
        ask(0)
        ask(other)
    assert made.count(0) == 1

    for kind in range(10 * MOST_KINDS, 10 * MOST_KINDS + MOST_KINDS + 1):
        ask(kind)
    ask(0)
    assert made.count(0) == 2, "what isn't asked is forgotten"
