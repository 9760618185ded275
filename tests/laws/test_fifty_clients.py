"""Each law, while fifty clients try to break it at once on the real database.

One seat and fifty citizens are in tests/resolvers/test_waiting_line.py, reversals and organisers' points that hang on
each other in tests/resolvers/test_laws_points.py, and whatever anybody does in any order in tests/laws/machine.py.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from random import Random

import pytest
import sqlalchemy as sa

from db.engine import Database
from db.tables import citizen_total, ledger_entry
from db.tables import feedback as answers
from domain.attendance import OrganizersAttendance
from domain.event_life import TRANSITIONS, EventNotInThatState, ReviewDecision
from domain.events import Event
from domain.feedback import FeedbackGiven
from domain.organizations import MemberRole
from domain.participations import NotRegistered, OwnEvent
from resolvers import desk, emails, erasure, event_changes, event_endings, events, feedback, members, participations
from resolvers.audit import audited
from resolvers.context import Context
from tests.at_once import at_once, how_many, same
from tests.clock import Clock
from tests.factories import PASSWORD, Town
from tests.ledgers import Line, broken_laws, lines, me

FIFTY = 50
Call = Callable[[], Awaitable[object]]


async def fifty(town: Town) -> list[Context]:
    return list(await asyncio.gather(*(town.citizen() for _ in range(FIFTY))))


async def sums(database: Database) -> tuple[object, ...]:
    """What must not change when people leave."""
    entries, total = ledger_entry.c, citizen_total.c
    async with database.reading() as session:
        ledger = await session.execute(sa.select(sa.func.count(), sa.func.sum(entries.points)))
        totals = await session.execute(sa.select(sa.func.sum(total.points), sa.func.sum(total.earned_points)))
        return *ledger.one(), *totals.one()


async def nothing_differs(town: Town) -> bool:
    """Whether two replays come to what is kept, and to the same."""
    ctx = Context(town.services)
    first, second = [[each async for each in audited(ctx)] for _ in range(2)]
    return first == second and not any(each.differences for each in first)


async def test_the_capacity_holds_while_fifty_come_go_and_come_back_and_seats_are_added_and_taken(
    town: Town, empty: Database
) -> None:
    chance = Random(44)  # noqa: S311 - what is drawn is what is tried, the same each time
    owner = await town.citizen()
    event = await town.event(owner, (await town.organization(owner)).id, capacity=7)
    crowd = await fifty(town)

    for _ in range(2):
        calls: list[Awaitable[object]] = [
            event_changes.update_event(ctx, event.id, {"capacity": chance.randint(1, 12)}) for ctx in same(owner, 6)
        ]
        for each in crowd:
            one, again = same(each, 2)
            calls.append(participations.register(one, event.id))
            calls.append(chance.choice([participations.cancel_registration, participations.register])(again, event.id))
        chance.shuffle(calls)
        await at_once(*calls)

        assert await broken_laws(empty) == []
        owner.look_again()
        final = await events.event(owner, event.id)
        counts = await events.counts(owner, event.id)
        assert final is not None
        assert final.details.capacity is not None
        assert counts.registered == min(final.details.capacity, counts.registered + counts.waitlisted)


async def test_fifty_who_check_in_while_they_are_confirmed_have_one_award_each(
    town: Town, clock: Clock, empty: Database
) -> None:
    owner, crowd = await town.citizen(), await fifty(town)
    event = await town.event(owner, (await town.organization(owner)).id)
    await at_once(*(participations.register(each, event.id) for each in crowd))
    clock.now = event.details.starts_at
    code = await town.code(event.id)
    everybody = [me(each) for each in crowd]

    done, refused = await at_once(
        *(participations.check_in(each, event.id, code=code) for each in crowd),
        *(desk.confirm_attendance(ctx, event.id, attended=everybody, absent=[]) for ctx in same(owner, 3)),
        *(participations.check_in(ctx, event.id, code=code) for each in crowd for ctx in same(each, 1)),
    )

    assert refused == []
    assert len(done) == 103
    assert await how_many(empty, ledger_entry) == FIFTY
    assert await broken_laws(empty) == []
    assert await nothing_differs(town)


@pytest.mark.parametrize("how", ["withdrawn", "cancelled", "annulled"])
async def test_what_fifty_take_back_at_once_is_reversed_once(
    town: Town, clock: Clock, empty: Database, how: str
) -> None:
    owner, moderator = await town.citizen(), await town.moderator()
    people = [await town.citizen() for _ in range(5)]
    event = await town.event(owner, (await town.organization(owner)).id)
    for each in people:
        await town.attend(each, event)
    clock.now = event.details.starts_at if how == "cancelled" else event.details.ends_at
    if how == "annulled":
        await events.complete_event(owner, event.id)
    everybody = [me(each) for each in people]

    def take_back(organizer: Context, judge: Context) -> Awaitable[object]:
        match how:
            case "withdrawn":
                return desk.confirm_attendance(organizer, event.id, attended=[], absent=everybody)
            case "cancelled":
                return event_endings.cancel_event(organizer, event.id, reason="Alerte.")
            case _:
                return event_endings.annul_event(judge, event.id, reason="Personne.")

    pairs = zip(same(owner, FIFTY), same(moderator, FIFTY), strict=True)
    _, refused = await at_once(*(take_back(*each) for each in pairs))

    assert {type(refusal) for refusal in refused} <= {EventNotInThatState}
    for each in people:
        assert await lines(each) == [Line("PARTICIPATION", 200, 1), Line("REVERSAL", -200, 1)]
    assert await broken_laws(empty) == []
    assert await nothing_differs(town)


@pytest.mark.parametrize("people", [1, 5])
async def test_each_who_attended_answers_once_however_many_answers_are_sent(
    town: Town, clock: Clock, empty: Database, people: int
) -> None:
    owner, crowd = await town.citizen(), [await town.citizen() for _ in range(people)]
    event = await town.event(owner, (await town.organization(owner)).id)
    for each in crowd:
        await town.attend(each, event)
    clock.now = event.details.ends_at

    done, refused = await at_once(
        *(
            feedback.leave_feedback(
                ctx, event.id, rating=number % 5 + 1, highlights=None, improvements=None, anonymous=number % 2 == 0
            )
            for each in crowd
            for number, ctx in enumerate(same(each, FIFTY // people))
        )
    )

    assert len(done) == people == await how_many(empty, answers)
    assert {type(refusal) for refusal in refused} == {FeedbackGiven}
    assert await broken_laws(empty) == []


async def test_nobody_of_those_who_organise_attends_by_any_of_fifty_ways(
    town: Town, clock: Clock, empty: Database
) -> None:
    owner, manager, guest = [await town.citizen(f"one-of-{number}") for number in range(3)]
    hall = (await town.organization(owner)).id
    event = await town.event(owner, hall)
    for each in (manager, guest):  # registered first, invited after: they organise it as soon as they accept
        await participations.register(each, event.id)
        handle = f"one-of-{1 if each is manager else 2}"
        await members.invite_member(owner, hall, handle=handle, role=MemberRole.MANAGER)
    await members.answer_invitation(manager, hall, accept=True)
    await town.look_again(manager)
    clock.now = event.details.starts_at
    code = await town.code(event.id)
    team = [me(owner), me(manager)]

    _, refused = await at_once(
        *(participations.register(ctx, event.id) for ctx in same(owner, 10)),
        *(participations.check_in(ctx, event.id, code=code) for ctx in (*same(owner, 10), *same(manager, 10))),
        *(
            desk.confirm_attendance(ctx, event.id, attended=[each], absent=[])
            for by in (owner, manager)
            for ctx, each in zip(same(by, 10), team * 5, strict=True)
        ),
    )
    await at_once(
        members.answer_invitation(guest, hall, accept=True),
        *(participations.check_in(ctx, event.id, code=code) for ctx in same(guest, 5)),
        *(desk.confirm_attendance(ctx, event.id, attended=[me(guest)], absent=[]) for ctx in same(owner, 5)),
    )

    assert {type(refusal) for refusal in refused} >= {OwnEvent, OrganizersAttendance, NotRegistered}
    assert await lines(owner) == await lines(manager) == []
    assert await broken_laws(empty) == []


async def test_twenty_five_of_fifty_leave_at_once_and_every_sum_stays(
    town: Town, clock: Clock, empty: Database
) -> None:
    owner, crowd = await town.citizen(), await fifty(town)
    event = await town.event(owner, (await town.organization(owner)).id)
    await at_once(*(participations.register(each, event.id) for each in crowd))
    clock.now = event.details.starts_at
    everybody = [me(each) for each in crowd]
    await desk.confirm_attendance(owner, event.id, attended=everybody, absent=[])
    clock.now = event.details.ends_at
    await events.complete_event(owner, event.id)
    before, counts = await sums(empty), await events.counts(Context(town.services), event.id)

    await at_once(
        *(erasure.delete_account(each, password=PASSWORD) for each in crowd[:25]),
        *(emails.resend_email_verification(each) for each in crowd[25:]),
    )

    assert await sums(empty) == before
    assert await events.counts(Context(town.services), event.id) == counts
    assert await broken_laws(empty) == []
    assert await nothing_differs(town)


async def test_events_only_go_where_the_table_says_while_fifty_push_them(
    town: Town, clock: Clock, empty: Database
) -> None:
    chance = Random(7)  # noqa: S311 - what is drawn is what is tried, the same each time
    owner, proposer, moderator = await town.citizen(), await town.citizen(), await town.moderator()
    hall = (await town.organization(owner)).id
    soon = clock() + timedelta(hours=1)
    some = [
        *[(owner, await town.event(owner, hall, starts_at=soon, submit=bool(each))) for each in range(2)],
        *[(proposer, await town.event(proposer, starts_at=soon, submit=bool(each))) for each in range(4)],
    ]
    async with empty.engine.begin() as connection:
        for statement in WATCHED:
            await connection.execute(sa.text(statement))
    try:
        for moment in (clock(), soon, some[0][1].details.ends_at):
            clock.now = moment
            await at_once(*(_push(chance, *chance.choice(some), moderator) for _ in range(FIFTY)))
        async with empty.reading() as session:
            seen = {tuple(row) for row in await session.execute(sa.text("SELECT was, became FROM moves"))}
    finally:
        async with empty.engine.begin() as connection:
            await connection.execute(sa.text("DROP FUNCTION note_move CASCADE"))
            await connection.execute(sa.text("DROP TABLE moves"))

    declared = {(was.value, each.value) for (was, _), to in TRANSITIONS.items() for each in to}
    assert len(seen - {(each, each) for each, _ in seen}) >= 5
    assert seen <= declared
    assert await broken_laws(empty) == []


WATCHED = (
    "CREATE TABLE moves (was text, became text)",
    """CREATE FUNCTION note_move() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN INSERT INTO moves VALUES (OLD.status, NEW.status); RETURN NEW; END $$""",
    "CREATE TRIGGER moves AFTER UPDATE ON event FOR EACH ROW EXECUTE FUNCTION note_move()",
)


def _push(chance: Random, organizer: Context, event: Event, moderator: Context) -> Awaitable[object]:
    """Something that somebody may do with an event, in whatever state it is."""
    (ctx,), (judge,) = same(organizer, 1), same(moderator, 1)
    calls: list[Call] = [
        lambda: events.submit_event(ctx, event.id),
        lambda: events.review_event(judge, event.id, decision=ReviewDecision.PUBLISH),
        lambda: events.review_event(judge, event.id, decision=ReviewDecision.REJECT, reason="Où ?"),
        lambda: event_changes.update_event(ctx, event.id, {"engagement": chance.randint(1, 5)}),
        lambda: event_endings.cancel_event(ctx, event.id, reason="Il pleut."),
        lambda: events.complete_event(ctx, event.id),
        lambda: event_endings.annul_event(judge, event.id, reason="Personne."),
    ]
    return chance.choice(calls)()
