"""A citizen's own calendar: what they registered for, to whoever has its address, and to nobody else."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import sqlalchemy as sa

from db.tables import account, calendar_feed
from domain.events import Event
from influents.app import application
from influents.counting import Counting
from influents.settings import Settings
from resolvers import credentials, erasure, event_changes, event_endings, participations
from resolvers.context import Context, Services
from tests.calendars import Fact, by_icalendar, by_vobject, components
from tests.clock import Clock
from tests.edge.over_http import bearer, code, post
from tests.factories import PASSWORD, Town
from tests.recorder import recorded

RENEW = "mutation { renewCalendarFeed { secretUrl errors { code } } }"
DELETE = "mutation { deleteCalendarFeed { viewer { calendarFeed { renewedAt } } errors { code } } }"
NEVER_WAS = f"/calendars/{'x' * 64}.ics"


async def asked(http: httpx.AsyncClient, ctx: Context, query: str, **headers: str) -> dict[str, Any]:  # Any: JSON
    answer = await post(http, {"query": query}, **bearer(ctx), **headers)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def own_calendar(http: httpx.AsyncClient, ctx: Context) -> str:
    """The path of a new calendar of theirs."""
    (payload,) = (await asked(http, ctx, RENEW))["data"].values()
    url = urlsplit(str(payload["secretUrl"]))
    assert (url.scheme, url.netloc) == ("https", "influents.test")
    return str(url.path)


async def planned(town: Town, **changes: Any) -> tuple[Context, Event]:  # Any: the fields of EventDetails, by name
    owner = await town.citizen()
    organization = await town.organization(owner)
    return owner, await town.event(owner, organization.id, **changes)


async def told(http: httpx.AsyncClient, path: str) -> list[Fact]:
    answer = await http.get(path)
    assert answer.status_code == 200
    assert by_icalendar(answer.content) == by_vobject(answer.content)
    return by_icalendar(answer.content)


async def test_what_one_registers_for_is_in_ones_calendar_until_it_is_given_up(
    http: httpx.AsyncClient, town: Town, clock: Clock
) -> None:
    nath = await town.citizen("nath")
    _, event = await planned(town)
    path = await own_calendar(http, nath)
    assert await told(http, path) == []

    seen = []
    for act in (participations.register, participations.cancel_registration, participations.register):
        clock.advance(minutes=1)
        await act(nath, event.id)
        seen += await told(http, path)
    assert [each.status for each in seen] == ["CONFIRMED", "CANCELLED", "CONFIRMED"]
    assert {each.uid for each in seen} == {str(event.id)}
    for before, after in pairwise(seen):
        assert before.sequence < after.sequence
        assert before.changed_at < after.changed_at
    assert (seen[0].title, seen[0].starts_at) == (event.details.title, event.details.starts_at)


async def test_what_was_given_up_vanishes_once_it_is_over(http: httpx.AsyncClient, town: Town, clock: Clock) -> None:
    nath = await town.citizen("nath")
    _, event = await planned(town)
    path = await own_calendar(http, nath)
    await participations.register(nath, event.id)
    await participations.cancel_registration(nath, event.id)
    assert [each.status for each in await told(http, path)] == ["CANCELLED"]
    clock.now = event.details.ends_at
    assert await told(http, path) == []


async def test_a_place_in_line_is_tentative_and_only_a_seat_makes_one_busy(http: httpx.AsyncClient, town: Town) -> None:
    first, second = await town.citizen(), await town.citizen()
    _, event = await planned(town, capacity=1)
    for ctx, status, busy in ((first, "CONFIRMED", "OPAQUE"), (second, "TENTATIVE", "TRANSPARENT")):
        await participations.register(ctx, event.id)
        (read,) = components((await http.get(await own_calendar(http, ctx))).content, "VEVENT")
        assert (read["STATUS"], read["TRANSP"]) == (status, busy)


async def test_changes_and_a_cancellation_reach_it(http: httpx.AsyncClient, town: Town, clock: Clock) -> None:
    nath = await town.citizen("nath")
    owner, event = await planned(town)
    await participations.register(nath, event.id)
    path = await own_calendar(http, nath)
    (before,) = await told(http, path)
    clock.advance(minutes=1)
    await event_changes.update_event(owner, event.id, {"title": "Un autre titre"})
    (changed,) = await told(http, path)
    clock.advance(minutes=1)
    await event_endings.cancel_event(owner, event.id, reason="Il pleut")
    (cancelled,) = await told(http, path)
    assert (changed.title, changed.status, cancelled.status) == ("Un autre titre", "CONFIRMED", "CANCELLED")
    assert before.sequence < changed.sequence < cancelled.sequence


async def test_nobody_elses_registrations_are_in_it(http: httpx.AsyncClient, town: Town) -> None:
    nath, idriss = await town.citizen("nath"), await town.citizen("idriss")
    (_, one), (_, other) = await planned(town, title="Pour Nath"), await planned(town, title="Pour Idriss")
    await participations.register(nath, one.id)
    await participations.register(idriss, other.id)
    assert [each.title for each in await told(http, await own_calendar(http, nath))] == ["Pour Nath"]
    assert [each.title for each in await told(http, await own_calendar(http, idriss))] == ["Pour Idriss"]


async def test_it_is_for_its_owner_alone_to_keep(http: httpx.AsyncClient, town: Town) -> None:
    nath = await town.citizen("nath")
    path = await own_calendar(http, nath)
    answer = await http.get(path)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["cache-control"] == "private, no-cache"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-robots-tag"] == "noindex"
    again = await http.get(path, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.headers["cache-control"]) == (304, "private, no-cache")


async def test_another_address_ends_the_one_before_at_once_and_deleting_ends_it_all(
    http: httpx.AsyncClient, town: Town, services: Services
) -> None:
    nath = await town.citizen("nath")
    first = await own_calendar(http, nath)
    second = await own_calendar(http, nath)
    assert first != second
    assert (await http.get(second)).status_code == 200
    assert (await asked(http, nath, "{ viewer { calendarFeed { renewedAt } } }"))["data"]["viewer"]["calendarFeed"]
    (payload,) = (await asked(http, nath, DELETE))["data"].values()
    assert payload == {"viewer": {"calendarFeed": None}, "errors": []}

    answers = []
    for path in (first, second, NEVER_WAS):
        with recorded(services.database) as statements:
            answer = await http.get(path)
        headers = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
        answers.append((answer.status_code, answer.content, headers, len(statements)))
    assert answers[0] == answers[1] == answers[2]
    assert answers[0][0] == 404
    assert answers[0][3] == 1


async def test_another_password_ends_it(http: httpx.AsyncClient, town: Town) -> None:
    nath = await town.citizen("nath")
    path = await own_calendar(http, nath)
    await credentials.change_password(nath, current=PASSWORD, password="une autre phrase, assez longue aussi")
    assert (await http.get(path)).status_code == 404


async def test_who_is_suspended_or_gone_has_none(http: httpx.AsyncClient, town: Town, services: Services) -> None:
    nath = await town.citizen("nath")
    path = await own_calendar(http, nath)
    async with services.database.unit_of_work() as work:
        await work.execute(sa.update(account).values(suspended_at=services.clock()))
    assert (await http.get(path)).status_code == 404
    async with services.database.unit_of_work() as work:
        await work.execute(sa.update(account).values(suspended_at=None))
    assert (await http.get(path)).status_code == 200
    await erasure.delete_account(nath, password=PASSWORD)
    assert (await http.get(path)).status_code == 404
    async with services.database.reading() as session:
        assert await session.scalar(sa.select(sa.func.count()).select_from(calendar_feed)) == 0


async def test_a_session_that_is_not_new_comes_to_no_address(http: httpx.AsyncClient, town: Town, clock: Clock) -> None:
    nath = await town.citizen("nath")
    clock.advance(minutes=11)
    answer = await post(http, {"query": RENEW}, **bearer(nath))
    assert code(answer) == "UNAUTHENTICATED"


async def test_its_secret_is_kept_nowhere(
    http: httpx.AsyncClient, town: Town, services: Services, capsys: pytest.CaptureFixture[str]
) -> None:
    nath = await town.citizen("nath")
    key = {"Idempotency-Key": "a key of the test"}
    url = (await asked(http, nath, RENEW, **key))["data"]["renewCalendarFeed"]["secretUrl"]
    secret = url.rpartition("/")[2].removesuffix(".ics")
    assert len(secret) == 64
    again = await post(http, {"query": RENEW}, **bearer(nath), **key)
    assert (again.status_code, code(again)) == (409, "CONFLICT")
    for path in (f"/calendars/{secret}.ics", f"/Calendars/{secret}", f"/calendars/{secret}/x"):
        await http.get(path)
    logged = capsys.readouterr().out
    assert logged.count("/calendars/…") == 3
    assert secret not in logged
    async with services.database.reading() as session:
        (row,) = await session.execute(sa.select(calendar_feed))
    assert secret.encode() not in row.fingerprint
    assert len(row.fingerprint) == 32


async def test_trying_addresses_is_slowed_as_everything_is(services: Services, empty: object) -> None:
    counted = replace(services, counter=Counting(secret=b"a secret of the tests, 32 bytes at least"))
    app = application(counted, settings=Settings.model_construct(None, rate_limit=20))
    transport = httpx.ASGITransport(app, client=("203.0.113.7", 4711))
    async with httpx.AsyncClient(transport=transport, base_url="http://influents.test") as http:
        answers = [await http.get(NEVER_WAS) for _ in range(3)]
    assert [each.status_code for each in answers] == [404, 404, 429]


@pytest.mark.parametrize("secret", ["%00", "é" * 64, "x", "x" * 5_000, "..", "x" * 63 + "%2F"])
async def test_what_is_no_address_is_none(http: httpx.AsyncClient, empty: object, secret: str) -> None:
    answer = await http.get(f"/calendars/{secret}.ics")
    assert (answer.status_code, code(answer)) == (404, "NOT_FOUND")


async def test_a_calendar_costs_the_same_however_full_it_is(
    http: httpx.AsyncClient, town: Town, services: Services
) -> None:
    nath = await town.citizen("nath")
    path = await own_calendar(http, nath)
    for several in (1, 3):
        for number in range(several):
            _, event = await planned(town, starts_at=services.clock() + timedelta(days=several * 10 + number))
            await participations.register(nath, event.id)
        with recorded(services.database) as statements:
            await told(http, path)
        # whose it is; participations, events; organisations, territories
        assert len(statements) == 5, statements


async def test_it_speaks_its_owners_language(http: httpx.AsyncClient, town: Town) -> None:
    nath = await town.citizen("nath")
    path = await own_calendar(http, nath)
    assert "X-WR-CALNAME:Mes événements Influents" in (await http.get(path, headers={"Accept-Language": "en"})).text
