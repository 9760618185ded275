"""Entities: what a gateway asks for by the keys of other subgraphs."""

import re
from collections.abc import Awaitable, Callable, Sequence
from itertools import compress, repeat
from typing import Annotated, Any, Protocol, cast

import strawberry
from strawberry.federation.schema import FederationAny

from domain.ids import CitizenId, EventId, OrganizationId, ParticipationId
from domain.words import ThemeCode
from engine import Shown, find_entities, shown
from engine.entities import Find, Representation
from resolvers import citizens, events, organizations, participations
from resolvers.context import Context
from schema.citizens import Citizen
from schema.errors import BadUserInput
from schema.events import Event
from schema.ids import GlobalId, Kind, read
from schema.info import Info
from schema.organizations import Organization
from schema.participations import Participation
from schema.territories import Territory, places
from schema.themes import Theme

Found = Sequence[Any]  # Any: entities, None where there is none to see, and what is wrong with a key at its place
References = Callable[[Context, Sequence[str], Shown], Awaitable[Found]]
"""Finds entities of a type by one of its keys: all of them at once, one for each key, with what is shown of them."""
_KEY = re.compile("[^\x00\ud800-\udfff]{1,300}")
"""What a key may look like: a database keeps neither NUL nor lone surrogates."""


async def _themes_by_code(_: Context, codes: Sequence[str], __: Shown) -> Found:
    return [ThemeCode(code) if code in ThemeCode.__members__ else BadUserInput("bad-representation") for code in codes]


async def _organizations_by_slug(context: Context, slugs: Sequence[str], _: Shown) -> Found:
    return await organizations.many_by_slug(context, slugs)


async def _places_by_code(context: Context, codes: Sequence[str], _: Shown) -> Found:
    return await places(context, codes)


def _by_id(*kinds: Kind) -> References:
    """Things of some kinds by their ids: a statement for each kind."""

    async def by_id(context: Context, ids: Sequence[str], shown: Shown) -> Found:
        found: list[Any] = list(map(_readable, ids, repeat(kinds)))
        for kind in kinds:
            places = [place for place, key in enumerate(found) if isinstance(key, GlobalId) and key.kind is kind]
            if places:
                these = await _BY_KEY[kind](context, [found[place] for place in places], shown)
                for place, thing in zip(places, these, strict=True):
                    found[place] = thing
        return found

    return by_id


def _readable(id: str, kinds: tuple[Kind, ...]) -> GlobalId | BadUserInput:
    try:
        return read(id, *kinds)
    except BadUserInput as wrong:
        return wrong


async def _themes(_: Context, ids: Sequence[GlobalId], __: Shown) -> Found:
    return [ThemeCode(each.key) for each in ids]


async def _participations(context: Context, ids: Sequence[GlobalId], _: Shown) -> Found:
    return await participations.many(context, [ParticipationId(each.uuid) for each in ids])


_BY_KEY: dict[Kind, Callable[[Context, Sequence[GlobalId], Shown], Awaitable[Found]]] = {
    Kind.CITIZEN: lambda context, ids, shown: citizens.many(context, [CitizenId(each.uuid) for each in ids], shown),
    Kind.EVENT: lambda context, ids, shown: events.many(context, [EventId(each.uuid) for each in ids], shown),
    Kind.ORGANIZATION: lambda context, ids, _: organizations.many(context, [OrganizationId(each.uuid) for each in ids]),
    Kind.PARTICIPATION: _participations,
    Kind.THEME: _themes,
    Kind.TERRITORY: lambda context, ids, _: places(context, [each.key for each in ids]),
}

ENTITIES: dict[str, dict[str, References]] = {
    "Citizen": {"id": _by_id(Kind.CITIZEN), "handle": citizens.many_by_handle},
    "Event": {"id": _by_id(Kind.EVENT), "slug": events.many_by_slug},
    "Organization": {"id": _by_id(Kind.ORGANIZATION), "slug": _organizations_by_slug},
    "Participation": {"id": _by_id(Kind.PARTICIPATION)},
    "Theme": {"id": _by_id(Kind.THEME), "code": _themes_by_code},
    "Territory": {"id": _by_id(Kind.TERRITORY), "code": _places_by_code},
    "Organizer": {"id": _by_id(Kind.CITIZEN, Kind.ORGANIZATION)},
}
"""How each type is found by each of its keys: all that are asked for by one of them at once."""

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
        unknown = BadUserInput("bad-representation")
        return cast("list[Entity | None]", await find_entities(representations, FINDS, info, unknown=unknown))


def _by_its_keys(of_type: str, keys: dict[str, References]) -> Find:
    """Finds all of a type, each by the first of the type's keys that it has. Whatever else it holds is the asker's."""

    async def find(representations: Sequence[Representation], info: Info) -> list[Any]:  # Any: entities
        found: list[Any] = [BadUserInput("bad-representation")] * len(representations)
        left: Sequence[int] = range(len(representations))
        for name, refer in keys.items():
            values: list[Any] = list(map(dict.get, map(representations.__getitem__, left), repeat(name)))  # Any: JSON
            good = _usable(values)
            if not any(good):
                continue
            those = list(compress(left, good))
            these = await refer(info.context, list(compress(values, good)), shown(info, of_type))
            if len(those) == len(representations):
                return list(these)
            for place, thing in zip(those, these, strict=True):
                found[place] = thing
            left = [place for place, is_good in zip(left, good, strict=True) if not is_good]
        return found

    return find


def _usable(values: Sequence[Any]) -> Sequence[object]:  # Any: JSON
    """Which values can be keys: where they can't be, what stands in their places is false."""
    kinds = set(map(type, values))
    if str not in kinds:
        return [False] * len(values)
    if kinds == {str}:
        return list(map(_KEY.fullmatch, values))
    return [isinstance(value, str) and _KEY.fullmatch(value) for value in values]


FINDS = {name: _by_its_keys(name, keys) for name, keys in ENTITIES.items()}
"""How all representations of a type are found at once."""
