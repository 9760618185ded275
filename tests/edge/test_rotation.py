"""The secret that tokens are signed with is changed in processes that run beside each other: nobody is signed out."""

from contextlib import AsyncExitStack
from itertools import pairwise
from pathlib import Path

import httpx

from tests.factories import PASSWORD, Town
from tests.processes import running, variables

OLD, NEW = "the-secret-of-the-year-before-32-bytes", "the-secret-of-this-year-32-bytes-or-more"
SIGN_IN = """mutation($email: EmailAddress!, $password: String!) {
    signIn(input: {email: $email, password: $password}) { session { accessToken } errors { message } } }"""
VIEWER = "{ viewer { citizen { handle } } }"


async def _asked(address: str, query: str, token: str | None = None, **given: object) -> dict[str, object]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with httpx.AsyncClient(base_url=address, headers=headers, timeout=30) as client:
        answer = await client.post("/graphql", json={"query": query, "variables": given})
    return dict(answer.json())


async def test_a_secret_is_changed_in_turns_and_nobody_is_signed_out(url: str, town: Town, tmp_path: Path) -> None:
    await town.citizen("nath")
    steps = [
        {"INFLUENTS_SECRET_KEY": OLD},
        {"INFLUENTS_SECRET_KEY": OLD, "INFLUENTS_OTHER_SECRET_KEYS": NEW},
        {"INFLUENTS_SECRET_KEY": NEW, "INFLUENTS_OTHER_SECRET_KEYS": OLD},
        {"INFLUENTS_SECRET_KEY": NEW},
    ]

    for before, after in pairwise(steps):
        async with AsyncExitStack() as both:
            addresses = []
            for step in (before, after):  # some processes have been renewed, some haven't
                env = variables(url, tmp_path, **step)
                process = await both.enter_async_context(running("serve", "--no-worker", env=env, folder=tmp_path))
                addresses.append(await process.address())
            for one, other in (addresses, reversed(addresses)):
                signed_in = await _asked(one, SIGN_IN, email="nath@example.org", password=PASSWORD)
                token = signed_in["data"]["signIn"]["session"]["accessToken"]  # type: ignore[index]  # JSON
                for each in (one, other):
                    answer = await _asked(each, VIEWER, token)
                    assert answer["data"] == {"viewer": {"citizen": {"handle": "nath"}}}, answer


async def test_a_secret_that_leaked_is_good_for_nothing_once_it_is_left_out(
    url: str, town: Town, tmp_path: Path
) -> None:
    await town.citizen("nath")
    token = ""
    for secret in (OLD, NEW):
        env = variables(url, tmp_path, INFLUENTS_SECRET_KEY=secret)
        async with running("serve", "--no-worker", env=env, folder=tmp_path) as process:
            address = await process.address()
            if not token:
                signed_in = await _asked(address, SIGN_IN, email="nath@example.org", password=PASSWORD)
                token = signed_in["data"]["signIn"]["session"]["accessToken"]  # type: ignore[index]  # JSON
            answer = await _asked(address, VIEWER, token)
            assert ("errors" in answer) is (secret == NEW), answer
