"""Fifty clients who write through whatever breaks, as docs/front-end.md tells them to, and remember what was answered.

Each change has a key of its own and is sent again under it until it is answered. What was answered is compared with
the database afterwards: none of it may be missing, and nothing may be there twice.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from time import monotonic
from typing import Any
from uuid import uuid4

import httpx
import sqlalchemy as sa

from db.engine import Database
from db.tables import event, participation
from domain.ids import CitizenId, EventId
from domain.participations import ParticipationStatus
from resolvers.context import Context, Services
from schema.ids import Kind, seal
from tests.clock import Clock
from tests.factories import Town
from tests.ledgers import me

FIFTY = 50
EVENTS = 12
PATIENCE = 60.0
"""How long a client goes on with one change: what takes longer is what a test is to find."""
AT_ONCE = 12
"""Changes under way at any moment: what breaks is to be what a test breaks, and not the machine's patience."""
PAUSE = 1.0
"""How long clients wait before they try again, as `Retry-After` says."""
REGISTER = "mutation($event: ID!) { register(input: {event: $event}) { participation { status } errors { code } } }"
CHECK_IN = """mutation($event: ID!, $code: String!) { checkIn(input: {event: $event, code: $code}) {
  participation { status pointsAwarded } errors { code } } }"""
PROPOSE = """mutation($title: String!, $from: DateTime!, $to: DateTime!) { proposeEvent(input: {
  title: $title, description: "Une soirée.", format: ONLINE, startsAt: $from, endsAt: $to, themes: [CULTURE],
  engagement: 2, submit: false }) { event { title } errors { code } } }"""
LATER = {"RATE_LIMITED", "SERVICE_UNAVAILABLE", "TIMEOUT"}
Said = dict[str, Any]  # Any: JSON


@dataclass
class Crowd:
    """Who writes, where, and what they were told.

    Attributes:
        organizer: Who organises all of it.
        codes: What can be taken part in, and the code that is shown there.
        registered: Citizens and events that were answered REGISTERED, or done.
        attended: Citizens and events that were answered ATTENDED, or done.
        proposed: Titles of what was proposed.
        wrong: Answers that nobody may get.
        put_off: How often somebody was told to come back later, or not answered.
        acknowledged_at: When, by the monotonic clock, each of them was acknowledged something last.
    """

    services: Services
    organizer: Context
    people: Sequence[Context]
    codes: Mapping[EventId, str]
    addresses: list[str] = field(default_factory=list)
    registered: set[tuple[CitizenId, EventId]] = field(default_factory=set)
    attended: set[tuple[CitizenId, EventId]] = field(default_factory=set)
    proposed: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    put_off: int = 0
    acknowledged_at: defaultdict[CitizenId, float] = field(default_factory=lambda: defaultdict(lambda: float("-inf")))
    _done: asyncio.Event = field(default_factory=asyncio.Event)
    _at_once: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    @property
    def first(self) -> EventId:
        return next(iter(self.codes))

    @asynccontextmanager
    async def writing(self, *addresses: str) -> AsyncIterator[None]:
        """All of them write for as long as the block lasts; what they are at then, they bring to its end."""
        self.addresses[:] = addresses
        self._done.clear()
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=len(self.people))
        async with (
            httpx.AsyncClient(timeout=20, trust_env=False, limits=limits) as http,
            asyncio.TaskGroup() as group,
        ):
            for number, person in enumerate(self.people):
                group.create_task(self._client(http, number, person))
            try:
                yield
            finally:
                self._done.set()

    async def everybody(self, *, within: float = PATIENCE) -> float:
        """Wait until each of them was acknowledged something that they are at from now on; how many seconds it took."""
        began = monotonic()
        async with asyncio.timeout(within):
            while min(self.acknowledged_at[me(each)] for each in self.people) < began:  # noqa: ASYNC110 - fifty count here
                await asyncio.sleep(0.02)
        return monotonic() - began

    async def _client(self, http: httpx.AsyncClient, number: int, person: Context) -> None:
        citizen, events = me(person), list(self.codes)
        for turn in count():
            if self._done.is_set():
                return
            at = events[(number + turn) % len(events)]
            opaque = seal(Kind.EVENT, at)
            if (citizen, at) not in self.attended:
                if await self._answered(http, person, REGISTER, "register", event=opaque):
                    self.registered.add((citizen, at))
                if await self._answered(http, person, CHECK_IN, "checkIn", event=opaque, code=self.codes[at]):
                    self.attended.add((citizen, at))
            await self._propose(http, person, number)

    async def _propose(self, http: httpx.AsyncClient, person: Context, number: int) -> None:
        title = f"Soirée {number}, {uuid4()}"
        at = (self.services.clock() + timedelta(days=9)).astimezone(UTC)
        times = {"from": at.isoformat(), "to": (at + timedelta(hours=2)).isoformat()}
        if await self._answered(http, person, PROPOSE, "proposeEvent", title=title, **times):
            self.proposed.add(title)

    async def _answered(self, http: httpx.AsyncClient, person: Context, query: str, name: str, **values: str) -> bool:
        """Send a change until it is answered; whether it was acknowledged."""
        key = str(uuid4())
        deadline = monotonic() + PATIENCE
        for attempt in count():
            try:
                if (acknowledged := await self._sent(http, person, key, query, name, values, attempt)) is not None:
                    return acknowledged
            except httpx.TransportError:
                pass  # whoever it was sent to is gone: was it done? Send it again, and know
            self.put_off += 1
            if monotonic() > deadline:
                self.wrong.append(f"{name} was put off for {PATIENCE} s")
                return False
            await asyncio.sleep(PAUSE)
        raise AssertionError

    async def _sent(  # noqa: PLR0917 - what a request is made of
        self,
        http: httpx.AsyncClient,
        person: Context,
        key: str,
        query: str,
        name: str,
        values: dict[str, str],
        attempt: int,
    ) -> bool | None:
        """Whether it was acknowledged; None where it is to be sent again."""
        address = self.addresses[(attempt + hash(key)) % len(self.addresses)]
        headers = {"Authorization": f"Bearer {token(person)}", "Idempotency-Key": key}
        async with self._at_once:
            answer = await http.post(f"{address}/graphql", json={"query": query, "variables": values}, headers=headers)
        said: Said = answer.json()
        codes = {each["extensions"]["code"] for each in said.get("errors", ())}
        if codes and codes <= LATER:
            return None
        payload = (said.get("data") or {}).get(name)
        done = codes == {"CONFLICT"} and "was done before" in answer.text
        if not done and (codes or not payload or payload["errors"]):
            self.wrong.append(f"{name}: {answer.status_code} {answer.text}")
            return False
        self.acknowledged_at[me(person)] = monotonic()
        return True

    async def lost_or_done_twice(self, database: Database) -> list[str]:
        """What the database has that was not acknowledged, or more often than once; nothing, or a test fails."""
        kept = participation.c
        async with database.reading() as session:
            rows = (await session.execute(sa.select(kept.citizen_id, kept.event_id, kept.status))).all()
            titles = list(await session.scalars(sa.select(event.c.title).where(event.c.title.like("Soirée %"))))
        there = [(row.citizen_id, row.event_id) for row in rows]
        attending = {(row.citizen_id, row.event_id) for row in rows if row.status == ParticipationStatus.ATTENDED}
        return [
            *(f"registration lost: {each}" for each in self.registered - set(there)),
            *(f"attendance lost: {each}" for each in self.attended - attending),
            *(f"proposal lost: {each}" for each in self.proposed - set(titles)),
            *_twice("registration", there),
            *_twice("proposal", titles),
        ]


def _twice(what: str, found: Sequence[object]) -> Iterator[str]:
    return (f"{what} done twice: {each}" for each in set(found) if found.count(each) > 1)


def token(person: Context) -> str:
    """An access token of somebody's, good now by the clock on the wall."""
    viewer = person.viewer
    assert viewer is not None
    issued = person.services.tokens.access(
        citizen=viewer.citizen_id, session=viewer.session_id, now=person.services.clock()
    )
    return issued.token


async def gathered(services: Services, clock: Clock, *, people: int = FIFTY) -> Crowd:
    """Citizens of a town, and what they can take part in from now on."""
    clock.now = datetime.now(UTC) - timedelta(hours=2)
    town = Town(services)
    owner = await town.citizen()
    organization = (await town.organization(owner)).id
    soon = clock.now + timedelta(hours=1, minutes=50)
    events = [(await town.event(owner, organization, starts_at=soon)).id for _ in range(EVENTS)]
    clock.now = datetime.now(UTC)
    crowd = list(await asyncio.gather(*(town.citizen() for _ in range(people))))
    return Crowd(services, owner, crowd, {each: await town.code(each) for each in events})
