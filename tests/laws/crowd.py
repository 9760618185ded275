"""Fifty people, each with a client of their own, who say recognisable things over HTTP."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx

from domain.charter import CHARTER_VERSION
from domain.permissions import signed_in
from influents.app import application
from resolvers.context import Context, Services
from tests.factories import PASSWORD

FIFTY = 50
ADDRESS = "203.0.113.77"
"""From where they call."""


@dataclass
class Person:
    """Somebody at a client of their own."""

    number: int
    http: httpx.AsyncClient
    turn: asyncio.Semaphore
    access: str = ""
    refresh: str = ""
    key: str = ""
    codes: set[str] = field(default_factory=set)

    @property
    def mark(self) -> str:
        return f"zq{self.number:02}xqzv"  # long enough never to be in a hash by chance

    @property
    def uuid(self) -> UUID:
        return UUID(self.key.removeprefix("citizen_"))

    async def ask(self, query: str, **variables: object) -> Any:  # Any: what a server may answer
        headers = {"User-Agent": f"{self.mark}/1"} | ({"Authorization": f"Bearer {self.access}"} if self.access else {})
        async with self.turn:
            answer = await self.http.post("/graphql", json={"query": query, "variables": variables}, headers=headers)
        return answer.json()

    async def do(self, mutation: str, shown: str = "", **given: object) -> Any:  # Any: likewise
        """Call a mutation by its name, and keep the codes that it was refused with."""
        name = mutation[0].upper() + mutation[1:]
        answer = await self.ask(
            f"mutation($input: {name}Input!) {{ {mutation}(input: $input) {{ {shown} errors {{ code }} }} }}",
            input=given,
        )
        told = (answer.get("data") or {}).get(mutation) or {}
        self.codes |= {error["extensions"]["code"] for error in answer.get("errors", ())}
        self.codes |= {error["code"] for error in told.get("errors", ())}
        return told

    async def signs_up(self) -> None:
        payload = await self.do(
            "signUp",
            "session { accessToken refreshToken viewer { citizen { id } } }",
            email=f"{self.mark}-mail@example.org",
            password=PASSWORD,
            handle=f"{self.mark}-handle",
            fullName=f"{self.mark.title()} Nom",
            visibility="PUBLIC",
            charterVersion=CHARTER_VERSION,
            atLeastFifteen=True,
            atLeastEighteen=True,
        )
        self.access, self.refresh = payload["session"]["accessToken"], payload["session"]["refreshToken"]
        self.key = payload["session"]["viewer"]["citizen"]["id"]

    def describes_themselves(self) -> Awaitable[object]:
        return self.do(
            "updateProfile",
            bio=f"Bonjour, {self.mark}.",
            avatarUrl=f"https://example.org/{self.mark}.png",
            links=[{"label": f"{self.mark} lien", "url": f"https://example.org/{self.mark}"}],
            talents=[f"{self.mark} talent"],
        )

    def proposes(self, starts_at: datetime, *, submit: bool) -> Awaitable[object]:
        """Something that is never published."""
        return self.do(
            "proposeEvent",
            title=f"{self.mark} titre",
            description=f"{self.mark} description",
            format="IN_PERSON",
            startsAt=starts_at.isoformat(),
            endsAt=(starts_at + timedelta(hours=2)).isoformat(),
            venue={"city": f"{self.mark} ville", "address": f"20 rue {self.mark}", "name": f"{self.mark} lieu"},
            themes=["CULTURE"],
            engagement=3,
            soughtTalents=[f"{self.mark} cherche"],
            submit=submit,
        )

    def changes_address(self) -> Awaitable[object]:
        return self.do("changeEmail", password=PASSWORD, email=f"{self.mark}-other@example.org")

    def forgets_the_password(self) -> Awaitable[object]:
        return self.do("requestPasswordReset", email=f"{self.mark}-mail@example.org")

    def answers(self, event: str, *, named: bool) -> Awaitable[object]:
        """By name with something personal; an anonymous answer is nobody's, and stays."""
        words = {"highlights": f"{self.mark} a aimé", "improvements": f"{self.mark} aurait aimé"} if named else {}
        return self.do("leaveFeedback", event=event, rating=4, anonymous=not named, **words)

    def is_spoken_of(self, by: "Person", organization: str) -> Sequence[Awaitable[object]]:
        """What others write about them, and where."""
        about = f"{self.mark} motif"
        return (
            by.do("report", subject=self.key, reason=about),
            by.do("adjustInfluence", citizen=self.key, points=3, reason=about),
            by.do("recognizeSkill", organization=organization, citizen=self.key, theme="ECONOMY", reason=about),
            by.do("inviteMember", organization=organization, handle=f"{self.mark}-handle", role="MANAGER"),
        )

    def leaves(self) -> Awaitable[object]:
        return self.do("deleteAccount", "deleted", password=PASSWORD)


@asynccontextmanager
async def clients(services: Services) -> AsyncIterator[list[Person]]:
    transport = httpx.ASGITransport(application(services), client=(ADDRESS, 4711))
    turn = asyncio.Semaphore(FIFTY)  # as many requests are under way at once
    async with httpx.AsyncClient(transport=transport, base_url="http://influents.test", timeout=60) as http:
        yield [Person(number, http, turn) for number in range(FIFTY)]


def client_of(ctx: Context, beside: Person) -> Person:
    """Somebody who is signed in already, at a client."""
    viewer = signed_in(ctx.viewer)
    token = ctx.services.tokens.access(citizen=viewer.citizen_id, session=viewer.session_id, now=ctx.now())
    return Person(99, beside.http, beside.turn, access=token.token)
