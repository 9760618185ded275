"""No hot path reads a large table whole: what the service asks is explained, in a country large enough for PostgreSQL
to choose as it would in a larger one.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest
import sqlalchemy as sa
from rich.console import Console

from benchmarks.side_by_side.country import fill
from benchmarks.side_by_side.rows import CANCELLED_OR_DRAFT, SECRET, Size
from db.engine import Database, connect
from db.queries import accounts, reference
from db.statements import Statement
from db.writes import webhook_deliveries
from domain.check_in_codes import code_at
from domain.citizens import Viewer
from domain.ids import CitizenId, SessionId
from influents.embedded import Cluster
from resolvers import deliveries
from resolvers.announcing import pass_on
from resolvers.badge_keys import BadgeIssuer
from resolvers.context import Context, Services
from resolvers.event_endings import complete_overdue
from resolvers.forgetting import forget
from resolvers.passwords import Passwords
from resolvers.tokens import Tokens
from schema.build import InfluentsSchema, build
from schema.ids import Kind, seal
from tests.asking import Ask
from tests.hot_pages import key, pages
from tests.migrating import fresh_databases
from tests.plans import Plans

pytestmark = [pytest.mark.xdist_group("plans"), pytest.mark.timeout(240)]  # a country is made once for all

SIZE = Size(citizens=10_000, events=4_000, participations=60_000)
SECRET_KEY, ADDRESS = b"a secret of the tests, 32 bytes at least", "https://influents.test"
SOMEBODY = 4_711
ORGANIZER, ORGANIZED = 327, 2_127
"""A member of an organisation, and an event of that."""

BESIDES = """
    INSERT INTO notification (citizen_id, id, kind, event_id, parameters, created_at, read_at)
    SELECT citizen_id, id, 'LEVEL_REACHED', NULL, '{"level": 2}', registered_at, CASE WHEN listed THEN now() END
    FROM participation LIMIT 20000;
    INSERT INTO outbox_message (id, topic, citizen_id, payload, created_at, due_at, attempts, done_at, gave_up)
    SELECT id, 'notification', citizen_id, '{}', now(), now(), 1,
        CASE WHEN random() < 0.999 THEN now() - random() * interval '30 days' END, false
    FROM participation LIMIT 20000;
    INSERT INTO activity (citizen_id, entry_id, theme, participation_id, territory_code, occurred_at, points, listed)
    SELECT l.citizen_id, l.id, l.theme, l.participation_id, e.territory_code, l.occurred_at, l.points, true
    FROM ledger_entry l JOIN event e ON e.id = l.event_id;
    INSERT INTO email_token (citizen_id, fingerprint, purpose, email, issued_at, expires_at)
    SELECT citizen_id, decode(md5(citizen_id::text), 'hex'), 'VERIFY_EMAIL', email, now(),
        now() + random() * interval '1 day' FROM account;
    INSERT INTO refresh_token (citizen_id, fingerprint, session_id, issued_at)
    SELECT citizen_id, decode(md5(id::text), 'hex'), id, now() FROM session;
    INSERT INTO kept_answer (caller, fingerprint, citizen_id, request, turn, turn_ends, done, expires_at)
    SELECT citizen_id, decode(md5(id::text), 'hex'), citizen_id, decode(md5('r'), 'hex'), id,
        now(), true, now() + random() * interval '1 day' FROM participation LIMIT 10000;
    INSERT INTO organization_member (organization_id, citizen_id, role, invited_at, accepted_at)
    SELECT o.id, c.id, 'OWNER', now(), now() FROM (SELECT id, substr(handle, 9)::int AS n FROM citizen) c
    JOIN organization o ON o.slug = 'organization-' || 1 + n % 200 WHERE n % 3 = 0;
"""


@pytest.fixture(scope="module")
async def country(cluster: Cluster) -> AsyncIterator[Services]:
    async with fresh_databases(cluster) as make:
        database: Database = await make()
        filling = connect(database.engine.url.render_as_string(hide_password=False), statement_seconds=200)
        await fill(filling, SIZE, Console(quiet=True))
        async with filling.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            driver: Any = (await connection.get_raw_connection()).driver_connection  # Any: takes many at once
            await driver.execute(f"BEGIN; SET LOCAL session_replication_role = replica; {BESIDES} COMMIT")
            await driver.execute("VACUUM ANALYZE")
        await filling.close()
        passwords = Passwords(workers=1)
        async with database.reading() as session:
            policies = await reference.policies(session)
        yield Services(
            database=database,
            policies=policies,
            passwords=passwords,
            tokens=Tokens(secret=SECRET_KEY, issuer=ADDRESS),
            badges=BadgeIssuer(secret=SECRET_KEY, address=ADDRESS),
            clock=lambda: datetime.now(UTC),
        )
        passwords.close()


@pytest.fixture(scope="module")
def schema() -> InfluentsSchema:
    return build()


async def viewer(services: Services, number: int = SOMEBODY) -> Viewer:
    found = await accounts.viewer(
        services.database.reader,
        CitizenId(key("citizen", number)),
        SessionId(key("session", number)),
        now=services.clock(),
    )
    assert found is not None
    return found


PAGES = dict(pages())


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("known", [False, True], ids=["nobody", "somebody"])
async def test_no_page_reads_a_large_table_whole(
    country: Services, schema: InfluentsSchema, name: str, known: bool
) -> None:
    ctx = Context(country, viewer=await viewer(country) if known else None)
    plans = Plans(country.database)
    document, variables = PAGES[name]

    with plans.noted():
        answer = await Ask(schema)(ctx, document, **variables)

    assert not answer.errors
    assert plans.asked or not known
    assert await plans.whole() == {}


_TEXT = sa.column("statement", sa.Text())
_COUNTS: list[sa.ColumnClause[Any]] = [sa.column("generic_plans"), sa.column("custom_plans")]  # Any: numbers
PREPARED = Statement(
    sa.select(_TEXT, *_COUNTS)
    .select_from(sa.table("pg_prepared_statements"))
    .where(_TEXT.like("%FROM skill_holding%") | _TEXT.like("%FROM participation%")),
    asyncpg.Record,
)


async def test_what_is_asked_of_one_is_not_planned_each_time(country: Services, schema: InfluentsSchema) -> None:
    document, variables = PAGES["a profile"]
    for _ in range(60):  # on each connection, five plans of its own come before one that is good for all
        await Ask(schema)(Context(country), document, **variables)

    reader = country.database.reader
    told = await asyncio.gather(*(reader.rows(PREPARED, {}) for _ in range(reader.size)))  # each by another connection
    prepared = [each for rows in told for each in rows if each["generic_plans"] + each["custom_plans"] > 6]

    assert prepared
    assert [each["statement"] for each in prepared if not each["generic_plans"]] == []


AN_OPEN_EVENT = SIZE.events + 2 * (SIZE.events // CANCELLED_OR_DRAFT) + 7
REGISTER = "mutation($id: ID!) { register(input: {event: $id}) { errors { message } } }"
CHECK_IN = """mutation($id: ID!, $code: String!) {
    checkIn(input: {event: $id, code: $code}) { participation { pointsAwarded } errors { message } } }"""
DESK = """query($id: ID!) { node(id: $id) { ... on Event { registrations(first: 20) {
    totalCount edges { node { status citizen { handle } } } } } } }"""


async def test_taking_part_reads_no_large_table_whole(country: Services, schema: InfluentsSchema) -> None:
    ctx = Context(country, viewer=await viewer(country))
    event_id = key("event", AN_OPEN_EVENT)
    id_, code = seal(Kind.EVENT, event_id), code_at(SECRET, country.clock())
    plans = Plans(country.database)

    with plans.noted():
        registered = await Ask(schema)(ctx, REGISTER, id=id_)
        checked_in = await Ask(schema)(ctx, CHECK_IN, id=id_, code=code)

    assert registered["register"]["errors"] == checked_in["checkIn"]["errors"] == []
    assert checked_in["checkIn"]["participation"]["pointsAwarded"] > 0
    assert await plans.whole() == {}


async def test_an_organisers_desk_reads_no_large_table_whole(country: Services, schema: InfluentsSchema) -> None:
    ctx = Context(country, viewer=await viewer(country, ORGANIZER))
    plans = Plans(country.database)

    with plans.noted():
        answer = await Ask(schema)(ctx, DESK, id=seal(Kind.EVENT, key("event", ORGANIZED)))

    assert answer["node"]["registrations"]["edges"]
    assert await plans.whole() == {}


async def test_signing_in_reads_no_large_table_whole(country: Services) -> None:
    plans = Plans(country.database)

    with plans.noted():
        await viewer(country)
        async with country.database.reading() as session:
            await accounts.credentials(session, f"{SOMEBODY}@example.org")
            await accounts.presented(session, b"no such token", now=country.clock())

    assert len(plans.asked) == 3
    assert await plans.whole() == {}


async def test_what_the_worker_does_every_second_reads_no_large_table_whole(country: Services) -> None:
    plans = Plans(country.database)

    with plans.noted():
        assert await deliveries.take(country, limit=5)
        await deliveries.waiting(country)
        await pass_on(country)
        async with country.database.unit_of_work() as work:
            await webhook_deliveries.take(work, now=country.clock(), limit=32)

    assert await plans.whole() == {}


async def test_what_the_worker_does_from_time_to_time_reads_no_large_table_whole(country: Services) -> None:
    plans = Plans(country.database)

    with plans.noted():
        await complete_overdue(Context(country))
        await forget(country)

    assert await plans.whole() == {}


async def test_a_table_that_is_read_whole_is_found(country: Services) -> None:
    plans = Plans(country.database)

    with plans.noted():
        async with country.database.reading() as session:
            await session.execute(sa.text("SELECT count(*) FROM event WHERE venue_city = 'Ville 7'"))

    assert list(await plans.whole()) == ["event"]
