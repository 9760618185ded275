"""Webhooks, as their organisation's owners see and change them."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from standardwebhooks import Webhook as Verifier

from domain.ids import OrganizationId
from domain.organizations import MemberRole, Organization
from domain.webhooks import MOST_WEBHOOKS
from resolvers import members
from resolvers.context import Context, Services
from resolvers.webhook_addresses import WebhookAddresses
from schema.ids import Kind, seal
from tests.asking import Ask
from tests.clock import Clock
from tests.factories import Town
from tests.hooks import drain, hook, rows
from tests.receiver import receiving
from tests.recorder import recorded

CREATE = """mutation($i: CreateWebhookInput!) { createWebhook(input: $i) {
  webhook { id url topics disabledAt } secret errors { code field message } } }"""
LIST = """query($slug: String!, $after: String) { organization(slug: $slug) { webhooks { id url topics failingSince
  deliveries(first: 2, after: $after) { totalCount pageInfo { hasNextPage endCursor } edges { node {
    id topic state nextAttemptAt doneAt event { title } attempts { at status milliseconds failure } } } } } } }"""


@pytest.fixture
def services(services: Services, clock: Clock) -> Services:
    clock.now = datetime.now(UTC)
    return replace(services, webhooks=WebhookAddresses(to_private=True))


@pytest.fixture
async def owner(town: Town) -> Context:
    return await town.citizen()


@pytest.fixture
async def organization(town: Town, owner: Context) -> Organization:
    return await town.organization(owner)


def given(of: OrganizationId, url: str = "https://9.9.9.9/hooks", *topics: str) -> dict[str, Any]:
    return {"organization": seal(Kind.ORGANIZATION, of), "url": url, "topics": topics or ["EVENT_PUBLISHED"]}


async def made(ask: Ask, owner: Context, organization: Organization, url: str = "https://9.9.9.9/hooks") -> str:
    answer = await ask(owner, CREATE, i=given(organization.id, url))
    assert answer["createWebhook"]["errors"] == []
    return str(answer["createWebhook"]["webhook"]["id"])


async def changed(ask: Ask, ctx: Context, name: str, of: str, **more: object) -> Any:  # Any: JSON
    kind = {"updateWebhook": "UpdateWebhookInput"}.get(name, "WebhookInput")
    answer = await ask(
        ctx,
        f"mutation($i: {kind}!) {{ {name}(input: $i) {{ webhook {{ id url topics disabledAt previousSecretUntil }} "
        "secret errors { code field } } }",
        i={"id": of, **more},
    )
    return answer[name]


async def test_its_secret_is_shown_once_and_signs(ask: Ask, owner: Context, organization: Organization) -> None:
    answer = (await ask(owner, CREATE, i=given(organization.id)))["createWebhook"]

    assert answer["secret"].startswith("whsec_")
    assert len(Verifier(answer["secret"])._whsecret) == 32
    listed = await ask(owner, LIST, slug=organization.slug)
    assert answer["secret"] not in str(listed.data)
    assert [each["id"] for each in listed["organization"]["webhooks"]] == [answer["webhook"]["id"]]


async def test_owners_alone_see_it_by_whatever_road(
    ask: Ask, town: Town, owner: Context, organization: Organization
) -> None:
    key = await made(ask, owner, organization)
    await ask(owner, "mutation($i: WebhookInput!) { pingWebhook(input: $i) { errors { code } } }", i={"id": key})
    (row,) = await rows(town.services)
    manager, stranger, moderator = await town.citizen("manager"), await town.citizen(), await town.moderator()
    await members.invite_member(owner, organization.id, handle="manager", role=MemberRole.MANAGER)
    await members.answer_invitation(manager, organization.id, accept=True)
    await town.look_again(manager)
    node = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    ids = [key, seal(Kind.WEBHOOK_DELIVERY, row.id)]

    assert [each["id"] for each in (await ask(owner, node, ids=ids))["nodes"]] == ids
    for ctx in (Context(town.services), manager, stranger, moderator):
        assert (await ask(ctx, LIST, slug=organization.slug))["organization"]["webhooks"] is None
        assert (await ask(ctx, node, ids=ids))["nodes"] == [None, None]


async def test_deliveries_come_in_pages_with_their_attempts(
    ask: Ask, town: Town, owner: Context, organization: Organization
) -> None:
    async with receiving() as receiver:
        receiver.answer = lambda _: 500 if len(receiver.got) == 1 else 200
        await made(ask, owner, organization, receiver.url)
        first = await town.event(owner, organization.id)
        await drain(town.services)
        for _ in range(2):
            await town.event(owner, organization.id)
        await drain(town.services)

    page = (await ask(owner, LIST, slug=organization.slug))["organization"]["webhooks"][0]["deliveries"]
    assert page["totalCount"] == 3
    assert [edge["node"]["state"] for edge in page["edges"]] == ["DELIVERED", "DELIVERED"]
    rest = await ask(owner, LIST, slug=organization.slug, after=page["pageInfo"]["endCursor"])
    ((last),) = rest["organization"]["webhooks"][0]["deliveries"]["edges"]
    assert (last["node"]["state"], last["node"]["event"]["title"]) == ("WAITING", first.details.title)
    assert last["node"]["nextAttemptAt"]
    assert [(each["status"], each["failure"]) for each in last["node"]["attempts"]] == [(500, "STATUS")]


async def test_a_list_of_them_costs_the_same_for_one_and_for_many(
    ask: Ask, town: Town, owner: Context, organization: Organization
) -> None:
    async def statements() -> int:
        with recorded(town.services.database) as asked:
            await ask(owner, LIST, slug=organization.slug)
        return len(asked)

    key = await made(ask, owner, organization)
    ping = "mutation($i: WebhookInput!) { pingWebhook(input: $i) { errors { code } } }"
    await ask(owner, ping, i={"id": key})
    one = await statements()
    other = await made(ask, owner, organization)
    for each in (key, other, other):
        await ask(owner, ping, i={"id": each})
    assert await statements() == one


@pytest.mark.parametrize(
    "url",
    [
        "http://9.9.9.9/", "https://127.0.0.1/", "https://10.0.0.1/", "https://[::1]/", "https://[::ffff:9.9.9.9]/",
        "https://169.254.169.254/latest/meta-data", "https://9.9.9.9:22/", "https://9.9.9.9/#x", "https://2130706433/",
    ],
)  # fmt: skip
async def test_it_leads_to_a_public_place_by_https(
    ask: Ask, town: Town, owner: Context, organization: Organization, url: str
) -> None:
    owner.services = replace(town.services, webhooks=WebhookAddresses())
    key = await made(ask, owner, organization)

    refused = (await ask(owner, CREATE, i=given(organization.id, url)))["createWebhook"]
    assert (refused["webhook"], refused["secret"]) == (None, None)
    assert [(error["code"], error["field"]) for error in refused["errors"]] == [("INVALID", ["url"])]
    moved = await changed(ask, owner, "updateWebhook", key, url=url)
    assert [error["code"] for error in moved["errors"]] == ["INVALID"]


async def test_there_are_so_many_and_no_more(ask: Ask, owner: Context, organization: Organization) -> None:
    key, *_ = [await made(ask, owner, organization) for _ in range(MOST_WEBHOOKS)]
    refused = (await ask(owner, CREATE, i=given(organization.id)))["createWebhook"]
    assert [error["code"] for error in refused["errors"]] == ["OUT_OF_RANGE"]

    deleted = "mutation($i: WebhookInput!) { deleteWebhook(input: $i) { organization { id } errors { code } } }"
    assert (await ask(owner, deleted, i={"id": key}))["deleteWebhook"]["errors"] == []
    assert [error["code"] for error in (await ask(owner, deleted, i={"id": key}))["deleteWebhook"]["errors"]] == [
        "NOT_FOUND"
    ]
    await made(ask, owner, organization)


async def test_it_can_be_led_elsewhere_and_told_of_other_things(
    ask: Ask, owner: Context, organization: Organization
) -> None:
    key = await made(ask, owner, organization)

    moved = await changed(ask, owner, "updateWebhook", key, url="https://9.9.9.9/elsewhere")
    assert (moved["webhook"]["url"], moved["webhook"]["topics"]) == ("https://9.9.9.9/elsewhere", ["EVENT_PUBLISHED"])
    told = await changed(ask, owner, "updateWebhook", key, topics=["FEEDBACK_RECEIVED", "OUTCOME_PUBLISHED"])
    assert told["webhook"]["topics"] == ["FEEDBACK_RECEIVED", "OUTCOME_PUBLISHED"]
    assert told["webhook"]["url"] == "https://9.9.9.9/elsewhere"
    assert (await changed(ask, owner, "updateWebhook", key, topics=["PING"]))["errors"] == [
        {"code": "INVALID", "field": ["topics"]}
    ]


async def test_a_new_secret_is_another_and_says_until_when_the_one_before_signs(
    ask: Ask, town: Town, owner: Context, organization: Organization
) -> None:
    key = await made(ask, owner, organization)
    before = (await hook(town.services)).secret

    rotated = await changed(ask, owner, "rotateWebhookSecret", key)
    row = await hook(town.services)
    assert Verifier(rotated["secret"])._whsecret == row.secret != before == row.previous_secret
    assert rotated["webhook"]["previousSecretUntil"]


async def test_what_is_disabled_takes_no_ping_until_it_is_enabled_and_what_waits_is_not_sent_again(
    ask: Ask, town: Town, owner: Context, organization: Organization
) -> None:
    ping = "mutation($i: WebhookInput!) { pingWebhook(input: $i) { delivery { id state } errors { code } } }"
    again = "mutation($i: RedeliverWebhookInput!) { redeliverWebhook(input: $i) { delivery { id } errors { code } } }"
    async with receiving() as receiver:
        receiver.answer = lambda _: 410
        key = await made(ask, owner, organization, receiver.url)
        sent = (await ask(owner, ping, i={"id": key}))["pingWebhook"]["delivery"]
        waiting = (await ask(owner, again, i={"delivery": sent["id"]}))["redeliverWebhook"]
        await drain(town.services)
        refused = (await ask(owner, ping, i={"id": key}))["pingWebhook"]
        receiver.answer = lambda _: 200
        enabled = await changed(ask, owner, "enableWebhook", key)
        await drain(town.services)
        repeated = (await ask(owner, again, i={"delivery": sent["id"]}))["redeliverWebhook"]
        await drain(town.services)

    assert (sent["state"], [error["code"] for error in waiting["errors"]]) == ("WAITING", ["TOO_EARLY"])
    assert [error["code"] for error in refused["errors"]] == ["NOT_ALLOWED"]
    assert enabled["webhook"]["disabledAt"] is None
    assert repeated == {"delivery": {"id": sent["id"]}, "errors": []}
    assert [got.id for got in receiver.got] == [sent["id"]] * 3
