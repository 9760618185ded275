import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from influents import graphiql

SCRIPT = b"console.log('Influents');" * 100


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """A build of one script, with something beside the assets that nobody may read."""
    assets = tmp_path / "dist" / "assets"
    assets.mkdir(parents=True)
    (assets / "main-ABCD1234.js").write_bytes(SCRIPT)
    (assets / "main-ABCD1234.js.gz").write_bytes(gzip.compress(SCRIPT))
    (assets / "roboto-ABCD1234.woff2").write_bytes(b"font")
    (assets / ".hidden").write_text("secret")
    (tmp_path / "dist" / "index.html").write_text(
        '<script type="module" src="graphiql/assets/main-ABCD1234.js"></script>'
    )
    return tmp_path / "dist"


@pytest.fixture
async def client(dist: Path) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=[Route("/graphql", lambda _: graphiql.page(dist)), *graphiql.routes(dist)])
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://influents.test") as client:
        yield client


def policy(response: httpx.Response) -> dict[str, set[str]]:
    directives = (directive.split() for directive in response.headers["content-security-policy"].split(";"))
    return {name: set(sources) for name, *sources in directives}


async def test_the_page_may_run_and_reach_nothing_but_this_origin(client: httpx.AsyncClient) -> None:
    response = await client.get("/graphql")
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    allowed = policy(response)
    assert allowed["default-src"] == {"'none'"}
    assert allowed["script-src"] == allowed["connect-src"] == allowed["worker-src"] == {"'self'"}
    assert allowed["frame-ancestors"] == allowed["base-uri"] == allowed["form-action"] == {"'none'"}
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"


async def test_the_page_is_asked_for_each_time_and_never_taken_for_an_answer(client: httpx.AsyncClient) -> None:
    response = await client.get("/graphql")
    assert response.headers["cache-control"] == "no-cache"
    assert response.headers["vary"] == "Accept"


@pytest.mark.parametrize(("accepted", "encoding"), [("gzip, br", "gzip"), ("identity", None)])
async def test_an_asset_is_kept_for_good_and_sent_compressed_to_who_takes_it(
    client: httpx.AsyncClient, accepted: str, encoding: str | None
) -> None:
    response = await client.get("/graphiql/assets/main-ABCD1234.js", headers={"Accept-Encoding": accepted})
    assert response.content == SCRIPT
    assert response.headers.get("content-encoding") == encoding
    assert response.headers["vary"] == "Accept-Encoding"
    assert response.headers["content-type"].startswith("text/javascript")
    assert response.headers["x-content-type-options"] == "nosniff"
    assert {"immutable", "max-age=31536000"} <= set(response.headers["cache-control"].split(", "))


async def test_an_asset_that_is_not_compressed_is_sent_as_it_is(client: httpx.AsyncClient) -> None:
    response = await client.get("/graphiql/assets/roboto-ABCD1234.woff2")
    assert response.content == b"font"
    assert response.headers["content-type"] == "font/woff2"


@pytest.mark.parametrize(
    "name", ["gone.js", "%2e%2e", "%2e%2e%2findex.html", "..%5cindex.html", ".hidden", "a%00b", "%ff"]
)
async def test_no_other_file_is_served(client: httpx.AsyncClient, name: str) -> None:
    assert (await client.get(f"/graphiql/assets/{name}")).status_code == 404


async def test_without_a_build_the_page_says_how_to_make_one(tmp_path: Path) -> None:
    app = Starlette(routes=[Route("/graphql", lambda _: graphiql.page(tmp_path)), *graphiql.routes(tmp_path)])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://influents.test") as client:
        response = await client.get("/graphql")
        assert "make explorer" in response.text
        assert "curl " in response.text
        assert "<script" not in response.text
        assert policy(response)["script-src"] == {"'self'"}
        assert (await client.get("/graphiql/assets/main-ABCD1234.js")).status_code == 404
