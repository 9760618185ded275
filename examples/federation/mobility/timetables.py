"""Which lines bring people to a place in time. What the networks run is in `networks.json`."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from zoneinfo import ZoneInfo

EARTH_METRES = 6_371_000
FARTHEST_WALK = 1_200
WALKED_IN_A_MINUTE = 70
LOCAL = ZoneInfo("Europe/Paris")


@dataclass(frozen=True, slots=True)
class Stop:
    """Where a line stops, and when: every so many minutes, from the first to the last."""

    line: str
    name: str
    latitude: float
    longitude: float
    first: time
    last: time
    every: int


@dataclass(frozen=True, slots=True)
class Network:
    """Public transport of a department."""

    code: str
    name: str
    website: str
    territory: str
    department: str
    cycle_lane_km: int
    stops: Sequence[Stop]


@dataclass(frozen=True, slots=True)
class Journey:
    """The last vehicle of a line that is in time, and the walk from its stop."""

    network: Network
    stop: Stop
    walk_minutes: int
    arrives_at: datetime


def networks() -> Sequence[Network]:
    """What `networks.json` tells."""
    told = json.loads((Path(__file__).parent / "networks.json").read_text(encoding="utf-8"))
    return [_network(each) for each in told]


def journeys(of: Sequence[Network], *, latitude: float, longitude: float, by: datetime) -> list[Journey]:
    """How to be there by then, the shortest walk first: one way for each line that stops within reach."""
    found: dict[str, Journey] = {}
    for network, stop in ((each, stop) for each in of for stop in each.stops):
        metres = distance(latitude, longitude, stop.latitude, stop.longitude)
        walk = max(1, round(metres / WALKED_IN_A_MINUTE))
        arrival = last_before(stop, by - timedelta(minutes=walk))
        if metres > FARTHEST_WALK or arrival is None:
            continue
        known = found.get(f"{network.code} {stop.line}")
        if known is None or walk < known.walk_minutes:
            found[f"{network.code} {stop.line}"] = Journey(network, stop, walk, arrival)
    return sorted(found.values(), key=lambda journey: (journey.walk_minutes, journey.stop.line))


def last_before(stop: Stop, moment: datetime) -> datetime | None:
    """When the last vehicle of that day stops there at `moment` or before; None where none has run yet."""
    return max((each for each in _departures(stop, moment) if each <= moment), default=None)


def distance(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """In metres, along the surface."""
    north, east = radians(other_latitude - latitude), radians(other_longitude - longitude)
    half = sin(north / 2) ** 2 + cos(radians(latitude)) * cos(radians(other_latitude)) * sin(east / 2) ** 2
    return 2 * EARTH_METRES * asin(sqrt(half))


def _departures(stop: Stop, moment: datetime) -> Iterator[datetime]:
    day = moment.astimezone(LOCAL).date()
    each, last = (datetime.combine(day, at, tzinfo=LOCAL) for at in (stop.first, stop.last))
    while each <= last:
        yield each
        each += timedelta(minutes=stop.every)


def _network(told: dict[str, object]) -> Network:
    stops = told.pop("stops")
    assert isinstance(stops, list)
    times = [
        {**stop, "first": time.fromisoformat(stop["first"]), "last": time.fromisoformat(stop["last"])} for stop in stops
    ]
    return Network(**told, stops=[Stop(**stop) for stop in times])  # type: ignore[arg-type]  # its fields, by name
