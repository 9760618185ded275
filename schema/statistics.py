"""Numbers for a landing page."""

from datetime import datetime
from typing import Annotated, Self

import strawberry

from domain import statistics as domain
from domain.ids import TerritoryCode as Code
from domain.words import ThemeCode
from resolvers import statistics as resolve
from schema.access import PUBLIC
from schema.info import Info
from schema.limits.declared import at_most
from schema.scalars import TerritoryCode
from schema.themes import Theme


@strawberry.federation.type(shareable=True, description="What happens on a theme.")
class ThemeStats:
    theme: Theme = strawberry.field(description="The theme.")
    events: int = strawberry.field(description="Events that are to come or took place.")
    attendances: int = strawberry.field(description="Confirmed participations; 0 where fewer than five people came.")


@strawberry.type(
    description="What happens in a territory, with what it contains. Counted every ten minutes; numbers that fewer "
    "than five people stand behind are 0."
)
class Stats:
    citizens: int = strawberry.field(description="Citizens who live there.")
    events: int = strawberry.field(description="Events that are to come or took place.")
    upcoming_events: int = strawberry.field(description="Events that had not begun when this was counted.")
    organizations: int = strawberry.field(description="Organisations that are at home there.")
    attendances: int = strawberry.field(description="Confirmed participations, online ones by where people live.")
    hours: float = strawberry.field(description="Hours that people gave.")
    by_theme: list[ThemeStats] = strawberry.field(
        description="The same for each theme that has events.", directives=at_most(6)
    )
    counted_at: datetime | None = strawberry.field(description="When this was counted; null where it is yet to be.")

    @classmethod
    def of(cls, whole: domain.Statistics, themes: list[ThemeStats]) -> Self:
        return cls(
            citizens=whole.citizens,
            events=whole.events,
            upcoming_events=whole.upcoming_events,
            organizations=whole.organizations,
            attendances=whole.attendances,
            hours=whole.hours,
            by_theme=themes,
            counted_at=whole.counted_at,
        )


@strawberry.type
class StatisticsQuery:
    @strawberry.field(directives=PUBLIC, description="Numbers for a landing page.")
    async def stats(
        self,
        info: Info,
        territory: Annotated[
            TerritoryCode | None,
            strawberry.argument(description="Where, what it contains included; everywhere unless told."),
        ] = None,
    ) -> Stats:
        whole, by_theme = await resolve.of_territory(info.context, Code(territory) if territory else None)
        counted = {each.theme: each for each in by_theme}
        themes = [
            ThemeStats(theme=Theme.of(code), events=found.events, attendances=found.attendances)
            for code in ThemeCode
            if (found := counted.get(code))
        ]
        return Stats.of(whole, themes)
