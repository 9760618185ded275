"""Documents that aren't sent but named: by their hash once they were sent (APQ), or by an id of a manifest."""

import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr, ValidationError

from influents.app import application
from influents.operations.asking import Asked
from influents.operations.sources import CHARACTERS, MOST, Sources
from influents.operations.trusted import BadManifest, trusted_documents
from influents.settings import Settings
from resolvers.context import Services
from tests.edge.over_http import code, post
from tests.live import serving
from tests.nodejs import run_script

QUERY = "{ themes { code } }"
STRICT = {"Accept": "application/graphql-response+json"}


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def persisted(digest: object, version: object = 1) -> dict[str, object]:
    return {"extensions": {"persistedQuery": {"version": version, "sha256Hash": digest}}}


@asynccontextmanager
async def trusting(services: Services, manifest: Path, *, alone: bool) -> AsyncIterator[httpx.AsyncClient]:
    settings = Settings.model_construct(trusted_documents=manifest, only_trusted_documents=alone)
    transport = httpx.ASGITransport(application(services, settings=settings))
    async with httpx.AsyncClient(transport=transport, base_url="http://influents.test") as client:
        yield client


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    written = tmp_path / "documents.json"
    written.write_text(json.dumps({"themes": QUERY, sha256("{ __typename }"): "{ __typename }", "old": "{ gone }"}))
    return written


async def test_a_document_is_sent_once_and_named_by_its_hash_afterwards(http: httpx.AsyncClient) -> None:
    for status, accept in ((200, "application/json"), (400, "application/graphql-response+json")):
        unknown = await post(http, persisted(sha256(QUERY)), Accept=accept)
        assert (unknown.status_code, code(unknown)) == (status, "PERSISTED_QUERY_NOT_FOUND")
        assert unknown.json()["errors"][0]["message"] == "PersistedQueryNotFound"

    assert (await post(http, {"query": QUERY} | persisted(sha256(QUERY)))).json()["data"]["themes"]
    assert (await post(http, persisted(sha256(QUERY)))).json()["data"]["themes"]
    by_id = await post(http, {"documentId": f"sha256:{sha256(QUERY)}"})
    assert by_id.json()["data"]["themes"]


@pytest.mark.parametrize(
    "extension",
    [
        {"version": 1, "sha256Hash": sha256("{ other }")},
        {"version": 1, "sha256Hash": "nonsense"},
        {"version": 1, "sha256Hash": 5},
        {"version": 2, "sha256Hash": sha256(QUERY)},
        {"sha256Hash": sha256(QUERY)},
        {},
        "text",
        ["list"],
    ],
)
async def test_a_hash_that_is_wrong_is_bad_input(http: httpx.AsyncClient, extension: object) -> None:
    answer = await post(http, {"query": QUERY, "extensions": {"persistedQuery": extension}}, **STRICT)
    assert (answer.status_code, code(answer)) == (400, "BAD_USER_INPUT")


async def test_only_what_fits_the_schema_is_kept(http: httpx.AsyncClient) -> None:
    for text in ("{ nothing }", "{", "query A { a } query B { b }"):
        await post(http, {"query": text} | persisted(sha256(text)))
        assert code(await post(http, persisted(sha256(text)))) == "PERSISTED_QUERY_NOT_FOUND"


def test_what_is_kept_is_bounded_in_number_and_in_length() -> None:
    sources = Sources()
    for number in range(MOST + 10):
        sources.keep(f"{number}", "{ a }")
    assert len(sources._sent) == MOST

    for number in range(10):
        sources.keep(f"long {number}", "x" * (CHARACTERS // 4))
    assert len(sources._sent) == 4
    sources.keep("too long", "x" * (CHARACTERS + 1))
    assert sources._sent.get("too long") is None


def test_what_is_asked_for_stays_longest() -> None:
    sources = Sources()
    sources.keep("wanted", QUERY)
    for number in range(MOST * 2):
        sources.keep(f"{number}", "{ a }")
        assert sources.of(Asked(document_id="wanted")).text == QUERY


async def test_trusted_documents_are_named_by_their_ids(services: Services, manifest: Path) -> None:
    async with trusting(services, manifest, alone=False) as http:
        for named in ({"documentId": "themes"}, persisted("themes")):
            assert (await post(http, named)).json()["data"]["themes"]
        typename = sha256("{ __typename }")
        for named in ({"documentId": typename}, {"documentId": f"sha256:{typename}"}, persisted(typename)):
            assert (await post(http, named)).json() == {"data": {"__typename": "Query"}}
        by_get = await http.get("/graphql", params={"documentId": "themes"})
        assert by_get.json()["data"]["themes"]
        assert code(await post(http, {"documentId": "unknown"})) == "PERSISTED_QUERY_NOT_FOUND"
        assert code(await post(http, {"documentId": "old"})) == "GRAPHQL_VALIDATION_FAILED"
        assert (await post(http, {"query": "{ charter { version } }"})).json()["data"]


async def test_where_trusted_documents_alone_are_taken_no_other_is(services: Services, manifest: Path) -> None:
    other = "{ charter { version } }"
    async with trusting(services, manifest, alone=True) as http:
        assert (await post(http, {"documentId": "themes"})).json()["data"]
        assert (await post(http, {"query": QUERY} | persisted(sha256(QUERY)))).json()["data"]
        for refused in ({"query": other}, {"query": other} | persisted(sha256(other)), {"query": QUERY + " "}):
            answer = await post(http, refused)
            assert (answer.status_code, code(answer)) == (403, "FORBIDDEN")
        by_get = await http.get("/graphql", params={"query": other})
        assert by_get.status_code == 403
        assert code(await post(http, persisted(sha256(other)))) == "PERSISTED_QUERY_NOT_FOUND"


async def test_a_gateway_that_proves_itself_writes_documents_of_its_own(services: Services, manifest: Path) -> None:
    secret = "a secret of the gateway, long enough"
    settings = Settings.model_construct(
        trusted_documents=manifest, only_trusted_documents=True, gateway_secret=SecretStr(secret)
    )
    transport = httpx.ASGITransport(application(services, settings=settings))
    async with httpx.AsyncClient(transport=transport, base_url="http://influents.test") as http:
        other = {"query": "{ charter { version } }"}
        assert (await post(http, other, **{"Influents-Gateway": secret})).json()["data"]["charter"]
        by_get = await http.get("/graphql", params=other, headers={"Influents-Gateway": secret})
        assert by_get.json()["data"]["charter"]
        for stranger in ({}, {"Influents-Gateway": "another"}):
            assert (await post(http, other, **stranger)).status_code == 403


@pytest.mark.parametrize("body", [{"documentId": 5}, {"documentId": "a", "query": QUERY}, {"documentId": ["a"]}])
async def test_an_id_that_is_none_is_refused(http: httpx.AsyncClient, body: dict[str, object]) -> None:
    answer = await post(http, body)
    assert (answer.status_code, code(answer)) == (400, "BAD_REQUEST")


def test_manifests_of_apollo_and_of_ids_and_documents_are_read(tmp_path: Path) -> None:
    written = tmp_path / "manifest.json"
    operation = {"id": "a", "name": "A", "type": "query", "body": QUERY}
    written.write_text(
        json.dumps({"format": "apollo-persisted-query-manifest", "version": 1, "operations": [operation]})
    )
    assert trusted_documents(written) == {"a": QUERY}
    written.write_text(json.dumps({"a": QUERY}))
    assert trusted_documents(written) == {"a": QUERY}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "5",
        '{"a": 5}',
        '{"format": "apollo-persisted-query-manifest"}',
        '{"format": "apollo-persisted-query-manifest", "operations": [{"id": "a"}]}',
    ],
)
def test_a_manifest_that_is_none_is_told_of_in_a_line(tmp_path: Path, text: str) -> None:
    written = tmp_path / "manifest.json"
    written.write_text(text)
    with pytest.raises(BadManifest, match="manifest"):
        trusted_documents(written)
    with pytest.raises(BadManifest, match="can't be read"):
        trusted_documents(tmp_path / "nowhere.json")


def test_no_other_documents_but_trusted_ones_needs_some() -> None:
    with pytest.raises(ValidationError, match="INFLUENTS_TRUSTED_DOCUMENTS"):
        Settings(only_trusted_documents=True)


async def test_apollo_client_sends_a_document_once_and_its_hash_by_get_afterwards(services: Services) -> None:
    async with serving(services) as address:
        asked = await run_script("persisted.mjs", f"{address}/graphql")

    assert [(each["method"], each["query"]) for each in asked["requests"]] == [
        ("GET", False),
        ("POST", True),
        ("GET", False),
    ]
    assert asked["answers"][0] == asked["answers"][1]
    assert len(asked["answers"][0]["themes"]) == 6
