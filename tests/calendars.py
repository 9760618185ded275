"""Calendars as two libraries read them, neither knowing of the other."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import icalendar
import vobject

from domain.events import Event


@dataclass(frozen=True, slots=True)
class Fact:
    """What a calendar says of an event."""

    uid: str
    title: str
    description: str
    starts_at: datetime
    ends_at: datetime
    status: str
    sequence: int
    changed_at: datetime
    place: str | None
    position: tuple[float, float] | None


def by_icalendar(calendar: bytes) -> list[Fact]:
    return [
        Fact(
            uid=str(each["UID"]),
            title=str(each["SUMMARY"]),
            description=str(each["DESCRIPTION"]),
            starts_at=each["DTSTART"].dt.astimezone(UTC),
            ends_at=each["DTEND"].dt.astimezone(UTC),
            status=str(each["STATUS"]),
            sequence=int(each["SEQUENCE"]),
            changed_at=each["LAST-MODIFIED"].dt.astimezone(UTC),
            place=str(each["LOCATION"]) if "LOCATION" in each else None,
            position=(each["GEO"].latitude, each["GEO"].longitude) if "GEO" in each else None,
        )
        for each in components(calendar, "VEVENT")
    ]


def components(calendar: bytes, name: str) -> list[Any]:  # Any: properties are of many types, by their names
    """The parts of a calendar of one kind."""
    return list(icalendar.Calendar.from_ical(calendar).walk(name))


def by_vobject(calendar: bytes) -> list[Fact]:
    """It takes time zones from the calendar itself, where `icalendar` knows them by their names."""
    return [_by_vobject(each) for each in read_by_vobject(calendar).contents.get("vevent", ())]


def read_by_vobject(calendar: bytes) -> Any:  # Any: it makes its fields when it reads
    """A calendar, with the zones that it brings: `vobject` would take those that it read before by the same name."""
    known = vars(vobject.icalendar)["__tzidMap"]
    for name in [each for each in known if each != "UTC"]:
        del known[name]
    return vobject.readOne(calendar.decode())


def _by_vobject(each: Any) -> Fact:
    said = {name: lines[0].value for name, lines in each.contents.items()}
    return Fact(
        uid=said["uid"],
        title=said["summary"],
        description=said["description"],
        starts_at=said["dtstart"].astimezone(UTC),
        ends_at=said["dtend"].astimezone(UTC),
        status=said["status"],
        sequence=int(said["sequence"]),
        changed_at=said["last-modified"].astimezone(UTC),
        place=said.get("location"),
        position=tuple(map(float, said["geo"].split(";"))) if "geo" in said else None,  # type: ignore[arg-type]  # two
    )


def fact_of(event: Event, *, status: str = "CONFIRMED") -> Fact:
    """What a calendar should say of an event at the Cantine Numérique."""
    details = event.details
    return Fact(
        uid=str(event.id),
        title=details.title,
        description=details.description,
        starts_at=details.starts_at.astimezone(UTC),
        ends_at=details.ends_at.astimezone(UTC),
        status=status,
        sequence=event.revision,
        changed_at=event.updated_at,
        place="Cantine Numérique, 20 rue de la Paix, 44000 Nantes",
        position=(47.215, -1.556),
    )
