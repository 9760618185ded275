"""Pages of other sites: what their visitors' browsers may be made to ask, and what they may read."""

from collections.abc import AsyncIterator

import httpx
import pytest
from pydantic import ValidationError

from influents.app import application
from influents.http.origins import Origins
from influents.settings import Settings
from resolvers.context import Services
from tests.edge.over_http import code, post

QUERY = {"query": "{ __typename }"}
FRIEND = "https://friend.example"
STRANGER = "https://stranger.example"


@pytest.fixture
async def open_http(services: Services) -> AsyncIterator[httpx.AsyncClient]:
    """A service that pages of one other site may use."""
    settings = Settings.model_construct(cors_origins=f"{FRIEND}, https://other.example:8443")
    transport = httpx.ASGITransport(application(services, settings=settings))
    async with httpx.AsyncClient(transport=transport, base_url="https://influents.test") as client:
        yield client


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://influents.test"},
        {"Origin": "https://influents.test"},
        {"Sec-Fetch-Site": "cross-site", "X-Requested-With": "XMLHttpRequest"},
        {"Sec-Fetch-Site": "cross-site", "Apollo-Require-Preflight": "true"},
        {"Sec-Fetch-Site": "same-site", "GraphQL-Preflight": "1", "Origin": STRANGER},
    ],
)
async def test_a_query_that_no_other_page_can_send_by_itself_is_taken(
    http: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    assert (await http.get("/graphql", params=QUERY, headers=headers)).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "X-Requested-With": ""},
        {"Origin": STRANGER},
        {"Origin": "null"},
        {"Origin": "https://influents.test.stranger.example"},
        {"Origin": "https://influents.test:8443"},
        {"Origin": FRIEND, "Sec-Fetch-Site": "cross-site"},
    ],
)
async def test_a_query_that_another_page_can_send_by_itself_is_refused(
    http: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    answer = await http.get("/graphql", params=QUERY, headers=headers)
    assert (answer.status_code, code(answer)) == (403, "FORBIDDEN")


@pytest.mark.parametrize("sent", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=a"])
async def test_a_form_of_another_site_can_send_nothing(http: httpx.AsyncClient, sent: str) -> None:
    body = b'{"query": "{ __typename }"}'
    answer = await http.post("/graphql", content=body, headers={"Content-Type": sent, "Origin": STRANGER})
    assert answer.status_code == 415


async def test_browsers_are_told_nothing_of_other_origins_unless_some_are_listed(http: httpx.AsyncClient) -> None:
    asked = {"Origin": FRIEND, "Access-Control-Request-Method": "POST"}
    for answer in (await http.options("/graphql", headers=asked), await post(http, QUERY, Origin=FRIEND)):
        assert not [name for name in answer.headers if name.startswith("access-control")]


async def test_pages_of_a_listed_origin_may_ask_and_read(open_http: httpx.AsyncClient) -> None:
    headers = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
    first = await open_http.options("/graphql", headers={"Origin": FRIEND} | headers)
    assert (first.status_code, first.content) == (204, b"")
    assert first.headers["access-control-allow-origin"] == FRIEND
    assert "POST" in first.headers["access-control-allow-methods"]
    allowed = {name.strip().lower() for name in first.headers["access-control-allow-headers"].split(",")}
    assert {"authorization", "content-type", "idempotency-key"} <= allowed
    assert "access-control-allow-credentials" not in first.headers

    answer = await post(open_http, QUERY, Origin=FRIEND)
    assert answer.headers["access-control-allow-origin"] == FRIEND
    assert "Retry-After" in answer.headers["access-control-expose-headers"]
    assert (await open_http.get("/graphql", params=QUERY, headers={"Origin": FRIEND})).status_code == 200


async def test_errors_can_be_read_by_pages_of_a_listed_origin_too(open_http: httpx.AsyncClient) -> None:
    for path in ("/graphql", "/nowhere"):
        answer = await open_http.put(path, headers={"Origin": FRIEND})
        assert answer.headers["access-control-allow-origin"] == FRIEND


async def test_pages_of_an_origin_that_is_not_listed_are_let_know_nothing(open_http: httpx.AsyncClient) -> None:
    headers = {"Origin": STRANGER, "Access-Control-Request-Method": "POST"}
    first = await open_http.options("/graphql", headers=headers)
    answer = await post(open_http, QUERY, Origin=STRANGER)
    for each in (first, answer):
        assert "access-control-allow-origin" not in each.headers
        assert "Origin" in each.headers["vary"]


def test_origins_are_compared_whole() -> None:
    origins = Origins([FRIEND])
    assert origins.allows(None, "influents.test")
    assert origins.allows("HTTPS://Friend.example", None)
    assert origins.allows("http://influents.test:8000", "influents.test:8000")
    assert not origins.allows("http://influents.test:8001", "influents.test:8000")
    assert not origins.allows(f"{FRIEND}.stranger.example", "influents.test")
    assert not origins.allows("", "")
    assert not origins.allows("null", "null")
    assert Origins(["*"]).allows(STRANGER, None)


@pytest.mark.parametrize("listed", ["friend.example", "https://friend.example/", "https://", "ftp://a", "https://a b"])
def test_a_setting_that_lists_no_origins_is_refused(listed: str) -> None:
    with pytest.raises(ValidationError):
        Settings(cors_origins=listed)
