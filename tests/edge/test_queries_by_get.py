"""Queries by GET: what may come in a URL, and that nothing is changed by it."""

import json

import httpx
import pytest

from tests.edge.over_http import code

ANY = {"Accept": "application/graphql-response+json"}


async def get(http: httpx.AsyncClient, **parameters: str) -> httpx.Response:
    return await http.get("/graphql", params=parameters, headers=ANY)


async def test_a_query_is_answered_with_its_variables(http: httpx.AsyncClient) -> None:
    answer = await get(
        http,
        query="query One { __typename } query Two($c: TerritoryCode!) { territory(code: $c) { code } }",
        operationName="Two",
        variables=json.dumps({"c": "FR-44"}),
        extensions="{}",
        utm_source="ignored",
    )
    assert answer.status_code == 200
    assert answer.json() == {"data": {"territory": {"code": "FR-44"}}}
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "query",
    [
        'mutation { signOut(input: {refreshToken: "a"}) { errors { code } } }',
        "query A { __typename } mutation B { __typename }",
        "query($a: [AnswerInput!]!) { evaluateInfluence(answers: $a) { token } }",
        "{ ...A } fragment A on Query { x: evaluateInfluence(answers: []) { token } }",
    ],
)
async def test_what_changes_something_or_is_private_goes_by_post(http: httpx.AsyncClient, query: str) -> None:
    answer = await get(http, query=query, **({"operationName": "B"} if "mutation B" in query else {}))
    assert (answer.status_code, code(answer)) == (405, "METHOD_NOT_ALLOWED")
    assert answer.headers["allow"] == "POST"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("", "BAD_REQUEST"),
        ("?query=", "BAD_REQUEST"),
        ("?query={__typename}&query={__typename}", "BAD_REQUEST"),
        ("?query={__typename}&variables=[]", "BAD_REQUEST"),
        ("?query={__typename}&variables=1", "BAD_REQUEST"),
        ("?query={__typename}&extensions={", "BAD_REQUEST"),
        ("?query={__typename}&variables=" + "[" * 3_000 + "]" * 3_000, "BAD_REQUEST"),
        ("?query={__typename}&variables={%22a%22:" + "9" * 4_500 + "}", "BAD_REQUEST"),
        ("?query=%FF", "BAD_REQUEST"),
        ("?query={__typename%00}", "BAD_USER_INPUT"),
        ("?query={event(slug:%22%5Cu0000%22){id}}", "BAD_USER_INPUT"),
        ("?query={__typename}" + "&a=1" * 60, "BAD_REQUEST"),
        ("?query={", "GRAPHQL_PARSE_FAILED"),
        ("?query={nothing}", "GRAPHQL_VALIDATION_FAILED"),
    ],
)
async def test_garbage_in_a_url_is_a_typed_error(http: httpx.AsyncClient, url: str, expected: str) -> None:
    answer = await http.get(f"/graphql{url}", headers=ANY)
    assert (answer.status_code, code(answer)) == (400, expected)


async def test_empty_variables_are_none(http: httpx.AsyncClient) -> None:
    for nothing in ("", "null", "{}"):
        assert (await get(http, query="{__typename}", variables=nothing, extensions=nothing)).status_code == 200


async def test_options_tells_which_methods_there_are(http: httpx.AsyncClient) -> None:
    answer = await http.options("/graphql")
    assert (answer.status_code, answer.headers["allow"], answer.content) == (204, "GET, HEAD, POST, OPTIONS", b"")
