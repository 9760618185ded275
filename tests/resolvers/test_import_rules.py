"""What an agenda may make of an event that is here already."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from db.tables import event as event_table
from db.tables import notification
from domain.event_changes import AttendanceAlreadyConfirmed, SeatsAreTaken
from domain.event_life import EventNotInThatState, ReviewDecision, TooLateToCancel
from domain.events import EventFormat, EventStatus, StartsInThePast
from domain.notifications import NotificationKind
from domain.organizations import Organization
from domain.participations import ParticipationStatus
from domain.permissions import signed_in
from domain.words import ThemeCode
from resolvers import citizens, events, participations
from resolvers.context import Context, Services
from resolvers.import_rules import CALLED_OFF
from resolvers.imports import ImportReport, import_events
from tests.agendas import found, reasons, row
from tests.clock import Clock
from tests.factories import Town


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


async def test_what_agendas_do_not_know_stays_as_its_organisers_wrote_it(
    town: Town, services: Services, nobody: Context, demotic: Organization
) -> None:
    agenda = [row(town)]
    await import_events(nobody, demotic, agenda)
    async with services.database.unit_of_work() as work:
        await work.execute(sa.update(event_table).values(capacity=20, sought_talents=["Cuisine, et vaisselle"]))

    assert await import_events(nobody, demotic, agenda) == ImportReport(unchanged=1)
    longer = row(town, description="Deux soirées.")
    assert await import_events(nobody, demotic, [longer]) == ImportReport(updated=1)

    event = await found(nobody)
    assert event is not None
    assert event.details.description == "Deux soirées."
    assert (event.details.capacity, event.details.sought_talents) == (20, ("Cuisine, et vaisselle",))


async def test_what_points_rest_on_is_frozen_once_an_attendance_is_confirmed(
    town: Town, owner: Context, nobody: Context, demotic: Organization
) -> None:
    await import_events(nobody, demotic, [row(town)])
    event = await found(nobody)
    assert event is not None
    await town.attend(await town.citizen(), event)
    more = row(town, engagement=5, themes=(ThemeCode.CULTURE,), format=EventFormat.HYBRID, effort_minutes=480)
    moved = row(town, starts_at=town.services.clock() + timedelta(days=8))

    for other in (more, moved):
        report = await import_events(nobody, demotic, [other, row(town, "b")])
        assert {type(each) for refused_row in report.refused for each in refused_row.refusals} == {
            AttendanceAlreadyConfirmed
        }
        assert report.created + report.unchanged == 1  # the other row is none the worse for it
        assert await found(nobody) == event
    assert reasons(await import_events(nobody, demotic, [more])) == {
        "a": [(AttendanceAlreadyConfirmed, (field,)) for field in ("effortMinutes", "engagement", "format", "themes")]
    }
    assert await import_events(nobody, demotic, [row(town, description="Un autre texte.")]) == ImportReport(updated=1)


async def told(services: Services) -> list[NotificationKind]:
    """What citizens were told, in the order they were."""
    async with services.database.reading() as session:
        return list(await session.scalars(sa.select(notification.c.kind).order_by(notification.c.id)))


async def test_until_then_it_can_change_and_who_takes_part_is_told(
    town: Town, services: Services, nobody: Context, demotic: Organization
) -> None:
    agenda = [row(town), row(town, "b"), row(town, "c")]
    await import_events(nobody, demotic, agenda)
    event = await found(nobody)
    assert event is not None
    citizen = await town.citizen()
    await participations.register(citizen, event.id)
    later = town.services.clock() + timedelta(days=8)
    moved = [replace(row(town, each.external_id, starts_at=later, engagement=5)) for each in agenda]

    assert await import_events(nobody, demotic, moved) == ImportReport(updated=3)
    assert await told(services) == [NotificationKind.EVENT_CHANGED]

    assert await import_events(nobody, demotic, [replace(each, cancelled=True) for each in moved]) == ImportReport(
        updated=3, cancelled=3
    )
    assert await told(services) == [NotificationKind.EVENT_CHANGED, NotificationKind.EVENT_CANCELLED]
    citizen.look_again()
    registered = await participations.viewer_participation(citizen, event.id)
    assert registered is not None
    assert registered.status is ParticipationStatus.CANCELLED


async def test_what_is_called_off_brings_no_points(town: Town, nobody: Context, demotic: Organization) -> None:
    await import_events(nobody, demotic, [row(town)])
    event = await found(nobody)
    assert event is not None
    citizen = await town.citizen()
    await town.attend(citizen, event)

    assert await import_events(nobody, demotic, [row(town, cancelled=True), row(town, "b")]) == ImportReport(
        created=1, updated=1, cancelled=1
    )

    called_off = await found(nobody)
    assert called_off is not None
    assert (called_off.status, called_off.cancellation_reason) == (EventStatus.CANCELLED, CALLED_OFF)
    citizen.look_again()
    influence = await citizens.citizen_influence(citizen, signed_in(citizen.viewer).citizen_id)
    assert influence.points == 0


async def test_seats_that_are_added_go_to_the_first_in_line(
    town: Town, services: Services, nobody: Context, demotic: Organization
) -> None:
    await import_events(nobody, demotic, [row(town, capacity=1)])
    event = await found(nobody)
    assert event is not None
    people = [await town.citizen() for _ in range(3)]
    for citizen in people:
        await participations.register(citizen, event.id)

    assert await import_events(nobody, demotic, [row(town, capacity=2)]) == ImportReport(updated=1)

    statuses = []
    for citizen in people:
        citizen.look_again()
        mine = await participations.viewer_participation(citizen, event.id)
        statuses.append(mine and mine.status.value)
    assert statuses == ["REGISTERED", "REGISTERED", "WAITLISTED"]
    assert await told(services) == [NotificationKind.SEAT_FREED]


async def test_seats_that_are_taken_stay(town: Town, nobody: Context, demotic: Organization) -> None:
    await import_events(nobody, demotic, [row(town, capacity=3)])
    event = await found(nobody)
    assert event is not None
    for _ in range(2):
        await participations.register(await town.citizen(), event.id)

    assert reasons(await import_events(nobody, demotic, [row(town, capacity=1)])) == {
        "a": [(SeatsAreTaken, ("capacity",))]
    }
    assert await import_events(nobody, demotic, [row(town, capacity=2)]) == ImportReport(updated=1)


async def test_a_published_event_that_is_called_off_is_cancelled_and_stays_readable(
    town: Town, clock: Clock, nobody: Context, demotic: Organization
) -> None:
    await import_events(nobody, demotic, [row(town)])
    before = await found(nobody)
    assert before is not None
    later = clock.advance(hours=1)
    off = row(town, starts_at=before.details.starts_at, title="[Annulé] Barcamp", cancelled=True)

    assert await import_events(nobody, demotic, [off]) == ImportReport(updated=1, cancelled=1)
    assert await import_events(nobody, demotic, [off]) == ImportReport(unchanged=1)

    assert await found(nobody) == replace(
        before,
        details=replace(before.details, title="[Annulé] Barcamp"),
        status=EventStatus.CANCELLED,
        cancellation_reason=CALLED_OFF,
        revision=before.revision + 1,
        updated_at=later,
    )


async def test_an_import_brings_no_cancelled_event_back(town: Town, nobody: Context, demotic: Organization) -> None:
    await import_events(nobody, demotic, [row(town, cancelled=True)])
    before = await found(nobody)

    report = await import_events(nobody, demotic, [row(town)])

    assert reasons(report) == {"a": [(EventNotInThatState, ("cancelled",))]}
    assert await found(nobody) == before


async def test_what_is_over_is_left_for_completion_and_cancelled_no_more(
    town: Town, clock: Clock, owner: Context, nobody: Context, demotic: Organization
) -> None:
    agenda = row(town)
    await import_events(nobody, demotic, [agenda])
    clock.now = agenda.details.ends_at
    off = replace(agenda, cancelled=True)
    typo = replace(agenda, details=replace(agenda.details, title="Barcamp datajournalisme"))

    assert await import_events(nobody, demotic, [agenda]) == ImportReport(unchanged=1)
    assert reasons(await import_events(nobody, demotic, [off])) == {"a": [(TooLateToCancel, ("cancelled",))]}
    assert await import_events(nobody, demotic, [typo]) == ImportReport(updated=1)
    event = await found(nobody)
    assert event is not None
    assert event.status is EventStatus.PUBLISHED

    await events.complete_event(owner, event.id)
    assert await import_events(nobody, demotic, [typo]) == ImportReport(unchanged=1)
    later = row(town, starts_at=clock.now + timedelta(days=7))
    assert reasons(await import_events(nobody, demotic, [off])) == {"a": [(EventNotInThatState, ("cancelled",))]}
    assert reasons(await import_events(nobody, demotic, [later])) == {
        "a": [(EventNotInThatState, ("endsAt",)), (EventNotInThatState, ("startsAt",))]
    }


async def test_what_was_over_when_it_came_in_can_be_put_right_but_does_not_begin_again(
    town: Town, clock: Clock, nobody: Context, demotic: Organization
) -> None:
    long_ago = clock.now - timedelta(days=900)
    await import_events(nobody, demotic, [row(town, starts_at=long_ago)])

    corrected = row(town, starts_at=long_ago - timedelta(hours=2), themes=(ThemeCode.CULTURE,))
    assert await import_events(nobody, demotic, [corrected]) == ImportReport(updated=1, completed=1)
    assert reasons(await import_events(nobody, demotic, [row(town)])) == {"a": [(EventNotInThatState, ("endsAt",))]}

    event = await found(nobody)
    assert event is not None
    assert (event.status, event.details.starts_at) == (EventStatus.COMPLETED, corrected.details.starts_at)


async def test_an_unverified_organisations_published_event_is_submitted_anew_when_its_worth_changes(
    town: Town, clock: Clock, owner: Context, nobody: Context, newcomers: Organization
) -> None:
    await import_events(nobody, newcomers, [row(town)])
    submitted = await found(owner)
    assert submitted is not None
    await events.review_event(await town.moderator(), submitted.id, decision=ReviewDecision.PUBLISH)

    assert await import_events(nobody, newcomers, [row(town, description="Un autre texte.")]) == ImportReport(updated=1)
    still = await found(nobody)
    assert still is not None
    assert still.status is EventStatus.PUBLISHED

    past = row(town, starts_at=clock.now - timedelta(hours=1))
    assert reasons(await import_events(nobody, newcomers, [past])) == {"a": [(StartsInThePast, ("startsAt",))]}
    assert await import_events(nobody, newcomers, [row(town, engagement=5)]) == ImportReport(updated=1)
    assert await found(nobody) is None
    anew = await found(owner)
    assert anew is not None
    assert anew.status is EventStatus.SUBMITTED
    async with town.services.database.reading() as session:
        assert await session.scalar(sa.select(event_table.c.submitted_at)) == clock.now


async def test_an_unverified_organisation_raises_no_worth_after_people_had_registered(
    town: Town, clock: Clock, owner: Context, nobody: Context, newcomers: Organization
) -> None:
    agenda = row(town)
    await import_events(nobody, newcomers, [agenda])
    submitted = await found(owner)
    assert submitted is not None
    await events.review_event(await town.moderator(), submitted.id, decision=ReviewDecision.PUBLISH)
    clock.now = agenda.details.ends_at
    await town.look_again(owner)
    await events.complete_event(owner, submitted.id)

    dearer = replace(agenda, details=replace(agenda.details, engagement=5))
    assert reasons(await import_events(nobody, newcomers, [dearer])) == {"a": [(EventNotInThatState, ("engagement",))]}


async def test_what_was_rejected_can_be_mended_but_is_not_submitted_by_itself(
    town: Town, owner: Context, nobody: Context, newcomers: Organization
) -> None:
    await import_events(nobody, newcomers, [row(town)])
    submitted = await found(owner)
    assert submitted is not None
    await events.review_event(await town.moderator(), submitted.id, decision=ReviewDecision.REJECT, reason="Où ?")

    assert await import_events(nobody, newcomers, [row(town, cancelled=True)]) == ImportReport(unchanged=1)
    assert await import_events(nobody, newcomers, [row(town, engagement=1)]) == ImportReport(updated=1)

    event = await found(owner)
    assert event is not None
    assert (event.status, event.rejection_reason) == (EventStatus.REJECTED, "Où ?")
