"""What an organisation's systems are told, once each and in order, whatever becomes of their receiver."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
import sqlalchemy as sa

from db.tables import account, notification, webhook_delivery
from domain.accounts import ProfileVisibility
from domain.events import Event
from domain.ids import EventId
from domain.notifications import NotificationKind
from domain.permissions import signed_in
from domain.webhooks import AT_ONCE, DISABLED_AFTER, LONGEST_WAIT, WebhookTopic
from resolvers import (
    desk,
    erasure,
    event_changes,
    event_endings,
    events,
    feedback,
    forgetting,
    participations,
    webhooks,
)
from resolvers.context import Services
from resolvers.deliveries import waiting
from resolvers.webhook_addresses import WebhookAddresses
from schema.ids import Kind, seal
from tests.clock import Clock
from tests.factories import PASSWORD, Town
from tests.hooks import Partner, attempts, courier, drain, hook, leases_end, partner, rows
from tests.receiver import Received, Receiver, receiving


@pytest.fixture
def services(services: Services, clock: Clock) -> Services:
    """Webhooks may lead to this machine; signatures are verified against the time that it is."""
    clock.now = datetime.now(UTC)
    return replace(services, webhooks=WebhookAddresses(to_private=True))


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as opened:
        yield opened


@pytest.fixture
async def told(town: Town, receiver: Receiver) -> Partner:
    return await partner(town, receiver.url)


async def renamed(by: Partner, event: Event, clock: Clock) -> None:
    clock.advance(seconds=1)
    await event_changes.update_event(by.owner, event.id, {"title": f"Un autre titre, {clock.now}"})


async def later(services: Services, clock: Clock, by: timedelta, *, every: timedelta = timedelta(minutes=7)) -> None:
    """Time goes by, and the courier looks from time to time."""
    until = clock.now + by
    while clock.now < until:
        clock.now = min(clock.now + every, until)
        await drain(services)


async def test_a_message_is_signed_and_says_what_happened(
    services: Services, town: Town, receiver: Receiver, told: Partner
) -> None:
    event = await town.event(told.owner, told.organization)
    await drain(services)

    (got,) = receiver.got
    (row,) = await rows(services)
    said = got.verified(told.secret)
    assert got.id == seal(Kind.WEBHOOK_DELIVERY, row.id)
    assert said["type"] == "event.published"
    assert said["data"]["event"]["id"] == seal(Kind.EVENT, event.id)
    assert said["data"]["event"]["status"] == "PUBLISHED"
    assert datetime.fromisoformat(said["timestamp"]) == row.created_at
    assert (row.state, row.attempts, row.leased_until) == ("DELIVERED", 1, None)
    assert [(each.number, each.status, each.failure) for each in await attempts(services)] == [(1, 204, None)]


async def test_a_whole_life_is_told_in_its_order(
    services: Services, town: Town, clock: Clock, receiver: Receiver, told: Partner
) -> None:
    nath, zoe = await town.citizen("nath"), await town.citizen("zoe")
    event = await town.event(told.owner, told.organization)
    await renamed(told, event, clock)
    await participations.register(nath, event.id)
    await participations.register(zoe, event.id)
    await participations.cancel_registration(zoe, event.id)
    clock.now = event.details.starts_at
    await participations.check_in(nath, event.id, code=await town.code(event.id))
    clock.now = event.details.ends_at
    await events.complete_event(told.owner, event.id)
    await feedback.leave_feedback(nath, event.id, rating=5, highlights="Tout", improvements=None, anonymous=False)
    await event_changes.publish_outcome(
        told.owner, event.id, summary="Deux propositions", decisions=(), document_url=None
    )
    await drain(services)

    of_event = [got.type for got in receiver.got if set(got.said["data"]) == {"event"}]
    assert of_event == ["event.published", "event.updated", "event.completed", "outcome.published"]
    mine = next(got.said["data"]["participation"]["id"] for got in receiver.got if got.type == "attendance.confirmed")
    about = [got for got in receiver.got if "participation" in got.said["data"]]
    assert [got.type for got in about if got.said["data"]["participation"]["id"] == mine] == [
        "registration.made",
        "attendance.confirmed",
    ]
    assert [got.type for got in about if got.said["data"]["participation"]["id"] != mine] == [
        "registration.made",
        "registration.cancelled",
    ]
    answers = [got.said["data"]["feedback"] for got in receiver.got if got.type == "feedback.received"]
    assert [answer["rating"] for answer in answers] == [5]
    assert "Tout" not in str([got.body for got in receiver.got])


async def test_what_was_confirmed_and_taken_back_and_what_is_called_off_is_told(
    services: Services, town: Town, clock: Clock, receiver: Receiver, told: Partner
) -> None:
    nath = await town.citizen("nath")
    event = await town.event(told.owner, told.organization)
    await participations.register(nath, event.id)
    clock.now = event.details.starts_at
    me = signed_in(nath.viewer).citizen_id
    await desk.confirm_attendance(told.owner, event.id, attended=[me], absent=[])
    await desk.confirm_attendance(told.owner, event.id, attended=[], absent=[me])
    await event_endings.cancel_event(told.owner, event.id, reason="Salle inondée")
    await drain(services)

    assert [got.type for got in receiver.got if "participation" in got.said["data"]] == [
        "registration.made",
        "attendance.confirmed",
        "attendance.withdrawn",
        "registration.cancelled",
    ]
    assert [got.type for got in receiver.got if "participation" not in got.said["data"]] == [
        "event.published",
        "event.cancelled",
    ]


async def test_nobody_is_told_of_drafts_nor_of_what_they_did_not_ask_for_nor_of_others(
    services: Services, town: Town, clock: Clock, receiver: Receiver
) -> None:
    one = await partner(town, receiver.url, WebhookTopic.EVENT_CANCELLED)
    other = await partner(town, receiver.url)
    draft = await town.event(other.owner, other.organization, submit=False)
    await renamed(other, draft, clock)
    await town.event(one.owner, one.organization)
    await town.event(other.owner)
    await drain(services)

    assert receiver.got == []
    assert await rows(services) == []


async def test_what_is_rolled_back_is_not_told(services: Services, town: Town, told: Partner) -> None:
    event = await town.event(told.owner, told.organization)

    async def change_and_fail() -> None:
        async with services.database.unit_of_work() as work:
            await work.execute(sa.text("UPDATE event SET updated_at = now()"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await change_and_fail()
    assert [row.subject for row in await rows(services)] == [event.id]


async def test_anonymous_feedback_is_never_told_nor_who_hides(
    services: Services, town: Town, clock: Clock, receiver: Receiver, told: Partner
) -> None:
    shy = await town.citizen("shy", visibility=ProfileVisibility.HIDDEN)
    event = await town.event(told.owner, told.organization)
    await town.attend(shy, event)
    clock.now = event.details.ends_at
    await feedback.leave_feedback(shy, event.id, rating=1, highlights=None, improvements=None, anonymous=True)
    await drain(services)

    assert "feedback.received" not in receiver.types
    people = [got.said["data"]["participation"]["citizen"] for got in receiver.got if "registration" in got.type]
    assert people == [None]
    assert signed_in(shy.viewer).citizen_id.hex not in str([got.body for got in receiver.got])


async def test_who_has_left_is_in_no_message_that_was_still_to_be_sent(
    services: Services, town: Town, receiver: Receiver, told: Partner
) -> None:
    nath = await town.citizen("nath")
    event = await town.event(told.owner, told.organization)
    await participations.register(nath, event.id)
    left = signed_in(nath.viewer).citizen_id
    await erasure.delete_account(nath, password=PASSWORD)
    await drain(services)

    assert receiver.types.count("registration.made") == receiver.types.count("registration.cancelled") == 1
    assert left.hex not in str([got.body for got in receiver.got])
    assert "nath" not in str([got.body for got in receiver.got])


async def test_an_outage_loses_nothing_and_changes_no_id(
    services: Services, town: Town, clock: Clock, receiver: Receiver, told: Partner
) -> None:
    await receiver.close()
    made = [await town.event(told.owner, told.organization) for _ in range(3)]
    await renamed(told, made[0], clock)
    before = {row.id for row in await rows(services)}
    await later(services, clock, timedelta(hours=6))
    assert (await hook(services)).failing_since is not None
    await receiver.open()
    await later(services, clock, LONGEST_WAIT * 1.5)

    got = [each.id for each in receiver.got]
    assert sorted(got) == sorted({seal(Kind.WEBHOOK_DELIVERY, each) for each in before})
    of_first = [each.type for each in receiver.got if each.said["data"]["event"]["id"] == seal(Kind.EVENT, made[0].id)]
    assert of_first == ["event.published", "event.updated"]
    assert (await hook(services)).failing_since is None
    assert await waiting(services) == [each for each in await waiting(services) if each.topic != "webhook"]


async def test_a_later_message_of_a_subject_waits_for_the_one_before_and_others_do_not(
    services: Services, town: Town, clock: Clock, receiver: Receiver, told: Partner
) -> None:
    first = await town.event(told.owner, told.organization)
    receiver.answer = lambda got: 500 if got.said["data"]["event"]["id"] == seal(Kind.EVENT, first.id) else 204
    await drain(services)
    await renamed(told, first, clock)
    second = await town.event(told.owner, told.organization)
    await drain(services)
    assert [got.type for got in receiver.got] == ["event.published", "event.published"]
    assert receiver.got[1].said["data"]["event"]["id"] == seal(Kind.EVENT, second.id)

    receiver.answer = lambda _: 200
    await later(services, clock, timedelta(minutes=1), every=timedelta(seconds=20))
    assert [got.type for got in receiver.got[2:]] == ["event.published", "event.updated"]


async def test_what_fails_for_a_day_while_others_arrive_is_given_up_and_can_be_sent_again(
    services: Services, town: Town, clock: Clock, receiver: Receiver, told: Partner
) -> None:
    bad = await town.event(told.owner, told.organization)
    receiver.answer = lambda got: 500 if got.said["data"].get("event", {}).get("id") == key else 204
    key = seal(Kind.EVENT, bad.id)
    for _ in range(34):
        await webhooks.ping(told.owner, told.webhook.id)
        await later(services, clock, timedelta(hours=1.3), every=timedelta(hours=0.65))
    row = next(each for each in await rows(services) if each.subject == bad.id)
    assert (row.state, row.attempts) == ("GIVEN_UP", 32)
    assert (await hook(services)).disabled_at is None

    receiver.answer = lambda _: 200
    await webhooks.send_again(told.owner, row.id)
    await drain(services)
    assert receiver.got[-1].id == seal(Kind.WEBHOOK_DELIVERY, row.id)


async def test_a_day_without_success_disables_and_tells_the_owners_and_keeps_what_waits(
    services: Services, town: Town, clock: Clock, receiver: Receiver, told: Partner
) -> None:
    receiver.answer = lambda _: 503
    event = await town.event(told.owner, told.organization)
    await later(services, clock, DISABLED_AFTER + LONGEST_WAIT * 2, every=timedelta(minutes=30))
    tried = len(receiver.got)
    row = await hook(services)
    assert (row.disabled_because, row.disabled_at - row.failing_since >= DISABLED_AFTER) == ("FAILING", True)
    assert tried < 60
    async with services.database.reading() as session:
        told_of = (await session.execute(sa.select(notification.c.kind, notification.c.citizen_id))).all()
    assert [each for each in told_of if each.kind is NotificationKind.WEBHOOK_DISABLED] == [
        (NotificationKind.WEBHOOK_DISABLED, signed_in(told.owner.viewer).citizen_id)
    ]

    receiver.answer = lambda _: 200
    await renamed(told, event, clock)
    await later(services, clock, timedelta(hours=3))
    assert len(receiver.got) == tried
    await webhooks.enable_webhook(told.owner, told.webhook.id)
    await drain(services)
    assert [got.type for got in receiver.got[tried:]] == ["event.published", "event.updated"]
    assert len({got.id for got in receiver.got}) == 2


async def test_gone_disables_at_once(services: Services, town: Town, receiver: Receiver, told: Partner) -> None:
    receiver.answer = lambda _: 410
    await town.event(told.owner, told.organization)
    await drain(services)

    assert (await hook(services)).disabled_because == "GONE"
    assert [row.state for row in await rows(services)] == ["WAITING"]


async def test_of_one_webhook_few_are_under_way_and_others_are_not_kept_waiting(
    services: Services, town: Town, receiver: Receiver, told: Partner
) -> None:
    async with receiving() as quick:
        other = await partner(town, quick.url)
        receiver.slow = 0.3
        for _ in range(3 * AT_ONCE):
            await town.event(told.owner, told.organization)
        for _ in range(3 * AT_ONCE):
            await town.event(other.owner, other.organization)
        sent, before = courier(services), 0
        while await sent.round():
            before = before or (len(receiver.got) if len(quick.got) == 3 * AT_ONCE else 0)

    assert receiver.most == AT_ONCE
    assert len(receiver.got) == len(quick.got) == 3 * AT_ONCE
    assert before < 3 * AT_ONCE


async def test_who_fails_again_and_again_is_asked_one_at_a_time(
    services: Services, town: Town, clock: Clock, receiver: Receiver, told: Partner
) -> None:
    receiver.answer = lambda _: 500
    for _ in range(20):
        await town.event(told.owner, told.organization)
    await drain(services)
    first = len(receiver.got)
    assert first < 10
    receiver.most, receiver.slow = 0, 0.05
    await later(services, clock, timedelta(hours=1), every=timedelta(minutes=5))
    assert receiver.most == 1
    assert len(receiver.got) - first <= 12


async def test_for_a_day_both_secrets_sign(
    services: Services, town: Town, clock: Clock, receiver: Receiver, told: Partner
) -> None:
    _, fresh = await webhooks.rotate_secret(told.owner, told.webhook.id)
    await webhooks.ping(told.owner, told.webhook.id)
    await drain(services)
    (both,) = receiver.got
    assert both.verified(told.secret) == both.verified(fresh)

    clock.advance(days=1, seconds=1)
    await webhooks.ping(told.owner, told.webhook.id)
    await drain(services)
    assert [len(got.headers["webhook-signature"].split()) for got in receiver.got] == [2, 1]


async def test_what_was_taken_by_who_died_is_sent_by_the_next_with_the_same_id(
    services: Services, town: Town, receiver: Receiver, told: Partner
) -> None:
    await town.event(told.owner, told.organization)
    receiver.slow = 60
    died = courier(services)
    await died.round()
    await receiver.has_begun()
    for task in list(died._under_way):
        task.cancel()
    receiver.slow = 0
    await drain(services)
    assert receiver.got == []  # somebody may still be at it
    await leases_end(services)
    await drain(services)

    (row,) = await rows(services)
    assert [got.id for got in receiver.got] == [seal(Kind.WEBHOOK_DELIVERY, row.id)]
    assert (row.state, row.attempts) == ("DELIVERED", 2)


async def test_nothing_is_sent_while_no_owner_may_act(
    services: Services, town: Town, clock: Clock, receiver: Receiver, told: Partner
) -> None:
    await town.event(told.owner, told.organization)

    async def suspended(since: datetime | None) -> None:
        async with services.database.unit_of_work() as work:
            await work.execute(sa.update(account).values(suspended_at=since))

    await suspended(clock.now)
    await drain(services)
    assert receiver.got == []
    await suspended(None)
    await drain(services)
    assert receiver.types == ["event.published"]


async def test_where_nobody_belongs_to_an_organisation_any_more_its_webhooks_end(
    services: Services, town: Town, receiver: Receiver, told: Partner
) -> None:
    await town.event(told.owner, told.organization)
    await erasure.delete_account(told.owner, password=PASSWORD)
    await drain(services)

    assert receiver.got == []
    row = await hook(services)
    assert row.deleted_at
    assert (row.url, row.created_by, set(row.secret)) == ("", None, {0})


async def test_deliveries_are_kept_for_a_month_and_those_of_deleted_webhooks_not_at_all(
    services: Services, town: Town, clock: Clock, receiver: Receiver, told: Partner
) -> None:
    await town.event(told.owner, told.organization)
    await drain(services)
    clock.advance(days=29)
    await forgetting.forget(services)
    assert len(await rows(services)) == 1
    clock.advance(days=1, hours=1)
    await forgetting.forget(services)
    assert await rows(services) == []
    assert await attempts(services) == []

    await webhooks.ping(told.owner, told.webhook.id)
    await webhooks.delete_webhook(told.owner, told.webhook.id)
    await drain(services)
    clock.advance(minutes=1)
    await forgetting.forget(services)
    assert await rows(services) == []
    assert [got.type for got in receiver.got] == ["event.published"]


async def test_waits_grow_from_attempt_to_attempt(
    services: Services, town: Town, clock: Clock, receiver: Receiver, told: Partner
) -> None:
    receiver.answer = lambda _: 500
    await town.event(told.owner, told.organization)
    waits = []
    for _ in range(14):
        await drain(services)
        due = (await rows(services))[0].due_at
        waits.append(due - clock.now)
        rest = (await hook(services)).resting_until
        clock.now = max(due, rest or due)

    assert timedelta(seconds=7) <= waits[0] <= timedelta(seconds=13)
    assert all(later > earlier * 1.1 for earlier, later in pairwise(waits[:8]))
    assert max(waits) <= LONGEST_WAIT * 1.25


async def test_what_waits_is_measured(services: Services, town: Town, clock: Clock, told: Partner) -> None:
    await town.event(told.owner, told.organization)
    clock.now = datetime.now(UTC) + timedelta(minutes=10)
    (found,) = [each for each in await waiting(services) if each.topic == "webhook"]

    assert found.number == 1
    assert timedelta(minutes=9) < found.late < timedelta(minutes=11)


def _of(got: Received, id: EventId) -> bool:
    return bool(got.said["data"]["event"]["id"] == seal(Kind.EVENT, id))


async def test_two_couriers_send_nothing_twice(
    services: Services, town: Town, clock: Clock, receiver: Receiver, told: Partner
) -> None:
    events_ = [await town.event(told.owner, told.organization) for _ in range(10)]
    for each in events_:
        await renamed(told, each, clock)
    receiver.slow = 0.02
    await asyncio.gather(*(drain(services) for _ in range(4)))

    assert len(receiver.got) == len({got.id for got in receiver.got}) == 20
    assert receiver.most <= AT_ONCE
    for each in events_:
        assert [got.type for got in receiver.got if _of(got, each.id)] == ["event.published", "event.updated"]
    async with services.database.reading() as session:
        left = await session.scalar(sa.select(sa.func.count()).where(webhook_delivery.c.done_at.is_(None)))
    assert left == 0
