"""The limit: what can be had in Python without GraphQL. Bare ASGI, asyncpg, orjson, the same SQL written by hand."""

import json
import os
from base64 import urlsafe_b64encode
from bisect import bisect_right
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any  # rows, and JSON
from uuid import UUID

import asyncpg
import orjson

from domain.check_in_codes import is_good
from resolvers.tokens import Tokens

PLACE: dict[str, Any] = json.loads(os.environ.get("SIDE_BY_SIDE", "{}"))
SQL = {file.stem: file.read_text(encoding="utf-8") for file in (Path(__file__).parent / "sql").glob("*.sql")}
ANSWERED_ENOUGH = 3
HEAD = [(b"content-type", b"application/json")]

Answer = Callable[["State", dict[str, Any], str | None], Awaitable[dict[str, Any]]]


class State:
    """What a process has: connections, what hardly changes, and the keys of tokens."""

    pool: "asyncpg.Pool[asyncpg.Record]"

    async def open(self) -> None:
        async def as_it_is(_: object) -> None:
            """Nothing is changed of a connection, so that nothing has to be undone."""

        size = PLACE["connections"]
        self.pool = await asyncpg.create_pool(**PLACE["database"], min_size=size, max_size=size, reset=as_it_is)
        self.themes = {
            row["code"]: {"code": row["code"], "label": row["label"]}
            for row in await self.pool.fetch("SELECT code, label FROM peers.theme")
        }
        levels = await self.pool.fetch("SELECT points, rank FROM peers.level ORDER BY level")
        self.thresholds = [row["points"] for row in levels]
        self.ranks = [{"label": row["rank"]} for row in levels]
        self.tokens = Tokens(secret=PLACE["secret"].encode(), issuer=PLACE["issuer"])

    def level(self, points: int) -> int:
        return max(1, bisect_right(self.thresholds, points))


async def profile(state: State, given: dict[str, Any], _: str | None) -> dict[str, Any]:
    async with state.pool.acquire() as connection:
        citizen = await connection.fetchrow(SQL["profile_citizen"], given["handle"])
        if citizen is None:
            return {"citizen": None}
        rows = await connection.fetch(SQL["profile_participations"], citizen["id"], 21)
    level = state.level(citizen["points"])
    edges = [
        {
            "cursor": _cursor(row["attended_at"], row["id"]),
            "node": {
                "id": f"participation_{row['id'].hex}",
                "pointsAwarded": row["points"],
                "attendedAt": row["attended_at"],
                "event": {
                    "id": f"event_{row['event_id'].hex}",
                    "title": row["title"],
                    "startsAt": row["starts_at"],
                    "themes": [state.themes[code] for code in row["themes"]],
                    "organizer": {"name": row["name"], "kind": row["kind"]},
                },
            },
        }
        for row in rows[:20]
    ]
    return {
        "citizen": {
            "handle": citizen["handle"],
            "name": citizen["name"],
            "bio": citizen["bio"],
            "memberSince": citizen["member_since"],
            "influence": {"level": level, "points": citizen["points"], "rank": state.ranks[level - 1]},
            "skills": [{"theme": state.themes[code]} for code in citizen["skills"]],
            "participations": {
                "edges": edges,
                "pageInfo": {"hasNextPage": len(rows) > 20, "endCursor": edges[-1]["cursor"] if edges else None},  # noqa: PLR2004
            },
        }
    }


def _cursor(moment: datetime, key: UUID) -> str:
    return urlsafe_b64encode(f'["history","{moment.isoformat()}","{key}"]'.encode()).decode().rstrip("=")


async def events(state: State, given: dict[str, Any], _: str | None) -> dict[str, Any]:
    async with state.pool.acquire() as connection:
        rows = await connection.fetch(SQL["events"], datetime.fromisoformat(given["from"]), 50)
        shown = await connection.fetch(SQL["events_participants"], [row["id"] for row in rows], 5)
    participants: dict[UUID, list[dict[str, Any]]] = {row["id"]: [] for row in rows}
    for row in shown:
        citizen = {"handle": row["handle"], "influence": {"level": state.level(row["points"])}}
        participants[row["event_id"]].append({"node": {"citizen": citizen}})
    nodes = [
        {
            "node": {
                "id": f"event_{row['id'].hex}",
                "title": row["title"],
                "startsAt": row["starts_at"],
                "engagement": row["engagement"],
                "points": row["worth"],
                "themes": [state.themes[code] for code in row["themes"]],
                "organizer": {"name": row["name"]},
                "participations": {"edges": participants[row["id"]]},
                "feedbackSummary": {
                    "count": row["answers"],
                    "averageRating": row["average"] if row["answers"] >= ANSWERED_ENOUGH else None,
                },
            }
        }
        for row in rows
    ]
    return {"events": {"edges": nodes}}


async def entities(state: State, given: dict[str, Any], _: str | None) -> dict[str, Any]:
    handles = [each["handle"] for each in given["of"]]
    found = {
        row["handle"]: {
            "handle": row["handle"],
            "influence": {"level": state.level(row["points"]), "points": row["points"]},
            "skills": [{"theme": {"code": code}} for code in row["skills"]],
        }
        for row in await state.pool.fetch(SQL["entities"], handles)
    }
    return {"_entities": [found.get(handle) for handle in handles]}


async def mutation(state: State, given: dict[str, Any], authorization: str | None) -> dict[str, Any]:
    claims = state.tokens.read_access((authorization or "")[7:], now=datetime.now(UTC))
    if claims is None or not await state.pool.fetchrow(SQL["viewer"], claims.citizen, claims.session):
        return {"register": _refused("UNAUTHENTICATED"), "checkIn": None}
    event = UUID(given["event"].partition("_")[2])
    registered = await _register(state, claims.citizen, event)
    return {"register": registered, "checkIn": await _check_in(state, claims.citizen, event, given["code"])}


def _refused(code: str) -> dict[str, Any]:
    return {"participation": None, "errors": [{"code": code}]}


async def _register(state: State, citizen: UUID, event: UUID) -> dict[str, Any]:
    async with state.pool.acquire() as work, work.transaction():
        found = await work.fetchrow(SQL["register_event"], event)
        if found is None:
            return _refused("NOT_FOUND")
        facts = await work.fetchrow(SQL["register_facts"], citizen, event)
        assert facts is not None
        status = facts["status"]
        if status is None:
            if found["status"] != "PUBLISHED" or not found["open"]:
                return _refused("EVENT_CLOSED")
            if facts["organizes"]:
                return _refused("NOT_ALLOWED")
            full = found["capacity"] is not None and facts["taken"] >= found["capacity"]
            status = "WAITLISTED" if full else "REGISTERED"
            await work.execute(SQL["register"], citizen, event, status)
    return {"participation": {"status": status}, "errors": []}


async def _check_in(state: State, citizen: UUID, event: UUID, code: str) -> dict[str, Any]:
    async with state.pool.acquire() as work, work.transaction():
        found = await work.fetchrow(SQL["check_in_event"], event)
        if found is None:
            return _refused("NOT_FOUND")
        total = await work.fetchrow(SQL["check_in_total"], citizen)
        facts = await work.fetchrow(SQL["check_in_facts"], citizen, event)
        if total is None or facts is None or facts["status"] != "REGISTERED" or not found["open"]:
            return _refused("NOT_ALLOWED")
        if facts["closed"]:
            return _refused("RATE_LIMITED")
        if not is_good(code, secret=found["check_in_secret"], now=datetime.now(UTC)):
            return _refused("WRONG_CODE")
        skill = 2 if facts["skill"] else 1
        factor = 0 if facts["overlapping"] else skill
        points = found["worth"] * factor
        await work.execute(SQL["check_in_attended"], citizen, facts["id"])
        entry = (total["entries"] + 1, found["worth"], factor, points, total["points"] + points, event, facts["id"])
        of = (facts["skill"], found["engagement"], found["effort_minutes"], skill, facts["overlapping"])
        await work.execute(SQL["check_in_entry"], citizen, *entry, *of, PLACE["policy"])
        await work.execute(SQL["check_in_points"], citizen, points)
        await work.execute(SQL["check_in_skills"], citizen, found["themes"])
    return {"participation": {"status": "ATTENDED", "pointsAwarded": points}, "errors": []}


ANSWERS: dict[str, Answer] = {"Profile": profile, "Events": events, "Entities": entities, "TakePart": mutation}
_state = State()


async def app(
    scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Callable[..., Awaitable[None]]
) -> None:
    """The ASGI application: the operation's name says what is asked, its text isn't read."""
    if scope["type"] == "lifespan":
        await receive()
        await _state.open()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await _state.pool.close()
        await send({"type": "lifespan.shutdown.complete"})
        return
    message = await receive()
    body = message["body"]
    while message.get("more_body"):
        message = await receive()
        body += message["body"]
    asked = orjson.loads(body)
    authorization = next((value.decode() for name, value in scope["headers"] if name == b"authorization"), None)
    data = await ANSWERS[asked["operationName"]](_state, asked["variables"], authorization)
    answer = orjson.dumps({"data": data})
    length = (b"content-length", str(len(answer)).encode())
    await send({"type": "http.response.start", "status": 200, "headers": [*HEAD, length]})
    await send({"type": "http.response.body", "body": answer})


def main() -> None:
    import uvicorn

    uvicorn.run(
        app, host="127.0.0.1", port=PLACE["port"], loop="uvloop", http="httptools", log_level="error", access_log=False
    )


if __name__ == "__main__":
    main()
