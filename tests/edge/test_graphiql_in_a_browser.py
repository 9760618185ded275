import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import strawberry
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute
from starlette.types import Receive, Scope, Send
from strawberry.asgi import GraphQL
from strawberry.types import Info

from influents import explorer_build, graphiql
from resolvers import participations
from schema.ids import Kind, seal
from tests.edge.browser import browser, chromium_path
from tests.edge.graphiql_driver import GraphiQL, model
from tests.factories import Town
from tests.live import serving

pytestmark = [
    pytest.mark.skipif(chromium_path() is None, reason="no Chromium (INFLUENTS_CHROMIUM)"),
    pytest.mark.skipif(not explorer_build.up_to_date(), reason="GraphiQL is not built (make explorer)"),
]


@strawberry.type
class Choice:
    code: strawberry.ID
    label: str


@strawberry.type
class Question:
    code: strawberry.ID
    prompt: str
    help: str | None
    choices: list[Choice]


@strawberry.type
class Questionnaire:
    version: str
    questions: list[Question]


@strawberry.type
class Query:
    @strawberry.field
    def questionnaire(self) -> Questionnaire:
        choice = Choice(code=strawberry.ID("yes"), label="Oui")
        question = Question(code=strawberry.ID("vote"), prompt="Avez-vous voté ?", help=None, choices=[choice])
        return Questionnaire(version="test", questions=[question])

    @strawberry.field
    def authorization(self, info: Info) -> str | None:
        header: str | None = info.context["request"].headers.get("authorization")
        return header


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def countdown(self, info: Info) -> AsyncIterator[str]:
        params = info.context["connection_params"] or {}
        for number in (3, 2, 1):
            yield f"{number} {params.get('Authorization')}"


class Api:
    """The API as the real one will be: GraphiQL for a browser's GET, GraphQL for all else."""

    def __init__(self, *, subscriptions: bool) -> None:
        schema = strawberry.Schema(query=Query, subscription=Subscription if subscriptions else None)
        self.graphql = GraphQL[None, None](schema, graphql_ide=None)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        accept = dict(scope["headers"]).get(b"accept", b"")
        if scope["type"] == "http" and scope["method"] == "GET" and b"text/html" in accept:
            await graphiql.page()(scope, receive, send)
        else:
            await self.graphql(scope, receive, send)


async def serve(api: Api, *, sockets: bool) -> AsyncIterator[str]:
    routes = [*graphiql.routes(), Route("/graphql", api)]
    if sockets:
        routes.append(WebSocketRoute("/graphql", api))
    config = uvicorn.Config(Starlette(routes=routes), port=0, log_level="warning", ws="websockets-sansio")
    server = uvicorn.Server(config)
    serving = asyncio.ensure_future(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    await serving


@pytest.fixture(scope="module")
async def origin() -> AsyncIterator[str]:
    async for address in serve(Api(subscriptions=True), sockets=True):
        yield address


@pytest.fixture
async def explorer(origin: str) -> AsyncIterator[GraphiQL]:
    """GraphiQL as it opens on a first visit; afterwards, nothing was complained of or asked elsewhere."""
    async with browser() as page:
        explorer = GraphiQL(page)
        await explorer.open(f"{origin}/graphql")
        yield explorer
        assert page.complaints == []
        elsewhere = [
            url for url in page.requests if not url.startswith((origin, origin.replace("http", "ws"), "data:"))
        ]
        assert elsewhere == []
        assert len(page.requests) > 10, "requests are seen at all"


TABS = ["Questionnaire", "EvaluateInfluence", "SignUp", "SignIn", "Events", "Register", "Citizen", "Entities", "Watch"]


async def test_a_first_visit_opens_the_journey_in_tabs_and_the_first_one_runs(explorer: GraphiQL) -> None:
    assert await explorer.page.js("document.title") == "Influents"
    assert await explorer.tabs() == TABS
    answer = json.loads(await explorer.run())
    assert answer["data"]["questionnaire"]["questions"][0]["prompt"] == "Avez-vous voté ?"
    await explorer.page.until("document.querySelector('.graphiql-response').innerText.includes('Avez-vous')")


async def test_the_schema_helps_to_write(explorer: GraphiQL) -> None:
    page = explorer.page
    await explorer.write("operation.graphql", "{ nonsense }")
    await page.until("__MONACO.editor.getModelMarkers({}).some(marker => marker.message.includes('nonsense'))")

    await explorer.write("operation.graphql", "")
    await page.click("document.querySelector('.graphiql-query-editor .view-lines')")
    await page.type("{ ques")
    await page.until("document.querySelector('.suggest-widget.visible')?.innerText.includes('questionnaire')")

    await explorer.write("operation.graphql", "query Made {\n  questionnaire {\n    version\n  }\n}")
    await explorer.press("Show Documentation Explorer")
    await page.until("document.querySelector('.graphiql-doc-explorer-content')?.innerText.includes('Subscription')")
    await explorer.press("Show GraphiQL Explorer")
    await page.click("document.querySelector('.graphiql-plugin [data-field-name=authorization] span')")
    assert json.loads(await explorer.run())["data"] == {"questionnaire": {"version": "test"}, "authorization": None}

    await explorer.write("operation.graphql", "query Made { authorization }")
    await page.click("document.querySelector('[aria-label^=Prettify]')")
    await page.until(f"({model('operation.graphql')}).getValue() === 'query Made {{\\n  authorization\\n}}\\n'")


async def test_the_token_in_headers_goes_with_requests_and_subscriptions(explorer: GraphiQL) -> None:
    page = explorer.page
    assert "Authorization" in await page.js(f"({model('request-headers.json')}).getValue()")
    await explorer.write("operation.graphql", "query Who { authorization }")
    assert json.loads(await explorer.run())["data"] == {"authorization": None}, "the example's token is a comment"

    await explorer.write("request-headers.json", '{"Authorization": "Bearer abc"}')
    await explorer.write("operation.graphql", "query Other { __typename }\nquery WhoNow { authorization }")
    assert json.loads(await explorer.run("WhoNow"))["data"] == {"authorization": "Bearer abc"}

    await explorer.write("operation.graphql", "subscription Countdown { countdown }")
    await explorer.run()
    await page.until(f"({model('response.json')}).getValue().includes('1 Bearer abc')")
    assert "Bearer abc" in await page.js("JSON.stringify(sessionStorage)"), "a reload keeps it"
    assert await page.js("localStorage.length") == 0, "the end of the visit doesn't"


async def test_it_opens_on_a_server_without_subscriptions_or_sockets() -> None:
    async for origin in serve(Api(subscriptions=False), sockets=False):
        async with browser() as page:
            explorer = GraphiQL(page)
            await explorer.open(f"{origin}/graphql")
            assert "Avez-vous" in await explorer.run()
            assert page.complaints == []


async def test_a_subscription_of_the_service_is_told_in_it(town: Town) -> None:
    owner, nath = await town.citizen(), await town.citizen()
    event = await town.event(owner, (await town.organization(owner)).id)
    async with serving(town.services) as address, browser() as page:
        explorer = GraphiQL(page)
        await explorer.open(f"{address}/graphql")
        await explorer.show("Watch")
        await explorer.write("variables.json", json.dumps({"event": seal(Kind.EVENT, event.id)}))
        await asyncio.sleep(0.3)  # typing is taken in 100 ms after its last key
        await explorer.press("Execute query (Ctrl-Enter)")
        while not len(town.services.hub):  # noqa: ASYNC110 - nothing says so
            await asyncio.sleep(0.02)

        await participations.register(nath, event.id)

        await page.until(f"({model('response.json')}).getValue().includes('\"registeredCount\": 1')")
        assert page.complaints == []


async def test_the_journey_of_its_tabs_runs_on_the_service_with_the_token_that_it_gives(town: Town) -> None:
    """As a newcomer clicks through it: each tab with its own variables, and what earlier ones answered."""
    owner = await town.citizen("demotic")
    event = await town.event(owner, (await town.organization(owner)).id)

    async with serving(town.services) as address, browser() as page:
        explorer = GraphiQL(page)
        await explorer.open(f"{address}/graphql")

        async def shown(tab: str, operation: str | None = None, **variables: str) -> Any:
            await explorer.show(tab)
            if variables:
                await explorer.write("variables.json", json.dumps(variables))
            answer = json.loads(await explorer.run(operation))
            assert "errors" not in answer, answer
            return answer["data"]

        asked = await shown("Questionnaire")
        assert len(asked["questionnaire"]["questions"]) == 9
        assert (await shown("EvaluateInfluence"))["evaluateInfluence"]["influence"]["level"] > 1
        assert (await shown("SignUp"))["signUp"]["errors"] == []
        session = (await shown("SignIn", "SignIn"))["signIn"]["session"]
        await explorer.write("request-headers.json", json.dumps({"Authorization": f"Bearer {session['accessToken']}"}))
        await asyncio.sleep(0.3)  # typing is taken in 100 ms after its last key
        viewer = (await shown("SignIn", "Viewer"))["viewer"]
        assert viewer["citizen"]["handle"] == "curieuse"
        assert (await shown("Events"))["events"]["edges"]
        await explorer.show("Register")
        await explorer.write("request-headers.json", json.dumps({"Authorization": f"Bearer {session['accessToken']}"}))
        await asyncio.sleep(0.3)
        registered = await shown("Register", "Register", event=seal(Kind.EVENT, event.id))
        assert registered["register"]["participation"]["status"] == "REGISTERED"
        assert (await shown("Entities"))["_entities"]

        assert page.complaints == []
        assert [
            url for url in page.requests if not url.startswith((address, address.replace("http", "ws"), "data:"))
        ] == []
