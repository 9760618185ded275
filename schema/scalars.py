"""Scalars: what a value looks like on the wire, and what is refused."""

import re
from datetime import UTC, date, datetime
from typing import NewType
from urllib.parse import urlsplit

import orjson
import strawberry
from email_validator import EmailNotValidError, validate_email
from graphql import GraphQLError
from strawberry.scalars import JSON
from strawberry.types.scalar import ScalarDefinition

from domain.policy import PARIS

URL = NewType("URL", str)
EmailAddress = NewType("EmailAddress", str)
TerritoryCode = NewType("TerritoryCode", str)

_UTC_Z = orjson.OPT_UTC_Z

MAXIMUM_URL = 2_000
MAXIMUM_EMAIL = 254
FIRST_YEAR, LAST_YEAR = 1900, 2200
"""Beyond these a date is a slip of the pen, and arithmetic with it may fail."""


def _wrong(what: str) -> GraphQLError:
    return GraphQLError(what, extensions={"code": "BAD_USER_INPUT"})


def _text(value: object, *, what: str, maximum: int) -> str:
    if not isinstance(value, str) or len(value) > maximum:
        raise _wrong(f"{what} is expected, of {maximum} characters at most.")
    return value


def read_url(value: object) -> str:
    """An absolute http(s) URL with a host, and without a name or password in it."""
    text = _text(value, what="A URL", maximum=MAXIMUM_URL).strip()
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
        _ = parts.port
    except ValueError:
        usable = False
    if not usable or re.search(r"[\s\x00-\x1f\x7f<>\"\\]", text):
        raise _wrong("An absolute http or https URL is expected.")
    return text


def read_email(value: object) -> str:
    """An address by its form; whether it is delivered to is not asked."""
    text = _text(value, what="An e-mail address", maximum=MAXIMUM_EMAIL).strip()
    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        raise _wrong("An e-mail address is expected.") from None
    return text


def read_territory(value: object) -> str:
    """A code by its form; whether there is such a territory is for the database to say."""
    text = _text(value, what="A territory code", maximum=6)
    if not re.fullmatch(r"[A-Z]{2}(-[A-Z0-9]{1,3})?", text):
        raise _wrong("An ISO 3166 code is expected, such as FR-44, FR-PDL or FR.")
    return text


def read_moment(value: object) -> datetime:
    """A date and time that says its offset, so that it is one moment."""
    text = _text(value, what="A date and time", maximum=40)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise _wrong("An ISO 8601 date and time with its offset is expected, such as 2026-09-01T18:30:00+02:00.")
    return moment.astimezone(UTC)


def read_day(value: object) -> date:
    """A calendar date."""
    text = _text(value, what="A date", maximum=10)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise _wrong("An ISO 8601 date is expected, such as 2026-09-01.")
    return day


def midnight(day: date) -> datetime:
    """When a day begins in Paris."""
    return datetime(day.year, day.month, day.day, tzinfo=PARIS)


def told(moment: datetime) -> str:
    """A moment as it is answered: in UTC, ending in Z."""
    # `isoformat` takes three times as long, and an answer has hundreds of moments
    return orjson.dumps(moment if moment.tzinfo is UTC else moment.astimezone(UTC), None, _UTC_Z)[1:-1].decode()


def _as_it_is(value: object) -> object:
    return value


SCALARS: dict[object, ScalarDefinition] = {
    datetime: strawberry.scalar(
        name="DateTime",
        description="A moment: ISO 8601 with an offset. Answered in UTC, as in 2026-09-01T16:30:00Z.",
        serialize=told,
        parse_value=read_moment,
    ),
    date: strawberry.scalar(
        name="Date",
        description="A calendar date: ISO 8601, as in 2026-09-01.",
        serialize=date.isoformat,
        parse_value=read_day,
    ),
    URL: strawberry.scalar(
        name="URL", description="An absolute http or https URL.", serialize=str, parse_value=read_url
    ),
    EmailAddress: strawberry.scalar(
        name="EmailAddress", description="An e-mail address.", serialize=str, parse_value=read_email
    ),
    JSON: strawberry.scalar(name="JSON", description="Any JSON value.", serialize=_as_it_is, parse_value=_as_it_is),
    TerritoryCode: strawberry.scalar(
        name="TerritoryCode",
        description="A territory by its ISO code: ISO 3166-2 (FR-44, FR-PDL, CH-GE, CA-QC) or ISO 3166-1 (FR).",
        serialize=str,
        parse_value=read_territory,
    ),
}
