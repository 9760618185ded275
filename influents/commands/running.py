"""What every command does around its work: settings, logs, the database, and a person's errors in one line."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from db.engine import BadDatabaseUrl
from domain.policy import InvalidPolicy
from influents import logs
from influents.embedded import EmbeddedDatabaseError
from influents.opening import MisledByPooler, MisledByReplica, NotMigrated, database_url, opened
from influents.operations.trusted import BadManifest
from influents.settings import SECRETS_VARIABLE, Settings
from resolvers.context import Services
from resolvers.failures import unavailable

T = TypeVar("T")
to_people = Console(stderr=True)


class Mistake(Exception):  # noqa: N818
    """Something the person at the command line can put right; its message is the line they see."""


_TOLD = (
    Mistake,
    MisledByPooler,
    MisledByReplica,
    NotMigrated,
    EmbeddedDatabaseError,
    BadDatabaseUrl,
    BadManifest,
    InvalidPolicy,
)
"""What is told in its own words."""


def run(work: Callable[[Services], Awaitable[T]], *, migrating: bool = False) -> T:
    """Do some work with the services of a process, then leave; what goes wrong is told in a line, exit code 1."""

    async def within(settings: Settings, url: str) -> T:
        async with opened(settings, url, migrating=migrating) as services:
            return await work(services)

    with told_in_a_line():
        settings = read_settings()
        with database_url(settings) as url:
            return asyncio.run(within(settings, url))


@contextmanager
def citizens_bar() -> Iterator[Callable[[int, int], None]]:
    """A bar on the terminal, where there is one: tell it how many citizens are done, and of how many."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=to_people, transient=True, disable=not to_people.is_terminal) as bar:
        task = bar.add_task("citizens")
        yield lambda done, of: bar.update(task, completed=done, total=of)


def read_settings() -> Settings:
    """The settings, and logs set up as they say."""
    folder = os.environ.get(SECRETS_VARIABLE)
    if folder and not Path(folder).is_dir():
        raise Mistake(f"{SECRETS_VARIABLE}: {folder} is no folder")
    settings = Settings()
    logs.set_up(level=settings.log_level, as_json=settings.log_json)
    return settings


@contextmanager
def told_in_a_line() -> Iterator[None]:
    """Say in one line what went wrong and what to do, instead of a traceback."""
    try:
        yield
    except _TOLD as wrong:
        raise _leave(str(wrong)) from None
    except ValidationError as wrong:
        raise _leave("; ".join(setting_of(each["loc"], each["msg"]) for each in wrong.errors())) from None
    except Exception as wrong:
        if not unavailable(wrong):
            raise
        raise _leave("the database can't be reached: check DATABASE_URL, and that it runs") from None


def setting_of(place: tuple[int | str, ...], message: str) -> str:
    """What is wrong with a setting, by the name of its variable."""
    name = str(place[0]) if place else ""
    name = name if name.isupper() else f"INFLUENTS_{name.upper()}"  # some have a name of their own
    return (f"{name}: " if place else "") + message.removeprefix("Value error, ")


def _leave(line: str) -> typer.Exit:
    to_people.print(f"influents: {line}", style="red", markup=False, highlight=False, soft_wrap=True)
    return typer.Exit(1)
