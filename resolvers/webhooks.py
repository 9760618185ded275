"""Webhooks of organisations: made, changed, taken away by their owners, and what was sent to them."""

from base64 import b64encode
from collections.abc import Sequence
from secrets import token_bytes

from db.queries import webhooks as queries
from db.work import Work
from db.writes import webhooks as writes
from db.writes.members import lock_organization
from domain import membership
from domain.ids import OrganizationId
from domain.organizations import UnknownOrganization
from domain.paging import Page, Window
from domain.permissions import owns, signed_in
from domain.refusals import refuse_if_any
from domain.webhooks import (
    SECONDS,
    SECRET_BYTES,
    SECRET_PREFIX,
    StillWaiting,
    UnknownWebhook,
    UnknownWebhookDelivery,
    Webhook,
    WebhookAttempt,
    WebhookDelivery,
    WebhookDeliveryId,
    WebhookDisabled,
    WebhookId,
    WebhookTopic,
    check_number,
    check_topics,
)
from resolvers.certainty import certain
from resolvers.context import Context


async def webhooks(ctx: Context, of: OrganizationId) -> Sequence[Webhook] | None:
    """Its webhooks, the newest first; for its owners, None to others."""
    return await ctx.loaders.webhooks.load(of) if owns(ctx.viewer, of) else None


async def webhook(ctx: Context, id: WebhookId) -> Webhook | None:
    """A webhook by its id, for the owners of its organisation."""
    if ctx.viewer is None:
        return None
    async with ctx.reading() as session:
        known = await queries.by_id(session, id)
    return known if known and owns(ctx.viewer, known.organization_id) else None


async def delivery(ctx: Context, id: WebhookDeliveryId) -> WebhookDelivery | None:
    """A delivery by its id, for the owners of its organisation."""
    if ctx.viewer is None:
        return None
    async with ctx.reading() as session:
        known = await queries.delivery_by_id(session, id)
    return known if known and owns(ctx.viewer, known.organization_id) else None


async def deliveries(ctx: Context, of: WebhookId, window: Window) -> Page[WebhookDelivery]:
    """What a webhook was told, the newest first."""
    return await ctx.loaders.webhook_deliveries.load((of, window))


async def delivery_total(ctx: Context, of: WebhookId) -> int:
    return await ctx.loaders.webhook_delivery_total.load(of)


async def attempts(ctx: Context, of: WebhookDeliveryId) -> Sequence[WebhookAttempt]:
    """How a delivery went, the first attempt first."""
    return await ctx.loaders.webhook_attempts.load(of)


async def create_webhook(
    ctx: Context, organization: OrganizationId, *, url: str, topics: tuple[WebhookTopic, ...]
) -> tuple[Webhook, str]:
    """A webhook of an organisation, and the secret that signs its messages, which is shown this once."""
    viewer = membership.owner(ctx.caller, organization)
    refuse_if_any(check_topics(topics))
    await ctx.services.webhooks.check(url, seconds=SECONDS)
    secret = token_bytes(SECRET_BYTES)
    async with ctx.unit_of_work() as work:
        if await lock_organization(work, organization) is None:
            raise UnknownOrganization("organization")
        existing = (await queries.of_organizations(work, [organization])).get(organization, ())
        refuse_if_any(check_number(existing))
        made = await writes.add_webhook(
            work, organization, url=url, topics=topics, secret=secret, created_by=viewer.citizen_id, now=ctx.now()
        )
        added = await queries.by_id(work, made)
    return certain(added, "a webhook that was just made"), shown(secret)


async def update_webhook(
    ctx: Context, id: WebhookId, *, url: str | None, topics: tuple[WebhookTopic, ...] | None
) -> Webhook:
    """Lead a webhook elsewhere, or tell it of something else; what waits goes to the new address."""
    signed_in(ctx.caller)
    async with ctx.reading() as session:
        _theirs(ctx, await queries.by_id(session, id))
    if topics is not None:
        refuse_if_any(check_topics(topics))
    if url is not None:
        await ctx.services.webhooks.check(url, seconds=SECONDS)
    async with ctx.unit_of_work() as work:
        await _locked(ctx, work, id)
        if url is not None:
            await writes.change_webhook(work, id, url=url)
        if topics is not None:
            await writes.change_webhook(work, id, topics=[topic.value for topic in topics])
        changed = await queries.by_id(work, id)
    return certain(changed, "a webhook that was just changed")


async def enable_webhook(ctx: Context, id: WebhookId) -> Webhook:
    """Tell a webhook again that was disabled: what waits is sent at once."""
    signed_in(ctx.caller)
    async with ctx.unit_of_work() as work:
        await _locked(ctx, work, id)
        await writes.enable(work, id)
        enabled = await queries.by_id(work, id)
    return certain(enabled, "a webhook that was just enabled")


async def rotate_secret(ctx: Context, id: WebhookId) -> tuple[Webhook, str]:
    """A new secret, which is shown this once; the one before signs as well for a day."""
    signed_in(ctx.caller)
    secret = token_bytes(SECRET_BYTES)
    async with ctx.unit_of_work() as work:
        await _locked(ctx, work, id)
        await writes.rotate_secret(work, id, secret, now=ctx.now())
        rotated = await queries.by_id(work, id)
    return certain(rotated, "a webhook whose secret was just changed"), shown(secret)


async def delete_webhook(ctx: Context, id: WebhookId) -> OrganizationId:
    """Take a webhook away, with what waits for it; whose it was."""
    signed_in(ctx.caller)
    async with ctx.unit_of_work() as work:
        known = await _locked(ctx, work, id)
        await writes.delete_webhook(work, id, now=ctx.now())
    return known.organization_id


async def ping(ctx: Context, id: WebhookId) -> WebhookDelivery:
    """Send a webhook a message that tells nothing, to see whether it arrives."""
    signed_in(ctx.caller)
    async with ctx.unit_of_work() as work:
        known = await _locked(ctx, work, id)
        if known.disabled_at is not None:
            raise WebhookDisabled("id")
        made = await writes.add_ping(work, id)
        sent = await queries.delivery_by_id(work, made)
    return certain(sent, "a ping that was just sent")


async def send_again(ctx: Context, id: WebhookDeliveryId) -> WebhookDelivery:
    """Send once more what was delivered or given up, under its own id."""
    signed_in(ctx.caller)
    async with ctx.unit_of_work() as work:
        known = await queries.delivery_by_id(work, id)
        if known is None or not owns(ctx.viewer, known.organization_id):
            raise UnknownWebhookDelivery("id")
        if (await _locked(ctx, work, known.webhook_id)).disabled_at is not None:
            raise WebhookDisabled("id")
        if not await writes.send_again(work, id):
            raise StillWaiting("id")
        sent = await queries.delivery_by_id(work, id)
    return certain(sent, "a delivery that is just sent again")


def shown(secret: bytes) -> str:
    """A secret as Standard Webhooks writes it."""
    return SECRET_PREFIX + b64encode(secret).decode()


async def _locked(ctx: Context, work: Work, id: WebhookId) -> Webhook:
    return _theirs(ctx, await writes.lock_webhook(work, id))


def _theirs(ctx: Context, known: Webhook | None) -> Webhook:
    if known is None or not owns(ctx.viewer, known.organization_id):
        raise UnknownWebhook("id")
    return known
