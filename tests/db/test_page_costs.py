"""A page costs what it shows, however much there is beside it: of whom much is known no more is read."""

from collections import Counter
from collections.abc import AsyncIterator

import pytest
from rich.console import Console

from benchmarks.side_by_side.country import fill
from benchmarks.side_by_side.rows import Size
from db.engine import Database
from influents.embedded import Cluster
from resolvers.context import Context, Services
from resolvers.passwords import Passwords
from schema.build import build
from tests.asking import Answer, Ask
from tests.clock import Clock
from tests.conftest import services_on
from tests.migrating import fresh_databases
from tests.plans import Plans

pytestmark = [pytest.mark.xdist_group("page costs"), pytest.mark.timeout(120)]  # a country is made once for all

SIZE = Size(citizens=600, events=1_000, participations=90_000)
"""Who is active attended four hundred events, and each of these was attended by eighty."""
HISTORY = """{ citizen(handle: "citizen-7") { participations(first: 20) {
    edges { node { pointsAwarded event { title } } } pageInfo { hasNextPage } } } }"""
SUMMARIES = """{ events(first: 20, filter: { startsAfter: "2020-01-01T00:00:00Z" }) {
    edges { node { title feedbackSummary { count averageRating ratings { count } } } } } }"""


@pytest.fixture(scope="module")
async def country(cluster: Cluster, passwords: Passwords) -> AsyncIterator[Services]:
    async with fresh_databases(cluster) as make:
        database: Database = await make()
        await fill(database, SIZE, Console(quiet=True))
        yield await services_on(database, Clock(), passwords)


async def read_for(country: Services, document: str) -> tuple[Answer, Counter[str]]:
    """What is answered, and how many rows of each table are read for it."""
    plans = Plans(country.database)
    with plans.noted():
        answer = await Ask(build())(Context(country), document)
    return answer, await plans.rows_read()


async def test_a_page_of_a_history_reads_as_much_of_it_and_of_the_ledger(country: Services) -> None:
    answer, rows = await read_for(country, HISTORY)

    page = answer["citizen"]["participations"]
    assert page["pageInfo"]["hasNextPage"]
    assert len(page["edges"]) == 20
    assert all(edge["node"]["pointsAwarded"] for edge in page["edges"])
    assert 21 <= rows["participation"] <= 30, "one in ten isn't listed, and a row more tells of the next page"
    assert 20 <= rows["ledger_entry"] <= 21


async def test_what_feedback_comes_to_is_told_without_reading_any(country: Services) -> None:
    answer, rows = await read_for(country, SUMMARIES)

    summaries = [edge["node"]["feedbackSummary"] for edge in answer["events"]["edges"]]
    assert len(summaries) == 20
    assert sum(each["count"] for each in summaries) > 80
    assert rows["event_rating"] == 20
    assert rows["feedback"] == 0
