"""Events as linked data, as an agenda and as news: the facts of the database, in the form of each."""

import json
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any

import feedparser
import httpx
import pytest

from domain.accounts import ProfileVisibility
from domain.events import Event, EventDetails, EventFormat
from domain.ids import TerritoryCode
from domain.imports import ImportedEvent
from domain.organizations import OrganizationKind
from domain.words import ThemeCode
from influents.agendas.openagenda import events_of
from resolvers import event_changes, event_endings
from resolvers.context import Services
from tests.clock import Clock
from tests.edge.over_http import bearer, code
from tests.factories import Town
from tests.live import serving
from tests.recorder import recorded

LISTS = ("/events.json", "/events.atom")


async def published(town: Town, **changes: Any) -> Event:  # Any: the fields of EventDetails, by name
    owner = await town.citizen()
    organization = await town.organization(owner, kind=OrganizationKind.PUBLIC_INSTITUTION)
    return await town.event(owner, organization.id, **changes)


def updated(told: str) -> datetime:
    return datetime.fromisoformat(told)


async def test_an_event_is_schema_orgs(http: httpx.AsyncClient, town: Town) -> None:
    event = await published(
        town,
        title='Un "barcamp" </script><b>',
        territory="FR-44",
        capacity=30,
        image_url="https://example.org/affiche.png",
        starts_at=datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        ends_at=datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    )
    answer = await http.get(f"/events/{event.slug}")
    assert answer.headers["content-type"] == "application/ld+json; charset=utf-8"
    assert b"<" not in answer.content  # it may stand in a page's script
    thing = answer.json()
    organizer = thing.pop("organizer")
    assert thing == {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": f"https://influents.test/events/{event.slug}",
        "identifier": f"event_{event.id.hex}",
        "url": f"https://influents.test/events/{event.slug}",
        "name": 'Un "barcamp" </script><b>',
        "description": event.details.description,
        "startDate": "2026-10-25T02:30:00+02:00",
        "endDate": "2026-10-25T02:30:00+01:00",
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": {
            "@type": "Place",
            "name": "Cantine Numérique",
            "address": {
                "@type": "PostalAddress",
                "streetAddress": "20 rue de la Paix",
                "postalCode": "44000",
                "addressLocality": "Nantes",
                "addressRegion": "Loire-Atlantique",
                "addressCountry": "FR",
            },
            "geo": {"@type": "GeoCoordinates", "latitude": 47.215, "longitude": -1.556},
        },
        "image": "https://example.org/affiche.png",
        "keywords": ["Administration publique"],
        "maximumAttendeeCapacity": 30,
        "dateModified": "2026-09-01T12:00:00Z",
    }
    assert organizer["@type"] == "GovernmentOrganization"


async def test_linked_data_says_what_is_cancelled_and_what_is_online(http: httpx.AsyncClient, town: Town) -> None:
    owner = await town.citizen()
    organization = await town.organization(owner)
    event = await town.event(
        owner, organization.id, format=EventFormat.HYBRID, website_url="https://example.org/salle", title="Mixte"
    )
    await event_endings.cancel_event(owner, event.id, reason="Il pleut")
    thing = (await http.get(f"/events/{event.slug}")).json()
    assert thing["eventStatus"] == "https://schema.org/EventCancelled"
    assert thing["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
    assert [each["@type"] for each in thing["location"]] == ["Place", "VirtualLocation"]
    assert thing["location"][1]["url"] == thing["url"] == "https://example.org/salle"
    assert thing["@id"] == "https://influents.test/events/mixte"


@pytest.mark.parametrize(
    ("accepts", "status"),
    [
        ("*/*", 200),
        ("application/ld+json", 200),
        ("application/json", 200),
        ("text/html,application/xhtml+xml,*/*;q=0.8", 200),
        ("text/turtle", 406),
        ("text/html", 406),
    ],
)
async def test_an_event_is_linked_data_or_nothing(
    http: httpx.AsyncClient, town: Town, accepts: str, status: int
) -> None:
    event = await published(town)
    answer = await http.get(f"/events/{event.slug}", headers={"Accept": accepts})
    assert answer.status_code == status


async def test_our_own_importer_reads_the_agenda_as_it_reads_openagendas(http: httpx.AsyncClient, town: Town) -> None:
    owner = await town.citizen()
    organization = await town.organization(owner)
    made = [
        await town.event(owner, organization.id, title=title, starts_at=at, website_url=f"https://example.org/{number}")
        for number, (title, at) in enumerate(
            [
                ("La veille", datetime(2026, 10, 24, 10, tzinfo=UTC)),
                ("La nuit", datetime(2026, 10, 24, 22, tzinfo=UTC)),
                ("Le lendemain", datetime(2026, 10, 26, 10, tzinfo=UTC)),
            ]
        )
    ]
    await event_endings.cancel_event(owner, made[2].id, reason="Il pleut")
    answer = await http.get("/events.json")
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert (answer.json()["total"], answer.json()["after"]) == (3, None)
    read = [event for record in answer.json()["events"] for event in events_of(record)]

    for event, record in zip(made, read, strict=True):
        assert isinstance(record, ImportedEvent)
        # how engaged an event is OpenAgenda's shape can't say
        kept = {each.name: getattr(event.details, each.name) for each in fields(EventDetails)}
        assert record.details == EventDetails(**kept | {"engagement": 1, "territory": TerritoryCode("FR-44")})
        assert record.cancelled is (event.id == made[2].id)
        assert record.external_id.startswith(f"event_{event.id.hex}@")


@pytest.mark.parametrize("theme", ThemeCode)
async def test_the_importer_finds_each_theme_again(http: httpx.AsyncClient, town: Town, theme: ThemeCode) -> None:
    await published(town, themes=(theme,), title="Une rencontre", description="Avec tout le monde.")
    ((read,),) = [events_of(record) for record in (await http.get("/events.json")).json()["events"]]
    assert isinstance(read, ImportedEvent)
    assert read.details.themes == (theme,)


async def test_an_agenda_is_read_page_by_page_as_openagendas_is(http: httpx.AsyncClient, town: Town) -> None:
    owner = await town.citizen()
    organization = await town.organization(owner)
    for day in range(1, 6):
        starts_at = town.services.clock() + timedelta(days=day)
        await town.event(owner, organization.id, starts_at=starts_at, title=f"Jour {day}")
    titles, after = [], [""]
    while after is not None:
        more = f"&after[]={after[0]}" if after[0] else ""
        page = (await http.get(f"/events.json?first=2{more}")).json()
        titles.append([each["title"]["fr"] for each in page["events"]])
        assert page["total"] == 5
        after = page["after"]
    assert titles == [["Jour 1", "Jour 2"], ["Jour 3", "Jour 4"], ["Jour 5"]]


async def test_news_are_what_changed_last_first(http: httpx.AsyncClient, town: Town, clock: Clock) -> None:
    owner = await town.citizen()
    organization = await town.organization(owner, "Ville & « Métropole » <de> Nantes")
    made = []
    for title in ("Un & un", "Deux", "<Trois>"):
        clock.advance(hours=1)
        made.append(await town.event(owner, organization.id, title=title, description="Une ligne.\n\nUne <autre> &."))
    clock.advance(hours=1)
    await event_endings.cancel_event(owner, made[1].id, reason="Il pleut")

    answer = await http.get("/events.atom")
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = feedparser.parse(answer.content)
    assert not feed.bozo
    assert feed.version == "atom10"
    assert feed.feed.id == "https://influents.test/events.atom"
    assert [each.title for each in feed.entries] == ["Annulé : Deux", "<Trois>", "Un & un"]
    assert [each.id for each in feed.entries] == [f"urn:uuid:{made[place].id}" for place in (1, 2, 0)]
    assert updated(feed.feed.updated) == updated(feed.entries[0].updated) == clock.now
    assert updated(feed.entries[0].published) == clock.now - timedelta(hours=2)
    assert feed.entries[0].author == organization.name
    assert feed.entries[0].link == f"https://influents.test/events/{made[1].slug}"
    assert [each["term"] for each in feed.entries[0].tags] == ["PUBLIC_ADMINISTRATION"]
    two = feedparser.parse((await http.get("/events.atom?first=2&locale=en")).content)
    assert [each.title for each in two.entries] == ["Cancelled: Deux", "<Trois>"]
    assert two.feed.id == "https://influents.test/events.atom?first=2&locale=en"


async def test_what_nobody_may_see_is_in_none(http: httpx.AsyncClient, town: Town, services: Services) -> None:
    proposer = await town.citizen()
    hidden = await town.citizen("cachottier", visibility=ProfileVisibility.HIDDEN)
    hers = await town.published(hidden, by=await town.moderator(), title="Visible")
    draft = await town.event(proposer, submit=False, title="Un brouillon")
    waiting = await town.event(proposer, title="Une attente")
    for headers in ({}, bearer(proposer), bearer(hidden)):
        for path in LISTS:
            for params in ("", "?statuses=DRAFT,SUBMITTED,REJECTED,PUBLISHED", "?search=brouillon", "?search=attente"):
                told = (await http.get(f"{path}{params}", headers=headers)).text
                assert "Un brouillon" not in told
                assert "Une attente" not in told
                assert "cachottier" not in told
        for event in (draft, waiting):
            answer = await http.get(f"/events/{event.slug}", headers=headers)
            assert (answer.status_code, code(answer)) == (404, "NOT_FOUND")
        assert "organizer" not in (await http.get(f"/events/{hers.slug}", headers=headers)).json()


@pytest.mark.parametrize("path", [*LISTS, "/events/barcamp-datajournalisme"])
async def test_what_one_has_is_not_sent_again(http: httpx.AsyncClient, town: Town, clock: Clock, path: str) -> None:
    owner = await town.citizen()
    organization = await town.organization(owner)
    event = await town.event(owner, organization.id)
    clock.advance(hours=2)
    answer = await http.get(path)
    for has in (
        {"If-None-Match": answer.headers["etag"]},
        {"If-Modified-Since": answer.headers["last-modified"]},
    ):
        again = await http.get(path, headers=has)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["vary"] == answer.headers["vary"]
    await event_changes.update_event(owner, event.id, {"title": "Un autre titre"})
    clock.advance(seconds=1)
    assert (await http.get(path, headers={"If-None-Match": answer.headers["etag"]})).status_code == 200
    later = await http.get(path, headers={"If-Modified-Since": answer.headers["last-modified"]})
    assert (later.status_code, "Un autre titre" in json.dumps(later.text, ensure_ascii=False)) == (200, True)


@pytest.mark.parametrize(("path", "most"), [("/events.json", 6), ("/events.atom", 5)])
async def test_lists_cost_the_same_however_long_they_are(
    http: httpx.AsyncClient, services: Services, town: Town, path: str, most: int
) -> None:
    moderator = await town.moderator()
    for several in (1, 4):
        for _ in range(several):
            await published(town)
            await town.published(await town.citizen(), by=moderator)
        with recorded(services.database) as statements:
            assert (await http.get(path)).status_code == 200
        # events; organisations, citizens, territories; when something changed last; how many there are in an agenda
        assert len(statements) == most, statements


async def test_an_event_costs_three_statements(http: httpx.AsyncClient, services: Services, town: Town) -> None:
    event = await published(town)
    with recorded(services.database) as statements:
        await http.get(f"/events/{event.slug}")
    assert len(statements) == 3, statements  # the event, its organiser, its territory


async def test_head_says_what_get_would(services: Services, town: Town, clock: Clock) -> None:
    event = await published(town)
    clock.advance(hours=1)
    async with serving(services) as address, httpx.AsyncClient(base_url=address) as http:
        for path in (*LISTS, f"/events/{event.slug}"):
            answer, head = await http.get(path), await http.head(path)
            assert (head.status_code, head.content) == (200, b"")
            for name in ("etag", "last-modified", "content-length", "content-type", "cache-control", "vary"):
                assert head.headers[name] == answer.headers[name]
            assert (await http.post(path)).status_code == 405


async def test_news_have_one_page(http: httpx.AsyncClient, empty: object) -> None:
    answer = await http.get("/events.atom?after=abc")
    assert (answer.status_code, code(answer)) == (400, "BAD_USER_INPUT")
