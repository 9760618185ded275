"""Doing once what is asked for twice, in any process: turns under a key, and the answers that were given."""

import asyncio
import hashlib
import secrets
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from db.writes import kept_answers as writes
from db.writes.kept_answers import Key
from domain.repeats import KEPT, TURN, Repeat, Standing, standing
from resolvers.context import Context, Turn

NONCE_BYTES = 12
LOOK_AGAIN_SECONDS = 0.05


class KeyIsAnothers(Exception):  # noqa: N818
    """The key was used for another request."""


class AnswerNotKept(Exception):  # noqa: N818
    """It was done, and what was answered isn't known: a secret, or lost with the process that did it."""


async def begin(ctx: Context, *, key: str, request: bytes) -> Turn | bytes:
    """A turn to do what is asked for, or the answer that was given before. Waits for whoever is at it.

    Args:
        ctx: Somebody's request.
        key: What they chose for it.
        request: What is asked for, as a digest under that key.

    Raises:
        KeyIsAnothers: the key was used for something else.
        AnswerNotKept: it was done, without an answer that could be given again.
    """
    of = _key(ctx, key)
    while True:
        known = await _known(ctx, of)
        now = ctx.now()
        match Standing.BEGIN if known is None else standing(known, request=request, now=now):
            case Standing.BEGIN:
                fresh = Repeat(request=request, turn=uuid4(), turn_ends=now + TURN, expires_at=now + KEPT)
                async with ctx.unit_of_work() as work:
                    begun = await writes.begin(work, of, fresh, instead_of=known)
                if begun:
                    return Turn(of, fresh.turn)
            case Standing.ANSWERED if known is not None and known.answer is not None:
                return _opened(known.answer, key, of.caller)
            case Standing.ANOTHER:
                raise KeyIsAnothers
            case Standing.DONE:
                raise AnswerNotKept
            case _:
                await asyncio.sleep(LOOK_AGAIN_SECONDS)


async def end(ctx: Context, turn: Turn, *, key: str, answer: bytes | None) -> None:
    """Keep what was answered; None is an answer that is not to be kept."""
    sealed = None if answer is None else _sealed(answer, key, turn.key.caller)
    async with ctx.services.database.unit_of_work() as work:
        await writes.keep(work, turn.key, turn.id, sealed, now=ctx.now())


async def give_up(ctx: Context, turn: Turn) -> None:
    """End a turn that came to nothing: the same may be tried again under its key."""
    async with ctx.services.database.unit_of_work() as work:
        await writes.give_up(work, turn.key, turn.id, now=ctx.now())


async def _known(ctx: Context, key: Key) -> Repeat | None:
    async with ctx.reading() as session:
        return await writes.known(session, key)


def _key(ctx: Context, key: str) -> Key:
    fingerprint = hashlib.sha256(key.encode()).digest()
    if ctx.viewer is not None:
        return Key(ctx.viewer.citizen_id, fingerprint, ctx.viewer.citizen_id)
    if ctx.partner is None:
        raise ValueError("nobody has idempotency keys")
    return Key(ctx.partner.token_id, fingerprint, None)


def _sealed(answer: bytes, key: str, caller: UUID) -> bytes:
    """Readable with the key alone, which isn't kept: answers may tell of others, who may leave meanwhile."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + _cipher(key, caller).encrypt(nonce, answer, None)


def _opened(sealed: bytes, key: str, caller: UUID) -> bytes:
    try:
        return _cipher(key, caller).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None)
    except InvalidTag:
        raise AnswerNotKept from None


def _cipher(key: str, caller: UUID) -> AESGCM:
    info = b"influents kept answer 1" + caller.bytes
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(key.encode()))
