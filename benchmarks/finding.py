"""`python -m benchmarks.finding`: how long finding takes in the database, in a country of 100,000 events."""

import asyncio
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import md5
from pathlib import Path

import sqlalchemy as sa
from rich.console import Console
from rich.progress import Progress

from benchmarks.filling import Size, statements
from benchmarks.measuring import Asked, measure
from db.engine import Database, connect
from db.migrate import migrate
from db.queries import citizen_search, event_search, local_actors, organization_search
from db.queries.reference import policies
from domain.filters import CitizenFilter, CitizenOrder, EventFilter, EventOrder, OrganizationFilter
from domain.geography import Bounds, Near
from domain.ids import TerritoryCode
from domain.local_actors import WINDOW, Search
from domain.paging import Place, Window
from domain.policy import Policy
from domain.words import ThemeCode
from influents.embedded import start

NANTES = Near(47.2184, -1.5536, 20)
LOIRE_ATLANTIQUE, FRANCE = TerritoryCode("FR-44"), TerritoryCode("FR")
PAGE = Window(20)
HANDLE = md5(b"4711", usedforsecurity=False).hexdigest()[:8]
"""What forty citizens are called by."""


def event_questions() -> Iterator[tuple[str, EventFilter, EventOrder]]:
    """Each filter and order, and some together."""
    ahead = EventFilter(starts_after=datetime(2026, 11, 1, tzinfo=UTC))
    for order in (EventOrder.STARTS_AT_ASC, EventOrder.UPDATED_AT_ASC, EventOrder.POINTS_DESC):
        yield f"all, {order.value}", EventFilter(), order
    yield "a word that one event in ten has", replace(ahead, search="bibliothèque"), EventOrder.STARTS_AT_ASC
    yield "two words", replace(ahead, search="budget participatif"), EventOrder.STARTS_AT_ASC
    yield "a word, RELEVANCE", EventFilter(search="bibliothèque"), EventOrder.RELEVANCE
    yield "a word with a letter wrong", EventFilter(search="biblioteque"), EventOrder.STARTS_AT_ASC
    yield "a word that no event has", EventFilter(search="introuvable"), EventOrder.STARTS_AT_ASC
    yield (
        "a department and a theme",
        replace(ahead, territory=LOIRE_ATLANTIQUE, themes=(ThemeCode.CULTURE,)),
        EventOrder.STARTS_AT_ASC,
    )
    yield "a country, POINTS_DESC", replace(ahead, territory=FRANCE), EventOrder.POINTS_DESC
    yield "20 km around, DISTANCE_ASC", replace(ahead, near=NANTES), EventOrder.DISTANCE_ASC
    yield "200 km around, DISTANCE_ASC", EventFilter(near=replace(NANTES, radius_km=200)), EventOrder.DISTANCE_ASC
    yield "a rectangle", replace(ahead, within=Bounds(48, 47, -1, -2)), EventOrder.STARTS_AT_ASC
    yield "with seats", replace(ahead, with_seats=True), EventOrder.STARTS_AT_ASC
    yield "a talent sought", replace(ahead, sought_talents=("Vélo",)), EventOrder.STARTS_AT_ASC
    yield (
        "words, place, theme and seats together",
        replace(
            ahead, search="jardin", near=replace(NANTES, radius_km=100), themes=(ThemeCode.CULTURE,), with_seats=True
        ),
        EventOrder.DISTANCE_ASC,
    )


def of_events(where: EventFilter, order: EventOrder, window: Window = PAGE) -> Asked:
    return lambda session: event_search.listed(session, None, where, order=order, window=window)


def of_citizens(where: CitizenFilter, order: CitizenOrder, policy: Policy) -> Asked:
    return lambda session: citizen_search.listed(session, None, where, order=order, window=PAGE, policy=policy)


def of_organizations(where: OrganizationFilter) -> Asked:
    return lambda session: organization_search.listed(session, where, PAGE)


def of_the_emerging(search: Search, *, counted: bool = False) -> Asked:
    return lambda session: local_actors.emerging(session, search, PAGE, counted=counted)


def questions(policy: Policy, middle: Place) -> Iterator[tuple[str, Asked]]:
    """What is measured: a name, and the function that asks as the service does."""
    for name, where, order in event_questions():
        yield f"events: {name}", of_events(where, order)
    far = Window(20, after=middle)
    yield "events: a page from the middle of all", of_events(EventFilter(), EventOrder.STARTS_AT_ASC, far)
    near, misspelt = CitizenFilter(territory=LOIRE_ATLANTIQUE, talents=("vélo",)), f"x{HANDLE[:4]}z{HANDLE[5:]}"
    people = [
        ("a word", CitizenFilter(search="jardin"), CitizenOrder.MEMBER_SINCE_DESC),
        ("a name with a letter wrong", CitizenFilter(search=misspelt), CitizenOrder.HANDLE_ASC),
        ("a department and a talent", near, CitizenOrder.HANDLE_ASC),
        ("the board", CitizenFilter(), CitizenOrder.EARNED_POINTS_DESC),
        ("levels 5 to 6", CitizenFilter(minimum_level=5, maximum_level=6), CitizenOrder.EARNED_POINTS_DESC),
    ]
    for name, who, by in people:
        yield f"citizens: {name}", of_citizens(who, by, policy)
    yield "organisations: a word", of_organizations(OrganizationFilter(search="théâtre"))
    now = datetime.now(UTC)
    search = Search(territory=LOIRE_ATLANTIQUE, theme=ThemeCode.CULTURE, since=now - WINDOW, now=now)
    lately = replace(search, since=now - timedelta(days=30))
    yield "emerging citizens: a department and a theme", of_the_emerging(search)
    yield "emerging citizens: a department, any theme", of_the_emerging(replace(search, theme=None))
    yield "emerging citizens: a department and a theme in 30 days", of_the_emerging(lately)
    yield "emerging citizens: a whole country", of_the_emerging(replace(search, territory=FRANCE), counted=True)


async def fill(database: Database, size: Size, console: Console) -> None:
    """Everything that there is, with a bar for whoever waits."""
    from db.writes.local_actors import count_boards

    steps = list(statements(size))
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("", total=len(steps) + 1)
        async with database.unit_of_work() as work:
            await work.execute(sa.text("SET LOCAL session_replication_role = replica"))  # no triggers: they announce
            for name, statement in steps:
                bar.update(task, description=name)
                await (await work.connection()).exec_driver_sql(statement)
                bar.advance(task)
            bar.update(task, description="boards")
            await count_boards(work, now=datetime.now(UTC))
        async with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            await connection.execute(sa.text("VACUUM ANALYZE"))


async def main(size: Size, runs: int, console: Console) -> None:
    with tempfile.TemporaryDirectory(prefix="influents-bench-") as folder:
        Path(folder).chmod(0o755)  # for root, PostgreSQL runs as another user
        cluster = start(Path(folder), {"shared_buffers": "1GB", "max_wal_size": "8GB", "fsync": "off"})
        try:
            cluster.ensure_database("bench")
            database = connect(cluster.url("bench"), statement_seconds=3600)
            await migrate(database)
            await fill(database, size, console)
            async with database.reading() as session:
                policy = (await policies(session)).in_force_at(datetime.now(UTC))
                middle = await session.execute(
                    sa.text("SELECT starts_at, id FROM event ORDER BY starts_at, id LIMIT 1 OFFSET :half"),
                    {"half": size.events // 2},
                )
                starts_at, id_ = middle.one()
            print("| Question | Statements | Milliseconds | Found by |\n| --- | ---: | ---: | --- |")
            for name, asked in questions(policy, (starts_at.isoformat(), str(id_))):
                found = await measure(database, asked, runs=runs)
                by = ", ".join(f"`{scan}`" for scan in found.scans)
                print(f"| {name} | {found.statements} | {found.milliseconds:.1f} | {by} |", flush=True)
            await database.close()
        finally:
            cluster.release()


if __name__ == "__main__":
    parser = ArgumentParser(prog="python -m benchmarks.finding", description=__doc__)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--citizens", type=int, default=200_000)
    parser.add_argument("--entries", type=int, default=5_000_000, help="what people did, in three years")
    parser.add_argument("--runs", type=int, default=5, help="of each question; the median is told")
    given = parser.parse_args()
    asyncio.run(main(Size(given.citizens, given.events, given.entries), given.runs, Console(stderr=True)))
    sys.exit()
