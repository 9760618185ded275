"""Where a record says that people meet, and in which territory that lies."""

import math
import re
from functools import cache

from db.reference.territories import territories
from domain.events import Venue
from domain.ids import TerritoryCode
from domain.territories import department_of
from influents.agendas.records import Fields, loaded, text_in
from influents.agendas.texts import folded, one_line, shortened

_FRANCE = {"FR", "BL", "GF", "GP", "MF", "MQ", "NC", "PF", "PM", "RE", "TF", "WF", "YT"}
"""France, and the codes of its own that ISO 3166-1 gives its parts overseas."""

_IN_ADDRESS = re.compile(r"(?<!\d)\d{2} ?\d{3}(?!\d)")
_ARRONDISSEMENT = re.compile(r"(Paris|Lyon|Marseille)[ -]+\d{1,2} ?(er?|[eè]me)?([ -]arrondissement)?", re.IGNORECASE)
_ARTICLES = re.compile(
    r"^(canton|departement|region|republique et canton|province)( de la| de l| du| des| de| d) |^la "
)
_DEPARTMENT = ("location_department", "location_adminlevel2", "department")
_REGION = ("location_region", "location_adminlevel1", "region")


def venue_of(fields: Fields) -> Venue | None:
    """The place to go to; None where the record names no city."""
    city = one_line(text_in(fields, "location_city", "location_adminlevel4", "city"))
    if not city:
        return None
    name = one_line(text_in(fields, "location_name", "placename"))
    address = one_line(text_in(fields, "location_address", "address"))
    latitude, longitude = _position(fields) or (None, None)
    return Venue(
        city=match[1].capitalize() if (match := _ARRONDISSEMENT.fullmatch(city)) else city,
        name=shortened(name, 200) or None,
        address=shortened(address, 300) or None,
        postal_code=_postal_code(fields) or None,
        latitude=latitude,
        longitude=longitude,
    )


def territory_of(fields: Fields) -> TerritoryCode | None:
    """The department that the postal code tells; else the department, canton or region that the record names."""
    country = _country(fields)
    if country in {"FR", ""} and (code := department_of(_postal_code(fields))):
        return code
    for names in (_DEPARTMENT, _REGION):
        name = _ARTICLES.sub("", folded(text_in(fields, *names)))
        for within in (country,) if country else ("FR", "CH", "CA"):
            if code := _by_name().get((within, name)):
                return code
    return None


def _country(fields: Fields) -> str:
    """FR, CH, CA, another country's code or name, or nothing where the record doesn't say."""
    code = text_in(fields, "location_countrycode", "countrycode").strip().upper()
    name = folded(text_in(fields, "location_country", "country"))
    if code in _FRANCE or (not code and name.startswith("france")):
        return "FR"
    return code or {"suisse": "CH", "switzerland": "CH", "canada": "CA"}.get(name, name)


def _postal_code(fields: Fields) -> str:
    given = one_line(text_in(fields, "location_postalcode", "postalcode", "postal_code"))
    country = _country(fields)
    if given or country not in {"FR", ""}:
        return given.zfill(5) if country == "FR" else given  # a table may have taken 01000 for a number
    found: list[str] = _IN_ADDRESS.findall(text_in(fields, "location_address", "address"))
    return next((code.replace(" ", "") for code in reversed(found) if department_of(code)), "")


def _position(fields: Fields) -> tuple[float, float] | None:
    """Latitude and longitude in degrees, if both are there and lie on Earth (0, 0 is where lost positions go)."""
    pair = loaded(fields.get("location_coordinates") or fields.get("latlon"))
    if isinstance(pair, str):
        pair = pair.split(",")
    if isinstance(pair, dict):
        pair = [pair.get("lat"), pair.get("lon")]
    if not isinstance(pair, list):
        pair = [fields.get("location_latitude"), fields.get("location_longitude")]
    degrees = [number for each in pair[:3] if (number := _number(each)) is not None]
    if len(degrees) != 2 or not any(degrees):  # noqa: PLR2004 - a pair
        return None
    latitude, longitude = degrees
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None  # noqa: PLR2004 - degrees


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


@cache
def _by_name() -> dict[tuple[str, str], TerritoryCode]:
    """By country, and by name or by the end of the code (`44`, `vd`)."""
    found = {("FR", "75"): TerritoryCode("FR-75C")}
    for territory in territories():
        country, _, end = territory.code.partition("-")
        if end:
            found[country, _ARTICLES.sub("", folded(territory.name))] = territory.code
            found[country, end.casefold()] = territory.code
    return found
