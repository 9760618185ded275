from math import asin, atan2, cos, degrees, pi, radians, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.geography import EARTH_RADIUS_KM, BadPosition, Bounds, Near, distance_km

NANTES, PARIS, GENEVA = (47.2184, -1.5536), (48.8566, 2.3522), (46.2044, 6.1432)
latitudes, longitudes = st.floats(-90, 90), st.floats(-180, 180)


def test_distances_are_those_of_an_atlas() -> None:
    assert distance_km(Near(*NANTES, 1), *PARIS) == pytest.approx(342, abs=2)
    assert distance_km(Near(*PARIS, 1), *GENEVA) == pytest.approx(411, abs=2)
    assert distance_km(Near(*NANTES, 1), *NANTES) == 0


@given(latitudes, longitudes, st.floats(0.001, 500), st.floats(0, 0.999), st.floats(0, 2 * pi))
def test_what_lies_in_the_circle_lies_in_its_box(
    latitude: float, longitude: float, radius: float, part: float, bearing: float
) -> None:
    """At the poles and across the 180th meridian too: a point somewhere in the circle, by going there."""
    near = Near(latitude, longitude, radius)
    angle, up = part * radius / EARTH_RADIUS_KM, radians(latitude)
    there = asin(max(-1, min(1, sin(up) * cos(angle) + cos(up) * sin(angle) * cos(bearing))))
    turn = atan2(sin(bearing) * sin(angle) * cos(up), cos(angle) - sin(up) * sin(there))
    across = (longitude + degrees(turn) + 180) % 360 - 180

    box = near.box()

    assert distance_km(near, degrees(there), across) == pytest.approx(part * radius, abs=0.1)
    assert box.south - 1e-9 <= degrees(there) <= box.north + 1e-9
    assert any(west - 1e-9 <= across <= east + 1e-9 for west, east in box.longitudes())


@pytest.mark.parametrize(
    ("latitude", "longitude", "radius"),
    [
        (90.1, 0, 1),
        (-91, 0, 1),
        (0, 180.5, 1),
        (0, 0, 0),
        (0, 0, -1),
        (0, 0, 501),
        (float("nan"), 0, 1),
        (0, float("inf"), 1),
        (0, 0, float("nan")),
    ],
)
def test_a_circle_that_cannot_be_on_the_earth_is_refused(latitude: float, longitude: float, radius: float) -> None:
    with pytest.raises(BadPosition):
        Near(latitude, longitude, radius)


def test_a_rectangle_may_lie_across_the_180th_meridian_but_not_upside_down() -> None:
    assert list(Bounds(north=10, south=0, east=-170, west=170).longitudes()) == [(170, 180), (-180, -170)]
    with pytest.raises(BadPosition):
        Bounds(north=0, south=10, east=1, west=0)
