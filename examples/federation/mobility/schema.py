"""What the mobility subgraph adds to the graph: fields on types of Influents, and types of its own.

Of a foreign type it says a key and its own fields, and describes nothing else: that is for Influents. What it needs to
know of one, it marks as external and names in `requires`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, NewType, Self

import strawberry
from strawberry.federation import Schema
from strawberry.schema.config import StrawberryConfig
from strawberry.types.scalar import ScalarDefinition

from . import timetables
from .offers import Offer, Offers

TerritoryCode = NewType("TerritoryCode", str)
Id = strawberry.ID
SCALARS: dict[object, ScalarDefinition] = {
    TerritoryCode: strawberry.scalar(name="TerritoryCode", serialize=str, parse_value=str),
    datetime: strawberry.scalar(name="DateTime", serialize=datetime.isoformat, parse_value=datetime.fromisoformat),
}
NETWORKS = {network.code: network for network in timetables.networks()}


@dataclass(frozen=True, slots=True)
class Context:
    """What every request is given."""

    offers: Offers


Info = strawberry.Info[Context, None]


@strawberry.federation.type(keys=["code"])
class Territory:
    code: TerritoryCode
    name: str = strawberry.federation.field(external=True, default=strawberry.UNSET)

    @strawberry.field(description="The networks of public transport there.")
    def transport_networks(self) -> list["Network"]:
        return [Network.of(each) for each in NETWORKS.values() if each.territory == self.code]

    @strawberry.field(description="Kilometres of cycle lanes; null where nobody has counted.")
    def cycle_lane_km(self) -> int | None:
        return next((each.cycle_lane_km for each in NETWORKS.values() if each.territory == self.code), None)

    @classmethod
    def resolve_reference(cls, code: str) -> Self:
        return cls(code=TerritoryCode(code))


@strawberry.federation.type(keys=["code"], description="Public transport of a department.")
class Network:
    code: Id = strawberry.field(description="What it is known by.")
    name: str = strawberry.field(description="What it is called.")
    website_url: str = strawberry.field(description="Its web site.")
    # The department's name is the same for everybody: with `provides`, a gateway need not ask Influents for it.
    territory: Territory = strawberry.federation.field(provides=["name"], description="Where it runs.")

    @classmethod
    def of(cls, network: timetables.Network) -> Self:
        territory = Territory(code=TerritoryCode(network.territory), name=network.department)
        return cls(code=Id(network.code), name=network.name, website_url=network.website, territory=territory)

    @classmethod
    def resolve_reference(cls, code: str) -> Self | None:
        found = NETWORKS.get(code)
        return cls.of(found) if found else None


@strawberry.type(description="The last vehicle of a line that is in time, and the walk from its stop.")
class Journey:
    network: Network = strawberry.field(description="Who runs it.")
    line: str = strawberry.field(description="The line.")
    stop: str = strawberry.field(description="Where to get off.")
    arrives_at: datetime = strawberry.field(description="When it is there.")
    walk_minutes: int = strawberry.field(description="How long to walk from there.")

    @classmethod
    def of(cls, journey: timetables.Journey) -> Self:
        return cls(
            network=Network.of(journey.network),
            line=journey.stop.line,
            stop=journey.stop.name,
            arrives_at=journey.arrives_at,
            walk_minutes=journey.walk_minutes,
        )


@strawberry.federation.type
class Venue:
    latitude: float | None = strawberry.federation.field(external=True)
    longitude: float | None = strawberry.federation.field(external=True)


@strawberry.federation.type(keys=["slug"])
class Event:
    slug: str
    starts_at: datetime = strawberry.federation.field(external=True, default=strawberry.UNSET)
    venue: Venue | None = strawberry.federation.field(external=True, default=None)

    @strawberry.federation.field(
        requires=["startsAt venue { latitude longitude }"],
        description="How to be there in time without a car, the shortest walk first; none where no line stops near.",
    )
    def public_transport(self) -> list[Journey]:
        if self.venue is None or self.venue.latitude is None or self.venue.longitude is None:
            return []
        found = timetables.journeys(
            list(NETWORKS.values()),
            latitude=self.venue.latitude,
            longitude=self.venue.longitude,
            by=self.starts_at,
        )
        return [Journey.of(each) for each in found]

    @strawberry.field(description="Bikes that people lend for the way there.")
    def bike_offers(self, info: Info) -> list["BikeOffer"]:
        return [BikeOffer.of(each) for each in info.context.offers.for_event(self.slug)]

    @classmethod
    def resolve_reference(
        cls,
        slug: str,
        startsAt: str | None = None,  # noqa: N803 - what `requires` names comes under the names of the schema
        venue: Mapping[str, float | None] | None = None,
    ) -> Self:
        return cls(
            slug=slug,
            starts_at=datetime.fromisoformat(startsAt) if startsAt else strawberry.UNSET,
            venue=Venue(latitude=venue.get("latitude"), longitude=venue.get("longitude")) if venue else None,
        )


@strawberry.federation.type(keys=["id"])
class Citizen:
    id: Id

    @strawberry.field(description="The bikes they lend to others.")
    def bike_offers(self, info: Info) -> list["BikeOffer"]:
        return [BikeOffer.of(each) for each in info.context.offers.of_citizen(self.id)]

    @classmethod
    def resolve_reference(cls, id: str) -> Self:
        return cls(id=Id(id))


@strawberry.federation.type(keys=["id"], description="Bikes for others, for the way to an event.")
class BikeOffer:
    id: Id = strawberry.field(description="What it is known by.")
    meeting_point: str = strawberry.field(description="Where to meet.")
    bikes: int = strawberry.field(description="How many bikes.")
    # Null where Influents shows neither: profiles can be hidden at any time, and drafts are not for everybody.
    citizen: Citizen | None = strawberry.field(description="Who lends them; null where their profile is hidden.")
    event: Event | None = strawberry.field(description="What it is the way to; null where it is not to be seen.")

    @classmethod
    def of(cls, offer: Offer) -> Self:
        return cls(
            id=Id(offer.id),
            meeting_point=offer.meeting_point,
            bikes=offer.bikes,
            citizen=Citizen(id=Id(offer.citizen)),
            event=Event(slug=offer.event),
        )

    @classmethod
    def resolve_reference(cls, info: Info, id: str) -> Self | None:
        found = info.context.offers.by_id(id)
        return cls.of(found) if found else None


@strawberry.type
class Query:
    @strawberry.field(description="All networks of public transport.")
    def transport_networks(self) -> list[Network]:
        return [Network.of(each) for each in NETWORKS.values()]

    @strawberry.field(description="Bikes to borrow; null where there is no such offer.")
    def bike_offer(
        self, info: Info, id: Annotated[Id, strawberry.argument(description="What the offer is known by.")]
    ) -> BikeOffer | None:
        return BikeOffer.resolve_reference(info, id)


schema = Schema(
    query=Query,
    types=[Citizen, Event],
    federation_version="2.9",
    config=StrawberryConfig(scalar_map=SCALARS),
)
