"""An event as linked data: schema.org's Event, in JSON-LD. What search engines read out of pages."""

from typing import Any, Final
from zoneinfo import ZoneInfo

import orjson

from domain.events import EventFormat, EventStatus, Venue
from domain.organizations import Organization, OrganizationKind
from domain.words import Locale
from influents.feeds.listing import Listed, Organizer
from influents.feeds.texts import clean
from schema.ids import Kind, seal
from schema.scalars import told
from schema.wording import say, theme_label

MEDIA_TYPE: Final = "application/ld+json"
_MODES = {
    EventFormat.IN_PERSON: "https://schema.org/OfflineEventAttendanceMode",
    EventFormat.ONLINE: "https://schema.org/OnlineEventAttendanceMode",
    EventFormat.HYBRID: "https://schema.org/MixedEventAttendanceMode",
}
_KINDS = {
    OrganizationKind.ASSOCIATION: "NGO",
    OrganizationKind.PUBLIC_INSTITUTION: "GovernmentOrganization",
    OrganizationKind.COMPANY: "Corporation",
    OrganizationKind.POLITICAL_GROUP: "Organization",
}

Thing = dict[str, Any]  # Any: JSON


def linked_data(listed: Listed, *, locale: Locale, address: str) -> bytes:
    """An event as JSON-LD, which may stand in a page's `<script>` as it is: nothing in it ends that."""
    event, details = listed.event, listed.event.details
    cancelled, zone = event.status is EventStatus.CANCELLED, ZoneInfo(details.time_zone)
    thing: Thing = {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": listed.own_page(address),
        "identifier": seal(Kind.EVENT, event.id),
        "url": listed.page(address),
        "name": clean(details.title),
        "description": clean(details.description),
        "startDate": details.starts_at.astimezone(zone).isoformat(),
        "endDate": details.ends_at.astimezone(zone).isoformat(),
        "eventStatus": f"https://schema.org/Event{'Cancelled' if cancelled else 'Scheduled'}",
        "eventAttendanceMode": _MODES[details.format],
        "location": _locations(listed, address),
        "organizer": _organizer(listed.organizer),
        "image": details.image_url,
        "keywords": [say(theme_label(theme), locale) for theme in details.themes],
        "maximumAttendeeCapacity": details.capacity,
        "dateModified": told(event.updated_at),
    }
    written = orjson.dumps({name: value for name, value in thing.items() if value is not None})
    return written.replace(b"<", b"\\u003c")


def _locations(listed: Listed, address: str) -> Thing | list[Thing] | None:
    details = listed.event.details
    found: list[Thing] = []
    if details.venue:
        found.append(_place(listed, details.venue))
    if details.format is not EventFormat.IN_PERSON:
        found.append({"@type": "VirtualLocation", "url": listed.page(address)})
    return (found[0] if len(found) == 1 else found) if found else None


def _place(listed: Listed, venue: Venue) -> Thing:
    country = listed.event.details.territory
    where = {
        "@type": "PostalAddress",
        "streetAddress": venue.address,
        "postalCode": venue.postal_code,
        "addressLocality": venue.city,
        "addressRegion": listed.territory.name if listed.territory and listed.territory.parent_code else None,
        "addressCountry": country[:2] if country else None,
    }
    place: Thing = {
        "@type": "Place",
        "name": venue.name or venue.city,
        "address": {name: value for name, value in where.items() if value},
    }
    if venue.latitude is not None:
        place["geo"] = {"@type": "GeoCoordinates", "latitude": venue.latitude, "longitude": venue.longitude}
    return place


def _organizer(organizer: Organizer | None) -> Thing | None:
    if organizer is None:
        return None
    if isinstance(organizer, Organization):
        page = {"url": organizer.website_url} if organizer.website_url else {}
        identifier = seal(Kind.ORGANIZATION, organizer.id)
        return {"@type": _KINDS[organizer.kind], "name": organizer.name, "identifier": identifier, **page}
    return {"@type": "Person", "name": organizer.name, "identifier": seal(Kind.CITIZEN, organizer.id)}
