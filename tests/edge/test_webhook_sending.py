"""How messages are sent: to a checked address and no other, within bounds, whatever names and receivers do."""

import asyncio
import re
import socket
from base64 import b64decode
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from domain.ids import OrganizationId
from domain.webhooks import DueDelivery, WebhookDeliveryId, WebhookFailure, WebhookId, WebhookTopic
from influents.webhooks.messages import Message, message
from influents.webhooks.sending import Failed, Sender
from resolvers.webhook_addresses import WebhookAddresses
from resolvers.webhook_deliveries import Told
from tests.receiver import Authority, Receiver, authority, receiving

NAME = "hooks.influents.test"
MESSAGE = Message({"webhook-id": "delivery_1", "content-type": "application/json"}, b'{"type":"ping"}')


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as opened:
        yield opened


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(Path(tmp_path_factory.mktemp("authority")), NAME)


class Names:
    """Answers what a host's addresses are: one answer after the other, the last one for ever."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def __call__(self, host: str, _: int) -> Sequence[str]:
        self.asked.append(host)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


ANYWHERE = Sender(WebhookAddresses(to_private=True))


async def why(sender: Sender, url: str, *, seconds: float = 5) -> tuple[WebhookFailure, int | None]:
    with pytest.raises(Failed) as failed:
        await sender.send(url, MESSAGE, seconds=seconds)
    return failed.value.why, failed.value.status


async def test_a_message_arrives_as_it_is(receiver: Receiver) -> None:
    assert await ANYWHERE.send(f"{receiver.url}?of=nantes%20sud", MESSAGE) == 204

    (got,) = receiver.got
    assert (got.target, got.body) == ("/hooks?of=nantes%20sud", MESSAGE.body)
    assert got.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert got.headers["webhook-id"] == "delivery_1"


async def test_by_tls_the_name_is_asked_for_and_vouched_for_at_the_address_that_was_checked(trusted: Authority) -> None:
    names = Names(["127.0.0.1"])
    sender = Sender(WebhookAddresses(to_private=True, look_up=names), trusted.trusted)
    async with receiving(trusted.server) as receiver:
        assert await sender.send(f"https://{NAME}:{receiver.port}/hooks", MESSAGE) == 204
        assert (await why(sender, f"https://other.influents.test:{receiver.port}/"))[0] is WebhookFailure.TLS
        stranger = Sender(WebhookAddresses(to_private=True, look_up=names))
        assert (await why(stranger, f"https://{NAME}:{receiver.port}/hooks"))[0] is WebhookFailure.TLS

    assert names.asked == [NAME, "other.influents.test", NAME]
    assert [got.headers["host"] for got in receiver.got] == [f"{NAME}:{receiver.port}"]


async def test_a_name_that_leads_elsewhere_the_second_time_is_looked_up_once(receiver: Receiver) -> None:
    names = Names(["9.9.9.9"], ["127.0.0.1"])
    strict = WebhookAddresses(look_up=names)
    await strict.check(f"https://{NAME}:{receiver.port}/", seconds=5)  # when the webhook is made

    assert await why(Sender(strict), f"https://{NAME}:{receiver.port}/") == (WebhookFailure.NOT_ALLOWED, None)
    assert names.asked == [NAME, NAME]
    assert receiver.connections == 0


@pytest.mark.parametrize(
    "found", [["127.0.0.1"], ["9.9.9.9", "10.0.0.1"], ["::ffff:127.0.0.1"], ["169.254.169.254"], ["fe80::1%lo"]]
)
async def test_nothing_is_sent_where_one_address_of_a_name_is_inside(receiver: Receiver, found: list[str]) -> None:
    sender = Sender(WebhookAddresses(look_up=Names(found)))

    assert await why(sender, f"https://{NAME}:{receiver.port}/") == (WebhookFailure.NOT_ALLOWED, None)
    assert receiver.connections == 0


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "[::1]", "[::ffff:7f00:1]"]
)
async def test_no_spelling_of_this_machine_leads_to_it(receiver: Receiver, host: str) -> None:
    failure, _ = await why(Sender(WebhookAddresses()), f"https://{host}:{receiver.port}/")

    assert failure in (WebhookFailure.NOT_ALLOWED, WebhookFailure.UNKNOWN_HOST)
    assert receiver.connections == 0


async def test_a_name_that_leads_nowhere_says_so() -> None:
    sender = Sender(WebhookAddresses(look_up=Names([])))
    assert await why(sender, f"https://{NAME}/") == (WebhookFailure.UNKNOWN_HOST, None)


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 404, 410, 429, 500, 503])
async def test_what_is_no_success_is_none_and_redirects_are_not_followed(receiver: Receiver, status: int) -> None:
    receiver.answer = lambda _: status

    assert await why(ANYWHERE, receiver.url) == (WebhookFailure.STATUS, status)
    assert receiver.connections == 1


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("Retry-After: 120", 120),
        ("Date: Thu, 26 Nov 2026 12:00:00 GMT\r\nRetry-After: Thu, 26 Nov 2026 12:00:30 GMT", 30),
        ("Date: Thu, 26 Nov 2026 12:00:00 GMT\r\nRetry-After: Thu, 26 Nov 2026 11:00:00 GMT", 0),
        ("Date: Thu, 26 Nov 2026 12:00:00 GMT\r\nRetry-After: Thu, 26 Nov 2026 12:00:00", 0),
        ("Retry-After: Thu, 26 Nov 2026 12:00:30 GMT", 0),
        ("Retry-After: -5", 0),
        ("Retry-After: 99999999999999999999", 0),
        ("Retry-After: soon", 0),
        ("Retry-After: \u00b2", 0),
        ("X-Other: 1", 0),
    ],
)
async def test_for_how_long_a_receiver_asks_to_be_left_alone_is_told(
    receiver: Receiver, said: str, seconds: int
) -> None:
    receiver.raw = f"HTTP/1.1 429 \r\nContent-Length: 0\r\n{said}\r\n\r\n".encode("latin-1")
    with pytest.raises(Failed) as failed:
        await ANYWHERE.send(receiver.url, MESSAGE)

    assert (failed.value.status, failed.value.asked) == (429, timedelta(seconds=seconds))


async def test_whoever_is_slow_has_its_time_and_no_more(receiver: Receiver) -> None:
    receiver.slow = 60
    assert await why(ANYWHERE, receiver.url, seconds=0.3) == (WebhookFailure.TIMEOUT, None)


async def test_a_head_that_trickles_in_has_the_same_time_in_all() -> None:
    async def trickle(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for letter in b"HTTP/1.1 200 OK\r\nX: " + b"y" * 10_000:
            writer.write(bytes([letter]))
            await asyncio.sleep(0.05)

    server = await asyncio.start_server(trickle, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    assert await why(ANYWHERE, f"http://127.0.0.1:{port}/", seconds=0.5) == (WebhookFailure.TIMEOUT, None)
    server.close()


async def test_an_answer_without_end_is_not_read(receiver: Receiver) -> None:
    receiver.raw = b"HTTP/1.1 200 OK\r\nContent-Length: 100000000000\r\n\r\n" + b"x" * 1_000_000
    assert await ANYWHERE.send(receiver.url, MESSAGE) == 200


@pytest.mark.parametrize(
    "raw", [b"", b"HTTP/1.1", b"hello\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 5_000_000, b"\x00" * 100]
)
async def test_what_is_no_answer_is_a_failure(receiver: Receiver, raw: bytes) -> None:
    receiver.raw = raw
    assert await why(ANYWHERE, receiver.url) == (WebhookFailure.PROTOCOL, None)


async def test_where_nobody_listens_nobody_is_reached(receiver: Receiver) -> None:
    await receiver.close()
    assert await why(ANYWHERE, receiver.url) == (WebhookFailure.UNREACHABLE, None)


async def test_another_address_of_a_name_is_tried_where_the_first_takes_no_connection(receiver: Receiver) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.2", 0))  # nobody listens at the receiver's port there
        sender = Sender(WebhookAddresses(to_private=True, look_up=Names(["127.0.0.2", "127.0.0.1"])))
        assert await sender.send(f"http://{NAME}:{receiver.port}/", MESSAGE) == 204


async def test_proxies_of_the_environment_are_not_asked(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    async with receiving() as proxy:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        await ANYWHERE.send(receiver.url, MESSAGE)

    assert (proxy.connections, receiver.connections) == (0, 1)


def told_to_partners() -> str:
    return (Path(__file__).parents[2] / "docs/partners.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("topic", WebhookTopic)
def test_partners_are_told_of_each_topic_and_what_its_messages_are_called(topic: WebhookTopic) -> None:
    (row,) = [line for line in told_to_partners().splitlines() if line.startswith(f"| `{topic.value}`")]
    assert f"| `{topic.type}` |" in row


def test_what_partners_are_told_to_verify_with_does(receiver: Receiver) -> None:
    section = told_to_partners().split("### Is it from us?")[1]
    (code,) = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
    secret = "whsec_" + "c2VjcmV0" * 4
    remembered: dict[str, object] = {}
    given = {"remember": remembered.__setitem__}
    exec(code.replace("whsec_…", secret), given)  # noqa: S102 - our own page
    due = DueDelivery(
        id=WebhookDeliveryId(UUID(int=1)),
        webhook_id=WebhookId(UUID(int=2)),
        organization_id=OrganizationId(UUID(int=3)),
        topic=WebhookTopic.PING,
        subject=UUID(int=1),
        event_id=None,
        created_at=datetime.now(UTC),
        attempts=1,
        url=receiver.url,
        secrets=(b64decode("c2VjcmV0" * 4),),
    )
    sent = message(due, Told(), now=datetime.now(UTC))
    received: Callable[[bytes, Mapping[str, str]], int] = given["received"]  # type: ignore[assignment]

    assert received(sent.body, sent.headers) == 204
    assert remembered.keys() == {f"delivery_{due.id.hex}"}
    assert received(sent.body + b" ", sent.headers) == 401
    late = message(due, Told(), now=datetime.now(UTC) - timedelta(minutes=6))
    assert received(late.body, late.headers) == 401
