"""What happens in the demo town and who organises it, read from `events.toml` and `organizations.toml`."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from domain.events import EventDetails, EventFormat, EventStatus, located
from domain.ids import TerritoryCode
from domain.organizations import OrganizationDetails, OrganizationKind
from domain.points import Span
from domain.policy import PARIS
from domain.words import ThemeCode
from influents.town.people import on_day
from influents.town.places import PLACES

FOLDER = Path(__file__).parent
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CLOSED_AFTER = timedelta(hours=2, minutes=30)
"""How long after the end organisers complete an event."""

_LASTS = re.compile(r"(?:(\d+) h)? ?(?:(\d+)(?: min)?)?")
_WHEN = re.compile(r"(?:week (?P<week>[+-]\d+) (?P<weekday>\w+)|day (?P<day>[+-]\d+)|(?P<date>\S+)) (?P<at>\d\d:\d\d)")
_SOON = re.compile(r"in (\d+) minutes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """An organisation to be, and the handle of who begins it."""

    key: str
    details: OrganizationDetails
    owner: str
    verified: bool
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """An event to be.

    Attributes:
        proposer: The handle of who proposes it, for `group` where there is one.
        reviewed_at: When a moderator looks at it; None where nobody does.
        stays: The state it is left in, unless people take part.
        drawing: How many it draws, 1 being usual; `surely` come for certain.
        drop_in: Another, some of whose participants look in here at the same time.
    """

    key: str
    details: EventDetails
    proposer: str
    group: str | None
    proposed_at: datetime
    reviewed_at: datetime | None
    stays: EventStatus
    reason: str | None
    drawing: float
    surely: tuple[str, ...]
    drop_in: str | None

    @property
    def span(self) -> Span:
        return self.details.span

    @property
    def published_at(self) -> datetime | None:
        """None where it never is."""
        return (self.reviewed_at or self.proposed_at) if self.stays is EventStatus.PUBLISHED else None

    def over(self, now: datetime) -> bool:
        return self.details.ends_at + CLOSED_AFTER <= now


def opening(now: datetime) -> datetime:
    """When the town begins: on a Monday morning, two months before `now`."""
    return _local("week -9 monday 09:00", PARIS, now)


def groups(now: datetime) -> list[Group]:
    """The organisations; who is not told to be older begins on the opening day."""
    return [
        Group(
            key=key,
            details=OrganizationDetails(
                name=says["name"],
                kind=OrganizationKind(says["kind"]),
                description=says["description"],
                territory=TerritoryCode(says["territory"]),
            ),
            owner=says["owner"],
            verified=says["verified"],
            since=_local(f"{says['since']} 10:00", PARIS, now)
            if "since" in says
            else opening(now) + timedelta(hours=3),
        )
        for key, says in _read("organizations.toml")
    ]


def happenings(now: datetime) -> list[Happening]:
    """The events of the town that has come to `now`, in the order in which they begin."""
    by_key = {group.key: group for group in groups(now)}
    made = [_happening(key, says, by_key, number, now) for number, (key, says) in enumerate(_read("events.toml"))]
    return sorted(made, key=lambda happening: (happening.details.starts_at, happening.key))


def _happening(key: str, says: Mapping[str, Any], groups: Mapping[str, Group], number: int, now: datetime) -> Happening:
    group = groups.get(says["by"])
    details = _details(says, group, now)
    stays = EventStatus(says.get("stays", "published").upper())
    proposed_on = _proposed_on(details.starts_at.date(), number, now)
    reviewed_at = on_day(proposed_on + timedelta(days=1), time(8 + number % 3, 17 * number % 60))
    waits = stays not in (EventStatus.DRAFT, EventStatus.SUBMITTED) and not (group and group.verified)
    return Happening(
        key=key,
        details=details,
        proposer=group.owner if group else says["by"].removeprefix("@"),
        group=group.key if group else None,
        proposed_at=on_day(proposed_on, time(9 + number % 9, 11 * number % 60)),
        reviewed_at=reviewed_at if waits else None,
        stays=stays,
        reason=says.get("reason"),
        drawing=says.get("drawing", 1.0),
        surely=tuple(says.get("surely", ())),
        drop_in=says.get("drop_in"),
    )


def _details(says: Mapping[str, Any], group: Group | None, now: datetime) -> EventDetails:
    venue = PLACES[says["place"]] if "place" in says else None
    time_zone = says.get("time_zone", "Europe/Paris")
    starts_at = _local(says["when"], ZoneInfo(time_zone), now)
    nowhere = group.details.territory if venue is None and group else None
    return located(
        EventDetails(
            title=says["title"],
            description=says["description"],
            how_to_take_part=says.get("how_to_take_part"),
            format=EventFormat(says.get("format", "IN_PERSON" if venue else "ONLINE")),
            starts_at=starts_at,
            ends_at=starts_at + _lasting(says["lasts"]),
            time_zone=time_zone,
            effort_minutes=_lasting(says["effort"]) // timedelta(minutes=1) if "effort" in says else None,
            venue=venue,
            territory=says.get("territory", nowhere),
            themes=tuple(map(ThemeCode, says["themes"])),
            engagement=says["engagement"],
            capacity=says.get("capacity"),
            sought_talents=tuple(says.get("sought_talents", ())),
        )
    )


def _proposed_on(starts_on: date, number: int, now: datetime) -> date:
    """Some two weeks before; not on the opening day, and two days ago at the latest."""
    usual = starts_on - timedelta(days=11 + number % 5)
    second_day = opening(now).date() + timedelta(days=1)
    if starts_on < second_day:
        return usual
    return min(max(usual, second_day), now.astimezone(PARIS).date() - timedelta(days=2 + number % 4))


def _local(when: str, zone: ZoneInfo, now: datetime) -> datetime:
    """A moment as the TOML files write it."""
    if soon := _SOON.fullmatch(when):
        return now.replace(second=0, microsecond=0) + timedelta(minutes=int(soon[1]))
    found = _WHEN.fullmatch(when)
    if found is None:
        raise ValueError(f"no moment: {when}")
    today = now.astimezone(PARIS).date()
    if found["date"]:
        day = datetime.fromisoformat(found["date"]).date()
    elif found["day"]:
        day = today + timedelta(days=int(found["day"]))
    else:
        monday = today - timedelta(days=today.weekday())
        day = monday + timedelta(weeks=int(found["week"]), days=WEEKDAYS.index(found["weekday"]))
    return on_day(day, time.fromisoformat(found["at"]), zone)


def _lasting(written: str) -> timedelta:
    found = _LASTS.fullmatch(written)
    if found is None or not any(found.groups()):
        raise ValueError(f"no length of time: {written}")
    return timedelta(hours=int(found[1] or 0), minutes=int(found[2] or 0))


def _read(name: str) -> Sequence[tuple[str, Mapping[str, Any]]]:  # Any: what a TOML file may hold
    return list(tomllib.loads((FOLDER / name).read_text(encoding="utf-8")).items())
