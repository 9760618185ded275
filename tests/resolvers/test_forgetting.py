"""What has expired is forgotten, all of it and nothing else, by any number of workers at once."""

import asyncio
from datetime import datetime, timedelta
from uuid import uuid4

import sqlalchemy as sa

from db.tables import email_token, outbox_message, refresh_token, used_assessment
from db.tables import session as sessions
from db.writes import forgetting
from domain.accounts import EmailPurpose
from domain.permissions import signed_in
from resolvers.accounts import refresh_session, sign_in
from resolvers.context import Context, Services
from resolvers.forgetting import DELIVERIES_KEPT, SESSIONS_KEPT, forget
from tests.clock import Clock
from tests.factories import PASSWORD, Town

A_MOMENT = timedelta(seconds=1)


async def number(services: Services, table: sa.Table) -> int:
    async with services.database.reading() as session:
        return await session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


async def empty_outbox(services: Services) -> None:
    async with services.database.unit_of_work() as work:
        await work.execute(sa.delete(outbox_message))
        await work.execute(sa.delete(email_token))


def delivered(at: datetime | None) -> dict[str, object]:
    return {
        "id": uuid4(),
        "topic": "mail",
        "payload": {},
        "created_at": at or Clock().now,
        "due_at": at or Clock().now,
        "attempts": 1,
        "gave_up": False,
        "done_at": at,
    }


async def test_links_and_assessments_go_when_they_expire(town: Town, services: Services, clock: Clock) -> None:
    nath = await town.citizen(level=3)
    await empty_outbox(services)
    links = [
        {
            "citizen_id": signed_in(nath.viewer).citizen_id,
            "fingerprint": bytes([hours]),
            "purpose": EmailPurpose.RESET_PASSWORD,
            "email": "nath@example.org",
            "issued_at": clock.now,
            "expires_at": clock.now + timedelta(hours=hours),
        }
        for hours in (1, 2)
    ]
    async with services.database.unit_of_work() as work:
        await work.execute(sa.insert(email_token).values(links))

    clock.advance(minutes=59)
    assert await forget(services) == 0
    clock.advance(minutes=1)
    assert await forget(services) == 1
    assert await number(services, email_token) == await number(services, used_assessment) == 1
    clock.advance(hours=24)
    await forget(services)
    assert await number(services, email_token) == await number(services, used_assessment) == 0


async def test_sessions_go_with_their_tokens_a_month_after_they_ended(
    town: Town, services: Services, clock: Clock
) -> None:
    nath = await town.citizen("nath")
    ended = signed_in(nath.viewer).session_id
    async with services.database.unit_of_work() as work:
        await work.execute(sa.update(sessions).values(ended_at=clock.now))
    opened = await sign_in(Context(services), email="nath@example.org", password=PASSWORD)

    clock.now += SESSIONS_KEPT - A_MOMENT
    opened = await refresh_session(Context(services), opened.refresh_token)
    await forget(services)
    assert await number(services, sessions) == 2
    clock.now += A_MOMENT
    await forget(services)

    async with services.database.reading() as session:
        left = (await session.execute(sa.select(sessions.c.id))).scalars().all()
    assert ended not in left
    assert len(left) == 1
    assert await number(services, refresh_token) == 2  # the used one too: it must be known again
    await refresh_session(Context(services), opened.refresh_token)


async def test_what_was_delivered_goes_after_a_month_and_what_waits_stays(services: Services, clock: Clock) -> None:
    old, young = clock.now - DELIVERIES_KEPT, clock.now - DELIVERIES_KEPT + A_MOMENT
    waiting = delivered(None) | {"created_at": old, "due_at": old}
    async with services.database.unit_of_work() as work:
        await work.execute(sa.insert(outbox_message).values([delivered(old), delivered(young), waiting]))

    assert await forget(services) == 1
    assert await number(services, outbox_message) == 2


async def test_many_rows_go_by_the_thousand_and_none_twice(services: Services, clock: Clock) -> None:
    old = clock.now - DELIVERIES_KEPT
    many = 2 * forgetting.AT_ONCE + 1
    async with services.database.unit_of_work() as work:
        await work.execute(sa.insert(outbox_message).values([delivered(old) for _ in range(many)]))

    forgotten = await asyncio.gather(*(forget(services) for _ in range(3)))

    assert sum(forgotten) == many
    assert await number(services, outbox_message) == 0
