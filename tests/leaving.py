"""Somebody whom no table could forget by accident, and what to look for once they have left."""

from typing import Any

import sqlalchemy as sa

from db.engine import Database
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


async def everywhere(database: Database) -> str:
    """Every row of every table, as the catalog of the database names them; binary values in hexadecimal."""
    rows: list[str] = []
    async with database.reading() as session:
        tables = sa.text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        for table in (await session.scalars(tables)).all():
            whole = sa.text(f'SELECT "{table}"::text FROM "{table}"')  # noqa: S608 - names of our own tables
            rows += (await session.scalars(whole)).all()
    return "\n".join(rows).lower()


def found_in(text: str) -> list[str]:
    """Which of the marks stand in a text, as they are or in hexadecimal."""
    return [mark for mark in MARKS if mark.lower() in text or mark.encode().hex() in text]


async def one(database: Database, query: sa.Select[Any]) -> Any:
    async with database.reading() as session:
        return (await session.execute(query)).scalar_one()


async def count(database: Database, table: sa.Table, *where: sa.ColumnElement[bool]) -> Any:
    return await one(database, sa.select(sa.func.count()).select_from(table).where(*where))
