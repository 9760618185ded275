import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain.geography import BadPosition, Bounds, Near, distance_km

NANTES, PARIS, GENEVA = (47.2184, -1.5536), (48.8566, 2.3522), (46.2044, 6.1432)
latitudes, longitudes = st.floats(-90, 90), st.floats(-180, 180)


def test_distances_are_those_of_an_atlas() -> None:
    assert distance_km(Near(*NANTES, 1), *PARIS) == pytest.approx(342, abs=2)
    assert distance_km(Near(*PARIS, 1), *GENEVA) == pytest.approx(411, abs=2)
    assert distance_km(Near(*NANTES, 1), *NANTES) == 0


@given(latitudes, longitudes, st.floats(0.001, 500), latitudes, longitudes)
def test_what_lies_in_the_circle_lies_in_its_box(
    latitude: float, longitude: float, radius: float, up: float, across: float
) -> None:
    near = Near(latitude, longitude, radius)
    assume(distance_km(near, up, across) <= radius * 0.999)

    box = near.box()

    assert box.south <= up <= box.north
    assert any(west - 1e-9 <= across <= east + 1e-9 for west, east in box.longitudes())


@given(latitudes, longitudes, st.floats(0.1, 500), st.floats(0, 0.99), st.floats(0, 0.99))
def test_points_close_to_the_middle_are_in_the_box_too(
    latitude: float, longitude: float, radius: float, north: float, east: float
) -> None:
    """As above, from points that are near by construction, also across the 180th meridian and at the poles."""
    near = Near(latitude, longitude, radius)
    up = min(90.0, latitude + north * radius / 111.2)
    across = (longitude + east * radius / 111.2 + 180) % 360 - 180
    assume(distance_km(near, up, across) <= radius * 0.999)

    box = near.box()

    assert box.south <= up <= box.north
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
