"""What attendance comes to: points, skills, and their limits."""

from datetime import timedelta

from db.engine import Database
from domain.participations import ParticipationStatus
from domain.permissions import signed_in
from domain.words import ThemeCode
from resolvers import citizens
from resolvers.context import Context
from tests.books import assert_balanced, assert_replayed
from tests.clock import Clock
from tests.factories import Town

DAY = timedelta(days=1)


async def test_the_reference_event_brings_200_points(town: Town) -> None:
    organizer = await town.citizen()
    demotic = await town.organization(organizer, "DemoTIC")
    event = await town.event(organizer, demotic.id)
    nath = await town.citizen("nath")

    attended = await town.attend(nath, event)

    assert attended.status is ParticipationStatus.ATTENDED
    assert attended.points_awarded == 200
    influence = await citizens.citizen_influence(nath, signed_in(nath.viewer).citizen_id)
    assert (influence.points, influence.level) == (200, 2)


async def test_five_events_of_two_organisers_bring_a_skill_and_the_skill_doubles(
    town: Town, empty: Database, nobody: Context, clock: Clock
) -> None:
    organizers = []
    for _ in range(2):
        organizer = await town.citizen()
        organizers.append((organizer, (await town.organization(organizer)).id))
    nath = await town.citizen(level=2)
    of = signed_in(nath.viewer).citizen_id
    points = []
    for number in range(6):
        organizer, organization = organizers[number == 0]
        event = await town.event(organizer, organization, starts_at=clock.now + (number + 1) * DAY)
        points.append((await town.attend(nath, event)).points_awarded)
        assert len(await citizens.skills(Context(town.services), of)) == (number >= 4)

    assert points == [200] * 5 + [400]
    (skill,) = await citizens.skills(nobody, of)
    assert (skill.theme, skill.acquired_at) == (ThemeCode.PUBLIC_ADMINISTRATION, clock.now + 5 * DAY)
    assert await citizens.skill(nobody, skill.id) == skill
    [[activity]] = await citizens.theme_activities(nobody, [of])
    assert (activity.theme, activity.participations, activity.points) == (skill.theme, 6, 1_400)
    assert (activity.contributions_missing, activity.organizers_missing) == (0, 0)
    await assert_balanced(empty)
    await assert_replayed(empty, signed_in(nath.viewer), policies=town.services.policies, level=2)


async def test_the_fourth_event_of_one_citizen_brings_half_and_the_seventh_nothing(
    town: Town, empty: Database, clock: Clock
) -> None:
    organizer, moderator = await town.citizen(), await town.moderator()
    unverified = await town.organization(organizer, verified=False)
    nath = await town.citizen()
    points = []
    for number in range(8):
        # what they propose for an organisation that isn't verified counts as their own
        of = unverified.id if number % 2 else None
        event = await town.published(organizer, of, by=moderator, starts_at=clock.now + (number + 1) * DAY)
        points.append((await town.attend(nath, event)).points_awarded)

    assert points == [200, 200, 200, 100, 100, 100, 0, 0]
    assert await citizens.skills(nath, signed_in(nath.viewer).citizen_id) == ()  # one organiser is not two
    await assert_replayed(empty, signed_in(nath.viewer), policies=town.services.policies)
