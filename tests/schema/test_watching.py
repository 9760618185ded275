"""Subscriptions through the schema: who is told of what, as they may see it, and for how long."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from domain.accounts import ProfileVisibility
from domain.api_tokens import TokenScope
from domain.event_life import ReviewDecision
from domain.events import Event
from domain.organizations import MemberRole
from domain.permissions import signed_in
from resolvers import adjustments, credentials, event_changes, event_endings, events, members, participations
from resolvers import watching as resolve
from resolvers.context import Context, Services
from resolvers.erasure import delete_account
from resolvers.hub import MOST_WAITING
from resolvers.moderation import suspend_citizen
from schema.build import InfluentsSchema
from schema.ids import Kind, seal
from tests.clock import Clock
from tests.factories import PASSWORD, Town
from tests.watching import Watching, arrived, watching

EVENT = "subscription($id: ID!) { event(id: $id) { title status registeredCount attendedCount } }"
PARTICIPANTS = "subscription($id: ID!) { event(id: $id) { participations { edges { node { citizen { handle } } } } } }"
ATTENDANCE = "subscription($id: ID!) { attendance(event: $id) { status handle citizen { handle } } }"
INFLUENCE = "subscription { influence { handle influence { points } } }"
PUBLISHED = "subscription($filter: EventFilter) { publishedEvents(filter: $filter) { title } }"


@pytest.fixture
async def watch(schema: InfluentsSchema, services: Services) -> AsyncIterator[Watching]:
    async with watching(schema, services) as begins:
        yield begins


def id_of(event: Event) -> str:
    return seal(Kind.EVENT, event.id)


async def test_an_event_is_told_as_it_is_each_time_it_changes(
    watch: Watching, town: Town, nobody: Context, clock: Clock
) -> None:
    owner, nath = await town.citizen(), await town.citizen()
    event = await town.event(owner, (await town.organization(owner)).id)
    told = await watch(nobody, EVENT, id=id_of(event))

    await event_changes.update_event(owner, event.id, {"title": "Barcamp Climat"})
    assert await told() == {
        "title": "Barcamp Climat",
        "status": "PUBLISHED",
        "registeredCount": 0,
        "attendedCount": 0,
    }
    await participations.register(nath, event.id)
    assert (await told())["registeredCount"] == 1
    clock.now = event.details.starts_at
    await participations.check_in(nath, event.id, code=await town.code(event.id))
    assert (await told())["attendedCount"] == 1
    await event_endings.cancel_event(owner, event.id, reason="Il pleut beaucoup.")
    assert (await told())["status"] == "CANCELLED"


async def test_an_event_that_one_may_not_see_is_null_and_that_is_all(
    watch: Watching, town: Town, nobody: Context
) -> None:
    draft = await town.event(await town.citizen(), submit=False)
    told = await watch(nobody, EVENT, id=id_of(draft))
    assert [await told(), await told()] == [None, "end"]


async def test_an_event_that_goes_back_to_review_ends_for_others_and_goes_on_for_its_organisers(
    watch: Watching, town: Town, nobody: Context
) -> None:
    proposer, moderator = await town.citizen(), await town.moderator()
    event = await town.published(proposer, by=moderator)
    others, theirs = await watch(nobody, EVENT, id=id_of(event)), await watch(proposer, EVENT, id=id_of(event))

    longer = event.details.ends_at + timedelta(hours=8)
    await event_changes.update_event(proposer, event.id, {"ends_at": longer})

    assert [await others(), await others()] == [None, "end"]
    assert (await theirs())["status"] == "SUBMITTED"


async def test_who_took_part_shows_as_it_would_in_a_query(watch: Watching, town: Town, nobody: Context) -> None:
    owner = await town.citizen()
    event = await town.event(owner, (await town.organization(owner)).id)
    told = await watch(nobody, PARTICIPANTS, id=id_of(event))
    hidden = await town.citizen("hidden", visibility=ProfileVisibility.HIDDEN)
    shown = await town.citizen("shown")

    await town.attend(hidden, event)
    await arrived(town.services)
    await town.attend(shown, event)
    await arrived(town.services)
    seen = [await told()]
    while not await told.silent():
        seen.append(await told())

    assert "hidden" not in str(seen)
    assert seen[-1] == {"participations": {"edges": [{"node": {"citizen": {"handle": "shown"}}}]}}

    await participations.set_listed(shown, event.id, listed=False)
    assert await told() == {"participations": {"edges": []}}


async def test_ones_influence_is_told_to_oneself_alone(watch: Watching, town: Town) -> None:
    nath, zoe, moderator = await town.citizen("nath"), await town.citizen("zoe"), await town.moderator()
    mine, hers = await watch(nath, INFLUENCE), await watch(zoe, INFLUENCE)

    await adjustments.adjust_influence(moderator, signed_in(nath.viewer).citizen_id, points=50, reason="Un oubli.")

    assert await mine() == {"handle": "nath", "influence": {"points": 50}}
    assert await hers.silent()


async def test_influence_and_attendance_need_a_person(watch: Watching, town: Town, nobody: Context) -> None:
    event = await town.event(await town.citizen(), submit=False)
    for query in (INFLUENCE, ATTENDANCE):
        variables = {"id": id_of(event)} if "$id" in query else {}
        told = await watch(nobody, query, **variables)
        assert [await told(), await told()] == [["UNAUTHENTICATED"], "end"]


async def test_organisers_are_told_of_each_registration_and_check_in(watch: Watching, town: Town, clock: Clock) -> None:
    owner = await town.citizen()
    nath = await town.citizen("nath", visibility=ProfileVisibility.HIDDEN)
    event = await town.event(owner, (await town.organization(owner)).id)
    told = await watch(owner, ATTENDANCE, id=id_of(event))

    await participations.register(nath, event.id)
    assert await told() == {"status": "REGISTERED", "handle": "nath", "citizen": None}
    clock.now = event.details.starts_at
    await participations.check_in(nath, event.id, code=await town.code(event.id))
    assert (await told())["status"] == "ATTENDED"


async def test_a_token_that_confirms_attendance_is_told_of_it_until_it_is_revoked(watch: Watching, town: Town) -> None:
    owner, nath = await town.citizen(), await town.citizen("nath")
    hall = await town.organization(owner)
    event = await town.event(owner, hall.id)
    doors = await town.partner(owner, hall.id, TokenScope.ATTENDANCE_WRITE)
    others = await town.partner(owner, hall.id, TokenScope.EVENTS_WRITE)
    refused, told = await watch(others, ATTENDANCE, id=id_of(event)), await watch(doors, ATTENDANCE, id=id_of(event))
    assert [await refused(), await refused()] == [["FORBIDDEN"], "end"]

    await participations.register(nath, event.id)
    assert (await told())["handle"] == "nath"
    assert doors.partner is not None
    await members.revoke_api_token(owner, doors.partner.token_id)
    assert [await told(), await told()] == [["UNAUTHENTICATED"], "end"]


async def test_attendance_is_told_to_nobody_else(watch: Watching, town: Town) -> None:
    owner, stranger = await town.citizen(), await town.citizen()
    event = await town.event(owner, (await town.organization(owner)).id)
    draft = await town.event(owner, submit=False)

    refused = await watch(stranger, ATTENDANCE, id=id_of(event))
    assert [await refused(), await refused()] == [["FORBIDDEN"], "end"]
    unknown = await watch(stranger, ATTENDANCE, id=id_of(draft))
    assert [await unknown(), await unknown()] == [["BAD_USER_INPUT"], "end"]
    nonsense = await watch(stranger, ATTENDANCE, id="nonsense")
    assert [await nonsense(), await nonsense()] == [["BAD_USER_INPUT"], "end"]


async def test_published_events_are_told_as_they_are_published_and_as_the_filter_has_it(
    watch: Watching, town: Town, nobody: Context
) -> None:
    owner, proposer, moderator = await town.citizen(), await town.citizen(), await town.moderator()
    hall = await town.organization(owner)
    every = await watch(nobody, PUBLISHED)
    easy = await watch(nobody, PUBLISHED, filter={"engagement": {"max": 2}})

    await town.event(owner, hall.id, title="Un grand atelier", engagement=5)
    assert await every() == {"title": "Un grand atelier"}
    waiting = await town.event(proposer, title="Une petite balade", engagement=1)
    assert await every.silent()
    await events.review_event(moderator, waiting.id, decision=ReviewDecision.PUBLISH)
    assert await every() == {"title": "Une petite balade"}
    assert await easy() == {"title": "Une petite balade"}
    assert await easy.silent()


@pytest.mark.parametrize("how", ["sign out", "suspension", "deletion"])
async def test_whoever_is_no_longer_signed_in_is_told_so_at_once_and_nothing_more(
    watch: Watching, town: Town, how: str
) -> None:
    nath, moderator = await town.citizen("nath"), await town.moderator()
    viewer = signed_in(nath.viewer)
    event = await town.event(nath, submit=False)
    watches = [await watch(nath, INFLUENCE), await watch(nath, EVENT, id=id_of(event)), await watch(nath, PUBLISHED)]
    if how == "sign out":
        await credentials.revoke_session(nath, viewer.session_id)
    elif how == "suspension":
        await suspend_citizen(moderator, viewer.citizen_id, suspended=True, reason="Trop de bruit.")
    else:
        await delete_account(nath, password=PASSWORD)

    for told in watches:
        assert [await told(), await told()] == [["UNAUTHENTICATED"], "end"]


async def test_whoever_organises_no_longer_is_told_so_at_once_and_nothing_more(watch: Watching, town: Town) -> None:
    owner, helper = await town.citizen(), await town.citizen("helper")
    hall = await town.organization(owner)
    await members.invite_member(owner, hall.id, handle="helper", role=MemberRole.MANAGER)
    await members.answer_invitation(helper, hall.id, accept=True)
    await town.look_again(helper)
    event, draft = await town.event(owner, hall.id), await town.event(owner, hall.id, submit=False)
    desk, plan = await watch(helper, ATTENDANCE, id=id_of(event)), await watch(helper, EVENT, id=id_of(draft))

    await members.set_member(owner, hall.id, signed_in(helper.viewer).citizen_id, role=None)

    assert [await desk(), await desk()] == [["FORBIDDEN"], "end"]
    assert [await plan(), await plan()] == [None, "end"]


async def test_whoever_watches_in_silence_is_looked_at_from_time_to_time(
    watch: Watching, town: Town, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resolve, "KNOWN_SECONDS", 0.1)
    nath = await town.citizen()
    told = await watch(nath, INFLUENCE)
    assert await told.silent()

    clock.advance(days=31)  # sessions expire by themselves

    assert [await told(), await told()] == [["UNAUTHENTICATED"], "end"]


async def test_a_database_that_was_away_is_waited_for(watch: Watching, town: Town, nobody: Context) -> None:
    owner = await town.citizen()
    event = await town.event(owner, (await town.organization(owner)).id)
    told = await watch(nobody, EVENT, id=id_of(event))
    everybody = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"

    async with town.services.database.engine.connect() as connection:
        assert (await connection.scalar(sa.text(f"{everybody} AND datname = current_database()")) or 0) > 0

    assert (await told())["title"] == event.details.title  # look again


async def test_another_role_alone_is_no_news(watch: Watching, town: Town) -> None:
    owner, nath = await town.citizen(), await town.citizen("nath")
    hall = await town.organization(owner)
    event = await town.event(owner, hall.id)
    quiet = [await watch(nath, INFLUENCE), await watch(nath, EVENT, id=id_of(event)), await watch(nath, PUBLISHED)]

    await members.invite_member(owner, hall.id, handle="nath", role=MemberRole.MANAGER)

    for told in quiet:
        assert await told.silent()


async def test_whoever_missed_something_is_told_to_look_again(watch: Watching, town: Town, nobody: Context) -> None:
    owner = await town.citizen("owner")
    event = await town.event(owner, (await town.organization(owner)).id)
    one, me = await watch(owner, EVENT, id=id_of(event)), await watch(owner, INFLUENCE)
    many = [await watch(owner, ATTENDANCE, id=id_of(event)), await watch(nobody, PUBLISHED)]

    town.services.hub.look_again()

    assert (await one())["title"] == event.details.title
    assert (await me())["handle"] == "owner"
    assert [await told() for told in many] == [None, None]


async def test_a_burst_is_told_in_few_answers_of_one_thing_and_the_newest_of_many(watch: Watching, town: Town) -> None:
    owner = await town.citizen()
    event = await town.event(owner, (await town.organization(owner)).id)
    one, each = await watch(owner, EVENT, id=id_of(event)), await watch(owner, ATTENDANCE, id=id_of(event))
    people = [await town.citizen() for _ in range(20)]

    for person in people:
        await participations.register(person, event.id)

    answers = [await one()]
    while answers[-1]["registeredCount"] < len(people):
        answers.append(await one())
    assert [each["registeredCount"] for each in answers] == sorted(each["registeredCount"] for each in answers)
    assert len(answers) <= len(people)
    assert [(await each())["status"] for _ in people] == ["REGISTERED"] * len(people)
    assert await each.silent()
    assert len(people) <= MOST_WAITING
