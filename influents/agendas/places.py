"""Where an agenda says that people meet, and in which territory that lies."""

import math
import re
from dataclasses import dataclass
from functools import cache

from db.reference.territories import territories
from domain.events import Venue
from domain.ids import TerritoryCode
from domain.territories import department_of
from influents.agendas.texts import folded, one_line, plain, shortened

_FRANCE = {"FR", "BL", "GF", "GP", "MF", "MQ", "NC", "PF", "PM", "RE", "TF", "WF", "YT"}
"""France, and the codes of its own that ISO 3166-1 gives its parts overseas."""

_IN_ADDRESS = re.compile(r"(?<!\d)\d{2} ?\d{3}(?!\d)")
_ARRONDISSEMENT = re.compile(r"(Paris|Lyon|Marseille)[ -]+\d{1,2} ?(er?|[eè]me)?([ -]arrondissement)?", re.IGNORECASE)
_ARTICLES = re.compile(
    r"^(canton|departement|region|republique et canton|province)( de la| de l| du| des| de| d) |^la "
)
_TOWN = re.compile(r"(?:^|[\s,;])(?:(?:FR|F|CH)[- ])?(?P<code>\d{4,5})[\s,]+(?P<city>[^\W\d][^,;\n]*)")
_COUNTRIES = {"france": "FR", "suisse": "CH", "switzerland": "CH", "canada": "CA"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place as an agenda writes it: any of it may be missing. `country` is a code, or a name in French or English."""

    name: str = ""
    address: str = ""
    postal_code: str = ""
    city: str = ""
    department: str = ""
    region: str = ""
    country: str = ""
    latitude: object = None
    longitude: object = None


NOWHERE = Place()


def place_in_a_line(written: str) -> Place:
    """« Cantine Numérique, 20 rue de la Paix, 44000 Nantes, France »: before the town are a name and a street.

    Without a postal code the town is what stands before the country, or after a street that begins with its number;
    else nothing tells it from a room, and only the name is known.
    """
    lines = [part.strip() for part in re.split(r"[,;\n]", plain(written)) if part.strip()]
    country = _COUNTRIES.get(folded(lines[-1]), "") if len(lines) > 1 else ""
    lines = lines[:-1] if country else lines
    for number in range(len(lines) - 1, -1, -1):
        if town := _TOWN.search(lines[number]):
            before = [*lines[:number], lines[number][: town.start()].strip()]
            code, city = town["code"], town["city"].strip()
            break
    else:
        street = len(lines) > 1 and lines[-2][:1].isdigit() and not re.search(r"\d", lines[-1])
        known = len(lines) > 1 and (bool(country) or street)
        before, code, city = lines[:-1] if known else lines, "", lines[-1] if known else ""
    name, *street = [each for each in before if each] or [""]
    if name[:1].isdigit() and not street:
        name, street = "", [name]
    return Place(name=name, address=", ".join(street), postal_code=code, city=city, country=country)


def venue_of(place: Place) -> Venue | None:
    """The place to go to; None where no city is known."""
    city = one_line(place.city)
    if not city:
        return None
    latitude, longitude = _position(place) or (None, None)
    return Venue(
        city=match[1].capitalize() if (match := _ARRONDISSEMENT.fullmatch(city)) else city,
        name=shortened(one_line(place.name), 200) or None,
        address=shortened(one_line(place.address), 300) or None,
        postal_code=_postal_code(place) or None,
        latitude=latitude,
        longitude=longitude,
    )


def territory_of(place: Place) -> TerritoryCode | None:
    """The department that the postal code tells; else the department, canton or region that is named."""
    country = _country(place)
    if country in {"FR", ""} and (code := department_of(_postal_code(place))):
        return code
    for written in (place.department, place.region):
        name = _ARTICLES.sub("", folded(written))
        for within in (country,) if country else ("FR", "CH", "CA"):
            if code := _by_name().get((within, name)):
                return code
    return None


def _country(place: Place) -> str:
    """FR, CH, CA, another country's code or name, or nothing where it isn't said."""
    written = place.country.strip()
    if not written:
        return ""
    if written.upper() in _FRANCE or (name := folded(written)).startswith("france"):
        return "FR"
    return _COUNTRIES.get(name, written.upper())


def _postal_code(place: Place) -> str:
    given, country = one_line(place.postal_code), _country(place)
    if given or country not in {"FR", ""}:
        return given.zfill(5) if country == "FR" else given  # a table may have taken 01000 for a number
    found: list[str] = _IN_ADDRESS.findall(place.address)
    return next((code.replace(" ", "") for code in reversed(found) if department_of(code)), "")


def _position(place: Place) -> tuple[float, float] | None:
    """Latitude and longitude in degrees, if both are there and lie on Earth (0, 0 is where lost positions go)."""
    latitude, longitude = _number(place.latitude), _number(place.longitude)
    if latitude is None or longitude is None or not (latitude or longitude):
        return None
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None  # noqa: PLR2004 - degrees


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value.replace(",", ".") if isinstance(value, str) else value)
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
