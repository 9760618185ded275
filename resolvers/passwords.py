"""Passwords: hashed and verified by Argon2id, a few at a time."""

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher, Type
from argon2.exceptions import VerifyMismatchError

from domain.accounts import MAXIMUM_PASSWORD, kept_password

T = TypeVar("T")

ARGON2ID = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, type=Type.ID)


class Passwords:
    """Hashes in `workers` threads, so in `workers` times 19 MiB; whoever comes when all are busy waits in line.

    Args:
        workers: How many passwords are hashed or verified at the same time.
        hasher: What new hashes are made with.
    """

    def __init__(self, *, workers: int = 2, hasher: PasswordHasher = ARGON2ID) -> None:
        self._hasher = hasher
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="passwords")
        self._free = asyncio.Semaphore(workers)
        self._nobodys_hash = hasher.hash(secrets.token_bytes())

    async def hash(self, password: str) -> str:
        """A hash to keep, with its own salt and parameters, of a password that `check_password` has let through."""
        return await self._run(lambda: self._hasher.hash(_secret(password)))

    async def verify(self, hash: str | None, password: str) -> bool:
        """Whether a hash is that of a password; None, where there is no account, is no one's and takes as long.

        Raises:
            argon2.exceptions.InvalidHashError, VerificationError: what was kept is no hash, or there is no memory.
        """
        return await self._run(lambda: self._matches(hash, password))

    def needs_rehash(self, hash: str) -> bool:
        """Whether a hash was made with other parameters than today's; to be renewed at the next sign-in."""
        return self._hasher.check_needs_rehash(hash)

    def close(self) -> None:
        """Let go of the threads, once they have finished what they are at."""
        self._pool.shutdown()

    def _matches(self, kept: str | None, password: str) -> bool:
        somebodys = kept if len(password) <= MAXIMUM_PASSWORD else None  # longer ones are no one's password
        try:
            self._hasher.verify(
                self._nobodys_hash if somebodys is None else somebodys, _secret(password[:MAXIMUM_PASSWORD])
            )
        except VerifyMismatchError:
            return False
        return somebodys is not None

    async def _run(self, work: Callable[[], T]) -> T:
        # A caller who goes away doesn't stop the thread: its place is free when the work is done, not before.
        await self._free.acquire()
        done = asyncio.get_running_loop().run_in_executor(self._pool, work)
        done.add_done_callback(lambda _: self._free.release())
        return await asyncio.shield(done)


def _secret(password: str) -> bytes:
    return kept_password(password).encode("utf-8", "surrogatepass")
