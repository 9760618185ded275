"""A field on every organiser, whoever they are: `Organizer` is an interface at Influents, and an object here.

A subgraph that does so can't say anything of `Citizen` or `Organization` themselves, which is why this isn't a part of
the mobility subgraph.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Self

import strawberry
from strawberry.federation import Schema
from strawberry.schema.config import StrawberryConfig
from strawberry.types.scalar import ScalarDefinition

Id = strawberry.ID
SCALARS: dict[object, ScalarDefinition] = {
    date: strawberry.scalar(name="Date", serialize=date.isoformat, parse_value=date.fromisoformat),
}


class Labels:
    """Since when which organisers hold the label, by the ids that Influents gives."""

    def __init__(self, since: Mapping[str, date] | None = None) -> None:
        self.since = since or {}

    @classmethod
    def kept_in(cls, file: Path | None) -> "Labels":
        """Those of a file; none without one."""
        told = json.loads(file.read_text(encoding="utf-8")) if file else {}
        return cls({organizer: date.fromisoformat(day) for organizer, day in told.items()})


@dataclass(frozen=True, slots=True)
class Context:
    """What every request is given."""

    labels: Labels


Info = strawberry.Info[Context, None]


@strawberry.type(description="The label « Événement sobre »: events without a car, a plane, or a plastic cup.")
class GreenLabel:
    since: date = strawberry.field(description="The day it was given.")


@strawberry.federation.interface_object(keys=["id"])
class Organizer:
    id: Id

    @strawberry.field(description="The label for green events; null where they don't hold it.")
    def green_label(self, info: Info) -> GreenLabel | None:
        since = info.context.labels.since.get(self.id)
        return GreenLabel(since=since) if since else None

    @classmethod
    def resolve_reference(cls, id: str) -> Self:
        return cls(id=Id(id))


@strawberry.type
class Query:
    @strawberry.field(description="Everybody who holds the label, the first first; null where they left Influents.")
    def green_organizers(self, info: Info) -> list[Organizer | None]:
        since = info.context.labels.since
        return [Organizer(id=Id(each)) for each in sorted(since, key=lambda each: since[each])]


schema = Schema(query=Query, federation_version="2.9", config=StrawberryConfig(scalar_map=SCALARS))
