"""Signing up and leaving over HTTP: tokens are dead at once, and what was logged meanwhile names nobody."""

from typing import Any

import httpx
import structlog

from domain.charter import CHARTER_VERSION
from influents.app import application
from resolvers.context import Services
from tests.factories import PASSWORD

SIGN_UP = """mutation($input: SignUpInput!) { signUp(input: $input) {
  session { accessToken refreshToken } errors { code } } }"""
LEAVE = "mutation($password: String!) { deleteAccount(input: {password: $password}) { deleted errors { code } } }"
REFRESH = """mutation($refresh: String!) { refreshSession(input: {refreshToken: $refresh}) {
  session { accessToken } errors { code } } }"""
WHO = "{ viewer { email } }"
MARKS = ("zyx-email", "zyx-handle", "zyx nom", "zyxagent", "203.0.113.77", PASSWORD)


async def test_who_leaves_is_gone_at_once_and_from_the_logs(services: Services) -> None:
    transport = httpx.ASGITransport(application(services), client=("203.0.113.77", 4711))
    headers = {"User-Agent": "ZyxAgent/1"}
    person = {
        "email": "zyx-email@example.org",
        "password": PASSWORD,
        "handle": "zyx-handle",
        "fullName": "Zyx Nom",
        "charterVersion": CHARTER_VERSION,
        "atLeastFifteen": True,
    }

    async with httpx.AsyncClient(transport=transport, base_url="http://influents.test", headers=headers) as http:

        async def call(query: str, token: str | None = None, **variables: object) -> Any:
            bearer = {"Authorization": f"Bearer {token}"} if token else {}
            answer = await http.post("/graphql", json={"query": query, "variables": variables}, headers=bearer)
            return answer.json()

        with structlog.testing.capture_logs() as logs:
            session = (await call(SIGN_UP, input=person))["data"]["signUp"]["session"]
            access, refresh = session["accessToken"], session["refreshToken"]
            assert (await call(WHO, access))["data"]["viewer"] == {"email": "zyx-email@example.org"}
            left = await call(LEAVE, access, password=PASSWORD)
            afterwards = await call(WHO, access)
            again = await call(LEAVE, access, password=PASSWORD)
            refreshed = await call(REFRESH, refresh=refresh)

    assert left["data"]["deleteAccount"] == {"deleted": True, "errors": []}
    for answer in (afterwards, again):
        assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert refreshed["data"]["refreshSession"]["errors"] == [{"code": "TOKEN_EXPIRED"}]
    assert len(logs) >= 6
    told = repr(logs).lower()
    assert [mark for mark in (*MARKS, access.lower(), refresh.lower()) if mark in told] == []
