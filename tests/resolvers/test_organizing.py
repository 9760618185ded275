"""What organising an event brings, when it is taken back, and when it is given again."""

from datetime import timedelta

from db.engine import Database
from domain.events import Event
from domain.mails import MailTemplate
from resolvers import desk, emails, event_endings, events, participations
from resolvers.context import Context
from tests.at_once import at_once
from tests.clock import Clock
from tests.factories import Town
from tests.ledgers import Line, broken_laws, lines, me, told
from tests.mailbox import posted

GIVEN = Line("ORGANIZING", 200, 1)


async def verified(town: Town, *, elsewhere: bool = True) -> Context:
    """Somebody with a verified address who, unless told, has attended a verified organisation's event."""
    ctx = await town.citizen()
    await verify(ctx)
    if elsewhere:
        await attended_elsewhere(town, ctx)
    return ctx


async def verify(ctx: Context) -> None:
    await emails.resend_email_verification(ctx)
    mails = await posted(ctx.services.database)
    tokens = [mail.token for mail in mails if mail.to == me(ctx) and mail.template is MailTemplate.VERIFY_EMAIL]
    await emails.verify_email(ctx, tokens[-1])


async def attended_elsewhere(town: Town, *people: Context) -> tuple[Context, Event]:
    """An event of a verified organisation, soon, that `people` attended; and who organises it."""
    host = await town.citizen()
    organization = await town.organization(host)
    event = await town.event(host, organization.id, starts_at=town.services.clock() + timedelta(hours=1))
    for each in people:
        await town.attend(each, event)
    return host, event


async def organized(town: Town, clock: Clock, *people: Context, organizer: Context | None = None) -> Event:
    """An event in `organizer`'s own name that `people` attended; it is over, and not completed yet."""
    event = await town.published(organizer or await town.citizen(), by=await town.moderator())
    for each in people:
        await town.attend(each, event)
    clock.now = event.details.ends_at
    return event


async def test_three_who_count_bring_the_organiser_the_points_of_the_event(
    town: Town, clock: Clock, empty: Database
) -> None:
    organizer = await town.citizen()
    people = [await verified(town) for _ in range(3)]
    event = await organized(town, clock, *people, organizer=organizer)

    for _ in range(2):
        await events.complete_event(organizer, event.id)

    assert await lines(organizer) == [GIVEN]
    assert ("LEVEL_REACHED", {"level": 2}) in await told(organizer)
    assert await broken_laws(empty) == []


async def test_who_is_not_verified_or_has_been_nowhere_else_does_not_count(town: Town, clock: Clock) -> None:
    organizer = await town.citizen()
    people = [await verified(town), await verified(town), await verified(town, elsewhere=False), await town.citizen()]
    await attended_elsewhere(town, people[3])
    event = await organized(town, clock, *people, organizer=organizer)

    await events.complete_event(organizer, event.id)

    assert await lines(organizer) == []


async def test_an_address_that_is_verified_later_makes_the_third(town: Town, clock: Clock, empty: Database) -> None:
    organizer, late = await town.citizen(), await town.citizen()
    await attended_elsewhere(town, late)
    people = [await verified(town), await verified(town), late]
    event = await organized(town, clock, *people, organizer=organizer)
    await events.complete_event(organizer, event.id)
    assert await lines(organizer) == []

    await verify(late)

    assert await lines(organizer) == [GIVEN]
    assert await broken_laws(empty) == []


async def test_attending_another_organiser_later_makes_the_third_and_losing_that_unmakes_it(
    town: Town, clock: Clock, empty: Database
) -> None:
    organizer, late = await town.citizen(), await verified(town, elsewhere=False)
    event = await organized(town, clock, await verified(town), await verified(town), late, organizer=organizer)
    await events.complete_event(organizer, event.id)
    assert await lines(organizer) == []

    host, other = await attended_elsewhere(town, late)
    assert await lines(organizer) == [GIVEN]

    clock.now = other.details.ends_at
    await events.complete_event(host, other.id)
    await event_endings.annul_event(await town.moderator(), other.id, reason="La salle était fermée.")
    assert await lines(organizer) == [GIVEN, Line("REVERSAL", -200, 1)]
    assert await broken_laws(empty) == []


async def test_all_who_attend_another_organiser_at_once_with_their_own_bring_it_once(
    town: Town, clock: Clock, empty: Database
) -> None:
    organizer = await town.citizen()
    people = [await verified(town, elsewhere=False) for _ in range(4)]
    event = await organized(town, clock, *people, organizer=organizer)
    await events.complete_event(organizer, event.id)
    assert await lines(organizer) == []
    _, other = await attended_elsewhere(town)
    everybody = [*people[:2], organizer, *people[2:]]
    for each in everybody:
        await participations.register(each, other.id)
    clock.now = other.details.starts_at
    code = await town.code(other.id)

    done, refused = await at_once(*(participations.check_in(each, other.id, code=code) for each in everybody))

    assert (len(done), refused) == (5, [])
    assert sorted(line.kind for line in await lines(organizer)) == ["ORGANIZING", "PARTICIPATION"]
    assert await broken_laws(empty) == []


async def test_falling_under_three_takes_it_back_and_coming_back_in_time_gives_it_again(
    town: Town, clock: Clock, empty: Database
) -> None:
    organizer = await town.citizen()
    people = [await verified(town) for _ in range(3)]
    event = await organized(town, clock, *people, organizer=organizer)
    await events.complete_event(organizer, event.id)
    third = [me(people[2])]

    await desk.confirm_attendance(organizer, event.id, attended=[], absent=third)
    taken_back = [GIVEN, Line("REVERSAL", -200, 1)]
    assert await lines(organizer) == taken_back
    clock.advance(days=30)
    await desk.confirm_attendance(organizer, event.id, attended=third, absent=[])

    assert await lines(organizer) == [*taken_back, Line("ORGANIZING", 200, 2)]
    assert await broken_laws(empty) == []


async def test_confirming_the_third_after_completion_gives_it(town: Town, clock: Clock) -> None:
    organizer, third = await town.citizen(), await verified(town)
    people = [await verified(town), await verified(town)]
    event = await town.published(organizer, by=await town.moderator())
    await participations.register(third, event.id)
    for each in people:
        await town.attend(each, event)
    clock.now = event.details.ends_at
    await events.complete_event(organizer, event.id)
    assert await lines(organizer) == []

    await desk.confirm_attendance(organizer, event.id, attended=[me(third)], absent=[])

    assert await lines(organizer) == [GIVEN]


async def test_annulled_it_is_taken_back_from_everybody(town: Town, clock: Clock, empty: Database) -> None:
    organizer = await town.citizen()
    people = [await verified(town) for _ in range(3)]
    before = [await lines(each) for each in people]
    event = await organized(town, clock, *people, organizer=organizer)
    await events.complete_event(organizer, event.id)

    await event_endings.annul_event(await town.moderator(), event.id, reason="Personne n’est venu.")

    assert await lines(organizer) == [GIVEN, Line("REVERSAL", -200, 1)]
    for each, had in zip(people, before, strict=True):
        mine = (await lines(each))[len(had) :]
        assert [line.kind for line in mine] == ["PARTICIPATION", "REVERSAL"]
        assert sum(line.points for line in mine) == 0
    assert await broken_laws(empty) == []


async def test_the_fourth_event_within_ninety_days_brings_half_and_the_seventh_nothing(
    town: Town, clock: Clock
) -> None:
    organizer = await town.citizen()
    people = [await verified(town) for _ in range(3)]
    for _ in range(7):
        event = await organized(town, clock, *people, organizer=organizer)
        await events.complete_event(organizer, event.id)

    assert [line.points for line in await lines(organizer)] == [200, 200, 200, 100, 100, 100, 0]


async def test_an_organisation_brings_its_members_nothing(town: Town, clock: Clock) -> None:
    owner = await town.citizen()
    organization = await town.organization(owner)
    event = await town.event(owner, organization.id)
    for each in [await verified(town) for _ in range(3)]:
        await town.attend(each, event)
    clock.now = event.details.ends_at

    await events.complete_event(owner, event.id)

    assert await lines(owner) == []
