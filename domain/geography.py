"""Places on the Earth, taken for a sphere: good to half a percent, which is what "near me" needs."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import asin, cos, degrees, isfinite, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.0088
LARGEST_RADIUS_KM = 500.0


class BadPosition(ValueError):  # noqa: N818
    """A position, a radius or a rectangle that can't be on the Earth."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """A rectangle in degrees; where `west` is greater than `east` it lies across the 180th meridian."""

    north: float
    south: float
    east: float
    west: float

    def __post_init__(self) -> None:
        """Raises BadPosition."""
        latitudes, longitudes = (self.north, self.south), (self.east, self.west)
        if not (all(_within(each, 90) for each in latitudes) and all(_within(each, 180) for each in longitudes)):
            raise BadPosition
        if self.south > self.north:
            raise BadPosition

    def longitudes(self) -> Iterator[tuple[float, float]]:
        """The ranges of longitudes: one, or two across the 180th meridian."""
        if self.west <= self.east:
            yield self.west, self.east
        else:
            yield self.west, 180.0
            yield -180.0, self.east


@dataclass(frozen=True, slots=True)
class Near:
    """A circle around a position in degrees."""

    latitude: float
    longitude: float
    radius_km: float

    def __post_init__(self) -> None:
        """Raises BadPosition."""
        if not (_within(self.latitude, 90) and _within(self.longitude, 180)):
            raise BadPosition
        if not 0 < self.radius_km <= LARGEST_RADIUS_KM:
            raise BadPosition

    def box(self) -> Bounds:
        """The smallest rectangle that holds the circle; all longitudes where a pole is in it."""
        angle = self.radius_km / EARTH_RADIUS_KM
        height = degrees(angle)
        north, south = self.latitude + height, self.latitude - height
        if north >= 90 or south <= -90:  # noqa: PLR2004 - the poles
            return Bounds(min(north, 90.0), max(south, -90.0), 180.0, -180.0)
        width = degrees(asin(sin(angle) / cos(radians(self.latitude))))
        return Bounds(north, south, _turned(self.longitude + width), _turned(self.longitude - width))


def distance_km(near: Near, latitude: float, longitude: float) -> float:
    """How far a position is from the middle of a circle, along the ground (haversine)."""
    up, across = radians(latitude - near.latitude) / 2, radians(longitude - near.longitude) / 2
    half_chord = sin(up) ** 2 + cos(radians(near.latitude)) * cos(radians(latitude)) * sin(across) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(half_chord)))


def _within(degrees_: float, most: float) -> bool:
    return isfinite(degrees_) and abs(degrees_) <= most


def _turned(longitude: float) -> float:
    """The same meridian between -180 and 180."""
    return (longitude + 180) % 360 - 180
