"""Where events are: in a rectangle, near a point, and how far from it."""

from collections.abc import Iterator

import sqlalchemy as sa

from db.tables import event
from db.visibility import Condition
from domain.filters import EventFilter
from domain.geography import EARTH_RADIUS_KM, Bounds, Near


def placed(where: EventFilter) -> Iterator[Condition]:
    """What a filter says of where an event is: in a rectangle, in a circle."""
    if where.within is not None:
        yield _inside(where.within)
    if where.near is not None:
        yield _inside(where.near.box())
        yield distance(where.near) <= where.near.radius_km


def _inside(bounds: Bounds) -> Condition:
    across = (event.c.longitude.between(west, east) for west, east in bounds.longitudes())
    return event.c.latitude.between(bounds.south, bounds.north) & sa.or_(*across)


def distance(near: Near) -> sa.ColumnElement[float]:
    """Kilometres from the middle of a circle, as `domain.geography.distance_km` computes them."""
    up = sa.func.sin(sa.func.radians(event.c.latitude - near.latitude) / 2)
    across = sa.func.sin(sa.func.radians(event.c.longitude - near.longitude) / 2)
    widths = sa.func.cos(sa.func.radians(sa.literal(near.latitude))) * sa.func.cos(sa.func.radians(event.c.latitude))
    half_chord = sa.func.sqrt(up * up + widths * across * across)
    return sa.type_coerce(2 * EARTH_RADIUS_KM * sa.func.asin(sa.func.least(1.0, half_chord)), sa.Double)
