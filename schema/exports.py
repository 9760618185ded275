"""A copy of everything that is held on a person, as JSON that says what the API says."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import cast
from uuid import UUID

from strawberry.scalars import JSON

from resolvers.exports import Export
from schema.ids import Kind, seal
from schema.scalars import told

SECTIONS = {
    "profile": Kind.CITIZEN,
    "sessions": Kind.SESSION,
    "notifications": Kind.NOTIFICATION,
    "participations": Kind.PARTICIPATION,
    "ledger": Kind.LEDGER_ENTRY,
    "skills": Kind.SKILL,
    "events": Kind.EVENT,
    "eventsNamed": Kind.EVENT,
}
COLUMNS = {
    "event_id": Kind.EVENT,
    "organization_id": Kind.ORGANIZATION,
    "recognized_by": Kind.ORGANIZATION,
    "participation_id": Kind.PARTICIPATION,
    "reverses_id": Kind.LEDGER_ENTRY,
}
"""What the keys in these are of; they are written as the API's own ids. Others stay as they are."""


def as_json(export: Export) -> JSON:
    """An export, its sections and columns named as the API names its fields."""
    return cast("JSON", {section: [_row(section, row) for row in rows] for section, rows in export.items()})


def _row(section: str, row: Mapping[str, object]) -> dict[str, object]:
    kinds = COLUMNS | ({"id": SECTIONS[section]} if section in SECTIONS else {})
    return {_camel(column): _value(value, kinds.get(column)) for column, value in row.items()}


def _camel(name: str) -> str:
    return re.sub(r"_(\w)", lambda found: found[1].upper(), name)


def _value(value: object, kind: Kind | None = None) -> object:
    match value:
        case UUID():
            return seal(kind, value) if kind else str(value)
        case datetime():
            return told(value)
        case date():
            return value.isoformat()
        case Decimal():
            return float(value)
        case Enum():
            return value.name
        case Mapping():
            return {str(key): _value(each) for key, each in value.items()}
        case list():
            return [_value(each) for each in value]
    return value
