"""Asking `/graphql` over HTTP, in the process of the test."""

import json

import httpx

TYPES = {"Content-Type": "application/json"}


async def post(http: httpx.AsyncClient, body: object, **headers: str) -> httpx.Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return await http.post("/graphql", content=content, headers=TYPES | headers)


def code(answer: httpx.Response) -> str:
    """The code of the answer's first error."""
    return str(answer.json()["errors"][0]["extensions"]["code"])
