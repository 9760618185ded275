import asyncio
import gc
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import suppress
from typing import Literal

import pytest
from argon2 import PasswordHasher, Type, extract_parameters
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from resolvers.passwords import ARGON2ID, Passwords

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1, type=Type.ID)
PHRASE = "un cheval sur le toit"


class Counted(PasswordHasher):
    """The real thing, which keeps count of what it verifies, and of how much at once."""

    verified: list[str]
    at_once: int
    most_at_once: int
    lock: threading.Lock
    begun: threading.Event
    may_end: threading.Event

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=1024, parallelism=1, type=Type.ID)
        self.verified, self.at_once, self.most_at_once, self.lock = [], 0, 0, threading.Lock()
        self.begun, self.may_end = threading.Event(), threading.Event()
        self.may_end.set()

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
        with self.lock:
            self.verified.append(str(hash))
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        self.begun.set()
        try:
            time.sleep(0.005)  # long enough for others to come in, if they can
            assert self.may_end.wait(10)
            return super().verify(hash, password)
        finally:
            with self.lock:
                self.at_once -= 1


class Typed(str):
    """A password that can be looked for in memory."""

    __slots__ = ("__weakref__",)


@pytest.fixture
def passwords() -> Iterator[Passwords]:
    passwords = Passwords(workers=2, hasher=CHEAP)
    yield passwords
    passwords.close()


@pytest.fixture
def counted() -> Counted:
    return Counted()


@pytest.fixture
def watched(counted: Counted) -> Iterator[Passwords]:
    passwords = Passwords(workers=2, hasher=counted)
    yield passwords
    passwords.close()


async def test_hashes_are_argon2id_with_19_mib_two_passes_and_one_lane() -> None:
    passwords = Passwords()
    try:
        kept = await passwords.hash(PHRASE)
        assert await passwords.verify(kept, PHRASE)
    finally:
        passwords.close()

    parameters = extract_parameters(kept)
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert (parameters.salt_len, parameters.hash_len) == (16, 32)
    assert PHRASE not in kept


async def test_a_password_is_verified_by_its_own_hash_alone(passwords: Passwords) -> None:
    kept = await passwords.hash(PHRASE)

    assert await passwords.verify(kept, PHRASE)
    assert not await passwords.verify(kept, PHRASE + " ")
    assert not await passwords.verify(await passwords.hash("une vache dans le pré"), PHRASE)


async def test_the_same_password_never_gives_the_same_hash(passwords: Passwords) -> None:
    assert await passwords.hash(PHRASE) != await passwords.hash(PHRASE)


async def test_accents_may_be_typed_either_way(passwords: Passwords) -> None:
    assert await passwords.verify(await passwords.hash("été à la plage"), "e\u0301te\u0301 a\u0300 la plage")


async def test_nobodys_password_is_verified_as_somebodys_is(watched: Passwords, counted: Counted) -> None:
    kept = await watched.hash(PHRASE)

    assert not await watched.verify(None, PHRASE)
    assert not await watched.verify(kept, "une vache dans le pré")

    nobodys, somebodys = counted.verified
    assert nobodys != somebodys
    assert extract_parameters(nobodys) == extract_parameters(somebodys)


async def test_no_password_at_all_is_nobodys(passwords: Passwords) -> None:
    for password in ("", PHRASE, "None", "\x00", "\ud800"):
        assert not await passwords.verify(None, password)


async def test_text_too_long_to_be_a_password_takes_one_verification_and_no_more(
    watched: Passwords, counted: Counted
) -> None:
    kept = await watched.hash("ab" * 128)
    slow = "a" + "\u0316\u0301" * 60_000
    began = time.perf_counter()

    assert not await watched.verify(kept, slow)
    assert not await watched.verify(kept, "ab" * 128 + "c")
    assert len(counted.verified) == 2
    assert time.perf_counter() - began < 5  # normalized, it would take about 20 seconds


async def test_no_more_are_verified_at_once_than_there_are_workers(watched: Passwords, counted: Counted) -> None:
    answers = await asyncio.gather(*(watched.verify(None, str(number)) for number in range(20)))

    assert answers == [False] * 20
    assert counted.most_at_once == 2


async def test_callers_who_go_away_leave_neither_work_nor_passwords_behind(counted: Counted) -> None:
    counted.may_end.clear()
    watched = Passwords(workers=1, hasher=counted)
    typed = [Typed(f"{PHRASE} {number}") for number in range(20)]
    held = [weakref.ref(password) for password in typed]
    try:
        for _ in held:
            caller = asyncio.create_task(watched.verify(None, typed.pop(0)))
            await asyncio.to_thread(counted.begun.wait)
            caller.cancel()
            await asyncio.gather(caller, return_exceptions=True)
            del caller
        await asyncio.sleep(0)
        gc.collect()
        assert [password() is None for password in held] == [False] + [True] * 19
        counted.may_end.set()
        assert not await watched.verify(None, PHRASE)
    finally:
        counted.may_end.set()
        watched.close()

    assert len(counted.verified) == 2  # the one that had begun, and the last


async def test_nobody_is_let_in_even_by_a_hasher_that_takes_anything() -> None:
    class Gullible(Counted):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
            with suppress(VerifyMismatchError):
                super().verify(hash, password)
            return True

    passwords = Passwords(workers=1, hasher=Gullible())
    try:
        assert await passwords.verify(await passwords.hash(PHRASE), "une vache dans le pré")
        assert not await passwords.verify(None, PHRASE)
    finally:
        passwords.close()


async def test_the_loop_goes_on_while_a_password_is_hashed() -> None:
    passwords = Passwords(workers=1)
    turns = 0
    try:
        hashing = asyncio.create_task(passwords.hash(PHRASE))
        while not hashing.done():
            await asyncio.sleep(0)
            turns += 1
        assert await hashing
    finally:
        passwords.close()

    assert turns > 3


async def test_what_was_kept_and_is_no_hash_is_told_and_not_taken_for_a_wrong_password(passwords: Passwords) -> None:
    with pytest.raises(InvalidHashError):
        await passwords.verify("$2b$12$", PHRASE)


async def test_a_hash_made_with_other_parameters_is_to_be_renewed(passwords: Passwords) -> None:
    kept = await passwords.hash(PHRASE)

    assert not passwords.needs_rehash(kept)
    assert passwords.needs_rehash(ARGON2ID.hash(PHRASE))
