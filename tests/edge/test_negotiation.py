"""What a client accepts, and what it is answered in."""

import httpx
import pytest

from influents.http.negotiation import GRAPHQL, HTML, JSON, Accepted
from tests.edge.over_http import code, post


@pytest.mark.parametrize(
    ("header", "best"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("application/json", JSON),
        ("Application/JSON; Charset=UTF-8", JSON),
        ("application/graphql-response+json", GRAPHQL),
        ("application/graphql-response+json, application/json", GRAPHQL),
        ("application/json, application/graphql-response+json", GRAPHQL),
        ("application/graphql-response+json;q=0.5, application/json", JSON),
        ("application/graphql-response+json,application/json;q=0.9", GRAPHQL),
        ("application/json;q=0, */*", GRAPHQL),
        ("application/json;q=0.1, */*;q=0.9", GRAPHQL),
        ('multipart/mixed;boundary="a,b";subscriptionSpec=1.0, application/json', JSON),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", HTML),
        ("text/html", HTML),
        ("text/plain", None),
        ("application/json;q=0", None),
        ("application/json;q=2", None),
        ("application/json;q=nonsense", None),
        ("application/json;charset=utf-16", None),
        ("nonsense", None),
        (",,;", None),
        ("a/b," * 10_000, None),
    ],
)
def test_the_best_of_what_is_accepted(header: str | None, best: str | None) -> None:
    assert Accepted(header).best(GRAPHQL, JSON, HTML) == best


async def test_who_accepts_nothing_of_ours_is_told_before_anything_is_done(http: httpx.AsyncClient) -> None:
    answer = await post(http, {"query": "{ themes { code } }"}, Accept="text/plain, application/xml")
    assert (answer.status_code, code(answer)) == (406, "NOT_ACCEPTABLE")
    assert answer.headers["content-type"] == "application/json; charset=utf-8"


@pytest.mark.parametrize("accept", [JSON, GRAPHQL])
async def test_errors_have_the_type_that_is_accepted(http: httpx.AsyncClient, accept: str) -> None:
    for body in (b"{", b'{"query": "{"}', b'{"query": "{ nothing }"}'):
        answer = await post(http, body, Accept=accept)
        assert answer.headers["content-type"] == f"{accept}; charset=utf-8"
        assert "data" not in answer.json()


async def test_plain_json_says_ok_whatever_graphql_says(http: httpx.AsyncClient) -> None:
    wrong = {"query": "{ nothing }"}
    assert (await post(http, wrong, Accept=JSON)).status_code == 200
    assert (await post(http, wrong, Accept=GRAPHQL)).status_code == 400


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ("application/json", 200),
        ("application/json; charset=utf-8", 200),
        ('Application/Json;Charset="UTF-8"', 200),
        ("application/json; charset=iso-8859-1", 415),
        ("application/jsonp", 415),
        ("application/graphql", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=a", 415),
        ("text/plain", 415),
        ("", 415),
    ],
)
async def test_json_in_utf8_is_taken_and_nothing_else(http: httpx.AsyncClient, sent: str, status: int) -> None:
    answer = await http.post("/graphql", content=b'{"query": "{ __typename }"}', headers={"Content-Type": sent})
    assert answer.status_code == status
    if status != 200:
        assert (code(answer), answer.headers["accept"]) == ("UNSUPPORTED_MEDIA_TYPE", "application/json")


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "identity, gzip"])
async def test_what_is_compressed_is_not_unpacked(http: httpx.AsyncClient, encoding: str) -> None:
    answer = await post(http, {"query": "{ __typename }"}, **{"Content-Encoding": encoding})
    assert answer.status_code == 415


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
async def test_other_methods_are_told_which_there_are(http: httpx.AsyncClient, method: str) -> None:
    answer = await http.request(method, "/graphql", json={"query": "{ __typename }"})
    assert (answer.status_code, code(answer)) == (405, "METHOD_NOT_ALLOWED")
    assert answer.headers["allow"] == "GET, HEAD, POST, OPTIONS"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/", 307), ("GET", "/nowhere", 404), ("POST", "/healthz", 405)],
)
async def test_paths_that_are_not_there_are_told_in_json(
    http: httpx.AsyncClient, method: str, path: str, status: int
) -> None:
    answer = await http.request(method, path)
    assert answer.status_code == status
    if status >= 400:
        assert answer.headers["content-type"] == "application/json; charset=utf-8"
        assert code(answer) in {"NOT_FOUND", "METHOD_NOT_ALLOWED"}
