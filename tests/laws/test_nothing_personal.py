"""Fifty people do everything at once, over HTTP, and some leave meanwhile: nothing of theirs is left anywhere.

Whatever is personal of the person with the number 7 holds `zq07xqzv`: that is looked for in every column of every
table, as the catalog of the database names them, and in the logs, the database's own included.
"""

import asyncio
import os
from collections.abc import Awaitable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import structlog

from db.engine import Database
from domain.events import Event
from influents.http import admission
from influents.logs import without_rows
from influents.operations import executing
from influents.requests import with_request
from resolvers import events
from resolvers.audit import audited
from resolvers.context import Context, Services
from tests.clock import Clock
from tests.conftest import FOLDER
from tests.factories import PASSWORD, Town
from tests.laws.crowd import ADDRESS, FIFTY, Person, client_of, clients
from tests.leaving import kept, passed_on, traces
from tests.ledgers import broken_laws
from tests.resolvers.test_organizing import verify

LEAVING = 12
TOO_LATE = {
    "UNAUTHENTICATED",
    "FORBIDDEN",
    "NOT_FOUND",
    "NOT_ALLOWED",
    "WRONG_CODE",
    "OUT_OF_RANGE",
    "ALREADY_DONE",
    "CONFLICT",
    "TOKEN_EXPIRED",
}
"""What is answered to who acts for somebody who has left or on them, tries a wrong code, or recognises too many."""
HELD_BEFORE = {
    "account.email",
    "account.email_key",
    "citizen.handle",
    "citizen.full_name",
    "citizen.bio",
    "citizen.avatar_url",
    "citizen.links",
    "citizen.talents",
    "email_token.email",
    "event.title",
    "event.venue_address",
    "event.words",
    "event.sought_talents",
    "feedback.highlights",
    "ledger_entry.reason",
    "report.reason",
    "session.user_agent",
    "skill_holding.reason",
}
"""Where something of theirs is while they are here, or the test would look for nothing."""


@contextmanager
def logged() -> Iterator[list[str]]:
    """What is logged meanwhile, with what was going on, and errors as they are told; there when it is over."""
    told: list[str] = []
    render = structlog.processors.ExceptionRenderer(without_rows)
    with structlog.testing.capture_logs([with_request, render]) as entries:
        yield told
        told += [str(each).lower() for each in entries]


async def all_of(*calls: Awaitable[object]) -> None:
    await asyncio.gather(*calls)


async def arrive(person: Person, tonight: Event, tomorrow: Event) -> None:
    """Everything that one does on the first day."""
    await person.signs_up()
    await all_of(
        person.describes_themselves(),
        person.changes_address(),
        person.forgets_the_password(),
        person.proposes(tomorrow.details.starts_at, submit=False),
        person.proposes(tomorrow.details.starts_at, submit=True),
        person.do("register", event=f"event_{tonight.id.hex}"),
        person.do("register", event=f"event_{tomorrow.id.hex}"),
        person.do("report", subject=f"event_{tonight.id.hex}", reason="Le plan d'accès manque."),
    )


async def leave(person: Person, others: Sequence[Person], judge: Person, hall: str, event: str) -> None:
    """Leave, while they and others go on."""
    await all_of(
        person.forgets_the_password(),
        person.describes_themselves(),
        *person.is_spoken_of(judge, hall),
        person.leaves(),
        *(other.do("report", subject=person.key, reason=f"{person.mark} motif") for other in others),
        person.leaves(),
        person.describes_themselves(),
        person.answers(event, named=True),
        person.changes_address(),
        person.do("refreshSession", refreshToken=person.refresh),
        person.do("createOrganization", name="Les voisins", kind="ASSOCIATION"),
    )


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow machine is no reason to refuse anything here."""
    monkeypatch.setattr(executing, "OPERATION_SECONDS", 60.0)
    monkeypatch.setattr(admission, "FEW", FIFTY * 2)


@pytest.mark.usefixtures("patient")
async def test_of_those_who_have_left_no_table_and_no_log_holds_anything(
    services: Services, town: Town, clock: Clock, empty: Database, caplog: pytest.LogCaptureFixture
) -> None:
    owner, moderator = await town.citizen("hall-owner"), await town.moderator()
    await verify(owner)
    organization = await town.organization(owner)
    soon = clock() + timedelta(minutes=3)
    tonight = await town.event(owner, organization.id, starts_at=soon, ends_at=soon + timedelta(minutes=7))
    tomorrow = await town.event(owner, organization.id, starts_at=soon + timedelta(days=1), capacity=5)
    hall, event = f"organization_{organization.id.hex}", f"event_{tonight.id.hex}"

    with logged() as logs:
        async with clients(services) as people:
            desk, judge = client_of(owner, people[0]), client_of(moderator, people[0])
            leaving, staying = people[:LEAVING], people[LEAVING:]
            await all_of(*(arrive(each, tonight, tomorrow) for each in people))
            clock.now = soon
            code = await town.code(tonight.id)
            everybody = [each.key for each in people]
            await all_of(
                *(each.do("checkIn", event=event, code=wrong) for each in people[10:] for wrong in ("00000000", code)),
                *(call for each in leaving for by in (desk, judge) for call in each.is_spoken_of(by, hall)),
            )
            await desk.do("confirmAttendance", event=event, attended=everybody)
            clock.now = tonight.details.ends_at
            await all_of(*(each.answers(event, named=each.number % 2 == 0) for each in people))
            before = traces(await kept(empty), *(each.mark for each in leaving))
            await all_of(*(leave(each, staying[:2], judge, hall, event) for each in leaving))

    assert {place.split(" in ")[1] for place in before} >= HELD_BEFORE
    await passed_on(empty)
    everything = await kept(empty)
    assert traces(everything, *(each.mark for each in leaving), *(str(each.uuid) for each in leaving)) == []
    assert traces(everything, *(each.mark for each in staying)) != []
    told = {"our logs": "".join(logs), "others' logs": caplog.text.lower(), "the server's log": the_servers_log()}
    assert traces(told, *(each.mark for each in people), ADDRESS, PASSWORD) == []
    assert set[str]().union(*(each.codes for each in (*people, desk, judge))) <= TOO_LATE
    assert await broken_laws(empty) == []
    assert [each.differences async for each in audited(Context(services))] == [[]]
    assert (await events.counts(Context(services), tonight.id)).attended == FIFTY


def the_servers_log() -> str:
    (log,) = Path(os.environ[FOLDER]).rglob("server.log")
    return log.read_text(encoding="utf-8").lower()
