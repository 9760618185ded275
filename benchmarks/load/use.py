"""What people do: of twenty requests sixteen read, three take part, one proposes or says how it was."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle
from random import Random
from uuid import UUID

import sqlalchemy as sa

from benchmarks.side_by_side.questions import Body, key_of, reading, taking_part
from benchmarks.side_by_side.rows import Size
from db.engine import Database
from domain.ids import CitizenId, SessionId
from resolvers.tokens import Tokens

KINDS = ("events",) * 8 + ("profile",) * 8 + ("take part",) * 3 + ("propose or tell",)
"""Twenty requests."""
PROPOSE = (
    "mutation Propose($input: ProposeEventInput!)"
    " { proposeEvent(input: $input) { event { id status } errors { code } } }"
)
TELL = "mutation Tell($input: LeaveFeedbackInput!) { leaveFeedback(input: $input) { feedback { rating } errors { code } } }"
UNANSWERED = """
    SELECT p.citizen_id, p.event_id FROM participation p JOIN event e ON e.id = p.event_id
    WHERE p.status = 'ATTENDED' AND p.citizen_id <= :last AND e.ends_at BETWEEN now() - interval '80 days' AND now()
        AND NOT EXISTS (SELECT FROM feedback f WHERE f.event_id = p.event_id AND f.author_id = p.citizen_id)
    ORDER BY p.event_id, p.citizen_id LIMIT :most
"""


@dataclass(slots=True)
class Use:
    """Requests, each another, for as long as there are people left to take part."""

    tokens: Tokens
    size: Size
    untold: Sequence[tuple[UUID, UUID]]
    """Who attended what and has not said how it was."""
    random: Random
    first: int = 1
    """The number of the first citizen who takes part."""

    def requests(self) -> Iterator[tuple[str, Body]]:
        """What kind each is, and what is sent. Tokens are good for ten minutes: they are made as they are needed."""
        events = cycle(reading("events", "influents", self.size))
        profiles = cycle(reading("profile", "influents", self.size))
        people = iter(range(self.first, self.size.citizens + 1))
        untold = iter(self.untold)
        while True:
            for kind in self.random.sample(KINDS, len(KINDS)):
                if kind == "events":
                    yield kind, next(events)
                elif kind == "profile":
                    yield kind, next(profiles)
                elif kind == "take part":
                    number = next(people, None)
                    if number is None:
                        return
                    yield kind, taking_part(self.size, self.tokens, [number])[0]
                else:
                    yield kind, self._telling(untold) if self.random.random() < 0.5 else self._proposing()  # noqa: PLR2004

    def _proposing(self) -> Body:
        number = self.random.randint(1, self.size.citizens)
        starts = datetime.now(UTC) + timedelta(days=self.random.randint(10, 60))
        proposed = {
            "title": f"Atelier vélo {self.random.randrange(10**6)}",
            "description": "Réparer son vélo ensemble.",
            "themes": ["TRANSPORT"],
            "format": "IN_PERSON",
            "startsAt": starts.isoformat(),
            "endsAt": (starts + timedelta(hours=3)).isoformat(),
            "engagement": 2,
            "venue": {"name": "Maison du vélo", "address": "1 rue du Port", "postalCode": "44000", "city": "Nantes"},
        }
        return self._as(key_of("citizen", number), key_of("session", number), PROPOSE, proposed)

    def _telling(self, untold: Iterator[tuple[UUID, UUID]]) -> Body:
        found = next(untold, None)
        if found is None:
            return self._proposing()
        citizen, event = found
        number = citizen.int >> 80  # as `rows.key` makes them
        told = {"event": f"event_{event.hex}", "rating": self.random.randint(1, 5), "anonymous": False}
        return self._as(citizen, key_of("session", number), TELL, told)

    def _as(self, citizen: UUID, session: UUID, document: str, given: dict[str, object]) -> Body:
        token = self.tokens.access(citizen=CitizenId(citizen), session=SessionId(session), now=datetime.now(UTC)).token
        return Body(json.dumps({"query": document, "variables": {"input": given}}).encode(), token, citizen)


async def use(database: Database, size: Size, tokens: Tokens, *, first: int, seed: int = 7) -> Use:
    """What people do on these rows, from a citizen's number on."""
    last = key_of("citizen", size.citizens)
    async with database.reading() as session:
        rows = await session.execute(sa.text(UNANSWERED), {"last": last, "most": 20_000})
        untold = [(row.citizen_id, row.event_id) for row in rows]
    random = Random(seed + first)
    random.shuffle(untold)
    return Use(tokens, size, untold, random, first)
