"""The service as processes of its own: started on a database, found where they listen, and told to stop."""

import asyncio
import os
import re
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
_numbers = count(1)
CHECKOUT = Path(__file__).parents[1]
PATIENCE = 90
SECRET = "a secret of the tests, 32 bytes at least"
ISSUER = "https://influents.test"


def variables(database: str, folder: Path, **more: str) -> dict[str, str]:
    """The environment of a process on this database; tokens of the test's own services are good there."""
    ours = {
        name: value for name, value in os.environ.items() if not name.startswith(("INFLUENTS_", "DATABASE_", "OTEL_"))
    }
    return ours | {
        "DATABASE_URL": database,
        "INFLUENTS_SECRET_KEY": SECRET,
        "INFLUENTS_ISSUER": ISSUER,
        "INFLUENTS_DATA_DIR": str(folder),
        "INFLUENTS_PORT": "0",
        "COLUMNS": "200",
        **more,
    }


@dataclass(frozen=True, slots=True)
class Running:
    """A process of the service, and what it logs."""

    process: Process
    log_file: Path

    def log(self) -> str:
        return self.log_file.read_text(encoding="utf-8")

    async def says(self, words: str) -> None:
        """Wait until it has logged these words."""

        async def said() -> bool:
            assert self.process.returncode is None, self.log()
            return words in self.log()

        await until(said)

    async def address(self) -> str:
        """Where it listens, `http://127.0.0.1:PORT`, once it does."""

        async def greeted() -> str | None:
            assert self.process.returncode is None, self.log()
            found = re.search(r"POST (http://\S+)/graphql", self.log())
            return found[1] if found else None

        return await until(greeted)

    async def stopped(self) -> str:
        """End it as an operator does; what it had logged. It must leave in peace."""
        self.process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(self.process.wait(), PATIENCE)
        assert self.process.returncode == 0, self.log()
        return self.log()


@asynccontextmanager
async def running(
    *arguments: str, env: Mapping[str, str], folder: Path, cwd: Path = CHECKOUT
) -> AsyncIterator[Running]:
    """`python -m influents` with these arguments; killed at the end, where it hasn't ended."""
    log_file = folder / f"{arguments[0]}-{next(_numbers)}.log"
    with log_file.open("w") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "influents",
            *arguments,
            cwd=cwd,
            env=env,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    started = Running(process, log_file)
    try:
        yield started
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        sys.stderr.write(started.log()[-20_000:])  # shown with a test that fails


async def until(happened: Callable[[], Awaitable[T | None]], seconds: float = PATIENCE) -> T:
    """Wait until a question is answered with something."""
    async with asyncio.timeout(seconds):
        while not (answer := await happened()):  # noqa: ASYNC110 - another process sets no event of ours
            await asyncio.sleep(0.02)
    return answer
