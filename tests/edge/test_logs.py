"""Logs tell where and why something failed, and nothing of what people wrote."""

import os
from pathlib import Path

import asyncpg
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from db.engine import Database
from db.statements import Statement
from db.tables import citizen
from influents.logs import without_rows
from tests.conftest import FOLDER
from tests.rows import citizen_row, keep

MARK = "zyx-log-mark"


def the_servers_log() -> str:
    (log,) = Path(os.environ[FOLDER]).rglob("server.log")
    return log.read_text()


@pytest.mark.parametrize("handle", [MARK.upper(), MARK])
async def test_an_error_of_the_database_is_told_without_the_row_it_is_about(empty: Database, handle: str) -> None:
    await keep(empty, citizen_row(handle=MARK, bio=f"{MARK}\n\n{MARK}"))
    row = {"id": sa.func.gen_random_uuid(), "visibility": "PUBLIC", "member_since": sa.func.current_date()}

    with pytest.raises(IntegrityError) as failed:
        async with empty.unit_of_work() as work:
            await work.execute(sa.insert(citizen).values(**row, handle=handle, bio=f"{MARK}\n\n{MARK}"))
    told = without_rows((failed.type, failed.value, failed.tb))

    assert "citizen_handle" in told
    assert "INSERT INTO citizen" in told
    assert MARK not in told.lower()
    assert "citizen_handle" in the_servers_log()
    assert MARK not in the_servers_log().lower()


async def test_an_error_of_the_driver_is_told_without_the_value_it_is_about(empty: Database) -> None:
    asked = Statement(sa.select(sa.bindparam("number", type_=sa.Integer())), asyncpg.Record)

    with pytest.raises(asyncpg.DataError) as failed:
        await empty.reader.rows(asked, {"number": f"{MARK}\n{MARK}"})
    told = without_rows((failed.type, failed.value, failed.tb))

    assert "invalid input for query argument $1" in told
    assert MARK not in told
