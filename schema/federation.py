"""Entities: what a gateway asks for by the keys of other subgraphs."""

import re
from asyncio import gather
from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any, Protocol, cast

import strawberry
from strawberry.federation.schema import FederationAny

from domain.words import ThemeCode
from engine import UnknownRepresentation, find_entities
from engine.entities import Find, Representation
from schema.citizens import Citizen
from schema.errors import BadUserInput
from schema.events import Event
from schema.ids import Kind, read
from schema.info import Info
from schema.nodes import look_up
from schema.organizations import Organization
from schema.participations import Participation
from schema.territories import Territory, territory_of
from schema.themes import Theme

Reference = Callable[[Info, str], Awaitable[Any]]  # Any: an entity of the type that the reference is of
_KEY = re.compile("[^\x00\ud800-\udfff]{1,300}")
"""What a key may look like: a database keeps neither NUL nor lone surrogates."""


async def _theme_by_code(_: Info, code: str) -> Theme:
    try:
        return Theme.of(ThemeCode(code))
    except ValueError:
        raise BadUserInput("bad-representation") from None


def _by_id(*kinds: Kind) -> Reference:
    async def by_id(info: Info, id: str) -> Any:  # Any: a thing of one of those kinds
        read(id, *kinds)
        return await look_up(info, id)

    return by_id


ENTITIES: dict[str, dict[str, Reference]] = {
    "Citizen": {
        "id": _by_id(Kind.CITIZEN),
        "handle": lambda info, handle: Citizen.resolve_reference(info, handle=handle),
    },
    "Event": {
        "id": _by_id(Kind.EVENT),
        "slug": lambda info, slug: Event.resolve_reference(info, slug=slug),
    },
    "Organization": {
        "id": _by_id(Kind.ORGANIZATION),
        "slug": lambda info, slug: Organization.resolve_reference(info, slug=slug),
    },
    "Participation": {"id": _by_id(Kind.PARTICIPATION)},
    "Theme": {"id": _by_id(Kind.THEME), "code": _theme_by_code},
    "Territory": {"id": _by_id(Kind.TERRITORY), "code": territory_of},
    "Organizer": {"id": _by_id(Kind.CITIZEN, Kind.ORGANIZATION)},
}
"""How each type is found by each of its keys. Loaders gather them: one batch for all of a type."""

Entity = Annotated[
    Citizen | Event | Organization | Participation | Theme | Territory,
    strawberry.union("_Entity", description="What other subgraphs may refer to."),
]


class Told(Protocol):
    """A schema that knows what to tell of itself."""

    @property
    def told(self) -> str: ...


@strawberry.type(name="_Service", description="What this subgraph is.")
class Service:
    sdl: str = strawberry.field(
        description="Its schema, in GraphQL's own language. FORBIDDEN where introspection is closed: it tells the same."
    )


@strawberry.type
class FederationQuery:
    @strawberry.field(name="_service", description="For gateways: what this subgraph is.")
    def service(self, info: Info) -> Service:
        return Service(sdl=cast("Told", info.schema).told)

    @strawberry.field(
        name="_entities",
        description="For gateways: things by their keys, in the same order; null where there is none. 1,000 at most.",
    )
    async def entities(
        self,
        info: Info,
        representations: Annotated[
            list[FederationAny], strawberry.argument(description="A type name and one of its keys each.")
        ],
    ) -> list[Entity | None]:
        # An exception is an error at its own place, and takes nothing from the others.
        found = await find_entities(representations, FINDS, info)
        wrong = BadUserInput("bad-representation")
        told = [wrong if isinstance(each, UnknownRepresentation) else each for each in found]
        return cast("list[Entity | None]", told)


def _one_by_one(keys: dict[str, Reference]) -> Find:
    """Finds each by itself, by one of its type's keys. Loaders gather them."""

    async def find(representations: Sequence[Representation], info: Info) -> list[Any]:  # Any: entities
        return await gather(*(_entity(info, keys, each) for each in representations), return_exceptions=True)

    return find


FINDS = {name: _one_by_one(keys) for name, keys in ENTITIES.items()}
"""How all representations of a type are found at once."""


async def _entity(info: Info, keys: dict[str, Reference], representation: Representation) -> Any:  # Any: an entity
    """What a representation stands for; None where there is none to see. Whatever else it holds is the asker's own.

    Raises:
        BadUserInput: it has none of its type's keys.
    """
    for key, find in keys.items():
        value = representation.get(key)
        if isinstance(value, str) and _KEY.fullmatch(value):
            return await find(info, value)
    raise BadUserInput("bad-representation")
