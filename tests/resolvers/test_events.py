"""Events: proposed, submitted, completed."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from db.engine import Database
from db.tables import event as event_table
from domain import fields
from domain.charter import CharterChanged
from domain.event_life import EventNotInThatState
from domain.events import (
    EventDetails,
    EventFormat,
    EventStatus,
    StartsInThePast,
    TooYoungToPropose,
    UnknownEvent,
    Venue,
)
from domain.ids import EventId, OrganizationId, TerritoryCode
from domain.organizations import NotAMember, UnknownOrganization
from domain.participations import ParticipationStatus
from domain.permissions import signed_in
from domain.refusals import Forbidden, Refusals, Unauthenticated
from domain.territories import UnknownTerritory
from domain.words import ThemeCode
from resolvers import events, organizations, participations
from resolvers.context import Context
from tests.at_once import how_many
from tests.clock import Clock
from tests.factories import Town
from tests.samples import as_made, refused

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
DRAFT, SUBMITTED, PUBLISHED, REJECTED, CANCELLED, COMPLETED = EventStatus


# ---- proposing


async def test_what_a_verified_organisation_submits_is_published_at_once(
    town: Town, nobody: Context, clock: Clock
) -> None:
    organizer = await town.citizen()
    demotic = await town.organization(organizer, "DemoTIC")

    proposed = await town.event(organizer, demotic.id)

    assert (proposed.status, proposed.by_verified, proposed.published_at) == (PUBLISHED, True, clock.now)
    assert proposed.slug == "barcamp-datajournalisme"
    assert proposed.details.territory == "FR-44"  # by its postal code
    assert events.points(nobody, [proposed]) == [200]
    assert await events.event(nobody, proposed.id) == await events.event_by_slug(nobody, proposed.slug) == proposed
    assert await events.organizer(nobody, proposed) == await organizations.organization(nobody, demotic.id)


@pytest.mark.parametrize("of", ["citizen", "unverified organisation"])
async def test_what_anybody_else_submits_waits_and_shows_to_its_organisers(
    town: Town, nobody: Context, of: str
) -> None:
    organizer = await town.citizen()
    organization = None if of == "citizen" else (await town.organization(organizer, verified=False)).id

    proposed = await town.event(organizer, organization)

    assert (proposed.status, proposed.by_verified, proposed.published_at) == (SUBMITTED, False, None)
    assert await events.event(nobody, proposed.id) is None
    assert await events.event_by_slug(nobody, proposed.slug) is None
    assert await events.event(await town.citizen(), proposed.id) is None
    assert await events.event(organizer, proposed.id) == proposed


async def test_a_draft_is_written_down_with_past_dates_and_submitted_with_coming_ones(town: Town, clock: Clock) -> None:
    organizer = await town.citizen()
    demotic = await town.organization(organizer)
    draft = await town.event(organizer, demotic.id, submit=False)
    old = await town.event(organizer, demotic.id, submit=False, starts_at=clock.now - DAY)
    assert (draft.status, old.status) == (DRAFT, DRAFT)

    assert (await events.submit_event(organizer, draft.id)).status is PUBLISHED
    with pytest.raises(Refusals) as refusals:
        await events.submit_event(organizer, old.id)
    assert refused(refusals.value.refusals) == [(StartsInThePast, ("startsAt",))]
    with pytest.raises(EventNotInThatState):
        await events.submit_event(organizer, draft.id)


async def test_everything_wrong_is_said_at_once_and_nothing_is_kept(town: Town, empty: Database, clock: Clock) -> None:
    organizer = await town.citizen(adult=False)
    wrong = town.details(
        title=" ",
        themes=(),
        capacity=0,
        starts_at=clock.now,
        territory=TerritoryCode("FR-99"),
        venue=Venue(city="", latitude=200, longitude=0),
    )

    with pytest.raises(Refusals) as refusals:
        await events.propose_event(organizer, wrong, organization_id=None, submit=True)

    assert refused(refusals.value.refusals) == [
        (fields.Required, ("title",)),
        (fields.Required, ("themes",)),
        (fields.OutOfRange, ("capacity",)),
        (fields.Required, ("venue", "city")),
        (fields.OutOfRange, ("venue", "latitude")),
        (StartsInThePast, ("startsAt",)),
        (UnknownTerritory, ("territory",)),
        (TooYoungToPropose, ("organization",)),
    ]
    assert await how_many(empty, event_table) == 0


async def test_minors_propose_through_an_organisation(town: Town) -> None:
    minor = await town.citizen(adult=False)
    demotic = await town.organization(minor)

    assert (await town.event(minor, demotic.id)).status is PUBLISHED
    with pytest.raises(Refusals) as refusals:
        await town.event(minor, submit=False)
    assert refused(refusals.value.refusals) == [(TooYoungToPropose, ("organization",))]


async def test_only_members_propose_for_an_organisation_and_only_for_one_that_is(town: Town, empty: Database) -> None:
    stranger = await town.citizen()
    demotic = await town.organization(await town.citizen())

    for organization, refusal in (
        (demotic.id, NotAMember),
        (OrganizationId(signed_in(stranger.viewer).citizen_id), UnknownOrganization),
    ):
        with pytest.raises(Refusals) as refusals:
            await town.event(stranger, organization)
        assert refused(refusals.value.refusals) == [(refusal, ("organization",))]
    assert await how_many(empty, event_table) == 0


async def test_nobody_proposes_without_signing_in_nor_under_a_charter_that_has_changed(
    town: Town, nobody: Context, empty: Database
) -> None:
    organizer = await town.citizen()
    async with empty.unit_of_work() as work:
        await work.execute(sa.text("UPDATE account SET accepted_charter_version = '2025-1'"))
    await town.look_again(organizer)

    with pytest.raises(Unauthenticated):
        await town.event(nobody)
    with pytest.raises(CharterChanged):
        await town.event(organizer)
    assert await how_many(empty, event_table) == 0


@pytest.mark.parametrize(
    ("title", "slugs"),
    [
        ("Fête de l’été", ["fete-de-l-ete", "fete-de-l-ete-2", "fete-de-l-ete-3"]),
        ("Fête 2", ["fete-2", "fete-2-2", "fete-2-3"]),
        ("🎉🎉🎉", ["evenement", "evenement-2", "evenement-3"]),
        ("'; DROP TABLE event; --", ["drop-table-event", "drop-table-event-2", "drop-table-event-3"]),
        ("Дебаты", ["debaty", "debaty-2", "debaty-3"]),
    ],
)
async def test_titles_give_slugs_that_are_never_given_twice(town: Town, title: str, slugs: list[str]) -> None:
    organizer = await town.citizen()

    assert [(await town.event(organizer, submit=False, title=title)).slug for _ in range(3)] == slugs


async def test_what_is_written_of_an_event_is_what_is_read(town: Town) -> None:
    organizer = await town.citizen()
    details = town.details(
        format=EventFormat.HYBRID,
        themes=(ThemeCode.ECONOMY, ThemeCode.CULTURE),
        time_zone="America/Montreal",
        how_to_take_part="Sonnez.",
        effort_minutes=90,
        territory=TerritoryCode("CA-QC"),
        website_url="https://example.org/",
        image_url="https://example.org/image.png",
        capacity=12,
        sought_talents=("droit", "dessin"),
    )

    proposed = await events.propose_event(organizer, details, organization_id=None, submit=False)

    assert as_made(EventDetails, proposed.details) == details


# ---- acting on what isn't one's own


async def test_others_can_neither_submit_nor_complete_an_event(town: Town, clock: Clock) -> None:
    organizer, stranger = await town.citizen(), await town.citizen()
    demotic = await town.organization(organizer)
    draft = await town.event(organizer, demotic.id, submit=False)
    open_to_all = await town.event(organizer, demotic.id)
    clock.now = open_to_all.details.ends_at

    for act in (events.submit_event, events.complete_event):
        with pytest.raises(UnknownEvent):  # what one may not see isn't there
            await act(stranger, draft.id)
        with pytest.raises(Forbidden):
            await act(stranger, open_to_all.id)
        with pytest.raises(Unauthenticated):
            await act(Context(town.services), open_to_all.id)


async def test_who_did_not_come_is_a_no_show_and_who_waits_waits_no_more(town: Town, clock: Clock) -> None:
    organizer = await town.citizen()
    event = await town.event(organizer, (await town.organization(organizer)).id, capacity=2)
    came, absent, waiting = [await town.citizen() for _ in range(3)]
    await town.attend(came, event)
    for ctx in (absent, waiting):
        await participations.register(ctx, event.id)
    clock.now = event.details.ends_at

    completed = await events.complete_event(organizer, event.id)

    assert completed.status is COMPLETED
    statuses = []
    for ctx in (came, absent, waiting):
        ctx.look_again()
        mine = await participations.viewer_participation(ctx, event.id)
        statuses.append(mine and mine.status)
    assert statuses == [ParticipationStatus.ATTENDED, ParticipationStatus.NO_SHOW, ParticipationStatus.CANCELLED]
    counts = await events.counts(Context(town.services), event.id)
    assert (counts.attended, counts.registered, counts.waitlisted) == (1, 0, 0)


# ---- the code


async def test_the_code_shows_to_organisers_alone_and_while_it_is_looked_at(
    town: Town, nobody: Context, clock: Clock
) -> None:
    organizer, nath = await town.citizen(), await town.citizen()
    event = await town.event(organizer, (await town.organization(organizer)).id)
    await participations.register(nath, event.id)
    assert await events.check_in_code(organizer, event) is None

    clock.now = event.details.starts_at
    code = await events.check_in_code(organizer, event)

    assert code == await town.code(event.id)
    for ctx in (nobody, nath, await town.moderator()):
        assert await events.check_in_code(ctx, event) is None


async def test_what_is_not_there_is_none(town: Town, nobody: Context) -> None:
    somebody = await town.citizen()
    unknown = EventId(signed_in(somebody.viewer).citizen_id)

    assert await events.event(nobody, unknown) is None
    assert await events.event_by_slug(nobody, "rien") is None
    for act in (events.submit_event, events.complete_event):
        with pytest.raises(UnknownEvent):
            await act(somebody, unknown)
