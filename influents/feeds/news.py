"""Events as news: an Atom feed (RFC 4287) of what was published or changed last."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from domain.events import EventStatus
from domain.words import Locale, Sentence
from influents.feeds.listing import Listed
from influents.feeds.texts import clean
from schema.scalars import told
from schema.wording import say, theme_label

MEDIA_TYPE: Final = "application/atom+xml"
ATOM: Final = "http://www.w3.org/2005/Atom"


def news(entries: Sequence[Listed], *, itself: str, changed: datetime, locale: Locale, address: str) -> bytes:
    """A feed of events.

    Args:
        entries: The events, what changed last first.
        itself: The feed's own address.
        changed: When one of them changed last; some time where there is none.
        locale: The language of what isn't written by people.
        address: The public address of the service.
    """
    feed = Element("feed", {"xmlns": ATOM, "xml:lang": locale.value})
    _said(feed, "id", itself)
    _said(feed, "title", say(Sentence("feed-events"), locale))
    _said(feed, "updated", told(changed))
    SubElement(feed, "link", {"rel": "self", "type": MEDIA_TYPE, "href": itself})
    _said(SubElement(feed, "author"), "name", "Influents")
    for each in entries:
        feed.append(_entry(each, locale, address))
    return bytes(tostring(feed, encoding="utf-8", xml_declaration=True))


def _entry(listed: Listed, locale: Locale, address: str) -> Element:
    event, details = listed.event, listed.event.details
    title = clean(details.title)
    cancelled = event.status is EventStatus.CANCELLED
    entry = Element("entry")
    _said(entry, "id", f"urn:uuid:{event.id}")
    _said(entry, "title", say(Sentence("feed-cancelled", {"title": title}), locale) if cancelled else title)
    _said(entry, "updated", told(event.updated_at))
    if event.published_at:
        _said(entry, "published", told(event.published_at))
    SubElement(entry, "link", {"rel": "alternate", "href": listed.page(address)})
    SubElement(entry, "link", {"rel": "related", "type": "text/calendar", "href": f"{listed.own_page(address)}.ics"})
    if listed.organizer:
        _said(SubElement(entry, "author"), "name", clean(listed.organizer.name))
    for theme in details.themes:
        SubElement(entry, "category", {"term": theme.value, "label": say(theme_label(theme), locale)})
    _said(entry, "summary", clean(details.description))
    return entry


def _said(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text
