"""Events in the shape of OpenAgenda's API v2, which programs for agendas read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import orjson

from domain.events import Event, EventFormat, EventStatus, Venue
from domain.organizations import Organization
from domain.words import Locale
from influents.feeds.listing import Listed
from influents.feeds.texts import clean
from schema.ids import Kind, seal
from schema.scalars import told
from schema.wording import say, theme_label

MEDIA_TYPE: Final = "application/json"
_MODES = {EventFormat.IN_PERSON: 1, EventFormat.ONLINE: 2, EventFormat.HYBRID: 3}
_SCHEDULED, _CANCELLED = 1, 6
_PUBLISHED = 2

Record = dict[str, Any]  # Any: JSON


def agenda(entries: Sequence[Listed], *, total: int, after: str | None, locale: Locale, address: str) -> bytes:
    """A page of an agenda.

    Args:
        entries: The events of the page.
        total: How many there are on all pages.
        after: What the next page is asked for with; None on the last.
        locale: The language of what isn't written by people.
        address: The public address of the service.
    """
    events = [_record(each, locale, address) for each in entries]
    return orjson.dumps({"total": total, "events": events, "after": [after] if after else None, "success": True})


def _record(listed: Listed, locale: Locale, address: str) -> Record:
    """An event. People write in their language, which nobody says: it stands under French, OpenAgenda's first."""
    event, details = listed.event, listed.event.details
    when = _timing(event)
    record: Record = {
        "uid": seal(Kind.EVENT, event.id),
        "slug": event.slug,
        "title": {"fr": clean(details.title)},
        "description": {"fr": clean(details.description)[:200]},
        "longDescription": {"fr": clean(details.description)},
        "conditions": {"fr": clean(details.how_to_take_part)} if details.how_to_take_part else None,
        "keywords": {locale.value: [say(theme_label(theme), locale) for theme in details.themes]},
        "image": _image(details.image_url),
        "timezone": details.time_zone,
        "timings": [when],
        "firstTiming": when,
        "lastTiming": when,
        "attendanceMode": _MODES[details.format],
        "status": _CANCELLED if event.status is EventStatus.CANCELLED else _SCHEDULED,
        "state": _PUBLISHED,
        "location": _location(listed, details.venue) if details.venue else None,
        "onlineAccessLink": details.website_url if details.format is not EventFormat.IN_PERSON else None,
        "canonicalUrl": listed.page(address),
        "originAgenda": {"title": "Influents", "url": address},
        "organizer": _organizer(listed),
        "updatedAt": told(event.updated_at),
    }
    return {name: value for name, value in record.items() if value is not None}


def _timing(event: Event) -> Record:
    zone = ZoneInfo(event.details.time_zone)

    def at(moment: datetime) -> str:
        return moment.astimezone(zone).isoformat()

    return {"begin": at(event.details.starts_at), "end": at(event.details.ends_at)}


def _image(url: str | None) -> Record | None:
    if url is None:
        return None
    base, slash, filename = url.rpartition("/")
    return {"base": base + slash, "filename": filename} if filename else None


def _location(listed: Listed, venue: Venue) -> Record:
    territory, country = listed.territory, listed.event.details.territory
    where: Record = {
        "name": venue.name or venue.city,
        "address": venue.address,
        "postalCode": venue.postal_code,
        "city": venue.city,
        "adminLevel2": territory.name if territory and territory.parent_code else None,
        "countryCode": country[:2] if country else None,
        "latitude": venue.latitude,
        "longitude": venue.longitude,
        "timezone": listed.event.details.time_zone,
    }
    return {name: value for name, value in where.items() if value is not None}


def _organizer(listed: Listed) -> Record | None:
    organizer = listed.organizer
    if organizer is None:
        return None
    kind = Kind.ORGANIZATION if isinstance(organizer, Organization) else Kind.CITIZEN
    return {"uid": seal(kind, organizer.id), "name": organizer.name}
