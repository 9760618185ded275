"""Entities: what a gateway asks for by the keys of other subgraphs."""

from asyncio import gather
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, cast

import strawberry
from strawberry.federation.schema import FederationAny

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
LONGEST_KEY = 300


async def _theme_by_code(_: Info, code: str) -> Theme:
    from domain.words import ThemeCode

    try:
        return Theme.of(ThemeCode(code))
    except ValueError:
        raise BadUserInput("bad-representation") from None


async def _organizer_by_id(info: Info, id: str) -> Any:  # Any: a citizen or an organisation
    return await look_up(info, read(id, Kind.CITIZEN, Kind.ORGANIZATION).kind and id)


def _of_kind(kind: Kind) -> Reference:
    async def by_id(info: Info, id: str) -> Any:  # Any: a thing of that kind
        read(id, kind)
        return await look_up(info, id)

    return by_id


ENTITIES: dict[str, dict[str, Reference]] = {
    "Citizen": {
        "id": _of_kind(Kind.CITIZEN),
        "handle": lambda info, handle: Citizen.resolve_reference(info, handle=handle),
    },
    "Event": {
        "id": _of_kind(Kind.EVENT),
        "slug": lambda info, slug: Event.resolve_reference(info, slug=slug),
    },
    "Organization": {
        "id": _of_kind(Kind.ORGANIZATION),
        "slug": lambda info, slug: Organization.resolve_reference(info, slug=slug),
    },
    "Participation": {"id": _of_kind(Kind.PARTICIPATION)},
    "Theme": {"id": _of_kind(Kind.THEME), "code": _theme_by_code},
    "Territory": {"id": _of_kind(Kind.TERRITORY), "code": territory_of},
    "Organizer": {"id": _organizer_by_id},
}
"""How each type is found by each of its keys. Loaders gather them: one batch for all of a type."""

Entity = Annotated[
    Citizen | Event | Organization | Participation | Theme | Territory,
    strawberry.union("_Entity", description="What other subgraphs may refer to."),
]


@strawberry.type
class FederationQuery:
    @strawberry.field(
        name="_entities", description="For gateways: things by their keys, in the same order; null where there is none."
    )
    async def entities(
        self,
        info: Info,
        representations: Annotated[
            list[FederationAny], strawberry.argument(description="A type name and one of its keys each.")
        ],
    ) -> list[Entity | None]:
        # An exception is an error at its own place, and takes nothing from the others.
        found = await gather(*(_entity(info, each) for each in representations), return_exceptions=True)
        return cast("list[Entity | None]", found)


async def _entity(info: Info, representation: object) -> Any:  # Any: an entity
    """What a representation stands for; None where there is none to see.

    Raises:
        BadUserInput: it isn't an object with a type of ours and one of its keys.
    """
    if not isinstance(representation, dict):
        raise BadUserInput("bad-representation")
    keys = ENTITIES.get(str(representation.get("__typename")), {})
    for key, find in keys.items():
        value = representation.get(key)
        if isinstance(value, str) and len(value) <= LONGEST_KEY and "\0" not in value:
            return await find(info, value)
    raise BadUserInput("bad-representation")
