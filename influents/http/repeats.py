"""`Idempotency-Key`: a mutation that is sent twice under one key is done once, and answered the same.

For those who are known: keys are theirs alone. What anybody may do is safe to repeat, or answered with secrets.
"""

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable
from typing import Any, Final

import orjson
import structlog
from graphql import OperationType

from domain.repeats import LONGEST_KEY
from influents.operations.asking import Operation
from influents.operations.executing import OPERATION_SECONDS
from influents.operations.refusing import BadRequest
from resolvers.context import Context, Turn
from resolvers.failures import unavailable
from resolvers.repeats import AnswerNotKept, KeyIsAnothers, begin, end, give_up

Body = dict[str, Any]  # Any: JSON
log = structlog.get_logger()

NOT_KEPT: Final = {"accessToken", "checkInCode", "dataExport", "refreshToken", "secret", "secretUrl", "token"}
"""Fields whose answers are secrets, or all that is known of somebody: these are given once."""
LONGEST_ANSWER: Final = 256 * 1024
PASSING: Final = {"INTERNAL", "RATE_LIMITED", "SERVICE_UNAVAILABLE", "TIMEOUT", "UNAUTHENTICATED"}
"""Codes of errors that may be gone when the same is tried again."""


async def once(
    ctx: Context, key: str | None, operation: Operation, do: Callable[[], Awaitable[Body]]
) -> tuple[Body, bool]:
    """What `do` comes to, or came to when it was asked for under the same key; and whether it was the latter.

    Raises:
        BadRequest: the key is none, was used for something else, or its answer isn't known.
    """
    if key is None or operation.kind != OperationType.MUTATION or ctx.caller is None:
        return await do(), False
    if not 0 < len(key) <= LONGEST_KEY:
        raise BadRequest(400, "BAD_USER_INPUT", f"`Idempotency-Key` has 1 to {LONGEST_KEY} characters.")
    try:
        async with asyncio.timeout(OPERATION_SECONDS):
            turn = await begin(ctx, key=key, request=_request(operation, key))
    except KeyIsAnothers:
        raise BadRequest(409, "CONFLICT", "This `Idempotency-Key` was used for another request.") from None
    except AnswerNotKept:
        raise BadRequest(409, "CONFLICT", "This was done before, and its answer is not kept.") from None
    except TimeoutError:
        wait = {"Retry-After": "1"}
        raise BadRequest(503, "TIMEOUT", "The same request is still under way.", headers=wait) from None
    if isinstance(turn, bytes):
        body: Body = orjson.loads(turn)
        return body, True
    ctx.turn = turn
    try:
        body = await do()
    except Exception:
        await give_up(ctx, turn)
        raise
    if _may_pass(body):
        await give_up(ctx, turn)
    else:
        written = orjson.dumps(body, default=str)
        keepable = len(written) <= LONGEST_ANSWER and not operation.fields & NOT_KEPT
        await _kept(ctx, turn, key, written if keepable else None)
    return body, False


async def _kept(ctx: Context, turn: Turn, key: str, answer: bytes | None) -> None:
    """Keep an answer. Where the database is gone by now it is given all the same: what it tells of is done."""
    try:
        await end(ctx, turn, key=key, answer=answer)
    except Exception as wrong:
        if not unavailable(wrong):
            raise
        log.warning("an answer is not kept", error=type(wrong).__name__)


def _request(operation: Operation, key: str) -> bytes:
    """What is asked for, to know it again: the same whatever the order of its variables.

    Under the key, which is kept nowhere: variables hold passwords, and a bare hash of one can be guessed at.
    """
    asked = [operation.text, operation.variables, operation.name]
    return hmac.digest(key.encode(), json.dumps(asked, sort_keys=True).encode(), "sha256")


def _may_pass(body: Body) -> bool:
    """Whether nothing came of it, and another time something may."""
    if "data" not in body:
        return True
    nothing = not any(value is not None for value in (body["data"] or {}).values())
    return nothing and any(error["extensions"]["code"] in PASSING for error in body.get("errors", ()))
