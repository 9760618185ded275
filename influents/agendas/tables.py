"""Events in a table with a header: CSV as spreadsheets and databases write it, in French or English.

`records(file)` goes through its rows. What separates columns (, ; or a tab) is seen from the header; a file that isn't
UTF-8 is read as Windows wrote it (cp1252). `COLUMNS` lists what headers may be called, without accents and case.
"""

import codecs
import csv
import re
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import BinaryIO, Final

from domain.events import EventFormat
from domain.imports import RejectedRecord
from influents.agendas.json_files import UnreadableAgenda
from influents.agendas.places import Place, place_in_a_line
from influents.agendas.records import Unusable
from influents.agendas.rows import UNLESS_TOLD, Record, dates_of, named
from influents.agendas.texts import folded, one_line
from influents.agendas.timings import day_or_time, zone_called

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "identity": ("id", "identifiant", "uid", "reference", "external id"),
    "title": ("titre", "title", "nom", "name", "intitule", "evenement", "event"),
    "description": ("description", "descriptif", "resume", "summary", "presentation"),
    "start": ("debut", "date de debut", "date debut", "date", "start", "start date", "starts at"),
    "start_time": ("heure de debut", "heure debut", "heure", "start time", "time"),
    "end": ("fin", "date de fin", "date fin", "end", "end date", "ends at"),
    "end_time": ("heure de fin", "heure fin", "end time"),
    "time_zone": ("fuseau horaire", "fuseau", "time zone", "timezone"),
    "place": ("lieu", "nom du lieu", "salle", "place", "venue", "location"),
    "address": ("adresse", "rue", "address", "street", "street address"),
    "postal_code": ("code postal", "cp", "postal code", "postcode", "zip", "zip code"),
    "city": ("ville", "commune", "city", "town"),
    "country": ("pays", "country"),
    "latitude": ("latitude", "lat"),
    "longitude": ("longitude", "lon", "lng"),
    "keywords": (
        "mots cles",
        "etiquettes",
        "categorie",
        "categories",
        "themes",
        "theme",
        "keywords",
        "tags",
        "category",
    ),
    "format": ("format", "modalite", "mode"),
    "ways_in": ("tarif", "tarifs", "conditions", "inscription", "price", "registration"),
    "page": ("site web", "site", "lien", "url", "page", "website", "link"),
    "image": ("image", "photo", "picture"),
    "capacity": ("places", "jauge", "capacite", "capacity", "seats"),
    "status": ("statut", "etat", "annule", "status", "cancelled"),
}
"""What each column is called; of two that are there, the first named here counts."""

_FORMATS = {
    EventFormat.IN_PERSON: ("", "sur place", "presentiel", "in person"),
    EventFormat.ONLINE: ("en ligne", "distanciel", "a distance", "visio", "online", "virtual"),
    EventFormat.HYBRID: ("hybride", "mixte", "hybrid", "mixed"),
}
_CANCELLED = re.compile(r"(annule|reporte|cancel|postponed)|^(oui|yes|true|vrai|x|1)$")
_DAY = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
_TIME = re.compile(r"(\d{1,2}) ?[h:.] ?(\d{2})?(?::(\d{2}))?(?:\.\d+)? ?(Z|[+-]\d{2}:?\d{2})?", re.IGNORECASE)
_LONGEST_LINE = 1 << 20
_MOST_WORDS = 50


def records(file: BinaryIO) -> Iterator[Record | RejectedRecord]:
    """Every row of a table.

    Raises:
        UnreadableAgenda: Its header names no title and no date, or the table breaks off.
    """
    encoding = _encoding(file)
    lines = _lines(file, encoding)
    header = next((line for line in lines if line.strip()), "")
    if header.lower().startswith("sep="):  # a hint for spreadsheets
        header = next(lines, "")
    delimiter = max(";,\t", key=header.count)
    try:
        rows = csv.reader(chain([header], lines), delimiter=delimiter, strict=True)
        columns = columns_of(next(rows, []))
        if not {"title", "start"} <= set(columns):
            raise UnreadableAgenda(
                "No header with a title and a date: name the columns, such as titre;date;heure;lieu;ville"
            )
        yield from _rows(rows, columns)
    except csv.Error as error:
        raise UnreadableAgenda(
            f"It isn't a table to its end ({error}): check its quotes, and export it again"
        ) from error


def columns_of(header: list[str]) -> dict[str, int]:
    """Where each column is, by its name in `COLUMNS`."""
    there = {folded(name): number for number, name in reversed(list(enumerate(header)))}
    found: dict[str, int] = {}
    for column, names in COLUMNS.items():
        number = next((there[name] for name in names if name in there), None)
        if number is not None:
            found[column] = number
    return found


def _rows(rows: Iterator[list[str]], columns: Mapping[str, int]) -> Iterator[Record | RejectedRecord]:
    width = max(columns.values()) + 1
    for number, cells in enumerate(rows, 2):
        if not any(cell.strip() for cell in cells):
            continue
        padded = [*cells, *[""] * (width - len(cells))]
        row = {column: padded[at].strip() for column, at in columns.items()}
        try:
            yield _record(row, number)
        except Unusable as unusable:
            yield RejectedRecord(_name(row, number), unusable.reason, unusable.detail)


def _record(row: Mapping[str, str], number: int) -> Record:
    zone = zone_called(row.get("time_zone", ""))
    begin = _moment(row.get("start", ""), row.get("start_time", ""))
    end_day = row.get("end", "") or (row["start"] if row.get("end_time") else "")
    end = _moment(end_day, row.get("end_time", ""))
    if end and not row.get("end", "") and "T" not in begin:
        raise Unusable("unreadable-date", f"{row['start']} – {row.get('end_time', '')}")
    name = _name(row, number)
    dates_written = [day_or_time(begin, end, unless_told=UNLESS_TOLD)] if begin else []
    dates, rejected = dates_of(dates_written, zone, name, only=True)
    written = folded(row.get("format", ""))
    form = next((form for form, names in _FORMATS.items() if written in names), None)
    if form is None:
        raise Unusable("unreadable", row["format"])
    return Record(
        identity=row.get("identity") or f"{one_line(row.get('title', ''))}@{begin}",
        title=row.get("title", ""),
        time_zone=zone.key,
        dates=dates,
        rejected=rejected,
        name=name,
        descriptions=(row.get("description", ""),),
        keywords=tuple(
            word.strip() for word in re.split(r"[,;|/]", row.get("keywords", ""))[:_MOST_WORDS] if word.strip()
        ),
        format=form,
        place=_place(row),
        ways_in=(row.get("ways_in", ""),),
        pages=(row.get("page", ""),),
        images=(row.get("image", ""),),
        capacity=_capacity(row.get("capacity", "")),
        cancelled=bool(_CANCELLED.search(folded(row.get("status", "")))),
    )


def _place(row: Mapping[str, str]) -> Place:
    place = Place(
        name=row.get("place", ""),
        address=row.get("address", ""),
        postal_code=row.get("postal_code", ""),
        city=row.get("city", ""),
        country=row.get("country", ""),
        latitude=row.get("latitude"),
        longitude=row.get("longitude"),
    )
    if place.city:
        return place
    line = place_in_a_line(", ".join(filter(None, [place.name, place.address])))
    return Place(
        name=place.name if place.address else line.name, address=line.address, postal_code=line.postal_code,
        city=line.city, country=line.country, latitude=place.latitude, longitude=place.longitude,
    )  # fmt: skip


def _moment(day: str, time: str) -> str:
    """A day, and a time if there is one, in ISO 8601; as it is where it can't be read."""
    if match := _DAY.match(day):
        # Day before month, as in French; a month of 13 is told, and not turned round.
        day = f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}{day[match.end() :]}"
    day, rest = day[:10], day[10:].lstrip(" Tà,-")
    written = time or rest
    if not written or not day:
        return day
    if match := _TIME.fullmatch(written.strip()):
        return f"{day}T{int(match[1]):02}:{match[2] or '00'}:{match[3] or '00'}{match[4] or ''}"
    return f"{day}T{written}"


def _capacity(written: str) -> int | None:
    if not written:
        return None
    if not re.fullmatch(r"\d{1,7}", written) or not int(written):
        raise Unusable("unreadable", written)
    return int(written)


def _name(row: Mapping[str, str], number: int) -> str:
    return f"row {number}: {named(row.get('identity', ''), row.get('title', ''))}".removesuffix(": ")


def _encoding(file: BinaryIO) -> str:
    """UTF-8 if all of it is, else that of Windows."""
    start = file.tell()
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while piece := file.read(1 << 18):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    finally:
        file.seek(start)
    return "utf-8"


def _lines(file: BinaryIO, encoding: str) -> Iterator[str]:
    for number, line in enumerate(file):
        if len(line) > _LONGEST_LINE:
            raise UnreadableAgenda(f"Line {number + 1} is longer than a mebibyte: expected a table (CSV)")
        yield line.decode(encoding, "replace").removeprefix("\ufeff")
