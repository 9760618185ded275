"""Hostile and nearly valid requests for every field, by everybody, for a few seconds (in CI for a minute).

INFLUENTS_FUZZ_SECONDS says for how long, INFLUENTS_FUZZ_SEED where to begin: a failure tells which.
"""

import json
import os
import re
import time
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from urllib.parse import urlencode

import httpx

from domain.api_tokens import TokenScope
from domain.permissions import signed_in
from influents.app import application
from resolvers.context import Context, Services
from schema.build import InfluentsSchema, build
from schema.ids import Kind, seal
from tests.clock import Clock
from tests.factories import PASSWORD, Town
from tests.fuzzing import Fuzzer

SECONDS = float(os.environ.get("INFLUENTS_FUZZ_SECONDS", "6"))
SEED = os.environ.get("INFLUENTS_FUZZ_SEED", "1")
CODES = {
    "UNAUTHENTICATED", "FORBIDDEN", "BAD_USER_INPUT", "GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED",
    "QUERY_TOO_COMPLEX", "RATE_LIMITED", "PERSISTED_QUERY_NOT_FOUND", "PERSISTED_QUERY_NOT_SUPPORTED", "CONFLICT",
    "BAD_REQUEST", "UNSUPPORTED_MEDIA_TYPE", "NOT_ACCEPTABLE", "PAYLOAD_TOO_LARGE", "METHOD_NOT_ALLOWED",
}  # fmt: skip
"""What a hostile client may be told: TIMEOUT, SERVICE_UNAVAILABLE and INTERNAL are not among it."""
WEIGHTS = [1, 1, 2, 2, 3]
"""How often each of the world's callers asks."""
BY_GET = 0.1
LONGEST_URL = 16_000
LEAKS = re.compile(
    r"Traceback|File \"|\.py\b|sqlalchemy|asyncpg|psycopg|strawberry|graphql-core|Did you mean| object at 0x"
    r"|\bSELECT\b .* FROM|argon2|__class__|UUID\(|Exception\b|<class"
)


@dataclass(frozen=True)
class World:
    """A little of everything, and who asks for it."""

    callers: dict[str, bytes | None]
    ids: list[str]

    @classmethod
    async def made(cls, town: Town) -> "World":
        member, moderator, owner = await town.citizen(), await town.moderator(), await town.citizen()
        organization = await town.organization(owner)
        event = await town.event(owner, organization.id)
        await town.attend(member, event)
        draft, coming = await town.event(owner, organization.id, submit=False), await town.event(owner, organization.id)
        _, secret = await town.token(owner, organization.id, *TokenScope)
        people = {"member": member, "moderator": moderator, "owner": owner}
        callers: dict[str, bytes | None] = {"nobody": None, "partner": f"Bearer {secret}".encode()}
        callers |= {name: _token(town.services, ctx) for name, ctx in people.items()}
        ids = [seal(Kind.CITIZEN, signed_in(each.viewer).citizen_id) for each in people.values()]
        ids += [seal(Kind.EVENT, each.id) for each in (event, draft, coming)]
        ids.append(seal(Kind.ORGANIZATION, organization.id))
        return cls(callers, [str(each) for each in ids])


def _token(services: Services, ctx: Context) -> bytes:
    viewer = signed_in(ctx.viewer)
    access = services.tokens.access(citizen=viewer.citizen_id, session=viewer.session_id, now=services.clock())
    return f"Bearer {access.token}".encode()


def latin(headers: dict[str, bytes]) -> list[tuple[bytes, bytes]]:
    """Headers as bytes: what they hold need not be text."""
    return [(name.encode(), value) for name, value in headers.items()]


def fields(schema: InfluentsSchema) -> list[tuple[str, str]]:
    """Every field of the roots: what would ask for too much of a schema is for other tests."""
    query, mutation = schema.core.query_type, schema.core.mutation_type
    assert query is not None
    assert mutation is not None
    return [*(("query", name) for name in query.fields), *(("mutation", name) for name in mutation.fields)]


def wrong(answer: httpx.Response) -> str | None:
    """What must never be answered, in a word; None where it is all right."""
    if answer.status_code >= 500:
        return f"status {answer.status_code}"
    if answer.status_code == 204 or not answer.content:
        return None if answer.status_code in {204, 304} else "an empty answer"
    if answer.request.method == "GET" and answer.headers["content-type"].startswith("text/html"):
        return None  # who asks as browsers do is given GraphiQL
    if "json" not in answer.headers["content-type"]:
        return f"no JSON but {answer.headers['content-type']}"
    try:
        body = json.loads(answer.content)
    except ValueError:
        return "broken JSON"
    for error in body.get("errors", ()):
        code = error.get("extensions", {}).get("code")
        if code not in CODES:
            return f"code {code}"
        if leak := LEAKS.search(json.dumps(error)):
            return f"leaks {leak[0]}"
    return None


async def test_nothing_that_is_sent_makes_it_fail_or_tell_of_its_inside(
    services: Services, town: Town, clock: Clock
) -> None:
    world, schema, random = await World.made(town), build(), Random(SEED)  # noqa: S311 - the same again for a seed
    roots = fields(schema)
    fuzzer = Fuzzer(schema.core, random, PASSWORD)
    fuzzer.ids += world.ids
    transport = httpx.ASGITransport(application(services), raise_app_exceptions=False)
    failures: dict[str, str] = {}
    asked, begun = 0, time.monotonic()
    async with httpx.AsyncClient(transport=transport, base_url="http://influents.test") as http:
        while (time.monotonic() - begun < SECONDS or asked < len(roots)) and len(failures) < 10:
            kind, name = roots[asked % len(roots)]
            caller = random.choices(list(world.callers), WEIGHTS)[0]
            fuzzer.hostile = random.choice([0, 0, 0.02, 0.1, 0.5])
            body, headers = fuzzer.operation(kind, name), fuzzer.headers()
            if (token := world.callers[caller]) is not None:
                headers = {"Authorization": token} | headers
            if random.random() < BY_GET:
                asked_for = {key: each if isinstance(each, str) else json.dumps(each) for key, each in body.items()}
                url = "/graphql?" + urlencode(asked_for, errors="surrogatepass")
                answer = await http.get(url[:LONGEST_URL], headers=latin(headers))
            else:
                answer = await http.post("/graphql", content=fuzzer.mutated(body), headers=latin(headers))
            asked += 1
            if (why := wrong(answer)) is not None:
                told = f"{caller} asks {json.dumps(body)[:1500]}\n  -> {answer.text[:600]}"
                failures.setdefault(f"{why} at {name}", told)
            elif answer.content and answer.status_code == 200:
                fuzzer.learn(answer.json())
            if asked % 150 == 0:  # events begin and end, and some of those who asked are gone by now
                clock.now += timedelta(hours=random.randint(1, 30))
                fuzzer.moments = [(clock.now + timedelta(hours=each)).isoformat() for each in (-30, 1, 20, 24, 100)]
                world = await World.made(town)
                fuzzer.ids += world.ids
    assert not failures, f"seed {SEED}:\n" + "\n".join(f"{what}: {how}" for what, how in failures.items())
    assert (await ask_after(services)).status_code == 200


async def ask_after(services: Services) -> httpx.Response:
    """An ordinary query, once all of that is over."""
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(application(services)), base_url="http://influents.test"
    ) as http:
        return await http.post("/graphql", json={"query": "{ events { totalCount } }"})
