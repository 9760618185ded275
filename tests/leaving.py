"""Somebody whom no table could forget by accident, and what to look for once they have left."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from db.engine import Database
from db.writes.announcements import pass_on
from domain.accounts import ProfileVisibility, SignUp
from domain.charter import CHARTER_VERSION
from domain.citizens import ProfileLink
from resolvers import accounts, profiles
from resolvers.context import Context
from tests.factories import PASSWORD, Town

MARKS = (
    "zyx-email-mark",
    "zyx-handle-mark",
    "Zyx Nom Inoubliable",
    "zyx bio inoubliable",
    "zyx-link-mark",
    "zyx-avatar-mark",
    "zyx-talent-mark",
    "ZyxAgent/203.0.113.77",
    "zyx-pending-mark",
    "zyx-subject-mark",
    "zyx motif inoubliable",
    "zyx avis inoubliable",
)
SIGN_UP = SignUp(
    email="zyx-email-mark@example.org",
    password=PASSWORD,
    handle="zyx-handle-mark",
    full_name="Zyx Nom Inoubliable",
    visibility=ProfileVisibility.PUBLIC,
    charter_version=CHARTER_VERSION,
    at_least_fifteen=True,
    at_least_eighteen=True,
)


async def me(town: Town) -> tuple[Context, accounts.Opened]:
    """Somebody whom no table could forget by accident."""
    ctx = Context(town.services, user_agent="ZyxAgent/203.0.113.77")
    opened = await accounts.sign_up(ctx, SIGN_UP, assessment_token=None)
    await profiles.update_profile(
        ctx,
        bio="zyx bio inoubliable",
        avatar_url="https://example.org/zyx-avatar-mark.png",
        links=[ProfileLink("zyx-link-mark", "https://example.org/zyx-link-mark")],
        talents=["zyx-talent-mark"],
    )
    return ctx, opened


COLUMNS = """SELECT c.relname, array_agg(a.attname ORDER BY a.attnum) FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relkind IN ('r', 'p', 'm') AND c.relnamespace = 'public'::regnamespace GROUP BY c.relname"""


async def passed_on(database: Database) -> None:
    """What was announced and waits for the relay goes out, as it does within a second: only ids stand in it."""
    while await pass_on(database):
        pass


async def kept(database: Database) -> dict[str, str]:
    """Everything in the database, by table and column; what is binary both in hexadecimal and as text."""
    found: dict[str, str] = {}
    async with database.reading() as session:
        for table, columns in (await session.execute(sa.text(COLUMNS))).all():
            texts = ", ".join(f'"{column}"::text' for column in columns)
            rows = (await session.execute(sa.text(f'SELECT {texts} FROM "{table}"'))).all()  # noqa: S608
            for place, column in enumerate(columns):
                found[f"{table}.{column}"] = "\n".join(row[place] or "" for row in rows).lower()
    assert len(found) > 150
    return found


def traces(where: Mapping[str, str], *marks: str) -> list[str]:
    """The places where any of the marks stands, as it is or in hexadecimal."""
    return [
        f"{mark} in {place}"
        for place, text in where.items()
        for mark in marks
        if mark in text or mark.encode().hex() in text
    ]


async def everywhere(database: Database) -> str:
    """All of it in one text."""
    return "\n".join((await kept(database)).values())


def found_in(text: str) -> list[str]:
    """Which of the marks stand in a text, as they are or in hexadecimal."""
    return [mark for mark in MARKS if mark.lower() in text or mark.encode().hex() in text]


async def one(database: Database, query: sa.Select[Any]) -> Any:
    async with database.reading() as session:
        return (await session.execute(query)).scalar_one()


async def count(database: Database, table: sa.Table, *where: sa.ColumnElement[bool]) -> Any:
    return await one(database, sa.select(sa.func.count()).select_from(table).where(*where))
