"""Events as calendars, over HTTP: the facts of the database, read by two libraries."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from db.engine import connect
from domain.accounts import ProfileVisibility
from domain.events import Event, EventFormat
from domain.words import ThemeCode
from influents.app import application
from influents.counting import Counting
from influents.settings import Settings
from resolvers import event_changes, event_endings
from resolvers.context import Services
from tests.calendars import by_icalendar, by_vobject, components, fact_of
from tests.clock import Clock
from tests.edge.over_http import bearer, code
from tests.factories import Town
from tests.live import serving
from tests.recorder import recorded

MARCH, OCTOBER = datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)
"""When the clocks of Paris change."""
HOUR = timedelta(hours=1)
NO_CALENDAR = f"/calendars/{'x' * 64}.ics"
AROUND = {
    "the evening before": (-8 * HOUR, -6 * HOUR),
    "across the change": (-3 * HOUR, 3 * HOUR),
    "until the change": (-HOUR, timedelta()),
    "from the change": (timedelta(), HOUR),
    "the second time round": (HOUR / 4, HOUR / 2),
    "the day after": (12 * HOUR, 14 * HOUR),
}


async def published(town: Town, **changes: Any) -> Event:  # Any: the fields of EventDetails, by name
    owner = await town.citizen()
    organization = await town.organization(owner)
    return await town.event(owner, organization.id, **changes)


async def around(town: Town, change: datetime) -> list[Event]:
    """Events on both sides of a change of the clocks, and across it."""
    owner = await town.citizen()
    organization = await town.organization(owner, "Ville de Nantes")
    return [
        await town.event(owner, organization.id, title=title, starts_at=change + begins, ends_at=change + ends)
        for title, (begins, ends) in AROUND.items()
    ]


@pytest.mark.parametrize("change", [MARCH, OCTOBER])
async def test_two_libraries_read_what_the_database_holds_on_both_sides_of_a_change_of_the_clocks(
    http: httpx.AsyncClient, town: Town, clock: Clock, change: datetime
) -> None:
    clock.now = change - timedelta(days=10)
    made = await around(town, change)
    facts = sorted(map(fact_of, made), key=lambda each: (each.starts_at, UUID(each.uid)))
    for path in ("/events.ics", *(f"/events/{event.slug}.ics" for event in made)):
        answer = await http.get(path)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
        expected = facts if path == "/events.ics" else [fact_of(made[[e.slug for e in made].index(path[8:-4])])]
        assert by_icalendar(answer.content) == expected
        assert by_vobject(answer.content) == expected


async def test_times_are_those_of_the_events_own_clocks(http: httpx.AsyncClient, town: Town) -> None:
    event = await published(
        town, starts_at=datetime(2026, 10, 2, 16, tzinfo=UTC), time_zone="America/Martinique", title="À Fort-de-France"
    )
    answer = (await http.get(f"/events/{event.slug}.ics")).text.replace("\r\n ", "")
    assert "DTSTART;TZID=America/Martinique:20261002T120000" in answer
    assert "BEGIN:VTIMEZONE\r\nTZID:America/Martinique" in answer
    assert by_vobject(answer.encode()) == [fact_of(event)]


async def test_the_zone_of_paris_comes_as_the_rule_that_every_reader_knows(http: httpx.AsyncClient, town: Town) -> None:
    await published(town)
    (zone,) = components((await http.get("/events.ics")).content, "VTIMEZONE")
    rules = {each.name: each["RRULE"].to_ical().decode() for each in zone.subcomponents}
    assert rules == {
        "DAYLIGHT": "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
        "STANDARD": "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
    }


async def test_an_event_says_who_what_and_where_more_is_told(http: httpx.AsyncClient, town: Town) -> None:
    owner = await town.citizen()
    organization = await town.organization(owner, 'Les "Amis", du quartier; Nantes')
    event = await town.event(
        owner,
        organization.id,
        themes=(ThemeCode.SUSTAINABLE_DEVELOPMENT, ThemeCode.CULTURE),
        how_to_take_part="Sonnez,\ndeux fois; merci.",
        image_url="https://example.org/a,b;c.png",
    )
    answer = await http.get(f"/events/{event.slug}.ics", headers={"Accept-Language": "en"})
    (read,) = components(answer.content, "VEVENT")
    assert read["ORGANIZER"].params["CN"] == organization.name
    assert read["ORGANIZER"] == f"urn:uuid:{organization.id}"
    assert read["URL"] == f"https://influents.test/events/{event.slug}"
    assert read["COMMENT"] == "Sonnez,\ndeux fois; merci."
    assert read["IMAGE"] == "https://example.org/a,b;c.png"
    assert list(read["CATEGORIES"].cats) == ["Sustainable development", "Culture"]
    assert read["TRANSP"] == "TRANSPARENT"
    assert answer.headers["content-language"] == "en"
    french = await http.get(f"/events/{event.slug}.ics?locale=fr", headers={"Accept-Language": "en"})
    assert "Développement durable" in french.text.replace("\r\n ", "")
    assert "vary" not in french.headers


async def test_lines_are_folded_where_rfc_5545_wants_them_to_be(http: httpx.AsyncClient, town: Town) -> None:
    await published(town, description="Été œuvré à l’île d’Yeu, 👩‍🌾 ! " * 200)
    lines = (await http.get("/events.ics")).content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert all(line.decode() or line == b"" for line in lines)


async def test_a_calendar_asks_to_be_asked_again_in_an_hour(http: httpx.AsyncClient, town: Town) -> None:
    answer = (await http.get("/events.ics")).text
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in answer
    assert "X-PUBLISHED-TTL:PT1H\r\n" in answer
    assert "X-WR-CALNAME:Événements d’Influents\r\n" in answer


async def test_a_change_and_a_cancellation_raise_the_sequence_and_the_uid_stays(
    http: httpx.AsyncClient, town: Town, clock: Clock
) -> None:
    owner = await town.citizen()
    organization = await town.organization(owner)
    event = await town.event(owner, organization.id)
    (first,) = by_icalendar((await http.get("/events.ics")).content)

    clock.advance(minutes=5)
    await event_changes.update_event(owner, event.id, {"title": "Un autre titre"})
    (second,) = by_icalendar((await http.get("/events.ics")).content)
    clock.advance(minutes=5)
    await event_endings.cancel_event(owner, event.id, reason="Il pleut, trop")
    cancelled = await http.get("/events.ics")
    (third,) = by_icalendar(cancelled.content)

    assert first.uid == second.uid == third.uid == str(event.id)
    assert first.sequence < second.sequence < third.sequence
    assert first.changed_at < second.changed_at < third.changed_at == clock.now
    assert (second.title, first.status, third.status) == ("Un autre titre", "CONFIRMED", "CANCELLED")
    assert by_vobject(cancelled.content) == [third]
    assert "COMMENT:Il pleut\\, trop" in cancelled.text


async def test_what_waits_is_a_draft_or_was_refused_is_in_no_calendar(
    http: httpx.AsyncClient, town: Town, services: Services
) -> None:
    proposer = await town.citizen()
    draft = await town.event(proposer, submit=False, title="Un brouillon")
    waiting = await town.event(proposer, title="Une attente")
    for headers in ({}, bearer(proposer)):
        assert by_icalendar((await http.get("/events.ics", headers=headers)).content) == []
        told = await http.get("/events.ics?statuses=DRAFT,SUBMITTED,REJECTED", headers=headers)
        assert by_icalendar(told.content) == []
        for event in (draft, waiting):
            answer = await http.get(f"/events/{event.slug}.ics", headers=headers)
            nothing = await http.get("/events/no-such-event.ics", headers=headers)
            assert (answer.status_code, code(answer)) == (404, "NOT_FOUND")
            assert answer.content == nothing.content


async def test_a_hidden_organizer_is_named_nowhere(http: httpx.AsyncClient, town: Town) -> None:
    hidden = await town.citizen("cachottier", visibility=ProfileVisibility.HIDDEN)
    event = await town.published(hidden, by=await town.moderator())
    for path in ("/events.ics", f"/events/{event.slug}.ics"):
        told = (await http.get(path)).text
        assert event.slug in told.replace("\r\n ", "")
        assert "ORGANIZER" not in told
        assert "cachottier" not in told
        assert hidden.viewer is not None
        assert str(hidden.viewer.citizen_id) not in told.replace("\r\n ", "")


async def test_what_is_long_over_is_told_where_it_is_asked_for(
    http: httpx.AsyncClient, town: Town, clock: Clock
) -> None:
    event = await published(town)
    clock.advance(days=60)
    assert by_icalendar((await http.get("/events.ics")).content) == []
    for asked in ("startsAfter=2026-09-01", "startsBefore=2026-11-01T12:00:00+01:00", "updatedSince=2020-01-01"):
        (told,) = by_icalendar((await http.get(f"/events.ics?{asked}")).content)
        assert told.uid == str(event.id)


async def test_the_filters_are_those_of_the_api_by_the_same_names(http: httpx.AsyncClient, town: Town) -> None:
    owner = await town.citizen()
    organization = await town.organization(owner)
    event = await town.event(owner, organization.id, sought_talents=("Comptabilité",), capacity=3)
    organizer = f"organization_{organization.id.hex}"
    for found, params in (
        (True, "search=datajournalisme"),
        (False, "search=potager"),
        (True, "themes=PUBLIC_ADMINISTRATION,CULTURE"),
        (False, "themes=CULTURE"),
        (True, "territory=FR-PDL"),
        (False, "territory=FR-75C"),
        (True, "formats=IN_PERSON"),
        (False, "formats=ONLINE,HYBRID"),
        (True, "statuses=PUBLISHED"),
        (False, "statuses=CANCELLED"),
        (True, "engagement=3"),
        (True, "engagement=2..3"),
        (False, "engagement=4.."),
        (False, "engagement=..2"),
        (True, f"organizer={organizer}"),
        (False, f"organizer=citizen_{'0' * 32}"),
        (True, "organizerKind=ASSOCIATION"),
        (False, "organizerKind=COMPANY"),
        (False, "externalIds=a,b"),
        (True, "near=47.2,-1.55"),
        (False, "near=48.85,2.35,20"),
        (True, "within=48,47,-1,-2"),
        (False, "within=49,48,-1,-2"),
        (True, "withSeats=true"),
        (False, "withSeats=false"),
        (True, "soughtTalents=comptabilite"),
        (False, "soughtTalents=cuisine"),
        (False, "startsBefore=2026-09-02"),
        (False, "startsAfter=2027-01-01"),
    ):
        answer = await http.get(f"/events.ics?{params}")
        assert answer.status_code == 200, params
        assert [each.uid for each in by_icalendar(answer.content)] == [str(event.id)] * found, params


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("themes=GARDENING", "CULTURE"),
        ("territory=nantes", "FR-44"),
        ("formats=", "IN_PERSON"),
        ("startsAfter=tomorrow", "2026-09-01"),
        ("startsAfter=2026-09-01T10:00:00", "offset"),
        ("engagement=many", "2..4"),
        ("engagement=99999999999", "2..4"),
        ("near=47.2", "latitude"),
        ("near=nan,0", "latitude"),
        ("near=1,2,3,4", "latitude"),
        ("within=1,2,3", "north"),
        ("withSeats=yes", "true or false"),
        ("organizer=nobody", "id"),
        ("organizer=event_0", "id"),
        ("first=0", "1 to 500"),
        ("first=501", "1 to 500"),
        ("after=nonsense", "after"),
        ("search=%00", "words"),
        ("search=" + "x" * 300, "200"),
        ("theme=CULTURE", "`themes`"),
        ("search=a&search=b", "once"),
        ("locale=de", "fr, en"),
        ("search=%ff", "UTF-8"),
    ],
)
async def test_a_parameter_that_cannot_be_read_is_refused_in_a_line_that_says_how_it_is_written(
    http: httpx.AsyncClient, empty: object, wrong: str, told: str
) -> None:
    answer = await http.get(f"/events.ics?{wrong}")
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert told in error["message"]
    assert "\n" not in error["message"]
    assert answer.headers["cache-control"] == "no-store"


async def test_the_rest_of_a_list_is_where_its_link_says(http: httpx.AsyncClient, town: Town) -> None:
    owner = await town.citizen()
    organization = await town.organization(owner)
    for day in range(1, 6):
        starts_at = town.services.clock() + timedelta(days=day)
        await town.event(owner, organization.id, starts_at=starts_at, title=f"Jour {day}")
    titles: list[list[str]] = []
    url: str | None = "/events.ics?first=2&themes=PUBLIC_ADMINISTRATION"
    while url is not None:
        answer = await http.get(url)
        titles.append([each.title for each in by_icalendar(answer.content)])
        url = answer.links.get("next", {}).get("url")
        assert url is None or url.startswith("https://influents.test/events.ics?")
    assert titles == [["Jour 1", "Jour 2"], ["Jour 3", "Jour 4"], ["Jour 5"]]


@pytest.mark.parametrize("path", ["/events.ics", "/events/barcamp-datajournalisme.ics"])
async def test_what_one_has_is_not_sent_again_until_it_changes(
    http: httpx.AsyncClient, town: Town, clock: Clock, path: str
) -> None:
    owner = await town.citizen()
    organization = await town.organization(owner)
    event = await town.event(owner, organization.id)
    assert "last-modified" not in (await http.get(path)).headers  # the second isn't over
    clock.advance(hours=2)
    answer = await http.get(path)
    tag, changed = answer.headers["etag"], answer.headers["last-modified"]
    assert changed == "Tue, 01 Sep 2026 12:00:00 GMT"
    assert answer.headers["cache-control"] == "public, max-age=300"
    assert not tag.startswith("W/")

    for has in ({"If-None-Match": tag}, {"If-Modified-Since": changed}, {"If-None-Match": f'"x", {tag}'}):
        again = await http.get(path, headers=has)
        assert (again.status_code, again.content) == (304, b"")
        for kept in ("etag", "last-modified", "cache-control", "vary"):
            assert again.headers[kept] == answer.headers[kept]
    for hasnt in (
        {"If-None-Match": '"another"', "If-Modified-Since": changed},
        {"If-Modified-Since": "Tue, 01 Sep 2026 11:59:59 GMT"},
        {"If-Modified-Since": "nonsense"},
    ):
        assert (await http.get(path, headers=hasnt)).status_code == 200

    await event_endings.cancel_event(owner, event.id, reason="Il pleut")
    clock.advance(seconds=1)
    for had in ({"If-None-Match": tag}, {"If-Modified-Since": changed}):
        assert (await http.get(path, headers=had)).status_code == 200


async def test_what_leaves_a_list_changes_it(http: httpx.AsyncClient, town: Town, clock: Clock) -> None:
    proposer, moderator = await town.citizen(), await town.moderator()
    event = await town.published(proposer, by=moderator)
    clock.advance(hours=1)
    had = await http.get("/events.ics")
    await event_changes.update_event(proposer, event.id, {"engagement": 5})
    clock.advance(hours=1)
    now = await http.get("/events.ics", headers={"If-Modified-Since": had.headers["last-modified"]})
    assert (now.status_code, by_icalendar(now.content)) == (200, [])


async def test_head_says_what_get_would_and_nothing_else_is_done(services: Services, town: Town, clock: Clock) -> None:
    event = await published(town)
    clock.advance(hours=1)
    async with serving(services) as address, httpx.AsyncClient(base_url=address) as http:
        for path in ("/events.ics", f"/events/{event.slug}.ics"):
            answer, head = await http.get(path), await http.head(path)
            assert (head.status_code, head.content) == (200, b"")
            for name in ("etag", "last-modified", "content-length", "content-type", "cache-control", "vary"):
                assert head.headers[name] == answer.headers[name]
            for method in ("POST", "PUT", "PATCH", "DELETE"):
                assert (await http.request(method, path)).status_code == 405


async def test_a_list_costs_five_statements_however_long_it_is(
    http: httpx.AsyncClient, services: Services, town: Town
) -> None:
    moderator = await town.moderator()
    for several in (1, 4):
        for _ in range(several):
            await published(town)
            await town.published(await town.citizen(), by=moderator)
        with recorded(services.database) as statements:
            assert (await http.get("/events.ics")).status_code == 200
        # events; organisations, citizens, territories; when something changed last
        assert len(statements) == 5, statements


async def test_a_list_counts_as_a_page_of_the_api_does(services: Services, town: Town) -> None:
    await published(town)
    counted = replace(services, counter=Counting(secret=b"a secret of the tests, 32 bytes at least"))
    app = application(counted, settings=Settings.model_construct(None, rate_limit=1_100))
    transport = httpx.ASGITransport(app, client=("203.0.113.7", 4711))
    async with httpx.AsyncClient(transport=transport, base_url="http://influents.test") as http:
        answers = [await http.get("/events.ics") for _ in range(3)]
    assert [each.status_code for each in answers] == [200, 200, 429]
    assert int(answers[2].headers["retry-after"]) > 0
    assert "ratelimit" not in answers[0].headers  # a cache gives it to others


async def test_without_a_database_feeds_are_unavailable_for_now(services: Services) -> None:
    gone = connect("postgresql+asyncpg://nobody@127.0.0.1:1/none", wait_seconds=0.1)
    transport = httpx.ASGITransport(application(replace(services, database=gone)))
    async with httpx.AsyncClient(transport=transport, base_url="http://influents.test") as http:
        for path in ("/events.ics", "/events.json", "/events.atom", "/events/a", "/events/a.ics", NO_CALENDAR):
            answer = await http.get(path)
            assert (answer.status_code, code(answer)) == (503, "SERVICE_UNAVAILABLE")
            assert answer.headers["retry-after"] == "1"
            assert answer.headers["cache-control"] == "no-store"
    await gone.close()


@pytest.mark.parametrize("slug", ["%00", "é", "..", "x" * 5_000, "a%2Fb", "%F0%9F%98%80"])
async def test_what_is_no_slug_is_no_event(http: httpx.AsyncClient, empty: object, slug: str) -> None:
    answer = await http.get(f"/events/{slug}.ics")
    assert (answer.status_code, code(answer)) == (404, "NOT_FOUND")


async def test_an_event_online_has_no_place(http: httpx.AsyncClient, town: Town) -> None:
    event = await published(town, format=EventFormat.ONLINE, venue=None, website_url="https://example.org/salle")
    for read in (by_icalendar, by_vobject):
        (told,) = read((await http.get("/events.ics")).content)
        assert told == replace(fact_of(event), place=None, position=None)
    assert "URL:https://example.org/salle\r\n" in (await http.get("/events.ics")).text
