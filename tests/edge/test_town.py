"""The demo town: made by the rules, twice the same, and ready to be tried."""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from db.engine import Database
from db.models import metadata
from db.queries import reference
from db.tables import citizen, citizen_total, ledger_entry, outbox_message, participation, skill_holding
from db.tables import event as events_table
from domain.accounts import ProfileVisibility
from domain.events import EventStatus
from domain.filters import ParticipationFilter
from domain.influence import Influence
from domain.paging import Window
from domain.participations import ParticipationStatus
from domain.permissions import signed_in
from domain.policy import PARIS, RankCode
from domain.words import ThemeCode
from influents.town import (
    EARLIEST,
    TownNotEmpty,
    TownSummary,
    TownTooEarly,
    build_town,
)
from influents.town.people import DEMO_ACCOUNTS, DEMO_PASSWORD, email_of
from resolvers import accounts, citizens, events, organizations, participations
from resolvers.badge_keys import BadgeIssuer
from resolvers.context import Context, Services
from resolvers.passwords import Passwords
from resolvers.tokens import Tokens

pytestmark = pytest.mark.xdist_group("town")  # one worker builds it, once

SEED, NOW = 44, datetime(2026, 9, 16, 9, 20, 42, tzinfo=UTC)
SMALL = 22
"""Citizens: those with a part of their own, and three leaders."""
GIVEN = {"territory", "territory_within", "scoring_policy"}


@dataclass(frozen=True, slots=True)
class Built:
    services: Services
    summary: TownSummary
    first: list[str]
    second: list[str]


def no_clock() -> datetime:
    raise AssertionError("the town asked what time it really is")


async def emptied(database: Database) -> None:
    async with database.engine.begin() as connection:
        await connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        for table in metadata.sorted_tables:
            if table.name not in GIVEN:
                await connection.execute(sa.delete(table))


async def described(database: Database) -> list[str]:
    """Everything about the town that its seed decides, a line each."""
    who, what, entry, seat = citizen.c.handle, events_table.c.slug, ledger_entry.c, participation.c
    of_citizen = {
        table.name: citizen.c.id == table.c.citizen_id for table in (citizen_total, ledger_entry, skill_holding)
    }
    profile = (
        citizen.c[name] for name in ("visibility", "full_name", "territory_code", "member_since", "bio", "talents")
    )
    queries = (
        sa.select(who, *profile, citizen_total.c.points).outerjoin(citizen_total, of_citizen["citizen_total"]),
        sa.select(*(events_table.c[name] for name in ("slug", "status", "starts_at", "ends_at", "published_at"))),
        sa.select(who, what, seat.status, seat.registered_at, seat.attended_at)
        .join(citizen, citizen.c.id == seat.citizen_id)
        .join(events_table, events_table.c.id == seat.event_id),
        sa.select(who, what, entry.number, entry.kind, entry.occurred_at, entry.points, entry.balance)
        .select_from(ledger_entry)
        .join(citizen, of_citizen["ledger_entry"])
        .outerjoin(events_table, events_table.c.id == entry.event_id),
        sa.select(who, skill_holding.c.theme, skill_holding.c.acquired_at).join(citizen, of_citizen["skill_holding"]),
    )
    async with database.reading() as session:
        return [line for query in queries for line in sorted(map(repr, await session.execute(query)))]


@pytest.fixture(scope="module")
async def built(database: Database, passwords: Passwords) -> AsyncIterator[Built]:
    """The same town twice; the second is there to be looked at."""
    async with database.reading() as session:
        policies = await reference.policies(session)
    secret, address = b"a secret of the tests, 32 bytes at least", "https://influents.test"
    services = Services(
        database=database,
        policies=policies,
        passwords=passwords,
        tokens=Tokens(secret=secret, issuer=address),
        badges=BadgeIssuer(secret=secret, address=address),
        clock=no_clock,
    )
    await build_town(services, seed=SEED, now=NOW, citizens=SMALL)
    first = await described(database)
    await emptied(database)
    summary = await build_town(services, seed=SEED, now=NOW, citizens=SMALL)
    yield Built(services, summary, first, await described(database))
    await emptied(database)


@pytest.fixture
def services(built: Built) -> Services:
    """At the moment that the town has come to."""
    return replace(built.services, clock=lambda: NOW)


async def demo(services: Services, role: str) -> Context:
    """Somebody who signs in with a demo account."""
    account = next(account for account in DEMO_ACCOUNTS if account.role == role)
    ctx = Context(services)
    await accounts.sign_in(ctx, email=account.email, password=DEMO_PASSWORD)
    return ctx


def test_the_same_seed_and_moment_make_the_same_town(built: Built) -> None:
    assert len(built.first) > 200
    assert built.first == built.second


def test_the_summary_counts_what_there_is(built: Built) -> None:
    assert (built.summary.citizens, built.summary.organizations, built.summary.events) == (SMALL, 14, 39)
    assert built.summary.attendances > 50
    assert built.summary.registrations > built.summary.attendances
    assert built.summary.skills > 3
    assert built.summary.points > 0


async def test_the_barcamp_is_worth_200_points_and_nath_was_there(services: Services) -> None:
    nobody = Context(services)

    barcamp = await events.event_by_slug(nobody, "barcamp-datajournalisme")

    assert barcamp is not None
    details, venue = barcamp.details, barcamp.details.venue
    assert (details.title, details.themes) == ("Barcamp Datajournalisme", (ThemeCode.PUBLIC_ADMINISTRATION,))
    assert details.starts_at.astimezone(PARIS).isoformat() == "2013-12-20T16:30:00+01:00"
    assert details.ends_at - details.starts_at == timedelta(hours=4, minutes=30)
    assert venue is not None
    assert (venue.name, venue.address, venue.city) == ("Cantine Numérique", "20 rue de la Paix", "Nantes")
    assert (details.engagement, events.points(nobody, [barcamp])) == (3, [200])
    organizer = await events.organizer(nobody, barcamp)
    assert organizer == await organizations.organization_by_slug(nobody, "demotic")
    nath = await demo(services, "citizen")
    participation = await participations.viewer_participation(nath, barcamp.id)
    assert participation is not None
    assert participation.points_awarded == 200


async def test_naths_profile_has_something_to_show(services: Services) -> None:
    nobody = Context(services)

    nath = await citizens.citizen_by_handle(nobody, "nath")

    assert nath is not None
    assert (nath.name, nath.visibility) == ("nath (Nathan Berto)", ProfileVisibility.PUBLIC)
    assert nath.member_since.year == 2013
    assert nath.bio
    assert nath.links
    assert nath.talents
    shown: Influence = await citizens.citizen_influence(nobody, nath.id)
    assert shown.rank is RankCode.CONFIRMED
    assert shown.earned_level >= 5
    skills = {skill.theme for skill in await citizens.skills(nobody, nath.id)}
    assert skills == {ThemeCode.PUBLIC_ADMINISTRATION, ThemeCode.SUSTAINABLE_DEVELOPMENT}
    [history] = await participations.histories(nobody, [nath.id], ParticipationFilter(), Window(limit=50))
    assert len(history.items) == 21


async def test_every_balance_is_the_sum_of_its_ledger(services: Services) -> None:
    entries = sa.select(ledger_entry).order_by(ledger_entry.c.citizen_id, ledger_entry.c.number)
    async with services.database.reading() as session:
        ledgers = defaultdict(list)
        for entry in await session.execute(entries):
            ledgers[entry.citizen_id].append(entry)
        totals = {row.citizen_id: row for row in await session.execute(sa.select(citizen_total))}

    assert ledgers.keys() <= totals.keys()
    assert all(totals[each].points == totals[each].entries == 0 for each in totals.keys() - ledgers.keys())
    for citizen_id, own in ledgers.items():
        assert [entry.number for entry in own] == list(range(1, totals[citizen_id].entries + 1))
        assert [entry.occurred_at for entry in own] == sorted(entry.occurred_at for entry in own)
        assert own[-1].balance == totals[citizen_id].points == sum(entry.points for entry in own)


async def test_every_attendance_was_awarded_once_and_nothing_is_later_than_now(services: Services) -> None:
    attended = sa.select(participation.c.id).where(participation.c.status == ParticipationStatus.ATTENDED)
    awarded = sa.select(ledger_entry.c.participation_id).where(ledger_entry.c.participation_id.is_not(None))
    latest = [
        sa.select(sa.func.max(column)).scalar_subquery()
        for column in (
            ledger_entry.c.occurred_at,
            participation.c.registered_at,
            participation.c.attended_at,
            events_table.c.updated_at,
            skill_holding.c.acquired_at,
        )
    ]
    async with services.database.reading() as session:
        assert sorted(await session.scalars(attended)) == sorted(await session.scalars(awarded))
        assert max((await session.execute(sa.select(*latest))).one()) <= NOW


async def test_the_rules_can_be_seen_at_work(services: Services) -> None:
    entry = ledger_entry.c
    async with services.database.reading() as session:
        statuses = Counter((await session.scalars(sa.select(events_table.c.status))).all())
        seats = set((await session.scalars(sa.select(participation.c.status).distinct())).all())
        rows = (await session.execute(sa.select(entry.overlapping, entry.skill_factor, entry.repeat_factor))).all()

    assert statuses == {
        EventStatus.COMPLETED: 26,
        EventStatus.PUBLISHED: 9,
        EventStatus.SUBMITTED: 2,
        EventStatus.REJECTED: 1,
        EventStatus.DRAFT: 1,
    }
    assert seats >= {ParticipationStatus.REGISTERED, ParticipationStatus.ATTENDED, ParticipationStatus.NO_SHOW}
    assert any(row.overlapping for row in rows)
    assert any(row.skill_factor == 2 for row in rows)
    assert any(row.repeat_factor < 1 for row in rows)


async def test_a_town_goes_only_into_an_empty_database(built: Built, services: Services) -> None:
    with pytest.raises(TownNotEmpty):
        await build_town(services, seed=1, now=NOW)

    assert await described(services.database) == built.second


async def test_a_town_comes_after_its_barcamp(services: Services) -> None:
    with pytest.raises(TownTooEarly):
        await build_town(services, seed=SEED, now=EARLIEST - timedelta(seconds=1))


async def test_nothing_of_the_town_is_mailed(services: Services) -> None:
    async with services.database.reading() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(outbox_message)) == 0


async def test_roles_are_as_the_demo_accounts_say(services: Services) -> None:
    organizer, moderator = await demo(services, "organizer"), await demo(services, "moderator")

    demotic = await organizations.organization_by_slug(organizer, "demotic")
    assert demotic is not None
    assert signed_in(organizer.viewer).organizations.keys() == {demotic.id}
    assert signed_in(moderator.viewer).moderator


async def test_everybody_else_signs_in_with_the_same_password(services: Services) -> None:
    ctx = Context(services)

    await accounts.sign_in(ctx, email=email_of("soizic"), password=DEMO_PASSWORD)

    assert ctx.viewer is not None


async def test_check_in_can_be_tried_at_once(built: Built, services: Services) -> None:
    """Last, since it adds to the town: the organiser's screen shows a code, and nath comes."""
    organizer, nath = await demo(services, "organizer"), await demo(services, "citizen")
    begins = await events.event_by_slug(organizer, built.summary.about_to_begin)
    assert begins is not None
    assert timedelta(0) < begins.details.starts_at - NOW <= timedelta(minutes=10)

    code = await events.check_in_code(organizer, begins)
    assert code is not None
    await participations.register(nath, begins.id)
    attended = await participations.check_in(nath, begins.id, code=code)

    assert [attended.points_awarded] == [2 * each for each in events.points(nath, [begins])]
