"""Asking `/graphql` over HTTP, in the process of the test."""

import json

import httpx

from resolvers.context import Context

TYPES = {"Content-Type": "application/json"}


async def post(http: httpx.AsyncClient, body: object, **headers: str) -> httpx.Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return await http.post("/graphql", content=content, headers=TYPES | headers)


def code(answer: httpx.Response) -> str:
    """The code of the answer's first error."""
    return str(answer.json()["errors"][0]["extensions"]["code"])


def bearer(ctx: Context) -> dict[str, str]:
    """The header that says that a signed-in citizen asks."""
    assert ctx.viewer is not None
    token = ctx.services.tokens.access(citizen=ctx.viewer.citizen_id, session=ctx.viewer.session_id, now=ctx.now())
    return {"Authorization": f"Bearer {token.token}"}
