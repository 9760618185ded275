"""The formats that agendas come in: seen from what stands there, and read into rows by one rule for all."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from typing import BinaryIO

from domain.imports import ImportedEvent, RejectedRecord
from influents.agendas import icalendars, linked_data, openagenda, records, tables
from influents.agendas.json_files import UnreadableAgenda
from influents.agendas.rows import Record, Unsaid, rows_of

Row = ImportedEvent | RejectedRecord

_LOOKED_AT = 1 << 16


class AgendaFormat(StrEnum):
    """How a file is to be read."""

    OPENAGENDA = "openagenda"
    ICALENDAR = "icalendar"
    SCHEMA_ORG = "schema-org"
    CSV = "csv"


def recognised(file: BinaryIO) -> AgendaFormat:
    """What a file is, by how it begins.

    Raises:
        UnreadableAgenda: That tells nothing.
    """
    start = file.tell()
    head = file.read(_LOOKED_AT)
    file.seek(start)
    text = head.decode(json.detect_encoding(head), "replace").lstrip("\ufeff \t\r\n")
    if text[:15].upper() == "BEGIN:VCALENDAR":
        return AgendaFormat.ICALENDAR
    if text.startswith("<"):
        return AgendaFormat.SCHEMA_ORG
    if text.startswith(("[", "{")):
        linked = any(f'"{name}"' in text for name in ("@context", "@type", "@graph"))
        return AgendaFormat.SCHEMA_ORG if linked else AgendaFormat.OPENAGENDA
    if any(separator in text.partition("\n")[0] for separator in ";,\t"):
        return AgendaFormat.CSV
    names = ", ".join(AgendaFormat)
    raise UnreadableAgenda(f"Nothing tells what it is: expected one of {names} (--format says which)")


def rows(file: BinaryIO, form: AgendaFormat, unsaid: Unsaid, now: datetime) -> Iterator[Row]:
    """Every row of a file, while it is read.

    Args:
        file: The agenda; it can be read twice.
        form: How to read it.
        unsaid: What holds where it says nothing.
        now: The time.

    Raises:
        UnreadableAgenda: It isn't in that format, or breaks off; what came before is good.
    """
    if form is AgendaFormat.OPENAGENDA:
        for record in records.records(file):
            yield from openagenda.events_of(record, unsaid)
        return
    found: Iterable[Record | RejectedRecord]
    match form:
        case AgendaFormat.ICALENDAR:
            found = icalendars.records(file, now)
        case AgendaFormat.SCHEMA_ORG:
            found = linked_data.records(file)
        case AgendaFormat.CSV:
            found = tables.records(file)
    for each in found:
        if isinstance(each, RejectedRecord):
            yield each
        else:
            yield from rows_of(each, unsaid)
