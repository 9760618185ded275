"""Webhooks for tests: made through the resolvers, and a courier that brings them what there is."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from db.tables import webhook, webhook_attempt, webhook_delivery
from domain.ids import OrganizationId
from domain.webhooks import Webhook, WebhookTopic
from influents.webhooks.sending import Sender
from influents.worker.courier import Courier
from resolvers import webhooks
from resolvers.context import Context, Services
from tests.factories import Town

TOPICS = tuple(topic for topic in WebhookTopic if topic is not WebhookTopic.PING)


@dataclass(frozen=True, slots=True)
class Partner:
    """An organisation with a webhook, and the secret that its messages are signed with."""

    owner: Context
    organization: OrganizationId
    webhook: Webhook
    secret: str


async def partner(town: Town, url: str, *topics: WebhookTopic) -> Partner:
    """A verified organisation whose systems are told of these topics, or of all."""
    owner = await town.citizen()
    organization = await town.organization(owner)
    made, secret = await webhooks.create_webhook(owner, organization.id, url=url, topics=topics or TOPICS)
    return Partner(owner, organization.id, made, secret)


def courier(services: Services) -> Courier:
    return Courier(services, Sender(services.webhooks))


async def drain(services: Services) -> None:
    """Send what is due, and what is due after that."""
    sent = courier(services)
    while await sent.round():
        pass


async def rows(services: Services) -> list[Any]:
    """Every delivery, the oldest first."""
    row = webhook_delivery.c
    async with services.database.reading() as session:
        return list((await session.execute(sa.select(webhook_delivery).order_by(row.created_at, row.id))).all())


async def attempts(services: Services) -> list[Any]:
    row = webhook_attempt.c
    async with services.database.reading() as session:
        return list((await session.execute(sa.select(webhook_attempt).order_by(row.at, row.number))).all())


async def hook(services: Services) -> Any:  # Any: a row
    async with services.database.reading() as session:
        return (await session.execute(sa.select(webhook))).one()


async def leases_end(services: Services) -> None:
    """The time of every lease goes by."""
    async with services.database.unit_of_work() as work:
        held = webhook_delivery.c.leased_until.is_not(None)
        await work.execute(sa.update(webhook_delivery).where(held).values(leased_until=services.clock()))
