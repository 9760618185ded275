"""What owners of an organisation change of its webhooks."""

from collections.abc import Awaitable
from typing import Annotated

import strawberry

from domain import webhooks as domain
from domain.ids import OrganizationId
from domain.webhooks import WebhookDeliveryId, WebhookId, WebhookTopic
from resolvers import organizations as resolve_organizations
from resolvers import webhooks as resolve
from schema.access import CITIZENS
from schema.errors import UserError, outcome
from schema.ids import Kind, key_of
from schema.info import Info
from schema.organizations import Organization
from schema.scalars import URL
from schema.webhooks import Webhook, WebhookDelivery


@strawberry.input(description="A webhook for an organisation.")
class CreateWebhookInput:
    organization: strawberry.ID = strawberry.field(description="The organisation; one must be an owner. 10 at most.")
    url: URL = strawberry.field(
        description="Where messages are sent: https, at a public address, on port 443 or above 1023, in 500 characters."
    )
    topics: list[WebhookTopic] = strawberry.field(description="What it is to be told of; never PING.")


@strawberry.input(description="What to change of a webhook: what is left out stays.")
class UpdateWebhookInput:
    id: strawberry.ID = strawberry.field(description="The webhook.")
    url: URL | None = strawberry.field(
        default=None, description="Where messages are sent from now on, those that wait included."
    )
    topics: list[WebhookTopic] | None = strawberry.field(
        default=None, description="What it is to be told of from now on."
    )


@strawberry.input(description="Which webhook.")
class WebhookInput:
    id: strawberry.ID = strawberry.field(description="The webhook.")


@strawberry.input(description="What to send again.")
class RedeliverWebhookInput:
    delivery: strawberry.ID = strawberry.field(description="The delivery: the `webhook-id` of its message.")


@strawberry.type(description="A webhook that was made or changed, or why it was not.")
class WebhookPayload:
    webhook: Webhook | None = strawberry.field(description="The webhook; null where refused.")
    secret: str | None = strawberry.field(
        description="What messages are signed with: `whsec_…`. Shown once, when the webhook or the secret is made."
    )
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty where it was not.")


@strawberry.type(description="Whose webhook was taken away, or why it was not.")
class DeleteWebhookPayload:
    organization: Organization | None = strawberry.field(description="The organisation; null where refused.")
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty where it was not.")


@strawberry.type(description="A message that is about to be sent, or why it is not.")
class WebhookDeliveryPayload:
    delivery: WebhookDelivery | None = strawberry.field(description="The delivery; null where refused.")
    errors: list[UserError] = strawberry.field(description="Why it was refused; empty where it was not.")


@strawberry.type
class WebhookMutation:
    @strawberry.mutation(
        directives=CITIZENS,
        description="Have a system told what happens to the events of an organisation, by signed messages. Owners "
        "only; the secret is shown once.",
    )
    async def create_webhook(
        self, info: Info, input: Annotated[CreateWebhookInput, strawberry.argument(description="The webhook.")]
    ) -> WebhookPayload | None:
        organization = OrganizationId(key_of(input.organization, Kind.ORGANIZATION))
        change = resolve.create_webhook(info.context, organization, url=input.url, topics=tuple(input.topics))
        return await _with_secret(info, change)

    @strawberry.mutation(directives=CITIZENS, description="Lead a webhook elsewhere, or tell it of other things.")
    async def update_webhook(
        self, info: Info, input: Annotated[UpdateWebhookInput, strawberry.argument(description="The changes.")]
    ) -> WebhookPayload | None:
        topics = None if input.topics is None else tuple(input.topics)
        return await _changed(
            info, resolve.update_webhook(info.context, _webhook(input.id), url=input.url, topics=topics)
        )

    @strawberry.mutation(
        directives=CITIZENS,
        description="Send to a webhook again that was disabled. What waits leaves at once, each in its order.",
    )
    async def enable_webhook(
        self, info: Info, input: Annotated[WebhookInput, strawberry.argument(description="Which one.")]
    ) -> WebhookPayload | None:
        return await _changed(info, resolve.enable_webhook(info.context, _webhook(input.id)))

    @strawberry.mutation(
        directives=CITIZENS,
        description="Sign with a new secret, which is shown once. For a day messages have two signatures, the second "
        "by the secret before: time to give the new one to whoever verifies them.",
    )
    async def rotate_webhook_secret(
        self, info: Info, input: Annotated[WebhookInput, strawberry.argument(description="Which one.")]
    ) -> WebhookPayload | None:
        return await _with_secret(info, resolve.rotate_secret(info.context, _webhook(input.id)))

    @strawberry.mutation(
        directives=CITIZENS, description="Take a webhook away, with all that waits for it and what it was told."
    )
    async def delete_webhook(
        self, info: Info, input: Annotated[WebhookInput, strawberry.argument(description="Which one.")]
    ) -> DeleteWebhookPayload | None:
        owner, errors = await outcome(info, resolve.delete_webhook(info.context, _webhook(input.id)))
        found = await resolve_organizations.organization(info.context, owner) if owner else None
        return DeleteWebhookPayload(organization=Organization.of(found) if found else None, errors=errors)

    @strawberry.mutation(
        directives=CITIZENS, description="Send a webhook a message that tells nothing, to see whether it arrives."
    )
    async def ping_webhook(
        self, info: Info, input: Annotated[WebhookInput, strawberry.argument(description="Which one.")]
    ) -> WebhookDeliveryPayload | None:
        return await _sent(info, resolve.ping(info.context, _webhook(input.id)))

    @strawberry.mutation(
        directives=CITIZENS,
        description="Send once more what was delivered or given up, under the same id. It says what is so now.",
    )
    async def redeliver_webhook(
        self, info: Info, input: Annotated[RedeliverWebhookInput, strawberry.argument(description="Which delivery.")]
    ) -> WebhookDeliveryPayload | None:
        delivery = WebhookDeliveryId(key_of(input.delivery, Kind.WEBHOOK_DELIVERY))
        return await _sent(info, resolve.send_again(info.context, delivery))


async def _with_secret(info: Info, change: Awaitable[tuple[domain.Webhook, str]]) -> WebhookPayload:
    made, errors = await outcome(info, change)
    if made is None:
        return WebhookPayload(webhook=None, secret=None, errors=errors)
    return WebhookPayload(webhook=Webhook.of(made[0]), secret=made[1], errors=errors)


async def _changed(info: Info, change: Awaitable[domain.Webhook]) -> WebhookPayload:
    changed, errors = await outcome(info, change)
    return WebhookPayload(webhook=Webhook.of(changed) if changed else None, secret=None, errors=errors)


async def _sent(info: Info, change: Awaitable[domain.WebhookDelivery]) -> WebhookDeliveryPayload:
    sent, errors = await outcome(info, change)
    return WebhookDeliveryPayload(delivery=WebhookDelivery.of(sent) if sent else None, errors=errors)


def _webhook(id: str) -> WebhookId:
    return WebhookId(key_of(id, Kind.WEBHOOK))
