"""What may be tried again later, told from mistakes of our own by PostgreSQL's own codes."""

import asyncpg
import pytest

from resolvers.failures import unavailable


@pytest.mark.parametrize(
    "code",
    [
        "08006",  # connection failure
        "25006",  # another leads now
        "53100",  # the disk is full
        "53200",  # no memory
        "53300",  # too many connections
        "57014",  # it took too long
        "57P01",  # told to stop
        "57P02",  # crashed
        "57P03",  # starting
        "58030",  # the disk can't be read
        "40P01",  # it and another waited for each other
        "40001",  # another was in the way, or a replica took away what was being read
    ],
)
def test_a_database_in_trouble_is_worth_another_try(code: str) -> None:
    assert unavailable(asyncpg.PostgresError.new({"C": code, "M": "trouble"}))


@pytest.mark.parametrize("code", ["22001", "23505", "42703", "XX000"])
def test_what_the_database_refuses_is_no_trouble_of_its(code: str) -> None:
    assert not unavailable(asyncpg.PostgresError.new({"C": code, "M": "a mistake"}))
