"""What is examined: an installation's settings, and its database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from db.engine import Database
from influents.settings import Settings

Row = Mapping[str, Any]  # Any: a value of a catalog's


@dataclass(frozen=True, slots=True)
class Patient:
    """An installation.

    Attributes:
        settings: As every process of it reads them.
        url: Where its database is.
        database: Connections to it, of the kind that the service itself has.
    """

    settings: Settings
    url: str
    database: Database

    @property
    def in_earnest(self) -> bool:
        """Whether it has a database of its own: what is embedded is for trials."""
        return self.settings.database_url is not None

    @property
    def address(self) -> str:
        return self.settings.issuer or self.settings.address

    async def rows(self, statement: str, **parameters: object) -> Sequence[Row]:
        """What the database answers."""
        async with self.database.reading() as session:
            return [dict(row) for row in (await session.execute(sa.text(statement), parameters)).mappings()]

    async def row(self, statement: str, **parameters: object) -> Row:
        """The one row that it answers."""
        return (await self.rows(statement, **parameters))[0]
