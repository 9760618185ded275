"""Territories: countries, regions and departments, each within another."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Self, cast

import strawberry

from domain import territories as domain
from domain.ids import TerritoryCode as Code
from engine import Each, Shown, reads, relation
from resolvers import events as resolve_events
from resolvers import territories as resolve
from resolvers.context import Context
from schema.access import PUBLIC
from schema.event_filters import EventFilterInput, WhichEvents
from schema.event_pages import EventConnection, event_connections
from schema.ids import GlobalId, Kind, sealed
from schema.info import Info
from schema.limits.declared import PAGED, at_most, costs
from schema.nodes import Node, found_by
from schema.paging import After, Before, First, Last, window
from schema.scalars import TerritoryCode

ORDER = "territory-events"


@reads(domain.Territory, id=sealed(Kind.TERRITORY, "code"))
@strawberry.federation.type(keys=["id", "code"], description="A country, a region or a department.")
class Territory(Node):
    code: TerritoryCode = strawberry.field(description="Its ISO code: FR-44.")
    name: str = strawberry.federation.field(shareable=True, description="Its name in French: « Loire-Atlantique ».")

    @relation(description="What it lies in; null for a country.")
    @staticmethod
    async def parent(
        territories: Sequence[domain.Territory], context: Context
    ) -> Each[Annotated["Territory", strawberry.lazy("schema.territories")] | None]:
        return await places(context, [territory.parent_code for territory in territories])

    @relation(description="What lies right below it, in French order.", directives=at_most(30))
    @staticmethod
    async def children(
        territories: Sequence[domain.Territory], context: Context
    ) -> Each[list[Annotated["Territory", strawberry.lazy("schema.territories")]]]:
        return cast("Each[list[Territory]]", await resolve.within(context, [each.code for each in territories]))

    @relation(description="Events there, what it contains included; the latest first.", directives=PAGED)
    @staticmethod
    async def events(
        territories: Sequence[domain.Territory],
        context: Context,
        filter: WhichEvents = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        shown: Shown = None,
    ) -> Each[EventConnection]:
        asked = window(first=first, after=after, last=last, before=before, order=ORDER, shown=shown)
        where = EventFilterInput.meant(filter)
        codes = [territory.code for territory in territories]
        pages = await resolve_events.territory_events(context, codes, where, asked)
        return event_connections(
            codes, pages, where, order=ORDER, total=partial(resolve_events.territory_event_total, context)
        )

    @strawberry.field(description="How many citizens live there, what it contains included.", directives=costs(5))
    @staticmethod
    async def citizen_count(territory: strawberry.Parent[domain.Territory], info: Info) -> int:
        return await resolve.citizen_count(info.context, territory.code)

    @classmethod
    def of(cls, record: domain.Territory) -> Self:
        """What is read like that is one, when the program runs."""
        return cast("Self", record)


async def territory_of(info: Info, code: Code | str | None) -> Territory | None:
    """A territory by its code, for whatever has one."""
    found = await resolve.territory(info.context, Code(code)) if code else None
    return Territory.of(found) if found else None


async def places(context: Context, codes: Sequence[Code | str | None]) -> list[Territory | None]:
    """The same for many."""
    found = await resolve.many(context, [Code(code) for code in codes if code])
    return cast("list[Territory | None]", [found.get(Code(code)) if code else None for code in codes])


@found_by(Kind.TERRITORY)
async def territory_by_id(info: Info, id: GlobalId) -> Territory | None:
    return await territory_of(info, id.key)


@strawberry.type
class TerritoryQuery:
    @strawberry.field(directives=PUBLIC, description="A territory by its code; null where there is none.")
    async def territory(
        self, info: Info, code: Annotated[TerritoryCode, strawberry.argument(description="Its ISO code: FR-44.")]
    ) -> Territory | None:
        return await territory_of(info, code)

    @strawberry.field(
        directives=PUBLIC + at_most(30),
        description="The territories right below another, in French order; the countries unless told.",
    )
    async def territories(
        self,
        info: Info,
        parent: Annotated[
            TerritoryCode | None, strawberry.argument(description="The code of what they lie in: FR-PDL.")
        ] = None,
    ) -> list[Territory]:
        found = await resolve.territories(info.context, Code(parent) if parent else None)
        return [Territory.of(each) for each in found]
