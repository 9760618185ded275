"""What any request takes, whatever it asks for, against what was recorded: `make record`, as for the hot queries."""

from dataclasses import replace

import pytest
from starlette.types import ASGIApp, Message

from influents.app import application
from influents.counting import Counting
from influents.settings import Settings
from resolvers.context import Services
from tests.instructions import counted
from tests.recorder import recorded
from tests.schema.test_work import WARM, compare

pytestmark = pytest.mark.xdist_group("work")
NOTHING = b'{"query":"{ __typename }"}'
SENT = {
    "host": "influents.test",
    "content-type": "application/json",
    "content-length": str(len(NOTHING)),
    "accept": "application/graphql-response+json, application/json;q=0.9",
    "user-agent": "a browser's",
}


async def ask(app: ASGIApp) -> list[Message]:
    """What the service sends, without a client around it."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": NOTHING, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/graphql",
        "root_path": "",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in SENT.items()],
        "client": ("203.0.113.7", 4711),
    }
    await app(scope, receive, send)
    return sent


async def test_a_request_takes_no_more_than_recorded_besides_what_it_asks_for(services: Services) -> None:
    counting = replace(services, counter=Counting(secret=b"a secret of the tests, 32 bytes at least"))
    app = application(counting, settings=Settings.model_construct(None, rate_limit=1_000_000))
    counts = []
    with recorded(services.database) as statements:
        for _ in range(2 * WARM):
            with counted() as instructions:
                begun, body = await ask(app)
            assert (begun["status"], body["body"]) == (200, b'{"data":{"__typename":"Query"}}')
            counts.append(instructions.count)

    compare("nothing", {"statements": len(statements), "instructions": min(counts)})
