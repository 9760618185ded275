"""Events with what is told beside them in every feed: who organises them, and where they are."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from domain.citizens import Citizen
from domain.events import Event
from domain.ids import TerritoryCode
from domain.organizations import Organization
from domain.territories import Territory
from resolvers import events as resolve
from resolvers import territories
from resolvers.context import Context

Organizer = Citizen | Organization


@dataclass(frozen=True, slots=True)
class Listed:
    """An event as whoever asks may see it; `organizer` is None where that person is hidden or gone."""

    event: Event
    organizer: Organizer | None = None
    territory: Territory | None = None

    def page(self, address: str) -> str:
        """Where more is told of it: its organisers' page, or ours."""
        return self.event.details.website_url or self.own_page(address)

    def own_page(self, address: str) -> str:
        return f"{address}/events/{self.event.slug}"


async def listed(ctx: Context, events: Sequence[Event]) -> list[Listed]:
    """Events with who organises them and where they are: a statement each for organisations, citizens, territories."""
    return list(await asyncio.gather(*(_listed(ctx, event) for event in events)))


async def _listed(ctx: Context, event: Event) -> Listed:
    code = event.details.territory
    organizer, territory = await asyncio.gather(resolve.organizer(ctx, event), _territory(ctx, code))
    return Listed(event, organizer, territory)


async def _territory(ctx: Context, code: TerritoryCode | None) -> Territory | None:
    return await territories.territory(ctx, code) if code else None
