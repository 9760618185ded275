"""An agenda goes in, comes out as other programs read it, and goes in again with the same facts."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from io import BytesIO, StringIO
from pathlib import Path

import httpx
import pytest
from rich.console import Console

from domain.events import EventDetails, EventFormat
from domain.imports import ImportedEvent, RejectedRecord
from influents.agendas.formats import Row, recognised, rows
from influents.agendas.rows import Unsaid
from influents.commands.imports import import_rows
from resolvers.context import Services
from tests.factories import Town

PARIS = Path(__file__).parents[2].parent / "shared" / "data" / "openagenda-paris.json"
ALL = {"startsAfter": "2000-01-01", "first": "500"}
PLACE = {
    "name": "Cantine Numérique", "address": "20 rue de la Paix, bâtiment B", "city": "Nantes", "postalCode": "44000",
    "latitude": 47.2184, "longitude": -1.5536,
}  # fmt: skip
OURS = {
    "events": [
        {
            "uid": number,
            "title": {"fr": title},
            "description": {"fr": "Une soirée de musique; avec des virgules, et\ndeux lignes."},
            "timings": [{"begin": begin, "end": end} for begin, end in timings],
            "timezone": "Europe/Paris",
            "status": status,
            "location": PLACE,
        }
        for number, (title, status, timings) in enumerate(
            [
                ("Concert, « à 20 h »; gratuit", 1, [("2026-10-03T20:00:00+02:00", "2026-10-03T22:30:00+02:00")]),
                ("Concert d’une nuit longue", 1, [("2026-10-25T02:30:00+01:00", "2026-10-25T04:00:00+01:00")]),
                ("Débat sur le vélo", 6, [("2026-11-07T19:00:00+01:00", "2026-11-07T21:00:00+01:00")]),
                ("Jardin partagé", 1, [(f"2027-0{n}-02T10:00:00", f"2027-0{n}-02T12:00:00") for n in (1, 4)]),
            ]
        )
    ]
}  # fmt: skip

Fact = tuple[object, ...]


def read(document: bytes) -> list[Row]:
    file = BytesIO(document)
    return list(rows(file, recognised(file), Unsaid(), datetime(2026, 9, 1, tzinfo=UTC)))


def facts(found: Iterable[Row]) -> list[Fact]:
    """What every format must tell the same."""
    told = []
    for each in found:
        assert isinstance(each, ImportedEvent), each
        venue = each.details.venue
        assert venue is not None
        told.append((*in_a_calendar([each])[0], venue.address))
    return sorted(told, key=repr)


def in_a_calendar(found: Iterable[Row]) -> list[Fact]:
    """What a calendar can tell: a place is one line there, in which a town is known by its postal code."""
    told: list[Fact] = []
    for each in found:
        if isinstance(each, ImportedEvent) and (venue := each.details.venue):
            details = each.details
            place = (venue.postal_code, venue.city, venue.latitude, venue.longitude, details.territory)
            told.append((details.title, details.starts_at, details.ends_at, *place, details.themes, each.cancelled))
        else:
            assert isinstance(each, RejectedRecord)
            assert each.reason == "no-city"
    return sorted(told, key=repr)


def with_a_postal_code(found: Iterable[Row]) -> list[Row]:
    return [
        each
        for each in found
        if isinstance(each, ImportedEvent) and each.details.venue and each.details.venue.postal_code
    ]


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(json.dumps(OURS).encode(), id="ours"),
        pytest.param(
            PARIS.read_bytes() if PARIS.exists() else b"",
            id="paris",
            marks=pytest.mark.skipif(not PARIS.exists(), reason="real events of Paris are not at hand"),
        ),
    ],
)
async def test_every_way_out_tells_the_facts_that_came_in(
    town: Town, services: Services, http: httpx.AsyncClient, document: bytes
) -> None:
    await town.organization(await town.citizen(), "DemoTIC")
    came_in = [each for each in read(document) if isinstance(each, ImportedEvent)]
    outcome = await import_rows(services, came_in, "demotic", watched=Console(file=StringIO()))
    assert outcome.taken == len(came_in) > 0

    calendar = (await http.get("/events.ics", params=ALL)).raise_for_status()
    agenda = (await http.get("/events.json", params=ALL)).raise_for_status()
    slugs = [each["slug"] for each in agenda.json()["events"]]
    pages = [(await http.get(f"/events/{slug}")).raise_for_status().content for slug in slugs]

    assert in_a_calendar(with_a_postal_code(read(calendar.content))) == in_a_calendar(with_a_postal_code(came_in)) != []
    assert facts(read(agenda.content)) == facts(came_in)
    assert facts(each for page in pages for each in read(page)) == facts(came_in)


@pytest.mark.parametrize("form", [EventFormat.ONLINE, EventFormat.HYBRID])
async def test_what_takes_place_online_says_so_on_every_way_out(
    town: Town, http: httpx.AsyncClient, form: EventFormat
) -> None:
    owner = await town.citizen()
    organization = await town.organization(owner)
    room = "https://example.org/salle"
    venue = town.details().venue if form is EventFormat.HYBRID else None
    event = await town.event(owner, organization.id, format=form, venue=venue, website_url=room, how_to_take_part=None)

    for way in ("/events.ics", "/events.json", f"/events/{event.slug}", f"/events/{event.slug}.ics"):
        (told,) = read((await http.get(way)).raise_for_status().content)
        assert isinstance(told, ImportedEvent), (way, told)
        assert online(told.details) == online(event.details), way


def online(details: EventDetails) -> Fact:
    return details.format, details.website_url, details.how_to_take_part, details.venue and details.venue.city
