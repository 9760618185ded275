"""Agendas brought in, on the real database."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from db.engine import Database
from db.tables import event as event_table
from domain.events import EndsTooSoon, EventDetails, EventFormat, EventStatus
from domain.fields import Repeated, Required, TooLong
from domain.ids import OrganizationId, TerritoryCode
from domain.imports import NotKept
from domain.organizations import Organization, UnknownOrganization
from domain.territories import UnknownTerritory
from domain.words import ThemeCode
from resolvers import organizations, participations
from resolvers.context import Context, Services
from resolvers.import_rules import CALLED_OFF
from resolvers.imports import ImportReport, import_events
from tests.agendas import found, kept, reasons, row
from tests.clock import Clock
from tests.factories import CANTINE, Town
from tests.recorder import recorded
from tests.samples import as_made


@pytest.fixture
async def owner(town: Town) -> Context:
    return await town.citizen()


@pytest.fixture
async def demotic(town: Town, owner: Context) -> Organization:
    """A verified organisation."""
    return await town.organization(owner, "DemoTIC")


@pytest.fixture
async def newcomers(town: Town, owner: Context) -> Organization:
    """One that isn't verified."""
    return await town.organization(owner, "Les Nouveaux", verified=False)


async def test_a_verified_organisations_events_are_published_at_once(
    town: Town, clock: Clock, owner: Context, nobody: Context, demotic: Organization
) -> None:
    report = await import_events(nobody, demotic, [row(town)])

    assert report == ImportReport(created=1)
    event = await found(nobody)
    assert event is not None
    assert event.status is EventStatus.PUBLISHED
    assert as_made(EventDetails, event.details) == replace(row(town).details, territory=TerritoryCode("FR-44"))
    assert (event.published_at, event.updated_at) == (clock.now, clock.now)
    assert (event.organization_id, event.proposer_id, event.by_verified) == (demotic.id, None, True)


async def test_another_organisations_events_wait_for_a_moderator(
    town: Town, owner: Context, nobody: Context, newcomers: Organization
) -> None:
    assert await import_events(nobody, newcomers, [row(town), row(town, "off", cancelled=True)]) == ImportReport(
        created=2, cancelled=1
    )

    assert await found(nobody) is None
    assert await found(nobody, "off") is None
    event = await found(owner)
    assert event is not None
    assert (event.status, event.by_verified, event.published_at) == (EventStatus.SUBMITTED, False, None)


async def test_what_is_over_comes_in_as_completed(
    town: Town, clock: Clock, nobody: Context, demotic: Organization
) -> None:
    over = row(town, starts_at=clock.now - timedelta(days=3000))
    under_way = row(town, "now", starts_at=clock.now - timedelta(hours=1))

    assert await import_events(nobody, demotic, [over, under_way]) == ImportReport(created=2, completed=1)

    then, now = await found(nobody), await found(nobody, "now")
    assert then is not None
    assert now is not None
    assert (then.status, then.published_at) == (EventStatus.COMPLETED, clock.now)
    assert now.status is EventStatus.PUBLISHED


async def test_what_is_called_off_comes_in_with_the_reason_and_stays_readable(
    town: Town, nobody: Context, demotic: Organization
) -> None:
    assert await import_events(nobody, demotic, [row(town, cancelled=True)]) == ImportReport(created=1, cancelled=1)

    event = await found(nobody)
    assert event is not None
    assert (event.status, event.cancellation_reason) == (EventStatus.CANCELLED, CALLED_OFF)


async def test_the_second_time_brings_nothing_new_and_touches_nothing(
    town: Town, clock: Clock, nobody: Context, demotic: Organization, newcomers: Organization
) -> None:
    agenda = [
        row(town, "to come"),
        row(town, "over", starts_at=clock.now - timedelta(days=9)),
        row(town, "off", cancelled=True),
    ]
    for organization in (demotic, newcomers):
        await import_events(nobody, organization, agenda)
    async with town.services.database.reading() as session:
        before = (await session.execute(sa.select(event_table).order_by(event_table.c.id))).all()
    clock.advance(hours=1)

    for organization in (demotic, newcomers):
        with recorded(town.services.database) as statements:
            assert await import_events(nobody, organization, agenda) == ImportReport(unchanged=3)
        assert not [each for each in statements if not each.startswith("SELECT")]

    async with town.services.database.reading() as session:
        assert (await session.execute(sa.select(event_table).order_by(event_table.c.id))).all() == before


async def test_what_has_changed_is_updated_under_its_address(
    town: Town, clock: Clock, nobody: Context, demotic: Organization
) -> None:
    agenda = [row(town), row(town, "b")]
    await import_events(nobody, demotic, agenda)
    before, other = await found(nobody), await found(nobody, "b")
    assert before is not None
    later = clock.advance(hours=1)
    moved = row(
        town,
        title="Barcamp des données",
        format=EventFormat.ONLINE,
        venue=None,
        website_url="https://example.org/barcamp",
        themes=(ThemeCode.ECONOMY, ThemeCode.CULTURE),
    )

    assert await import_events(nobody, demotic, [moved, agenda[1]]) == ImportReport(updated=1, unchanged=1)

    assert await found(nobody) == replace(before, details=moved.details, updated_at=later, revision=before.revision + 1)
    assert await found(nobody, "b") == other


async def test_every_word_is_kept_as_it_was_written(town: Town, nobody: Context, demotic: Organization) -> None:
    odd = row(
        town,
        title="""Été « d'ici » "là" \\x41 \\u0000 {"a": [1]} 'NULL' ; -- $1 :rows %s""",
        description='1\n\t2\u2028 🎭 \U0010ffff {NULL,"a,b"}',
        capacity=7,
        effort_minutes=90,
        venue=replace(CANTINE, latitude=0.1 + 0.2, longitude=-1e-7),
    )

    await import_events(nobody, demotic, [odd])

    event = await found(nobody)
    assert event is not None
    assert as_made(EventDetails, event.details) == replace(odd.details, territory=TerritoryCode("FR-44"))


async def test_a_bad_row_is_reported_and_harms_no_other(
    town: Town, services: Services, nobody: Context, demotic: Organization
) -> None:
    good = [row(town, f"good {number}") for number in range(20)]
    bad = [
        row(town, "short", ends_at=town.details().starts_at),
        row(town, "untitled", title=" "),
        row(town, "nowhere", territory=TerritoryCode("FR-99")),
        row(town, "no code", territory=TerritoryCode("\ud800")),
        row(town, "unkept", description="\x00"),
        row(town, "half", description="\ud83c"),
        row(town, ""),
        row(town, "\x00"),
        row(town, "\ud800"),
        row(town, "x" * 201),
        row(town, "good 1", title="Encore un"),
    ]

    report = await import_events(nobody, demotic, [*bad[:5], *good, *bad[5:]])

    assert replace(report, refused=()) == ImportReport(created=20)
    assert [(each.row, each.title) for each in report.refused] == [
        (number if number < 5 else number + 20, each.details.title) for number, each in enumerate(bad)
    ]
    assert reasons(report) == {
        "short": [(EndsTooSoon, ("endsAt",))],
        "untitled": [(Required, ("title",))],
        "nowhere": [(UnknownTerritory, ("territory",))],
        "no code": [(UnknownTerritory, ("territory",))],
        "unkept": [(NotKept, ())],
        "half": [(NotKept, ())],
        "": [(Required, ("externalId",))],
        "\x00": [(NotKept, ("externalId",))],
        "\ud800": [(NotKept, ("externalId",))],
        "x" * 201: [(TooLong, ("externalId",))],
        "good 1": [(Repeated, ("externalId",))],
    }
    assert await kept(services) == 20


async def test_two_organisations_may_call_their_events_the_same(
    town: Town, services: Services, nobody: Context, demotic: Organization, newcomers: Organization
) -> None:
    for organization in (demotic, newcomers):
        assert await import_events(nobody, organization, [row(town)]) == ImportReport(created=1)
    assert await kept(services) == 2


async def test_nothing_is_imported_for_an_organisation_that_is_not_there(
    town: Town, nobody: Context, demotic: Organization
) -> None:
    gone = replace(as_made(Organization, demotic), id=OrganizationId(UUID(int=1)))
    with pytest.raises(UnknownOrganization):
        await import_events(nobody, gone, [row(town)])


async def test_whether_it_is_verified_is_read_afresh(
    town: Town, services: Services, nobody: Context, newcomers: Organization
) -> None:
    await organizations.verify_organization(nobody, slug=newcomers.slug)
    assert not newcomers.verified

    await import_events(nobody, newcomers, [row(town)])

    event = await found(nobody)
    assert event is not None
    assert (event.status, event.by_verified) == (EventStatus.PUBLISHED, True)


async def test_a_dry_run_tells_what_the_import_then_does_and_writes_nothing(
    town: Town, clock: Clock, services: Services, nobody: Context, demotic: Organization
) -> None:
    await import_events(nobody, demotic, [row(town, "same"), row(town, "changed")])
    agenda = [
        row(town, "same"),
        row(town, "changed", engagement=5),
        row(town, "new"),
        row(town, "over", starts_at=clock.now - timedelta(days=9)),
        row(town, "off", cancelled=True),
        row(town, "bad", title=""),
    ]

    with recorded(services.database) as statements:
        dry = await import_events(nobody, demotic, agenda, dry_run=True)

    assert not [each for each in statements if not each.startswith("SELECT")]
    assert replace(dry, refused=()) == ImportReport(created=3, updated=1, unchanged=1, completed=1, cancelled=1)
    assert await kept(services) == 2
    real = await import_events(nobody, demotic, agenda)
    assert replace(real, refused=()) == replace(dry, refused=())
    assert reasons(real) == reasons(dry) == {"bad": [(Required, ("title",))]}


@pytest.mark.parametrize("rows", [2, 50])
async def test_a_batch_costs_the_same_for_two_rows_and_for_fifty(
    town: Town, nobody: Context, demotic: Organization, rows: int
) -> None:
    agenda = [row(town, str(number), title=f"Rencontre {number}") for number in range(rows)]
    database = town.services.database
    with recorded(database) as adding:
        assert await import_events(nobody, demotic, agenda) == ImportReport(created=rows)
    with recorded(database) as repeating:
        assert await import_events(nobody, demotic, agenda) == ImportReport(unchanged=rows)
    changed = [replace(each, details=replace(each.details, engagement=5)) for each in agenda]
    with recorded(database) as changing:
        assert await import_events(nobody, demotic, changed) == ImportReport(updated=rows)

    # organisation, territories, what is here; the lock of the slugs, those that are taken, the rows
    assert len(adding) == 6, adding
    assert len(repeating) == 3, repeating
    # organisation, territories, what is here; the same under lock, who takes part, who was given points, the rows
    assert len(changing) == 7, changing


async def test_imports_at_once_bring_each_event_in_once(
    town: Town, clock: Clock, services: Services, nobody: Context, demotic: Organization
) -> None:
    agenda = [
        row(town, f"{number:04}", title=f"Rencontre {number % 7}", starts_at=clock.now + timedelta(days=number % 5 + 1))
        for number in range(1200)
    ]
    backwards = list(reversed(agenda))

    reports = await asyncio.gather(
        *(import_events(Context(services), demotic, each) for each in (agenda, backwards, agenda[300:900])),
        *(
            town.event(nobody_in_particular, title=f"Rencontre {number}")
            for number, nobody_in_particular in enumerate([await town.citizen() for _ in range(7)])
        ),
    )

    told = [each for each in reports if isinstance(each, ImportReport)]
    assert sum(each.created for each in told) == len(agenda)
    assert sum(each.created + each.unchanged for each in told) == 3000
    assert not [each.refused for each in told if each.refused]
    assert await kept(services) == len(agenda) + 7


async def test_changes_at_once_are_made_without_waiting_for_each_other_for_ever(
    town: Town, services: Services, nobody: Context, demotic: Organization
) -> None:
    agenda = [row(town, f"{number:04}") for number in range(600)]
    await import_events(nobody, demotic, agenda)
    dearer = [replace(each, details=replace(each.details, engagement=5)) for each in agenda]

    reports = await asyncio.gather(
        *(import_events(Context(services), demotic, each) for each in (dearer, list(reversed(dearer)), dearer))
    )

    assert sum(each.updated for each in reports) == len(agenda)
    assert sum(each.unchanged for each in reports) == 2 * len(agenda)


async def test_a_thousand_events_take_two_units_of_work(
    town: Town, services: Services, nobody: Context, demotic: Organization
) -> None:
    agenda = [row(town, str(number), title=f"Rencontre {number}") for number in range(1000)]
    with recorded(services.database) as statements:
        assert await import_events(nobody, demotic, agenda) == ImportReport(created=1000)
    assert len(statements) == 2 * 6


async def test_a_row_that_cannot_be_told_of_harms_no_other(
    town: Town, services: Services, nobody: Context, demotic: Organization
) -> None:
    agenda = [row(town, "first"), row(town, "joined"), row(town, "last")]
    await import_events(nobody, demotic, agenda)
    joined = await found(nobody, "joined")
    assert joined is not None
    await participations.register(await town.citizen(), joined.id)
    later = [
        replace(each, details=town.details(starts_at=each.details.starts_at + timedelta(days=1))) for each in agenda
    ]

    async with untold(services.database):
        report = await import_events(nobody, demotic, later)

    assert replace(report, refused=()) == ImportReport(updated=2)
    assert reasons(report) == {"joined": [(NotKept, ())]}


@asynccontextmanager
async def untold(database: Database) -> AsyncIterator[None]:
    """Meanwhile the tables take no notification."""
    async with database.engine.begin() as connection:
        await connection.execute(sa.text("ALTER TABLE notification ADD CONSTRAINT untold CHECK (false) NOT VALID"))
    try:
        yield
    finally:
        async with database.engine.begin() as connection:
            await connection.execute(sa.text("ALTER TABLE notification DROP CONSTRAINT untold"))
