"""Which answers caches may keep, and that whoever has one already is not sent it again."""

import json

import httpx
import pytest

from influents.settings import Settings
from resolvers.context import Services
from schema.access import for_everybody
from schema.build import build
from tests.edge.over_http import bearer, post
from tests.edge.test_kept_documents import persisted, sha256
from tests.factories import Town
from tests.live import serving

QUERY = "query($c: TerritoryCode!) { territory(code: $c) { code name } }"
VARIABLES = {"c": "FR-44"}


async def kept(http: httpx.AsyncClient, query: str = QUERY, **headers: str) -> httpx.Response:
    """The answer by GET to a query that was sent with its hash before."""
    await post(http, {"query": query, "variables": VARIABLES} | persisted(sha256(query)))
    extensions = json.dumps(persisted(sha256(query))["extensions"])
    parameters = {"extensions": extensions, "variables": json.dumps(VARIABLES)}
    return await http.get("/graphql", params=parameters, headers=headers)


async def test_a_public_answer_may_be_kept_and_is_not_sent_twice(http: httpx.AsyncClient) -> None:
    answer = await kept(http)
    tag = answer.headers["etag"]
    assert answer.json()["data"]["territory"]["code"] == "FR-44"
    assert answer.headers["cache-control"] == f"public, max-age={Settings.model_construct().cache_seconds}"
    assert set(answer.headers["vary"].split(", ")) >= {"Accept", "Accept-Language", "Authorization"}

    for has in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        again = await kept(http, **{"If-None-Match": has})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert again.headers["vary"] == answer.headers["vary"]
        assert again.headers["cache-control"] == answer.headers["cache-control"]
    assert (await kept(http, **{"If-None-Match": '"other"'})).status_code == 200


async def test_answers_in_other_words_or_forms_have_other_tags(http: httpx.AsyncClient) -> None:
    label = "query { themes { code label } }"
    tags = {
        (await kept(http, label, **headers)).headers["etag"]
        for headers in (
            {"Accept-Language": "fr"},
            {"Accept-Language": "en"},
            {"Accept-Language": "en", "Accept": "application/graphql-response+json"},
        )
    }
    assert len(tags) == 3


@pytest.mark.parametrize(
    "query",
    [
        "{ viewer { email } }",
        '{ event(slug: "a") { viewerParticipation { status } } }',
        '{ event(slug: "a") { checkInCode } }',
        "{ ...A } fragment A on Query { viewer { email } }",
        '{ node(id: "nonsense") { id } }',
    ],
)
async def test_what_depends_on_who_asks_or_went_wrong_is_not_kept(http: httpx.AsyncClient, query: str) -> None:
    answer = await kept(http, query)
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers


async def test_what_somebody_is_answered_is_not_kept(http: httpx.AsyncClient, town: Town) -> None:
    answer = await kept(http, **bearer(await town.citizen("nath")))
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"


async def test_a_query_that_is_sent_is_not_kept_nor_one_that_is_posted(http: httpx.AsyncClient) -> None:
    parameters = {"query": QUERY, "variables": json.dumps(VARIABLES)}
    by_get = await http.get("/graphql", params=parameters)
    await kept(http)
    by_post = await post(http, {"variables": VARIABLES} | persisted(sha256(QUERY)))
    for answer in (by_get, by_post):
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        assert "etag" not in answer.headers


async def test_head_says_what_get_would_without_the_answer(services: Services) -> None:
    async with serving(services) as address, httpx.AsyncClient(base_url=address) as http:
        answer = await kept(http)
        head = await http.head(str(answer.request.url))
        assert (head.status_code, head.content) == (200, b"")
        for name in ("etag", "content-length", "content-type", "cache-control", "vary"):
            assert head.headers[name] == answer.headers[name]
        same = await http.get(str(answer.request.url), headers={"If-None-Match": answer.headers["etag"]})
        assert (same.status_code, same.content) == (304, b"")


@pytest.mark.parametrize(
    ("query", "public"),
    [
        ("{ themes { code } }", True),
        ('{ citizen(handle: "a") { name influence { level } } }', True),
        ('{ event(slug: "a") { title participants { edges { node { name } } } } }', True),
        ("{ viewer { email } }", False),
        ('{ event(slug: "a") { title viewerActions } }', False),
        ("{ moderationQueue { totalCount } }", False),
    ],
)
def test_what_is_for_everybody_is_told_by_what_fields_declare(query: str, public: bool) -> None:
    schema = build()
    assert for_everybody(schema.core, schema.documents.parsed(query)) is public
