"""`/graphql` over HTTP: what is taken, what is refused, and that nothing makes it fail."""

import json

import httpx
import pytest

from domain.api_tokens import TokenScope
from influents.app import application
from influents.authentication import MAXIMUM_BODY, MAXIMUM_IMPORT
from resolvers.context import Context, Services
from tests.edge.over_http import code, post
from tests.factories import Town

STRICT = {"Accept": "application/graphql-response+json"}


async def test_an_operation_is_answered_and_never_stored(http: httpx.AsyncClient) -> None:
    answer = await post(http, {"query": "{ themes { code } }"})

    assert answer.status_code == 200
    assert len(answer.json()["data"]["themes"]) == 6
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.headers["x-request-id"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"1",
        b"[]",
        b'"text"',
        b"{",
        b'{"query": null}',
        b'{"query": ""}',
        b'{"query": 5}',
        b'{"query": "{ themes { code } }", "variables": []}',
        b'{"query": "{ themes { code } }", "operationName": 1}',
        b'{"query": "{ themes { code } }", "extensions": 1}',
        b'{"query": "\xff"}',
        b'{"query": "{ a }", "variables": {"a": NaN}}',
        b'{"query": "{ a }", "variables": {"a": ' + b"9" * 4_500 + b"}}",
        b"[" * 3_000 + b"]" * 3_000,
        json.dumps({"query": "{a" * 3_000 + "}" * 3_000}).encode(),
        json.dumps({"query": "{ event(slug: " + "1" * 4_500 + ") { id } }"}).encode(),
        json.dumps({"query": '{ event(slug: "\\u0000") { id } }'}).encode(),
        json.dumps({"query": "query($s: String!) { event(slug: $s) { id } }", "variables": {"s": "\0"}}).encode(),
        b'{"query": "query($s: String!) { event(slug: $s) { id } }", "variables": {"s": "\\ud800"}}',
        json.dumps({"query": "{ nothing }"}).encode(),
        json.dumps({"query": "not graphql"}).encode(),
        json.dumps({"query": "query A { themes { code } } query B { themes { code } }"}).encode(),
        json.dumps({"query": "query A { themes { code } }", "operationName": "B"}).encode(),
        json.dumps({"query": "fragment A on Theme { code }"}).encode(),
    ],
)
async def test_garbage_is_a_typed_error(http: httpx.AsyncClient, body: bytes) -> None:
    answer = await post(http, body, **STRICT)

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/graphql-response+json; charset=utf-8"
    assert code(answer) in {
        "BAD_REQUEST", "BAD_USER_INPUT", "QUERY_TOO_COMPLEX", "GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED"
    }  # fmt: skip


async def test_only_json_is_taken(http: httpx.AsyncClient) -> None:
    answer = await http.post("/graphql", content=b"query=1", headers={"Content-Type": "text/plain"})
    assert (answer.status_code, code(answer)) == (415, "UNSUPPORTED_MEDIA_TYPE")


async def test_a_body_is_bounded(http: httpx.AsyncClient) -> None:
    answer = await post(http, b" " * (MAXIMUM_BODY + 1))
    assert (answer.status_code, code(answer)) == (413, "PAYLOAD_TOO_LARGE")


async def test_a_browser_gets_a_page(http: httpx.AsyncClient) -> None:
    answer = await http.get("/graphql", headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert "script-src 'self'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("token", ["Bearer nonsense", "Basic abc", "Bearer ", "", "Bearer a.b.c"])
async def test_a_token_that_does_not_hold_is_refused_rather_than_ignored(http: httpx.AsyncClient, token: str) -> None:
    answer = await post(http, {"query": "{ viewer { email } }"}, Authorization=token)
    assert (answer.status_code, code(answer)) == (401, "UNAUTHENTICATED")


async def test_errors_speak_the_language_that_is_accepted(http: httpx.AsyncClient) -> None:
    query = {"query": '{ node(id: "nonsense") { id } }'}
    french = await post(http, query)
    english = await post(http, query, **{"Accept-Language": "de, en-GB;q=0.8, fr;q=0.3"})

    assert french.json()["errors"][0]["message"] == "Cet identifiant n’est pas de ceux que donne Influents."
    assert english.json()["errors"][0]["message"] == "That is not an id that Influents gives."


async def test_what_one_field_is_refused_takes_nothing_from_the_others(
    http: httpx.AsyncClient, town: Town, nobody: Context
) -> None:
    query = 'mutation { register(input: {event: "nonsense"}) { errors { code } } } '
    answer = await post(http, {"query": query})
    assert answer.status_code == 200
    assert answer.json()["data"] == {"register": None}
    assert code(answer) == "UNAUTHENTICATED"


async def test_without_a_database_it_says_so_and_stays_up(services: Services) -> None:
    from dataclasses import replace

    from db.engine import connect

    gone = connect("postgresql://nobody@127.0.0.1:9/none")
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(application(replace(services, database=gone))), base_url="http://influents.test"
    ) as http:
        answer = await post(http, {"query": '{ event(slug: "any") { id } }'})
        assert (answer.status_code, code(answer)) == (503, "SERVICE_UNAVAILABLE")
        assert (await http.get("/readyz")).status_code == 503
        assert (await http.get("/healthz")).status_code == 200
        assert (await post(http, {"query": "{ themes { code } }"})).status_code == 200
    await gone.close()


async def test_ready_with_its_database(http: httpx.AsyncClient) -> None:
    assert (await http.get("/readyz")).json() == {"status": "ready"}
    assert (await http.get("/.well-known/jwks.json")).json()["keys"][0]["alg"] == "EdDSA"


async def test_the_answers_of_the_self_assessment_are_not_logged(
    http: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    query = "query($answers: [AnswerInput!]!) { evaluateInfluence(answers: $answers) { token } }"
    wrong = [{"question": "vote", "choice": "a-very-telling-choice"}]
    answer = await post(http, {"query": query, "variables": {"answers": wrong}})

    assert code(answer) == "BAD_USER_INPUT"
    assert "a-very-telling-choice" not in answer.text + caplog.text


@pytest.mark.parametrize(
    ("query", "variables", "expected"),
    [
        ("{ nothing }", {}, "GRAPHQL_VALIDATION_FAILED"),
        ("{ citizenn }", {}, "GRAPHQL_VALIDATION_FAILED"),
        ("nonsense {", {}, "GRAPHQL_PARSE_FAILED"),
        ("query A { themes { code } } query B { themes { code } }", {}, "GRAPHQL_VALIDATION_FAILED"),
        ("{ " + "themes { code } " * 700 + "}", {}, "QUERY_TOO_COMPLEX"),
        ("{ events(filter: {themes: [CULTUR]}) { totalCount } }", {}, "GRAPHQL_VALIDATION_FAILED"),
        (
            "query($t: [ThemeCode!]) { events(filter: {themes: $t}) { totalCount } }",
            {"t": ["secret"]},
            "BAD_USER_INPUT",
        ),
        ("query($n: Int) { events(first: $n) { totalCount } }", {"n": "secret"}, "BAD_USER_INPUT"),
        ("query($c: TerritoryCode!) { territory(code: $c) { name } }", {"c": "secret"}, "BAD_USER_INPUT"),
        ("query($i: ID!) { node(id: $i) { id } }", {"i": {"secret": 1}}, "BAD_USER_INPUT"),
    ],
)
async def test_graphqls_own_errors_are_typed_and_echo_nothing(
    http: httpx.AsyncClient, query: str, variables: dict[str, object], expected: str
) -> None:
    answer = await post(http, {"query": query, "variables": variables}, **STRICT)

    assert (answer.status_code, code(answer)) == (400, expected)
    assert "secret" not in answer.text
    assert "Did you mean" not in answer.text


async def test_a_token_that_brings_events_in_may_send_more(http: httpx.AsyncClient, town: Town) -> None:
    owner = await town.citizen()
    made = await town.organization(owner)
    _, imports = await town.token(owner, made.id, TokenScope.EVENTS_WRITE)
    _, reads = await town.token(owner, made.id, TokenScope.FEEDBACK_READ)
    body = json.dumps({"query": "{ viewer { email } }"}).encode() + b" " * MAXIMUM_BODY

    taken = await post(http, body, Authorization=f"Bearer {imports}")
    assert (taken.status_code, taken.json()["data"]) == (200, {"viewer": None})
    assert (await post(http, body, Authorization=f"Bearer {reads}")).status_code == 413
    assert (await post(http, body + b" " * MAXIMUM_IMPORT, Authorization=f"Bearer {imports}")).status_code == 413
    assert (await post(http, body, Authorization=f"Bearer {imports}x")).status_code == 401
